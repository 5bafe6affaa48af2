package mocks_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux/plist"
)

// exchange is one question to one side, with bytes to send and the answer that a
// healthy bench gives.
type exchange struct {
	name  string
	side  mocks.Side
	phone func(t *testing.T, faults ...mocks.Fault) mocks.Phone
	// open connects as far as the question needs it.
	open func(t *testing.T, b *mocks.Bench) talker
	ask  []byte
}

// exchanges are one question to each side.
func exchanges(t *testing.T) []exchange {
	queryType := phoneBytes(xml(t, plist.Dict{"Request": "QueryType"}))
	lockdown := func(t *testing.T, b *mocks.Bench) talker { return toPhone(t, b, 1) }
	return []exchange{
		{"usbmuxd", mocks.Usbmuxd, iPhone6, dial, muxBytes(1, 8, 5, xml(t, connectTo(1, 62078)))},
		{"lockdownd", mocks.Lockdownd, iPhone6, lockdown, queryType},
		{"restored", mocks.Restored, inRestore, lockdown, queryType},
	}
}

// healthy gives the bytes of the good answer.
func (e exchange) healthy(t *testing.T) []byte {
	c := e.open(t, bench(t, e.phone(t)))
	c.write(e.ask)
	if e.side == mocks.Usbmuxd {
		f := c.frame()
		return muxBytes(f.version, f.message, f.tag, f.payload)
	}
	length := c.read(4)
	return append(length, c.read(int(binary.BigEndian.Uint32(length)))...)
}

// spoilt asks a phone with one fault and gives so many bytes of the answer.
func (e exchange) spoilt(t *testing.T, n int, f mocks.Fault) (talker, []byte) {
	f.Side = e.side
	c := e.open(t, bench(t, e.phone(t, f)))
	c.write(e.ask)
	return c, c.read(n)
}

func TestCutAfterEveryByte(t *testing.T) {
	t.Parallel()
	for _, e := range exchanges(t) {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			whole := e.healthy(t)
			for n := range len(whole) + 1 {
				c := e.open(t, bench(t, e.phone(t, mocks.Fault{Side: e.side, Kind: mocks.Cut, After: n})))
				c.write(e.ask)
				require.Equal(t, whole[:n], c.rest()[:n:n], "and then the connection ends")
			}
		})
	}
}

func TestWrongLength(t *testing.T) {
	t.Parallel()
	for _, e := range exchanges(t) {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			want := e.healthy(t)
			copy(want, "\xff\xff\xff\xff")
			_, got := e.spoilt(t, len(want), mocks.Fault{Kind: mocks.WrongLength})
			assert.Equal(t, want, got, "all but the length is right")
		})
	}
}

func TestGarbageInAGoodFrame(t *testing.T) {
	t.Parallel()
	garbage := []byte("this is no property list")
	for _, e := range exchanges(t) {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			want := phoneBytes(garbage)
			if e.side == mocks.Usbmuxd {
				want = muxBytes(1, 8, 5, garbage)
			}
			_, got := e.spoilt(t, len(want), mocks.Fault{Kind: mocks.Garbage})
			assert.Equal(t, want, got)
			assert.Error(t, plist.Check(garbage))
		})
	}
}

func TestWrongType(t *testing.T) {
	t.Parallel()
	for _, e := range exchanges(t) {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			c := e.open(t, bench(t, e.phone(t, mocks.Fault{Side: e.side, Kind: mocks.WrongType})))
			c.write(e.ask)
			var payload []byte
			if e.side == mocks.Usbmuxd {
				payload = c.frame().payload
			} else {
				payload = c.read(int(binary.BigEndian.Uint32(c.read(4))))
			}
			v, err := plist.Decode(payload)
			require.NoError(t, err)
			assert.IsType(t, []any{}, v)
		})
	}
}

func TestWrongTag(t *testing.T) {
	t.Parallel()
	fault := func(s mocks.Side) mocks.Fault { return mocks.Fault{Side: s, Kind: mocks.WrongTag} }

	c := dial(t, bench(t, iPhone6(t, fault(mocks.Usbmuxd))))
	c.ask(5, connectTo(1, 62078))
	assert.Equal(t, uint32(58), c.frame().tag)

	c = toPhone(t, bench(t, iPhone6(t, fault(mocks.Lockdownd))), 1)
	answer := c.get(plist.Dict{"Request": "QueryType"})
	assert.Equal(t, "NobodyAskedThis", answer["Request"])
	assert.Equal(t, "com.apple.mobile.lockdown", answer["Type"], "the rest is right")
}

