package usbmux_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux"
	"error53/usbmux/plist"
)

// The events of a daemon, as it sends them.
func attachedEvent(t testing.TB, id int, serial string) []byte {
	return muxFrame(0, xml(t, attached(id, serial)))
}

func eventOf(t testing.TB, kind string, id int) []byte {
	return muxFrame(0, xml(t, plist.Dict{"MessageType": kind, "DeviceID": id}))
}

// listening serves Listen: Result 0, then these bytes, then it is quiet until the
// client hangs up.
func listening(t testing.TB, events ...[]byte) func(*peer, net.Conn) {
	return func(p *peer, c net.Conn) {
		r, ok := p.read(c)
		if !ok {
			return
		}
		all := append([][]byte{muxFrame(r.tag, xml(t, plist.Dict{"MessageType": "Result", "Number": 0}))}, events...)
		c.Write(bytes.Join(all, nil))
		silent(p, c)
	}
}

// dying serves Listen likewise, and then hangs up.
func dying(t testing.TB, events ...[]byte) func(*peer, net.Conn) {
	return func(p *peer, c net.Conn) {
		quiet := make(chan struct{})
		go func() { // net.Pipe: who hangs up before all was read loses the rest
			defer close(quiet)
			p.read(c)
			c.Write(muxFrame(1, xml(t, plist.Dict{"MessageType": "Result", "Number": 0})))
			c.Write(bytes.Join(events, nil))
		}()
		<-quiet
	}
}

// hear takes the first n events of a listener.
func hear(t testing.TB, client *usbmux.Client, n int) []usbmux.Event {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var events []usbmux.Event
	for e := range client.Listen(ctx) {
		if events = append(events, e); len(events) == n {
			return events
		}
	}
	require.Fail(t, "too few events", "%v", briefs(events))
	return nil
}

// brief is an event in a few words: "Attached 7 USB", "Daemon: malformed answer".
func brief(e usbmux.Event) string {
	text := string(e.Kind)
	if e.Kind != usbmux.Daemon {
		text += fmt.Sprintf(" %d %s", e.Device.ID, e.Device.ConnectionType)
	}
	for _, kind := range []error{usbmux.ErrNoDaemon, usbmux.ErrPermission, usbmux.ErrAddress, usbmux.ErrProtocol, usbmux.ErrTimeout, usbmux.ErrGone} {
		if errors.Is(e.Err, kind) {
			text += ": " + kind.Error()
		}
	}
	return text
}

func briefs(events []usbmux.Event) []string {
	var list []string
	for _, e := range events {
		list = append(list, brief(e))
	}
	return list
}

func TestListen(t *testing.T) {
	t.Parallel()
	var got request
	p, client := newPeer(t, func(p *peer, c net.Conn) {
		got, _ = p.read(c)
		c.Write(muxFrame(got.tag, xml(t, plist.Dict{"MessageType": "Result", "Number": 0})))
		c.Write(attachedEvent(t, 7, serial40))
		c.Write(eventOf(t, "Paired", 7))
		c.Write(eventOf(t, "Detached", 7))
		p.read(c)
	})
	device := usbmux.Device{
		ID: 7, SerialNumber: serial40, ProductID: 0x12a8, LocationID: 0x10007,
		ConnectionType: usbmux.USB, Speed: 480000000,
	}
	assert.Equal(t, []usbmux.Event{
		{Kind: usbmux.Daemon},
		{Kind: usbmux.Attached, Device: device},
		{Kind: usbmux.Paired, Device: device},
		{Kind: usbmux.Detached, Device: device},
	}, hear(t, client, 4))

	p.running.Wait()
	assert.EqualValues(t, 1, p.conns.Load(), "one connection, closed when the loop was left")
	assert.EqualValues(t, 1, p.requests.Load())
	assert.Equal(t, plist.Dict{
		"MessageType":         "Listen",
		"ProgName":            "error53",
		"ClientVersionString": "error53",
		"kLibUSBMuxVersion":   uint64(3),
	}, got.body)
}

