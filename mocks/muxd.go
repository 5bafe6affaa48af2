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

// systemBUID is the host's own id, which ReadBUID gives.
const systemBUID = "53535353-0053-4053-8053-535353535353"

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
	m.line = line{client: c, frame: m.frame}
	for {
		request, err := readMuxFrame(c)
		if err != nil {
			return
		}
		d, err := m.command(request)
		if err != nil && !errors.Is(err, errWithheld) {
			return
		}
		if d != nil {
			c.serveDevice(d)
			return
		}
	}
}

// command answers one request. It gives the phone that the client is now connected
// to, if any. [USBMUXD] src/client.c, client_command.
func (m *muxd) command(f muxFrame) (*device, error) {
	if f.version != versionBinary && f.version != versionPlist {
		m.record(Request{})
		return nil, m.result(f.tag, resultBadVersion)
	}
	if f.message != messagePlist {
		m.record(Request{})
		return nil, m.result(f.tag, resultBadCommand)
	}
	m.version = versionPlist
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
		return m.connect(f.tag, request)
	case "Listen":
		m.record(Request{Name: name})
		return nil, m.listen(f.tag)
	case "ReadBUID":
		m.record(Request{Name: name})
		return nil, m.send(f.tag, plist.Dict{"BUID": systemBUID}, nil)
	case "ReadPairRecord":
		return nil, m.readPairRecord(f.tag, request)
	default: // SavePairRecord and DeletePairRecord among them
		id, _ := request.String("PairRecordID")
		m.record(Request{Name: name, Key: id, Refused: true})
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

// connect makes the connection a pipe to a phone's lockdownd. After a failure the
// client may go on with other commands.
func (m *muxd) connect(tag uint32, request plist.Dict) (*device, error) {
	id, _ := request.Uint64("DeviceID") // one of another type counts as 0, as in the daemon
	d := m.client.bench.find(func(d *device) bool { return d.id == uint32(id) })
	m.record(Request{Name: "Connect", DeviceID: d.number()})
	_, hasPort := request["PortNumber"]
	port, _ := request.Uint64("PortNumber")
	switch {
	case request["DeviceID"] == nil:
		return nil, m.result(tag, resultBadDevice)
	case !hasPort:
		return nil, m.result(tag, resultBadCommand)
	case d == nil:
		return nil, m.result(tag, resultBadDevice)
	case bits.ReverseBytes16(uint16(port)) != lockdownPort: // network order, even here
		return nil, m.resultFor(d, tag, resultRefused)
	}
	if err := m.resultFor(d, tag, resultOK); err != nil {
		return nil, err
	}
	if !m.client.bench.plug(m.client, d) {
		return nil, errVanished
	}
	return d, nil
}

// listen tells of every phone that is there, then says nothing more. A command in
// this state is an error and ends the connection.
func (m *muxd) listen(tag uint32) error {
	if err := m.result(tag, resultOK); err != nil {
		return err
	}
	for _, d := range m.client.bench.attached() {
		if err := m.send(0, d.attachedEvent(), nil); err != nil { // events have tag 0
			return err
		}
	}
	f, err := readMuxFrame(m.client)
	if err != nil {
		return err
	}
	m.record(Request{})
	if err := m.result(f.tag, resultBadCommand); err != nil {
		return err
	}
	return errors.New("mocks: command of a listening client")
}

// readPairRecord hands a phone's pair record out.
func (m *muxd) readPairRecord(tag uint32, request plist.Dict) error {
	id, ok := request.String("PairRecordID")
	d := m.client.bench.find(func(d *device) bool { return d.phone.UDID == id })
	m.record(Request{Name: "ReadPairRecord", DeviceID: d.number(), Key: id})
	switch {
	case !ok:
		return m.result(tag, resultInvalid)
	case d == nil:
		return m.result(tag, resultNoRecord)
	case d.phone.PairRecord == nil:
		return m.resultFor(d, tag, resultNoRecord)
	}
	return m.send(tag, plist.Dict{"PairRecordData": d.phone.PairRecord}, d)
}
