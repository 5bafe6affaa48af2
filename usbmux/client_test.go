package usbmux_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux"
	"error53/usbmux/plist"
)

func TestListDevices(t *testing.T) {
	t.Parallel()
	var got request
	p, client := newPeer(t, func(p *peer, c net.Conn) {
		got, _ = p.read(c)
		c.Write(muxFrame(got.tag, xml(t, deviceList(attached(7, serial40)))))
		p.read(c) // until the client hangs up
	})
	devices, err := client.ListDevices(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []usbmux.Device{{
		ID: 7, SerialNumber: serial40, ProductID: 0x12a8, LocationID: 0x10007,
		ConnectionType: usbmux.USB, Speed: 480000000,
	}}, devices)

	p.running.Wait()
	assert.EqualValues(t, 1, p.conns.Load(), "one connection, closed again")
	assert.EqualValues(t, 1, p.requests.Load(), "one request")
	assert.Equal(t, plist.Dict{
		"MessageType":         "ListDevices",
		"ProgName":            "error53",
		"ClientVersionString": "error53",
		"kLibUSBMuxVersion":   uint64(3),
	}, got.body)
}

func TestListDevicesWithoutPhones(t *testing.T) {
	t.Parallel()
	_, client := newPeer(t, answers(xml(t, deviceList())))
	devices, err := client.ListDevices(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []usbmux.Device{}, devices)
}

// What a daemon may answer to ListDevices that is no list.
func TestListDevicesRefuses(t *testing.T) {
	t.Parallel()
	list := xml(t, deviceList(attached(1, serial40)))
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
		{"wrong tag", sends(muxFrame(2, list)), usbmux.ErrProtocol, "tag 2"},
		{"tag of an event", sends(muxFrame(0, list)), usbmux.ErrProtocol, "tag 0"},
		{"length 0xFFFFFFFF", sends(overflow), usbmux.ErrProtocol, "4294967279 bytes"},
		{"garbage", sends(bytes.Repeat([]byte("garbage "), 8)), usbmux.ErrProtocol, ""},
		{"text in a frame", answers([]byte("garbage")), usbmux.ErrProtocol, "plist"},
		{"empty plist", answers(nil), usbmux.ErrProtocol, "plist"},
		{"a list as plist", answers(xml(t, []any{})), usbmux.ErrProtocol, "dictionary"},
		{"a string as plist", answers(xml(t, "DeviceList")), usbmux.ErrProtocol, "dictionary"},
		{"no list", answers(xml(t, plist.Dict{})), usbmux.ErrProtocol, "no DeviceList"},
		{"list of another type", answers(xml(t, plist.Dict{"DeviceList": "none"})), usbmux.ErrProtocol, "no DeviceList"},
		{"Result 6", answers(xml(t, plist.Dict{"MessageType": "Result", "Number": 6})), usbmux.ErrProtocol, "6 (bad version)"},
		{"Result 0", answers(xml(t, plist.Dict{"MessageType": "Result", "Number": 0})), usbmux.ErrProtocol, ""},
		{"Result without a number", answers(xml(t, plist.Dict{"MessageType": "Result", "Number": "six"})), usbmux.ErrProtocol, "no DeviceList"},
		{"nested too deep", answers([]byte(`<plist version="1.0">` + strings.Repeat("<array>", 1000))), usbmux.ErrProtocol, "plist"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, client := newPeer(t, tt.serve)
			devices, err := client.ListDevices(t.Context())
			require.ErrorIs(t, err, tt.err)
			assert.ErrorContains(t, err, "usbmux: list devices: ")
			assert.ErrorContains(t, err, tt.text)
			assert.Nil(t, devices, "no list, rather than an empty one")
		})
	}
}

func TestListDevicesOfABinaryAnswer(t *testing.T) {
	t.Parallel()
	data, err := plist.EncodeBinary(deviceList(attached(1, serial40), attached(2, "a\x01\x1bb")))
	require.NoError(t, err)
	_, client := newPeer(t, answers(data))
	devices, err := client.ListDevices(t.Context())
	require.NoError(t, err)
	require.Len(t, devices, 2)
	assert.Equal(t, serial40, devices[0].SerialNumber)
}

