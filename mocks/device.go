package mocks

import (
	"fmt"

	"error53/usbmux/plist"
)

// speedHigh is USB 2.0's high speed in bit/s, the ConnectionSpeed of most phones.
// [USBMUXD] src/usb.c.
const speedHigh = 480_000_000

// attachment is a phone on the cable, or on the network, from one start to the next.
type attachment struct {
	address uint32 // of the bus, from 1 and new with each start
	port    uint32 // where the cable is, from 1
	path    string // the same in the kernel's words, "1-2"
	node    string // through which Linux opens it
	phone   Phone
	gone    chan struct{} // closed when it leaves

	memory   *memory   // stays with the phone
	services *services // new with each start

	strings map[string]string // as the kernel read them, by the names of its files
	reading endpoint0         // of those files; guarded by Bench.mu
}

// device is a phone as usbmuxd has it.
type device struct {
	id uint32 // usbmuxd's own number, from 1 and new with each plug-in
	*attachment
}

// newAttachment plugs a phone in: what it does not say of itself is made up.
func newAttachment(port uint32, p Phone, m *memory) *attachment {
	if p.ConnectionType == "" {
		p.ConnectionType = USB
	}
	if p.Public == nil {
		p.Public = PublicKeys()
	}
	return &attachment{
		port: port, path: rootPort(port), phone: p, gone: make(chan struct{}),
		memory: m, services: &services{waiting: map[uint16]*service{}},
	}
}

// number is the DeviceID; 0 for no device.
func (d *device) number() uint32 {
	if d == nil {
		return 0
	}
	return d.id
}

// productID is the USB product id, 0 over the network.
func (a *attachment) productID() uint16 {
	if a.phone.ProductID == 0 && a.phone.ConnectionType == USB {
		return productIDPhone
	}
	return a.phone.ProductID
}

// rootPort names a port of the computer itself, counted from 1; the bus is the first.
func rootPort(n uint32) string { return fmt.Sprintf("1-%d", n) }

// devnum is the address in the kernel's words: the root hub has 1.
func (a *attachment) devnum() uint32 { return a.address + 1 }

// attachedEvent says that a phone is there. [USBMUXD] src/client.c,
// create_device_attached_plist.
func (d *device) attachedEvent(f Flavour) plist.Dict {
	return plist.Dict{
		"MessageType": attached,
		"DeviceID":    uint64(d.id),
		"Properties":  d.properties(f),
	}
}
