package usb

import (
	"strconv"
	"strings"
)

// Device is an Apple device on a USB bus of this computer, in whatever mode.
type Device struct {
	VendorID  uint16 // always [AppleVendorID]
	ProductID uint16
	Mode      Mode // of the product id, see [ModeOf]; never Unknown

	Bus     int    // number of the bus, from 1
	Address int    // on the bus, from 1; a new one each time the device starts
	Port    string // bus and hub ports, "1-2.3"; stays while the cable does
	Speed   uint64 // bit/s; 0: not known

	// Serial is the serial number string, as the device gave it: the iBoot string in
	// recovery and DFU mode (see [ParseIBoot]), the UDID without its dash in normal
	// mode, 40 times "f" in a restore. It may hold garbage and control characters,
	// and two devices may share one. "" where it was not read.
	Serial string
	// Product is the product string, as untrusted as Serial; "" where it was not read.
	Product string

	// NodePath is the file through which Linux gives access to the device, see
	// [Device.Access]; "" on other systems.
	NodePath string

	// Err says what could not be read and why. What was read stands.
	Err error
}

// At tells whether usbmuxd's LocationID names the place of the device. That of Linux is
// made of bus and address, so it names one start of the device ([USBMUXD] src/usb.c,
// usb_get_location); that of macOS of the bus and a half-byte for each hub port, as
// libusb reads it there ([LIBUSB] os/darwin_usb.c). They cannot be mixed up: the address
// is 127 at the most, and no port behind another one has the number 0. Windows gives 0.
func (d Device) At(locationID uint32) bool {
	const mostAddress = 127 // [USB2] 8.3.2.1
	if address := locationID & 0xffff; address > 0 && address <= mostAddress {
		return locationID == uint32(d.Bus)<<16|uint32(d.Address)
	}
	return locationID != 0 && locationID == d.ports()
}

// ports is the location id of macOS; 0 where the port does not fit into one.
func (d Device) ports() uint32 {
	_, path, _ := strings.Cut(d.Port, "-")
	id, shift := uint32(d.Bus)<<24, 24
	for port := range strings.SplitSeq(path, ".") {
		n, err := strconv.ParseUint(port, 10, 4)
		if shift -= 4; err != nil || n == 0 || shift < 0 {
			return 0
		}
		id |= uint32(n) << shift
	}
	return id
}

// unique drops devices that are listed twice: by bus and address, which no two share.
func unique(devices []Device) []Device {
	type number struct{ bus, address int }
	seen := map[number]bool{}
	var once []Device
	for _, d := range devices {
		at := number{d.Bus, d.Address}
		if known := d.Address != 0; known && seen[at] {
			continue
		}
		seen[at] = true
		once = append(once, d)
	}
	return once
}
