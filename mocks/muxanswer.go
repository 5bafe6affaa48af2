package mocks

import (
	"cmp"
	"encoding/binary"
	"errors"

	"error53/usbmux/plist"
)

// Numbers of a Result. [USBMUXD] src/usbmuxd-proto.h, enum usbmuxd_result.
const (
	resultOK         = 0
	resultBadCommand = 1
	resultBadDevice  = 2
	resultRefused    = 3
	resultBadVersion = 6
)

// Errors of the host in answers about pair records, sent as Results as well.
// [USBMUXD] src/client.c, send_pair_record.
const (
	resultNoRecord = 2  // ENOENT
	resultInvalid  = 22 // EINVAL
)

// frame frames an answer in the version the client speaks.
func (m *muxd) frame(a answer, payload []byte) []byte {
	f := muxFrame{version: m.version, message: messagePlist, tag: a.tag, payload: payload}
	if m.version == versionBinary {
		f.message = cmp.Or(a.message, messageResult)
	}
	return f.bytes()
}

// deviceList answers ListDevices; the dictionary around it has no MessageType.
func (m *muxd) deviceList() plist.Dict {
	list := []any{}
	for _, d := range m.client.bench.attached() {
		list = append(list, d.attachedEvent(m.client.bench.Flavour))
	}
	return plist.Dict{"DeviceList": list}
}

func (m *muxd) result(tag, number uint32) error { return m.resultFor(nil, tag, number) }

// resultFor answers with a number, about a phone or (nil) about none.
// [USBMUXD] src/client.c, send_result.
func (m *muxd) resultFor(d *device, tag, number uint32) error {
	if m.version == versionBinary {
		raw := binary.LittleEndian.AppendUint32(nil, number)
		return m.line.send(answer{tag: tag, raw: raw}, m.faults(d))
	}
	return m.send(tag, plist.Dict{"MessageType": "Result", "Number": uint64(number)}, d)
}

// send gives an answer about a phone, or (nil) about none. A phone that vanishes
// just now is unknown to the daemon.
func (m *muxd) send(tag uint32, body plist.Dict, d *device) error {
	err := m.line.send(answer{tag: tag, body: body}, m.faults(d))
	if d != nil && errors.Is(err, errVanished) {
		m.client.bench.pull(d.attachment)
		return cmp.Or(m.result(tag, resultBadDevice), errWithheld)
	}
	return err
}

func (m *muxd) faults(d *device) []Fault {
	if d == nil {
		return faultsOf(Usbmuxd, m.client.bench.Faults)
	}
	return faultsOf(Usbmuxd, m.client.bench.Faults, d.phone.Faults)
}

func (m *muxd) record(r Request) {
	r.Connection, r.Side = m.client.number, Usbmuxd
	m.client.bench.record(r)
}
