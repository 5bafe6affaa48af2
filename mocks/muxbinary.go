package mocks

import "encoding/binary"

// Message numbers of protocol version 0, which has a number for what version 1 has a
// MessageType. [USBMUXD] src/usbmuxd-proto.h, enum usbmuxd_msgtype.
const (
	messageConnect      = 2
	messageListen       = 3
	messageDeviceAdd    = 4
	messageDeviceRemove = 5
	messageDevicePaired = 6
)

// binaryConnect reads a request to connect: DeviceID, little-endian, and port, in
// network order. What is missing counts as 0.
// [USBMUXD] src/usbmuxd-proto.h, struct usbmuxd_connect_request.
func binaryConnect(payload []byte) (id uint32, port uint16) {
	var body [8]byte
	copy(body[:], payload)
	return binary.LittleEndian.Uint32(body[:]), binary.BigEndian.Uint16(body[4:])
}

// binaryNotice makes the message of a notice for a client of version 0.
func binaryNotice(n notice) answer {
	raw := binary.LittleEndian.AppendUint32(nil, n.device.id)
	switch n.kind {
	case attached:
		return answer{message: messageDeviceAdd, raw: n.device.record()}
	case detached:
		return answer{message: messageDeviceRemove, raw: raw}
	}
	return answer{message: messageDevicePaired, raw: raw}
}

// record describes a phone. [USBMUXD] src/usbmuxd-proto.h, struct
// usbmuxd_device_record: DeviceID, product id, serial number ended by NUL, two bytes
// of padding, location. Of the network it knows nothing.
func (d *device) record() []byte {
	const serialSize = 256
	serial := make([]byte, serialSize+2)
	copy(serial[:serialSize-1], d.phone.serial())
	b := binary.LittleEndian.AppendUint32(nil, d.id)
	b = binary.LittleEndian.AppendUint16(b, d.productID())
	b = append(b, serial...)
	return binary.LittleEndian.AppendUint32(b, d.location(Linux))
}