// In a bubble of package synctest Wait returns when all goroutines wait for each
// other: had the bench anything to say, it would have said it by then.
func TestSilent(t *testing.T) {
	for _, e := range exchanges(t) {
		t.Run(e.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := bench(t, e.phone(t, mocks.Fault{Side: e.side, Kind: mocks.Silent}))
				c := e.open(t, b)
				var heard bytes.Buffer
				go heard.ReadFrom(c.conn)
				for range 3 { // it goes on reading
					c.write(e.ask)
				}
				synctest.Wait()
				assert.Empty(t, heard.Bytes())
				asked := 0
				for _, r := range b.Requests() {
					if r.Side == e.side && r.DeviceID == 1 {
						asked++
					}
				}
				assert.Equal(t, 3, asked)
				b.Close()
			})
		})
	}
}

// A silent Connect has not connected anything.
func TestSilentConnectStaysInCommandState(t *testing.T) {
	t.Parallel()
	c := dial(t, bench(t, iPhone6(t, mocks.Fault{Side: mocks.Usbmuxd, Kind: mocks.Silent})))
	c.ask(1, connectTo(1, 62078))
	c.ask(2, plist.Dict{"MessageType": "ReadBUID"})
	assert.Contains(t, c.told(2), "BUID")
}

func TestSlowByTheClock(t *testing.T) {
	for _, e := range exchanges(t) {
		t.Run(e.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				e.spoilt(t, 1, mocks.Fault{Kind: mocks.Slow, Delay: 3 * time.Second})
				assert.Equal(t, 3*time.Second, time.Since(start), "the bubble's clock is exact")
			})
		})
	}
}

func TestSlowByTheSleeperOfTheBench(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t, mocks.Fault{Side: mocks.Lockdownd, Kind: mocks.Slow, Delay: time.Hour, After: 1}))
	slept := make(chan time.Duration, 1)
	b.Sleep = func(_ context.Context, d time.Duration) error {
		slept <- d
		return nil
	}
	c := toPhone(t, b, 1)
	c.get(getValue("", "ProductType"))
	assert.Empty(t, slept, "the first answer is quick")
	c.get(getValue("", "ProductType"))
	assert.Equal(t, time.Hour, <-slept)
}

func TestCloseEndsASlowAnswer(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t, mocks.Fault{Side: mocks.Lockdownd, Kind: mocks.Slow, Delay: time.Hour}))
	c := toPhone(t, b, 1)
	c.request(getValue("", ""))
	require.NoError(t, b.Close())
	assert.Empty(t, c.rest())
}

func TestVanishedPhoneIsGone(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t, mocks.Fault{Side: mocks.Lockdownd, Kind: mocks.Vanish, After: 2}), inRestore(t))
	other, bystander := toPhone(t, b, 1), toPhone(t, b, 2)
	c := toPhone(t, b, 1)
	for range 2 {
		assert.NotContains(t, c.get(getValue("", "ProductType")), "Error")
	}
	c.request(getValue("", "ProductType"))
	assert.Empty(t, c.rest(), "no third answer")
	assert.Empty(t, other.rest(), "every connection to it has ended")
	assert.Contains(t, bystander.get(plist.Dict{"Request": "QueryType"}), "Type", "other phones stay")

	mux := dial(t, b)
	mux.ask(1, plist.Dict{"MessageType": "ListDevices"})
	list, _ := mux.told(1).List("DeviceList")
	require.Len(t, list, 1)
	assert.Equal(t, uint64(2), list[0].(plist.Dict)["DeviceID"])
	mux.ask(2, connectTo(1, 62078))
	assert.Equal(t, result(2), mux.told(2))
}

// Between the list and the connect a phone can be pulled: its number is stale.
func TestVanishBeforeConnect(t *testing.T) {
	t.Parallel()
	c := dial(t, bench(t, iPhone6(t, mocks.Fault{Side: mocks.Usbmuxd, Kind: mocks.Vanish})))
	c.ask(1, plist.Dict{"MessageType": "ListDevices"})
	list, _ := c.told(1).List("DeviceList")
	assert.Len(t, list, 1)
	c.ask(2, connectTo(1, 62078))
	assert.Equal(t, result(2), c.told(2))
	c.ask(3, plist.Dict{"MessageType": "ListDevices"})
	assert.Equal(t, plist.Dict{"DeviceList": []any{}}, c.told(3))
}

