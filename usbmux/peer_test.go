package usbmux_test

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux"
	"error53/usbmux/plist"
)

// peer stands in for usbmuxd in tests of what goes wrong on the wire. It runs serve on
// every connection and closes it after.
type peer struct {
	conns    atomic.Int32
	requests atomic.Int32
	running  sync.WaitGroup
	serve    func(p *peer, c net.Conn)
}

// newPeer gives a peer and a client that dials it in memory.
func newPeer(t testing.TB, serve func(p *peer, c net.Conn)) (*peer, *usbmux.Client) {
	p := &peer{serve: serve}
	t.Cleanup(p.running.Wait)
	return p, &usbmux.Client{Dial: func(context.Context) (net.Conn, error) {
		here, there := net.Pipe()
		p.start(there)
		return here, nil
	}}
}

// listen runs the peer on a socket of the system.
func (p *peer) listen(t testing.TB, network, addr string) net.Listener {
	ln, err := net.Listen(network, addr)
	require.NoError(t, err)
	t.Cleanup(func() { ln.Close() })
	p.running.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			p.start(c)
		}
	})
	return ln
}

func (p *peer) start(c net.Conn) {
	p.conns.Add(1)
	p.running.Go(func() {
		defer c.Close()
		p.serve(p, c)
	})
}

// request is what a client sent: the words of the header and the plist.
type request struct {
	length, version, message, tag uint32
	body                          plist.Dict
}

// read takes one request; false when the client has gone.
func (p *peer) read(c net.Conn) (request, bool) {
	var h [16]byte
	if _, err := io.ReadFull(c, h[:]); err != nil {
		return request{}, false
	}
	word := func(i int) uint32 { return binary.LittleEndian.Uint32(h[4*i:]) }
	r := request{length: word(0), version: word(1), message: word(2), tag: word(3)}
	payload := make([]byte, r.length-16)
	if _, err := io.ReadFull(c, payload); err != nil {
		return request{}, false
	}
	p.requests.Add(1)
	r.body, _ = plist.DecodeDict(payload)
	return r, true
}

// muxFrame makes a frame of the daemon.
func muxFrame(tag uint32, payload []byte) []byte {
	frame := make([]byte, 0, 16+len(payload))
	for _, word := range []uint32{uint32(16 + len(payload)), 1, 8, tag} {
		frame = binary.LittleEndian.AppendUint32(frame, word)
	}
	return append(frame, payload...)
}

// serviceFrame makes a frame of a service on the phone.
func serviceFrame(payload []byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(payload))), payload...)
}

func xml(t testing.TB, v any) []byte {
	data, err := plist.EncodeXML(v)
	require.NoError(t, err)
	return data
}

// answers serves every request with the same payload, tagged rightly.
func answers(payload []byte) func(*peer, net.Conn) {
	return func(p *peer, c net.Conn) {
		for {
			r, ok := p.read(c)
			if !ok {
				return
			}
			c.Write(muxFrame(r.tag, payload))
		}
	}
}

// sends waits for a request and then sends these very bytes, and no more.
func sends(raw []byte) func(*peer, net.Conn) {
	return func(p *peer, c net.Conn) {
		if _, ok := p.read(c); ok {
			c.Write(raw)
		}
	}
}

// silent takes requests and answers none, until the client hangs up.
func silent(_ *peer, c net.Conn) { io.Copy(io.Discard, c) }

// attached is an entry of a device list, as usbmuxd on Linux writes it.
func attached(id int, serial string) plist.Dict {
	return plist.Dict{"MessageType": "Attached", "DeviceID": id, "Properties": plist.Dict{
		"ConnectionSpeed": 480000000,
		"ConnectionType":  "USB",
		"DeviceID":        id,
		"LocationID":      0x10000 + id,
		"ProductID":       0x12a8,
		"SerialNumber":    serial,
	}}
}

func deviceList(entries ...any) plist.Dict { return plist.Dict{"DeviceList": entries} }

const (
	serial40 = "00aa11bb22cc33dd44ee55ff00aa11bb22cc33dd"
	serial24 = "000081010A1B2C3D4E5F6071"
)

func TestPeerFramesAreWhatTheClientSends(t *testing.T) {
	// The header of a request, byte by byte, so that the peer is not just the
	// client's mirror.
	got := make(chan []byte, 1)
	_, client := newPeer(t, func(_ *peer, c net.Conn) {
		h := make([]byte, 16)
		io.ReadFull(c, h)
		got <- h
	})
	_, err := client.ListDevices(t.Context())
	require.ErrorIs(t, err, usbmux.ErrGone)
	h := <-got
	assert.Equal(t, []byte{1, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0}, h[4:], "version 1, message 8, tag 1")
}
