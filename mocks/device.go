package mocks

import (
	"encoding/binary"

	"error53/usbmux/plist"
)

// speedHigh is USB 2.0's high speed in bit/s, the ConnectionSpeed of most phones.
// [USBMUXD] src/usb.c.
const speedHigh = 480_000_000

// device is a phone as usbmuxd has it.
type device struct {
	id    uint32 // usbmuxd's own number, from 1
	phone Phone
}

// newDevice plugs a phone in: what it does not say of its connection is made up.
func newDevice(id uint32, p Phone) *device {
	if p.ConnectionType == "" {
		p.ConnectionType = USB
	}
	if p.ConnectionType == USB && p.ProductID == 0 {
		p.ProductID = productIDPhone
	}
	if p.ConnectionType == USB && p.LocationID == 0 {
		p.LocationID = 1<<16 | (id + 1) // [USBMUXD] src/usb.c: bus, then address; the hub has 1
	}
	if p.Public == nil {
		p.Public = PublicKeys()
	}
	return &device{id: id, phone: p}
}

// number is the DeviceID; 0 for no device.
func (d *device) number() uint32 {
	if d == nil {
		return 0
	}
	return d.id
}

// attachedEvent says that a phone is there. [USBMUXD] src/client.c,
// create_device_attached_plist.
func (d *device) attachedEvent() plist.Dict {
	return plist.Dict{
		"MessageType": "Attached",
		"DeviceID":    uint64(d.id),
		"Properties":  d.properties(),
	}
}

// properties are those of the open-source daemon for USB. For the network, of which
// that daemon knows nothing, they are as jkcoxson/netmuxd gives them (observed).
func (d *device) properties() plist.Dict {
	p := plist.Dict{
		"ConnectionType": d.phone.ConnectionType,
		"DeviceID":       uint64(d.id),
		"SerialNumber":   d.phone.serial(),
	}
	if d.phone.ConnectionType == USB {
		p["ConnectionSpeed"] = uint64(speedHigh)
		p["LocationID"] = uint64(d.phone.LocationID)
		p["ProductID"] = uint64(d.phone.ProductID)
		return p
	}
	p["EscapedFullServiceName"] = "02:00:00:00:53:00@fe80::53._apple-mobdev2._tcp.local."
	p["InterfaceIndex"] = uint64(0)
	p["NetworkAddress"] = sockaddr(d.id)
	return p
}

// sockaddr is a raw Linux sockaddr_in, as NetworkAddress has it: family, port,
// address. The address is one for documentation (RFC 5737).
func sockaddr(id uint32) []byte {
	const afINET = 2
	b := make([]byte, 16)
	binary.LittleEndian.PutUint16(b, afINET)
	copy(b[4:], []byte{192, 0, 2, byte(id)})
	return b
}
