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
	node    string // by which Linux opens it
	seat    *seat
	phone   Phone         // as the seat has it at the start
	gone    chan struct{} // closed when it leaves

	memory   *memory   // likewise
	services *services // new with each start

	strings map[string]string // as the kernel read them, by the names of its files
	reading endpoint0         // of those files; guarded by Bench.mu
}

// device is a phone as usbmuxd has it.
type device struct {
	id uint32 // usbmuxd's own number, from 1 and new with each plug-in
	*attachment
}

// newAttachment starts the phone of a seat.
func newAttachment(s *seat) *attachment {
	return &attachment{
		seat: s, phone: s.phone, gone: make(chan struct{}),
		memory: s.memory, services: &services{waiting: map[uint16]*service{}},
	}
}

// path is the port in the kernel's words.
func (a *attachment) path() string { return rootPort(a.seat.port) }

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