// What a daemon may say instead of yes. The caller sees it at once, and Listen goes on
// trying.
func TestListenRefused(t *testing.T) {
	t.Parallel()
	yes := xml(t, plist.Dict{"MessageType": "Result", "Number": 0})
	overflow := muxFrame(1, nil)
	binary.LittleEndian.PutUint32(overflow, 0xFFFFFFFF)
	for _, tt := range []struct {
		name  string
		serve func(*peer, net.Conn)
		err   error
		text  string
	}{
		{"closes at once", func(*peer, net.Conn) {}, usbmux.ErrGone, ""},
		{"closes after the request", sends(nil), usbmux.ErrGone, "EOF"},
		{"closes within the answer", sends(muxFrame(1, yes)[:99]), usbmux.ErrGone, "bytes came"},
		{"Result 1", answers(xml(t, plist.Dict{"MessageType": "Result", "Number": 1})), usbmux.ErrProtocol, "1 (bad command)"},
		{"Result 2", answers(xml(t, plist.Dict{"MessageType": "Result", "Number": 2})), usbmux.ErrProtocol, "2 (bad device)"},
		{"Result without a number", answers(xml(t, plist.Dict{"MessageType": "Result"})), usbmux.ErrProtocol, "no result number"},
		{"an event", answers(xml(t, attached(1, serial40))), usbmux.ErrProtocol, "no result number"},
		{"wrong tag", sends(muxFrame(2, yes)), usbmux.ErrProtocol, "tag 2"},
		{"tag of an event", sends(muxFrame(0, yes)), usbmux.ErrProtocol, "tag 0"},
		{"length 0xFFFFFFFF", sends(overflow), usbmux.ErrProtocol, "4294967279 bytes"},
		{"garbage", sends(bytes.Repeat([]byte("garbage "), 8)), usbmux.ErrProtocol, ""},
		{"text in a frame", answers([]byte("garbage")), usbmux.ErrProtocol, "plist"},
		{"a list as plist", answers(xml(t, []any{})), usbmux.ErrProtocol, "dictionary"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, client := newPeer(t, tt.serve)
			e := hear(t, client, 1)[0]
			assert.Equal(t, usbmux.Daemon, e.Kind)
			require.ErrorIs(t, e.Err, tt.err)
			assert.ErrorContains(t, e.Err, "usbmux: listen: ")
			assert.ErrorContains(t, e.Err, tt.text)
			p.running.Wait() // which it does only if the connection was closed
		})
	}
}

// A stream that goes wrong takes the phones with it, each told once; they come back
// with the daemon.
func TestListenToABrokenStream(t *testing.T) {
	t.Parallel()
	overflow := muxFrame(0, nil)
	binary.LittleEndian.PutUint32(overflow, 0xFFFFFFFF)
	for _, tt := range []struct {
		name string
		raw  []byte
		err  error
		text string
	}{
		{"hangs up", nil, usbmux.ErrGone, "EOF"},
		{"hangs up within a header", muxFrame(0, nil)[:7], usbmux.ErrGone, "7 of 16 bytes"},
		{"hangs up within an event", attachedEvent(t, 3, serial40)[:99], usbmux.ErrGone, "bytes came"},
		{"text in a frame", muxFrame(0, []byte("garbage")), usbmux.ErrProtocol, "plist"},
		{"garbage", bytes.Repeat([]byte("garbage "), 8), usbmux.ErrProtocol, ""},
		{"length 0xFFFFFFFF", overflow, usbmux.ErrProtocol, "4294967279 bytes"},
		{"length 3", []byte{3, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0}, usbmux.ErrProtocol, "shorter than its header"},
		{"a list as plist", muxFrame(0, xml(t, []any{attached(3, serial40)})), usbmux.ErrProtocol, "dictionary"},
		{"wrong tag", muxFrame(53, xml(t, attached(3, serial40))), usbmux.ErrProtocol, "tag 53"},
		{"no MessageType", muxFrame(0, xml(t, plist.Dict{"DeviceID": 1})), usbmux.ErrProtocol, "MessageType"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				phones := append(attachedEvent(t, 2, serial24), attachedEvent(t, 1, serial40)...)
				p, client := newPeer(t, nil)
				p.serve = func(p *peer, c net.Conn) {
					if p.conns.Load() == 1 {
						dying(t, phones, tt.raw)(p, c)
					} else {
						listening(t, phones)(p, c)
					}
				}
				events := hear(t, client, 9)
				reason := events[3].Err
				require.ErrorIs(t, reason, tt.err)
				assert.ErrorContains(t, reason, "usbmux: listen: ")
				assert.ErrorContains(t, reason, tt.text)
				assert.Equal(t, []usbmux.Event{
					{Kind: usbmux.Daemon}, {Kind: usbmux.Attached, Device: events[1].Device}, {Kind: usbmux.Attached, Device: events[2].Device},
					{Kind: usbmux.Daemon, Err: reason},
					{Kind: usbmux.Detached, Device: events[2].Device, Err: reason}, {Kind: usbmux.Detached, Device: events[1].Device, Err: reason},
					{Kind: usbmux.Daemon}, {Kind: usbmux.Attached, Device: events[1].Device}, {Kind: usbmux.Attached, Device: events[2].Device},
				}, events)
			})
		})
	}
}

