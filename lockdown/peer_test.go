package lockdown_test

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"error53/lockdown"
	"error53/usbmux"
	"error53/usbmux/plist"
)

// phone stands in for usbmuxd with one phone behind it, in tests of what goes wrong on
// the wire. answer gives the very bytes that a request gets; behind what is no whole
// frame the phone hangs up.
type phone struct {
	answer  func(request plist.Dict) []byte
	running sync.WaitGroup

	mu   sync.Mutex
	seen []plist.Dict // requests to the phone
}

// dial gives a client that is connected to a phone with these answers.
func dial(t testing.TB, answer func(request plist.Dict) []byte) (*phone, *lockdown.Client) {
	p := &phone{answer: answer}
	t.Cleanup(p.running.Wait)
	mux := &usbmux.Client{Dial: func(context.Context) (net.Conn, error) {
		here, there := net.Pipe()
		p.running.Go(func() { p.serve(there) })
		return here, nil
	}}
	client, err := lockdown.Dial(t.Context(), mux, 1)
	require.NoError(t, err)
	t.Cleanup(func() { client.Close() })
	return p, client
}

func (p *phone) serve(c net.Conn) {
	defer c.Close()
	connect := make([]byte, 16)
	if _, err := io.ReadFull(c, connect); err != nil {
		return
	}
	io.CopyN(io.Discard, c, int64(binary.LittleEndian.Uint32(connect))-16)
	c.Write(connected)
	for {
		request, err := readFrame(c)
		if err != nil {
			return
		}
		p.mu.Lock()
		p.seen = append(p.seen, request)
		p.mu.Unlock()
		raw := p.answer(request)
		c.Write(raw)
		if !isWhole(raw) {
			return
		}
	}
}

func isWhole(frame []byte) bool {
	return len(frame) >= 4 && uint64(len(frame)) == 4+uint64(binary.BigEndian.Uint32(frame))
}

func readFrame(c net.Conn) (plist.Dict, error) {
	var h [4]byte
	if _, err := io.ReadFull(c, h[:]); err != nil {
		return nil, err
	}
	payload := make([]byte, binary.BigEndian.Uint32(h[:]))
	if _, err := io.ReadFull(c, payload); err != nil {
		return nil, err
	}
	return plist.DecodeDict(payload)
}

func (p *phone) requests() []plist.Dict {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen
}

// connected is Result 0 to the request with tag 1.
var connected = func() []byte {
	payload, err := plist.EncodeXML(plist.Dict{"MessageType": "Result", "Number": 0})
	if err != nil {
		panic(err)
	}
	var frame []byte
	for _, word := range []uint32{uint32(16 + len(payload)), 1, 8, 1} {
		frame = binary.LittleEndian.AppendUint32(frame, word)
	}
	return append(frame, payload...)
}()

func frame(payload []byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(payload))), payload...)
}

// always answers every request with the same dictionary.
func always(t testing.TB, d plist.Dict) func(plist.Dict) []byte {
	payload, err := plist.EncodeXML(d)
	require.NoError(t, err)
	return func(plist.Dict) []byte { return frame(payload) }
}

// value is lockdownd's answer that holds a value.
func value(v any) plist.Dict { return plist.Dict{"Request": "GetValue", "Value": v} }

var isLockdownd = plist.Dict{"Request": "QueryType", "Type": "com.apple.mobile.lockdown"}

// isRestored is restored's answer as idevicerestore's issues show it: no Request.
var isRestored = plist.Dict{
	"Type": "com.apple.mobile.restored", "RestoreProtocolVersion": 15, "Result": "Success",
	"SerialNumber": "F00INVENTED1", "HardwareModel": "N53AP",
}

// restored answers QueryType, and everything else with d.
func restored(t testing.TB, d plist.Dict) func(plist.Dict) []byte {
	who, what := always(t, isRestored), always(t, d)
	return func(request plist.Dict) []byte {
		if request["Request"] == "QueryType" {
			return who(request)
		}
		return what(request)
	}
}
