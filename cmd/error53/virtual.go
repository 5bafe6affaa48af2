package main

import (
	"errors"
	"io/fs"
	"slices"
	"time"

	"error53/diag"
	"error53/mocks"
	"error53/usbmux/usb"
)

// virtualUSB is the USB bus of a bench.
func virtualUSB(b *mocks.Bench) *usb.Bus {
	return &usb.Bus{Files: b.USBFiles(), Open: b.OpenUSB, Events: b.USBEvents, Access: virtualAccess(b)}
}

// virtualAccess tells who may open the node of a virtual phone: the group of the udev
// rule, to which the technician belongs, or root alone where the phone is to refuse.
// Everything else is open to everybody, as usbmuxd's socket is.
func virtualAccess(b *mocks.Bench) func(string) (usb.Access, error) {
	return func(node string) (usb.Access, error) {
		access := usb.Access{NodePath: node, Owner: "root", Group: usb.RuleGroup, Mode: 0o660, Groups: []string{usb.RuleGroup, "tech"}, Writable: true}
		if node == virtualSocket {
			access.Group, access.Mode = "root", 0o666
			return access, nil
		}
		_, shut, err := b.OpenUSB(node)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return usb.Access{}, usb.ErrGone
		case err != nil:
			access.Group, access.Mode, access.Writable = "root", 0o664, false
		default:
			shut()
		}
		return access, nil
	}
}

const virtualSocket = "/var/run/usbmuxd"

// virtualFiles are those of the virtual computer that somebody looks for.
var virtualFiles = []string{"/usr/sbin/usbmuxd", "/usr/lib/systemd/system/usbmuxd.service"}

// virtualNow is the day of the program's data.
func virtualNow() time.Time {
	day, _ := time.Parse(time.DateOnly, diag.DataDate)
	return day
}

// virtualHost is a computer with Linux in front of a bench.
func virtualHost(b *mocks.Bench) host {
	return host{
		goos: "linux", libusb: true, now: virtualNow, bus: virtualUSB(b), dial: b.Dial, access: virtualAccess(b),
		stat: func(file string) (fs.FileInfo, error) {
			if slices.Contains(virtualFiles, file) {
				return nil, nil
			}
			return nil, fs.ErrNotExist
		},
	}
}