// What says nothing of a phone that is there does no harm.
func TestListenPassesOver(t *testing.T) {
	t.Parallel()
	tagged := func(tag uint32, v any) []byte { return muxFrame(tag, xml(t, v)) }
	for name, raw := range map[string][]byte{
		"nothing":                            nil,
		"a kind that nobody knows":           tagged(0, plist.Dict{"MessageType": "Logs", "DeviceID": 1}),
		"kinds of our own":                   append(tagged(0, plist.Dict{"MessageType": "Daemon", "DeviceID": 1}), tagged(0, plist.Dict{"MessageType": "Changed", "DeviceID": 1})...),
		"a result":                           tagged(0, plist.Dict{"MessageType": "Result", "Number": 1}),
		"attached without a number":          tagged(0, plist.Dict{"MessageType": "Attached", "Properties": plist.Dict{"SerialNumber": serial24}}),
		"attached with a number that is not": tagged(0, plist.Dict{"MessageType": "Attached", "DeviceID": "2", "Properties": plist.Dict{"SerialNumber": serial24}}),
		"attached once more":                 attachedEvent(t, 1, serial40),
		"detached before attached":           eventOf(t, "Detached", 2),
		"paired before attached":             eventOf(t, "Paired", 2),
		"detached without a number":          tagged(0, plist.Dict{"MessageType": "Detached"}),
		"paired with a negative number":      eventOf(t, "Paired", -1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, client := newPeer(t, listening(t, attachedEvent(t, 1, serial40), raw, attachedEvent(t, 2, serial24)))
			assert.Equal(t, []string{"Daemon", "Attached 1 USB", "Attached 2 USB"}, briefs(hear(t, client, 3)))
		})
	}
}

// rusbmux gives its events the tag of the request.
func TestListenTakesTheTagOfTheRequest(t *testing.T) {
	t.Parallel()
	_, client := newPeer(t, listening(t, muxFrame(1, xml(t, attached(1, serial40)))))
	assert.Equal(t, []string{"Daemon", "Attached 1 USB"}, briefs(hear(t, client, 2)))
}

// One phone is one phone, however it is attached.
func TestListenMergesTwins(t *testing.T) {
	t.Parallel()
	over := func(connection string, id int, serial string) []byte {
		d := attached(id, serial)
		d["Properties"].(plist.Dict)["ConnectionType"] = connection
		return muxFrame(0, xml(t, d))
	}
	_, client := newPeer(t, listening(t,
		over("Network", 1, serial24),                           // comes
		over("USB", 2, serial24[:8]+"-"+serial24[8:]),          // gets a cable
		eventOf(t, "Paired", 1),                                // by either number
		eventOf(t, "Detached", 2),                              // loses the cable
		eventOf(t, "Detached", 1),                              // leaves
		over("USB", 3, serial24), over("Network", 4, serial24), // comes with both
		eventOf(t, "Detached", 4),                                    // which nobody sees
		eventOf(t, "Detached", 3), attachedEvent(t, 5, "some other"), // leaves
	))
	assert.Equal(t, []string{
		"Daemon", "Attached 1 Network", "Changed 2 USB", "Paired 2 USB", "Changed 1 Network", "Detached 1 Network",
		"Attached 3 USB", "Detached 3 USB", "Attached 5 USB",
	}, briefs(hear(t, client, 9)))
}

