package mocks

import (
	"bytes"
	"errors"
	"math/bits"

	"error53/usbmux/plist"
)

// lockdownPort is where lockdownd, or restored, listens.
// [LIBIMOBILEDEVICE] src/lockdown.c connects to 0xf27e.
const lockdownPort = 62078

// muxd is usbmuxd's side of one connection.
type muxd struct {
	client  *client
	line    line
	version uint32 // of the answers: binary until the first plist has come
}

// serveMux answers a client's commands; once it is connected to a phone, the phone
// does. The connection ends with the return.
func (c *client) serveMux() {
	m := &muxd{client: c}
	m.line = line{bench: c.bench, out: c, frame: m.frame}
	for {
		request, err := readMuxFrame(c)
		if err != nil {
			return
		}
		t, err := m.command(request)
		if err != nil && !errors.Is(err, errWithheld) {
			return
		}
		if t != nil {
			t.serve()
			return
		}
	}
}

// command answers one request. It gives the phone's end of the connection that the
// client now has with it, if any. [USBMUXD] src/client.c, client_command.
func (m *muxd) command(f muxFrame) (*dialogue, error) {
	if f.version != versionBinary && f.version != versionPlist {
		m.record(Request{})
		return nil, m.result(f.tag, resultBadVersion)
	}
	switch f.message {
	case messagePlist:
		m.version = versionPlist
		return m.plistCommand(f)
	case messageListen: // in either version: the answers are in the one of before
		m.record(Request{Name: "Listen"})
		return nil, m.listen(f.tag, nil)
	case messageConnect:
		id, port := binaryConnect(f.payload)
		return m.connect(f.tag, id, port)
	}
	m.record(Request{})
	return nil, m.result(f.tag, resultBadCommand)
}

// plistCommand answers a request that is a plist.
func (m *muxd) plistCommand(f muxFrame) (*dialogue, error) {
	request, ok := decodeRequest(f.payload)
	if !ok { // dropped in silence, and the connection stays open
		m.record(Request{})
		return nil, nil
	}
	switch name, _ := request.String("MessageType"); name {
	case "ListDevices":
		m.record(Request{Name: name})
		return nil, m.send(f.tag, m.deviceList(), nil)
	case "Connect":
		return m.plistConnect(f.tag, request)
	case "Listen":
		m.record(Request{Name: name})
		return nil, m.listen(f.tag, request)
	case "ListListeners":
		m.record(Request{Name: name})
		return nil, m.send(f.tag, m.listenerList(), nil)
	case "ReadBUID":
		m.record(Request{Name: name})
		return nil, m.send(f.tag, plist.Dict{"BUID": systemBUID}, nil)
	case "ReadPairRecord":
		return nil, m.readPairRecord(f.tag, request)
	case "SavePairRecord":
		return nil, m.savePairRecord(f.tag, request)
	case "DeletePairRecord":
		return nil, m.deletePairRecord(f.tag, request)
	default:
		m.record(Request{Name: name, Refused: true})
		return nil, m.result(f.tag, resultBadCommand)
	}
}

// decodeRequest reads a request. The daemon knows XML only: it does not understand
// a binary plist, nor a dictionary without a MessageType.
func decodeRequest(payload []byte) (plist.Dict, bool) {
	if bytes.HasPrefix(payload, []byte("bplist")) {
		return nil, false
	}
	request, err := plist.DecodeDict(payload)
	if err != nil {
		return nil, false
	}
	_, ok := request.String("MessageType")
	return request, ok
}

// plistConnect reads a request to connect. Numbers of another type count as 0, as in
// the daemon.
func (m *muxd) plistConnect(tag uint32, request plist.Dict) (*dialogue, error) {
	id, _ := request.Uint64("DeviceID")
	port, _ := request.Uint64("PortNumber")
	missing := uint32(resultOK)
	switch {
	case request["DeviceID"] == nil:
		missing = resultBadDevice
	case request["PortNumber"] == nil:
		missing = resultBadCommand
	}
	if missing != resultOK {
		m.record(Request{Name: "Connect", DeviceID: m.client.bench.byID(uint32(id)).number()})
		return nil, m.result(tag, missing)
	}
	return m.connect(tag, uint32(id), bits.ReverseBytes16(uint16(port))) // network order, even here
}

// connect makes the connection a pipe to a port of a phone. After a failure the
// client may go on with other commands.
func (m *muxd) connect(tag, id uint32, port uint16) (*dialogue, error) {
	d := m.client.bench.byID(id)
	m.record(Request{Name: "Connect", DeviceID: d.number()})
	if d == nil {
		return nil, m.result(tag, resultBadDevice)
	}
	t := m.client.dialogue(d, port)
	if t == nil {
		return nil, m.resultFor(d, tag, resultRefused)
	}
	if err := m.resultFor(d, tag, resultOK); err != nil {
		return nil, err
	}
	if !m.client.bench.plug(m.client, d) {
		return nil, errVanished
	}
	return t, nil
}
