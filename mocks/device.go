package mocks

import "error53/usbmux/plist"

// speedHigh is USB 2.0's high speed in bit/s, the ConnectionSpeed of most phones.
// [USBMUXD] src/usb.c.
const speedHigh = 480_000_000

// device is a phone as usbmuxd has it.
type device struct {
	id      uint32 // usbmuxd's own number, from 1 and new with each plug-in
	address uint32 // of the bus, from 1 and new with each plug-in
	port    uint32 // where the cable is, from 1
	phone   Phone

	memory   *memory   // stays with the phone
	services *services // new with each plug-in
}

// newDevice plugs a phone in: what it does not say of itself is made up.
func newDevice(port uint32, p Phone, m *memory) *device {
	if p.ConnectionType == "" {
		p.ConnectionType = USB
	}
	if p.Public == nil {
		p.Public = PublicKeys()
	}
	return &device{port: port, phone: p, memory: m, services: &services{waiting: map[uint16]*service{}}}
}

// number is the DeviceID; 0 for no device.
func (d *device) number() uint32 {
	if d == nil {
		return 0
	}
	return d.id
}

// productID is the USB product id, 0 over the network.
func (d *device) productID() uint16 {
	if d.phone.ProductID == 0 && d.phone.ConnectionType == USB {
		return productIDPhone
	}
	return d.phone.ProductID
}

// attachedEvent says that a phone is there. [USBMUXD] src/client.c,
// create_device_attached_plist.
func (d *device) attachedEvent(f Flavour) plist.Dict {
	return plist.Dict{
		"MessageType": attached,
		"DeviceID":    uint64(d.id),
		"Properties":  d.properties(f),
	}
}