// Time stands still in these bubbles until everything waits.
func TestListenDeadlines(t *testing.T) {
	t.Parallel()
	slowly := func(p *peer, c net.Conn, raw []byte) {
		for i := range raw {
			time.Sleep(time.Second)
			if _, err := c.Write(raw[i : i+1]); err != nil {
				return
			}
		}
		silent(p, c)
	}
	yes := muxFrame(1, xml(t, plist.Dict{"MessageType": "Result", "Number": 0}))
	for _, tt := range []struct {
		name    string
		serve   func(*peer, net.Conn)
		timeout time.Duration
		events  []string
		want    time.Duration
	}{
		{"no answer, default", silent, 0, []string{"Daemon: no answer in time"}, 5 * time.Second},
		{"no answer", silent, time.Minute - 1, []string{"Daemon: no answer in time"}, time.Minute - 1},
		{"a slow answer", func(p *peer, c net.Conn) { p.read(c); slowly(p, c, yes) }, 0, []string{"Daemon: no answer in time"}, 5 * time.Second},
		{"quiet for a while, then an event", func(p *peer, c net.Conn) {
			p.read(c)
			c.Write(yes)
			time.Sleep(50 * time.Second)
			c.Write(attachedEvent(t, 1, serial40))
			silent(p, c)
		}, 0, []string{"Daemon", "Attached 1 USB"}, 50 * time.Second},
		{"an event that stops after a byte", func(p *peer, c net.Conn) {
			p.read(c)
			c.Write(yes)
			time.Sleep(20 * time.Second)
			c.Write([]byte{16})
			silent(p, c)
		}, 0, []string{"Daemon", "Daemon: no answer in time"}, 25 * time.Second},
		{"an event that is slow", func(p *peer, c net.Conn) {
			p.read(c)
			c.Write(yes)
			slowly(p, c, attachedEvent(t, 1, serial40))
		}, 2500 * time.Millisecond, []string{"Daemon", "Daemon: no answer in time"}, 3500 * time.Millisecond},
		{"an event within another's packet", func(p *peer, c net.Conn) {
			p.read(c)
			c.Write(append(append(yes, attachedEvent(t, 1, serial40)...), 16))
			silent(p, c)
		}, 0, []string{"Daemon", "Attached 1 USB", "Daemon: no answer in time", "Detached 1 USB: no answer in time"}, 5 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, client := newPeer(t, tt.serve)
				client.Timeout = tt.timeout
				start := time.Now()
				assert.Equal(t, tt.events, briefs(hear(t, client, len(tt.events))))
				assert.Equal(t, tt.want, time.Since(start))
			})
		})
	}
}

func TestListenNeedsNoDeadlineWhileIdle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, client := newPeer(t, func(p *peer, c net.Conn) {
			r, _ := p.read(c)
			c.Write(muxFrame(r.tag, xml(t, plist.Dict{"MessageType": "Result", "Number": 0})))
			time.Sleep(7 * 24 * time.Hour)
			c.Write(attachedEvent(t, 1, serial40))
			silent(p, c)
		})
		var heard []string
		for e := range client.Listen(t.Context()) {
			if heard = append(heard, brief(e)); len(heard) == 2 {
				break
			}
		}
		assert.Equal(t, []string{"Daemon", "Attached 1 USB"}, heard)
		assert.EqualValues(t, 1, p.conns.Load())
	})
}