func TestFaultsOfTheDaemonBefallItsLists(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t))
	b.Faults = []mocks.Fault{{Side: mocks.Usbmuxd, Kind: mocks.WrongTag, After: 1}}
	c := dial(t, b)
	c.ask(1, plist.Dict{"MessageType": "ListDevices"})
	assert.Equal(t, uint32(1), c.frame().tag)
	c.ask(2, plist.Dict{"MessageType": "ListDevices"})
	assert.Equal(t, uint32(55), c.frame().tag)
}

func TestFaultsOfTheBenchBefallEveryPhone(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t), iPhone6(t))
	b.Faults = []mocks.Fault{{Side: mocks.Lockdownd, Kind: mocks.Cut, After: 4}}
	for id := range uint64(2) {
		c := toPhone(t, b, id+1) // the daemon is well
		c.request(plist.Dict{"Request": "QueryType"})
		assert.Len(t, c.rest(), 4)
	}
}

func TestDaemonThatHangsUp(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t))
	b.Faults = []mocks.Fault{{Side: mocks.Usbmuxd, Kind: mocks.Vanish, After: 1}}
	c := dial(t, b)
	c.ask(1, plist.Dict{"MessageType": "ReadBUID"})
	assert.Contains(t, c.told(1), "BUID")
	c.ask(2, plist.Dict{"MessageType": "ListDevices"})
	assert.Empty(t, c.rest())
}

func TestFaultsOfOnePhoneSpareTheOthers(t *testing.T) {
	t.Parallel()
	var phones []mocks.Phone
	for _, kind := range mocks.Kinds {
		f := mocks.Fault{Side: mocks.Lockdownd, Kind: kind}
		if kind == mocks.Slow {
			f.Delay = time.Hour
		}
		phones = append(phones, iPhone6(t, f))
	}
	b := bench(t, append(phones, iPhone6(t))...)
	for id := range phones {
		toPhone(t, b, uint64(id+1)).request(plist.Dict{"Request": "QueryType"})
	}
	c := toPhone(t, b, uint64(len(phones)+1))
	assert.Contains(t, c.get(plist.Dict{"Request": "QueryType"}), "Type")
}

func TestFaultValidate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		fault mocks.Fault
		want  string
	}{
		{"good", mocks.Fault{Side: mocks.Usbmuxd, Kind: mocks.Cut, After: 3}, ""},
		{"slow", mocks.Fault{Side: mocks.Restored, Kind: mocks.Slow, Delay: 1}, ""},
		{"no side", mocks.Fault{Kind: mocks.Cut}, `no side is called ""`},
		{"unknown side", mocks.Fault{Side: "iBoot", Kind: mocks.Cut}, `no side is called "iBoot"`},
		{"no kind", mocks.Fault{Side: mocks.Usbmuxd}, `no kind of fault of usbmuxd is called ""`},
		{"negative", mocks.Fault{Side: mocks.Usbmuxd, Kind: mocks.Cut, After: -1}, "negative"},
		{"delay without slow", mocks.Fault{Side: mocks.Usbmuxd, Kind: mocks.Silent, Delay: 1}, "delay"},
		{"slow without delay", mocks.Fault{Side: mocks.Usbmuxd, Kind: mocks.Slow}, "delay"},
		{"of the bus", mocks.Fault{Side: mocks.OnBus, Kind: mocks.Stall}, ""},
		{"of the bus alone", mocks.Fault{Side: mocks.Lockdownd, Kind: mocks.Stall}, `no kind of fault of lockdownd is called "stall"`},
		{"not of the bus", mocks.Fault{Side: mocks.OnBus, Kind: mocks.Cut}, `no kind of fault of usb is called "cut"`},
		{"tag of a service", mocks.Fault{Side: mocks.DiagnosticsRelay, Kind: mocks.WrongTag}, "no tag"},
		{"a stranger", mocks.Fault{Side: mocks.TLSServer, Kind: mocks.Stranger, After: 1}, ""},
		{"a stranger in plain text", mocks.Fault{Side: mocks.Lockdownd, Kind: mocks.Stranger}, `no kind of fault of lockdownd is called "stranger"`},
		{"type of a handshake", mocks.Fault{Side: mocks.TLSServer, Kind: mocks.WrongType}, `no kind of fault of tls is called "wrong-type"`},
		{"tag of restored", mocks.Fault{Side: mocks.Restored, Kind: mocks.WrongTag}, "no tag"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := tt.fault.Validate()
			if tt.want == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, tt.want)
		})
	}
}
