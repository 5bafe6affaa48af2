package inspect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"error53/usbmux"
	"error53/usbmux/usb"
)

// ErrNotServed: a phone is on the bus in normal or restore mode, and usbmuxd does
// not list it, or not yet.
var ErrNotServed = errors.New("usbmuxd does not list it")

// scan looks on the bus for phones that usbmuxd does not serve. That this build or
// system cannot look is no error: usbmuxd's phones are there all the same.
func (i *Inspector) scan(ctx context.Context) []usb.Device {
	if i.USB == nil {
		return nil
	}
	devices, _ := i.USB.Scan(ctx)
	return devices
}

// merge makes one list of the phones that usbmuxd lists and those on the bus. Of a phone
// that is in both, in another mode on the bus, the bus is right: usbmuxd hears of it
// later.
func merge(served []Phone, onBus []usb.Device) []Phone {
	var phones []Phone
	joined, left, ids := make([]bool, len(onBus)), make([]bool, len(onBus)), identities(onBus)
	for _, p := range served {
		at := findOnBus(p, onBus, ids)
		if at >= 0 && !isServed(onBus[at].Mode) {
			left[at] = true
			continue
		}
		if at >= 0 {
			joined[at], p.Port = true, onBus[at].Port
		}
		phones = append(phones, p)
	}
	unplaced := countUnplaced(phones)
	for at, d := range onBus {
		switch {
		case joined[at]:
		case isUnread(d) && unplaced > 0:
			unplaced--
		default:
			phones = append(phones, Phone{Raw: d, Port: d.Port, Reading: rawReading(d), leaving: left[at]})
		}
	}
	return phones
}

// findOnBus finds usbmuxd's phone among the devices on the bus, whose identities these
// are: the one at its location, else the one that is the same phone. It is -1 where the
// phone is not there, or nothing tells.
func findOnBus(p Phone, onBus []usb.Device, ids []Identity) int {
	if at := slices.IndexFunc(onBus, func(d usb.Device) bool { return d.At(p.Device.LocationID) }); at >= 0 {
		return at
	}
	at, _ := p.Identity().Find(ids)
	return at
}

func identities(onBus []usb.Device) []Identity {
	ids := make([]Identity, len(onBus))
	for at, d := range onBus {
		ids[at] = Phone{Reading: rawReading(d)}.Identity()
	}
	return ids
}

// isUnread tells of a phone in normal mode that it was not asked who it is, as is the
// case on other systems than Linux.
func isUnread(d usb.Device) bool { return isServed(d.Mode) && d.Serial == "" && d.Err == nil }

// countUnplaced counts the phones on a cable of which it is not known where that is. Each
// of them is one of the unread devices on the bus.
func countUnplaced(phones []Phone) (n int) {
	for _, p := range phones {
		if p.Port == "" && p.Device.ConnectionType != usbmux.Network {
			n++
		}
	}
	return n
}

// patience is how long usbmuxd may take to hear of what has just left the bus, and pause
// the time between two looks at it.
const (
	patience = 300 * time.Millisecond
	pause    = 100 * time.Millisecond
)

// unsettled tells whether usbmuxd lists a phone on a cable that is not on the bus, while
// one that it does not list is: the two may be one phone on its way, and with a UDID
// that does not tell the ECID nothing but another look shows whether they are.
func unsettled(phones []Phone) bool {
	left := func(p Phone) bool { return !p.isRaw() && p.Port == "" && p.Device.LocationID != 0 }
	return slices.ContainsFunc(phones, left) && slices.ContainsFunc(phones, Phone.isRaw)
}

// isServed tells whether usbmuxd serves phones in the mode. On the bus restore mode
// looks as normal mode does.
func isServed(mode usb.Mode) bool { return mode == usb.Normal }

// rawReading makes facts of a device on the bus. Nothing is sent to it.
func rawReading(d usb.Device) Reading {
	if isServed(d.Mode) {
		return Reading{Facts: unread(usbmux.Device{SerialNumber: d.Serial}), Err: ErrNotServed}
	}
	boot, err := usb.ParseIBoot(d.Serial)
	facts := ibootFacts(boot, d.Mode)
	switch {
	case err == nil: // whatever else it failed to tell
		return Reading{Facts: facts}
	case d.Err != nil:
		return Reading{Facts: facts, Err: d.Err}
	default:
		return Reading{Facts: facts, Err: fmt.Errorf("inspect: %w", err)}
	}
}

// isRaw tells whether the phone was found on the bus and not in usbmuxd's list.
func (p Phone) isRaw() bool { return p.Raw.Mode != usb.Unknown }

// isAsked tells whether there may be more to learn of a raw phone than the list told.
func (p Phone) isAsked() bool { return p.isRaw() && !isServed(p.Raw.Mode) }
