package usbmux

import (
	"strconv"
	"strings"
)

// The values of Device.ConnectionType.
const (
	USB     = "USB"
	Network = "Network"
)

// Device is a phone as usbmuxd describes it. Only ID and SerialNumber are always
// there, and an odd daemon may leave out even one of these; the rest is zero where the
// daemon did not say.
type Device struct {
	ID             uint32 // the daemon's number for this attachment; never store it
	SerialNumber   string // of the USB device, which is the UDID; as the daemon spells it
	ProductID      uint16 // USB product id
	LocationID     uint32 // place on the bus, its meaning is up to the system
	ConnectionType string // USB or Network
	Speed          uint64 // bits per second
}

// UDID is the serial number in the form that Apple's own tools show: 40 hex digits in
// lower case, or 24 in upper case with a dash after the eighth. Text of another form
// stays as it is.
func (d Device) UDID() string {
	k := d.key()
	switch {
	case !isHex(k):
		return d.SerialNumber
	case len(k) == 24:
		k = strings.ToUpper(k)
		return k[:8] + "-" + k[8:]
	case len(k) == 40:
		return k
	}
	return d.SerialNumber
}

// ECID is the exclusive chip id, which a UDID of 24 digits ends in; false where the
// UDID is older or masked.
func (d Device) ECID() (uint64, bool) {
	_, ecid, ok := d.chip()
	return ecid, ok
}

// ChipID is the model of the chip (CPID, such as 0x8101), which a UDID of 24 digits
// begins with; false where the UDID is older or masked.
func (d Device) ChipID() (uint32, bool) {
	chip, _, ok := d.chip()
	return chip, ok
}

// chip splits a UDID of the A12 and later: chip id in 8 digits, ECID in 16. Observed
// on every such UDID; Apple does not document it.
func (d Device) chip() (chip uint32, ecid uint64, ok bool) {
	k := d.key()
	if len(k) != 24 || !isHex(k) {
		return 0, 0, false
	}
	c, _ := strconv.ParseUint(k[:8], 16, 32)
	ecid, _ = strconv.ParseUint(k[8:], 16, 64)
	return uint32(c), ecid, c != 0 && ecid != 0
}

// Is tells whether the device is the phone that has this UDID, however it is spelled.
func (d Device) Is(udid string) bool { return d.key() == Device{SerialNumber: udid}.key() }

// Restore is a hint that the phone is in restore mode: the restore ramdisk gives 40
// times "f" as serial number, on every phone. lockdown's QueryType tells for sure.
func (d Device) Restore() bool { return d.key() == restoreSerial }

var restoreSerial = strings.Repeat("f", 40)

// key compares UDIDs: daemons differ in the dash, and in case.
func (d Device) key() string {
	return strings.ToLower(strings.ReplaceAll(d.SerialNumber, "-", ""))
}

// beats tells whether a phone that has both attachments is better reached by d.
func (d Device) beats(other Device) bool {
	return other.ConnectionType == Network && d.ConnectionType != Network
}

func isHex(s string) bool {
	return strings.Trim(s, "0123456789abcdefABCDEF") == ""
}