// A control character in XML, which strict parsers refuse, costs no phone its row.
func TestListDevicesWithControlCharacters(t *testing.T) {
	t.Parallel()
	data := xml(t, deviceList(attached(1, serial40), attached(2, "SERIAL")))
	data = bytes.Replace(data, []byte("SERIAL"), []byte("SER\x01IAL"), 1)
	_, client := newPeer(t, answers(data))
	devices, err := client.ListDevices(t.Context())
	require.NoError(t, err)
	require.Len(t, devices, 2)
	assert.Equal(t, serial40, devices[0].SerialNumber)
}

// The daemon dies after each byte of its answer in turn.
func TestListDevicesCutAnywhere(t *testing.T) {
	t.Parallel()
	whole := muxFrame(1, xml(t, deviceList(attached(1, serial40))))
	for n := range len(whole) {
		_, client := newPeer(t, sends(whole[:n]))
		_, err := client.ListDevices(t.Context())
		require.ErrorIs(t, err, usbmux.ErrGone, "after %d bytes", n)
	}
}

// An answer that comes byte by byte is still an answer.
func TestListDevicesInPieces(t *testing.T) {
	t.Parallel()
	whole := muxFrame(1, xml(t, deviceList(attached(1, serial40))))
	_, client := newPeer(t, func(p *peer, c net.Conn) {
		p.read(c)
		for i := range whole {
			c.Write(whole[i : i+1])
		}
	})
	devices, err := client.ListDevices(t.Context())
	require.NoError(t, err)
	assert.Len(t, devices, 1)
}

// Time stands still in these bubbles until everything waits, so that the moment of a
// timeout can be told exactly.
func TestDeadlines(t *testing.T) {
	t.Parallel()
	slow := func(p *peer, c net.Conn) { // a byte per second never makes an answer in time
		p.read(c)
		for range 1000 {
			if _, err := c.Write([]byte{16}); err != nil {
				return
			}
			time.Sleep(time.Second)
		}
	}
	deaf := func(_ *peer, c net.Conn) { // does not even read the request
		time.Sleep(time.Hour)
	}
	for _, tt := range []struct {
		name    string
		serve   func(*peer, net.Conn)
		timeout time.Duration // of the client
		limit   time.Duration // of the context, 0 = none
		want    time.Duration
	}{
		{"silent, default", silent, 0, 0, 5 * time.Second},
		{"silent, client's timeout", silent, time.Minute, 0, time.Minute},
		{"silent, context first", silent, time.Minute, time.Second, time.Second},
		{"silent, context later", silent, time.Second, time.Minute, time.Second},
		{"slow", slow, 2500 * time.Millisecond, 0, 2500 * time.Millisecond},
		{"deaf", deaf, 0, 0, 5 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, client := newPeer(t, tt.serve)
				client.Timeout = tt.timeout
				ctx := t.Context()
				if tt.limit > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, tt.limit)
					defer cancel()
				}
				start := time.Now()
				_, err := client.ListDevices(ctx)
				require.ErrorIs(t, err, usbmux.ErrTimeout)
				assert.ErrorIs(t, err, context.DeadlineExceeded)
				assert.Equal(t, tt.want, time.Since(start))
				var op *usbmux.OpError
				require.ErrorAs(t, err, &op)
				assert.True(t, op.Timeout())
			})
		})
	}
}

func TestDialHasTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := usbmux.Client{Dial: func(ctx context.Context) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		start := time.Now()
		_, err := client.Connect(t.Context(), 1, 1)
		require.ErrorIs(t, err, usbmux.ErrTimeout)
		assert.Equal(t, usbmux.DefaultTimeout, time.Since(start))
	})
}

func TestCancel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, client := newPeer(t, silent)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		_, err := client.ListDevices(ctx)
		require.ErrorIs(t, err, context.Canceled)
		assert.NotErrorIs(t, err, usbmux.ErrTimeout)
		assert.NotErrorIs(t, err, usbmux.ErrGone)
		assert.Equal(t, time.Second, time.Since(start))
	})
}

