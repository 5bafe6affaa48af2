package inspect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

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

// withRaw adds the phones of the bus that usbmuxd did not list. One that is on
// its way from one mode to another may be in both lists for a moment: the bus is
// right then, since usbmuxd hears of it later.
func withRaw(served []Phone, onBus []usb.Device) []Phone {
	var phones []Phone
	for _, p := range served {
		if !slices.ContainsFunc(onBus, func(d usb.Device) bool { return hasLeft(p, d) }) {
			phones = append(phones, p)
		}
	}
	for _, d := range onBus {
		if !slices.ContainsFunc(served, func(p Phone) bool { return isSame(p, d) }) {
			phones = append(phones, Phone{Raw: d, Reading: rawReading(d)})
		}
	}
	return phones
}

// hasLeft tells whether a device on the bus is the listed phone in another mode:
// the ECID names a phone in every mode.
func hasLeft(p Phone, d usb.Device) bool {
	if isServed(d.Mode) {
		return false
	}
	ecid, ok := p.Device.ECID()
	boot, err := usb.ParseIBoot(d.Serial)
	return ok && err == nil && boot.HasECID && boot.ECID == ecid
}

// isSame tells whether usbmuxd lists the device: by its place on the bus, or, also
// where it is listed over the network alone, by the UDID, which is the serial number
// of USB without its dash.
func isSame(p Phone, d usb.Device) bool {
	if !isServed(d.Mode) {
		return false
	}
	if p.Device.LocationID != 0 && p.Device.LocationID == d.LocationID() {
		return true
	}
	serial := strings.ToLower(strings.ReplaceAll(p.Device.SerialNumber, "-", ""))
	return serial != "" && !p.Device.Restore() && serial == strings.ToLower(d.Serial)
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
	case d.Err != nil:
		return Reading{facts, d.Err}
	case err != nil:
		return Reading{facts, fmt.Errorf("inspect: %w", err)}
	default:
		return Reading{Facts: facts}
	}
}

// isRaw tells whether the phone was found on the bus and not in usbmuxd's list.
func (p Phone) isRaw() bool { return p.Raw.Mode != usb.Unknown }

// needsAsking tells whether a raw phone has not shown its iBoot string, which one
// may still get by opening the device.
func (i *Inspector) needsAsking(p Phone) bool {
	return p.isRaw() && !isServed(p.Raw.Mode) && p.Raw.Serial == "" && i.USB.CanOpen()
}

// askRaw reads the string once more through libusb.
func (i *Inspector) askRaw(ctx context.Context, p Phone) Phone {
	serial, err := i.USB.Serial(ctx, p.Raw)
	if err != nil {
		p.Err = err
		return p
	}
	p.Raw.Serial, p.Raw.Err = serial, nil
	p.Reading = rawReading(p.Raw)
	return p
}
