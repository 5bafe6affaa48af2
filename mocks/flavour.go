package mocks

import (
	"encoding/binary"
	"strings"

	"error53/usbmux/plist"
)

// Flavour is whose usbmuxd a bench stands in for. They differ in the Properties of
// phones.
type Flavour string

// The flavours. The empty one is Linux.
const (
	Linux   Flavour = "linux"   // the open-source daemon
	MacOS   Flavour = "macos"   // Apple's
	Windows Flavour = "windows" // Apple's, of iTunes and Apple Devices
)

// properties are what a daemon tells of a phone.
func (d *device) properties(f Flavour) plist.Dict {
	p := plist.Dict{
		"ConnectionType": d.phone.ConnectionType,
		"DeviceID":       uint64(d.id),
		"SerialNumber":   d.phone.serial(),
	}
	if d.phone.ConnectionType == USB {
		d.addUSB(p, f)
	} else {
		d.addNetwork(p, f)
	}
	return p
}

// addUSB adds what is told of a cable. Linux: [USBMUXD] src/client.c. macOS: [EXPO].
// Windows: observed (mogaleaf.com, "How to detect iPhone/iPad connection").
func (d *device) addUSB(p plist.Dict, f Flavour) {
	p["LocationID"] = uint64(d.location(f))
	p["ProductID"] = uint64(d.productID())
	switch f {
	case Windows:
		return
	case MacOS:
		p["UDID"] = d.phone.serial()
		p["USBSerialNumber"] = strings.ReplaceAll(d.phone.serial(), "-", "")
	}
	p["ConnectionSpeed"] = uint64(speedHigh)
}

// addNetwork adds what is told of the network. The daemon of Linux knows nothing of
// it; there it is as jkcoxson/netmuxd tells it (observed).
func (d *device) addNetwork(p plist.Dict, f Flavour) {
	p["EscapedFullServiceName"] = "02:00:00:00:53:00@fe80::53._apple-mobdev2._tcp.local."
	p["InterfaceIndex"] = uint64(0)
	p["NetworkAddress"] = sockaddr(d.id, f)
}

// location is the place on the bus. Linux: bus and address, and the address is another
// one after each plug-in ([USBMUXD] src/usb.c; the hub has 1). macOS: bus 0x14 and the
// way through the hubs, which stays ([EXPO]). Windows: 0, observed.
func (d *device) location(f Flavour) uint32 {
	switch {
	case f == Windows, d.phone.ConnectionType != USB:
		return 0
	case d.phone.LocationID != 0:
		return d.phone.LocationID
	case f == MacOS:
		return 0x14100000 + d.seat.port<<16
	}
	return 1<<16 + d.address + 1
}

// sockaddr is a raw sockaddr_in: family, port, address. On macOS, as on every BSD, its
// own length comes first. The address is one for documentation (RFC 5737).
func sockaddr(id uint32, f Flavour) []byte {
	const afINET = 2
	b := make([]byte, 16)
	if f == MacOS {
		b[0], b[1] = byte(len(b)), afINET
	} else {
		binary.LittleEndian.PutUint16(b, afINET)
	}
	copy(b[4:], []byte{192, 0, 2, byte(id)})
	return b
}