// A dial that was called off says nothing of the daemon.
func TestCancelDial(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	client := usbmux.Client{Dial: func(ctx context.Context) (net.Conn, error) {
		cancel()
		<-ctx.Done()
		return nil, errors.New("operation was canceled") // as package net words it
	}}
	_, err := client.ListDevices(ctx)
	require.ErrorIs(t, err, context.Canceled)
	assert.NotErrorIs(t, err, usbmux.ErrNoDaemon)
}

func TestCancelledBefore(t *testing.T) {
	t.Parallel()
	p, client := newPeer(t, silent)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := client.ListDevices(ctx)
	require.ErrorIs(t, err, context.Canceled)
	assert.Zero(t, p.requests.Load())
}

func TestConnect(t *testing.T) {
	t.Parallel()
	var got request
	_, client := newPeer(t, func(p *peer, c net.Conn) {
		got, _ = p.read(c)
		c.Write(muxFrame(got.tag, xml(t, plist.Dict{"MessageType": "Result", "Number": 0})))
		p.read(c)
	})
	conn, err := client.Connect(t.Context(), 7, 62078)
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	require.NoError(t, conn.Close(), "once more does no harm")
	assert.Equal(t, plist.Dict{
		"MessageType":         "Connect",
		"DeviceID":            uint64(7),
		"PortNumber":          uint64(32498), // the bytes of 62078 swapped
		"ProgName":            "error53",
		"ClientVersionString": "error53",
		"kLibUSBMuxVersion":   uint64(3),
	}, got.body)
}

func TestConnectRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		answer any
		err    error
		number uint64
	}{
		{"bad command", plist.Dict{"Number": 1}, usbmux.ErrProtocol, 1},
		{"bad device", plist.Dict{"MessageType": "Result", "Number": 2}, usbmux.ErrGone, 2},
		{"refused", plist.Dict{"MessageType": "Result", "Number": 3}, usbmux.ErrRefused, 3},
		{"bad version", plist.Dict{"MessageType": "Result", "Number": 6}, usbmux.ErrProtocol, 6},
		{"unheard of", plist.Dict{"MessageType": "Result", "Number": 99}, usbmux.ErrProtocol, 99},
		{"negative", plist.Dict{"MessageType": "Result", "Number": -1}, usbmux.ErrProtocol, 1<<64 - 1},
		{"number as text", plist.Dict{"MessageType": "Result", "Number": "0"}, usbmux.ErrProtocol, 0},
		{"no number", plist.Dict{"MessageType": "Result"}, usbmux.ErrProtocol, 0},
		{"a device list", deviceList(), usbmux.ErrProtocol, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, client := newPeer(t, answers(xml(t, tt.answer)))
			conn, err := client.Connect(t.Context(), 1, 62078)
			require.ErrorIs(t, err, tt.err)
			assert.Nil(t, conn)
			var result *usbmux.ResultError
			if tt.number != 0 {
				require.ErrorAs(t, err, &result)
				assert.Equal(t, tt.number, result.Number)
				assert.Equal(t, "Connect", result.Request)
			}
			p.running.Wait() // which it does only if the connection was closed
		})
	}
}

// The frame of a service may follow the daemon's answer in the same packet.
func TestConnectLeavesTheNextFrameAlone(t *testing.T) {
	t.Parallel()
	payload := xml(t, plist.Dict{"Request": "QueryType"})
	_, client := newPeer(t, func(p *peer, c net.Conn) {
		r, _ := p.read(c)
		both := muxFrame(r.tag, xml(t, plist.Dict{"MessageType": "Result", "Number": 0}))
		c.Write(append(both, serviceFrame(payload)...))
	})
	conn, err := client.Connect(t.Context(), 1, 1)
	require.NoError(t, err)
	defer conn.Close()
	var got []byte
	require.NoError(t, conn.Exchange(t.Context(), "read", func() error {
		got = make([]byte, 4+len(payload))
		_, err := io.ReadFull(conn, got)
		return err
	}))
	assert.Equal(t, serviceFrame(payload), got)
}