// Whatever Listen is doing, ctx ends it at once and it says nothing more.
func TestListenEndsWithItsContext(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		serve  func(*peer, net.Conn)
		dial   func(context.Context) (net.Conn, error)
		events int // by then
	}{
		{"waiting for the answer", silent, nil, 0},
		{"idle", listening(t, attachedEvent(t, 1, serial40)), nil, 2},
		{"within an event", listening(t, attachedEvent(t, 1, serial40), []byte{16, 0}), nil, 2},
		{"dialling", nil, func(ctx context.Context) (net.Conn, error) { <-ctx.Done(); return nil, ctx.Err() }, 0},
		{"between two attempts", nil, func(context.Context) (net.Conn, error) { return nil, syscall.ENOENT }, 1},
	} {
		for name, end := range map[string]error{"cancelled": context.Canceled, "deadline": context.DeadlineExceeded} {
			t.Run(tt.name+", "+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					_, client := newPeer(t, tt.serve)
					if tt.dial != nil {
						client.Dial = tt.dial
					}
					const after = 4*time.Second + 321*time.Millisecond
					ctx, cancel := context.WithTimeout(t.Context(), after)
					defer cancel()
					if end == context.Canceled {
						ctx, cancel = context.WithCancel(t.Context())
						time.AfterFunc(after, cancel)
					}
					start := time.Now()
					var events []usbmux.Event
					for e := range client.Listen(ctx) {
						events = append(events, e)
					}
					assert.Len(t, events, tt.events, "%v", briefs(events))
					assert.Equal(t, after, time.Since(start))
					assert.ErrorIs(t, ctx.Err(), end)
				})
			})
		}
	}
}

func TestListenCancelledBefore(t *testing.T) {
	t.Parallel()
	p, client := newPeer(t, silent)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for e := range client.Listen(ctx) {
		assert.Fail(t, "an event", brief(e))
	}
	assert.Zero(t, p.requests.Load())
}

func TestListenDialHasTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := &usbmux.Client{Dial: func(ctx context.Context) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		start := time.Now()
		assert.Equal(t, []string{"Daemon: no answer in time"}, briefs(hear(t, client, 1)))
		assert.Equal(t, 5*time.Second, time.Since(start))
	})
}

// A caller that is told of the end while others wait to be told hears none of them.
func TestListenCancelledInTheLoop(t *testing.T) {
	t.Parallel()
	_, client := newPeer(t, dying(t, attachedEvent(t, 1, serial40), attachedEvent(t, 2, serial24)))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var heard []string
	for e := range client.Listen(ctx) {
		if heard = append(heard, brief(e)); e.Kind == usbmux.Detached {
			cancel()
		}
	}
	assert.Equal(t, []string{"Daemon", "Attached 1 USB", "Attached 2 USB", "Daemon: connection lost", "Detached 1 USB: connection lost"}, heard)
}

// The caller may leave at any event; the connection goes with it.
func TestLeavingTheLoop(t *testing.T) {
	t.Parallel()
	for n := range 8 {
		synctest.Test(t, func(t *testing.T) {
			p, client := newPeer(t, dying(t, attachedEvent(t, 1, serial40), attachedEvent(t, 2, serial24)))
			events := hear(t, client, n+1)
			p.running.Wait()
			assert.Len(t, events, n+1)
		})
	}
}

func TestAPanicInTheLoopClosesTheConnection(t *testing.T) {
	t.Parallel()
	p, client := newPeer(t, listening(t))
	assert.Panics(t, func() {
		for range client.Listen(t.Context()) {
			panic("of a caller")
		}
	})
	p.running.Wait()
}

// Each loop is a listener of its own, also one within another.
func TestListenTwice(t *testing.T) {
	t.Parallel()
	p, client := newPeer(t, listening(t, attachedEvent(t, 1, serial40)))
	events := client.Listen(t.Context())
	var heard []string
	until := func(kind usbmux.EventKind, then func()) {
		for e := range events {
			if heard = append(heard, brief(e)); e.Kind == kind {
				then()
				return
			}
		}
	}
	until(usbmux.Daemon, func() { until(usbmux.Attached, func() {}) })
	until(usbmux.Attached, func() {})
	assert.Equal(t, []string{"Daemon", "Daemon", "Attached 1 USB", "Daemon", "Attached 1 USB"}, heard)
	assert.EqualValues(t, 3, p.conns.Load())
}
