package mocks

import (
	"crypto/sha256"

	"error53/diag"
	"error53/usbmux/plist"
)

// Sensor is what a phone tells of the serial number of its Touch ID sensor.
type Sensor string

// What it can tell. The empty one is Original.
const (
	Original Sensor = "original" // the fitted one's is that of the factory record
	Replaced Sensor = "replaced" // the fitted one's is another
	Unlisted Sensor = "unlisted" // the factory record has none
	Garbled  Sensor = "garbled"  // the factory record points behind its own end
	Mute     Sensor = "mute"     // the fitted one does not answer
)

// Sensors lists all there is.
var Sensors = []Sensor{Original, Replaced, Unlisted, Garbled, Mute}

// touchID tells whether the phone has a sensor.
func (m model) touchID() bool { return m.device.Biometric == diag.TouchIDHardware }

// sensorSerial is 16 bytes, the first two of which say that it is made up. Observed:
// libimobiledevice/libimobiledevice issue 855.
func sensorSerial(p Profile, which string) []byte {
	sum := sha256.Sum256([]byte(which + " sensor of " + p.UDID))
	return append([]byte{0x53, 0x53}, sum[:14]...)
}

// sysCfg is the factory record, which is empty from the iPhone 12 on.
// Observed: libimobiledevice/libimobiledevice issues 1264 and 1160.
func (m model) sysCfg(p Profile) []byte {
	if m.chipWithECIDInUDID() && m.board.CPID >= 0x8101 { // the A14
		return []byte{}
	}
	entries := []SysCfgEntry{
		{"MLB#", []byte(boardSerial(p.ECID))},
		{"SrNm", []byte(serialNumber(p.ECID))},
		{"Regn", []byte("ZD/A")},
	}
	switch {
	case !m.touchID(), p.Sensor == Unlisted:
	case p.Sensor == Garbled:
		record := SysCfg(append(entries, SysCfgEntry{"NSrN", make([]byte, 2*sysCfgInline)})...)
		return record[:len(record)-sysCfgInline]
	default:
		entries = append(entries, SysCfgEntry{"NSrN", sensorSerial(p, "factory")})
	}
	return SysCfg(entries...)
}

// mobileGestalt is what diagnostics_relay reads of the phone.
func (m model) mobileGestalt(p Profile) plist.Dict {
	all := plist.Dict{
		"ProductType": m.device.ProductType, "DeviceName": p.Name, "SerialNumber": serialNumber(p.ECID),
		"HasMesa": m.touchID(),
	}
	switch {
	case !m.touchID(), p.Sensor == Mute:
	case p.Sensor == Replaced:
		all["MesaSerialNumber"] = sensorSerial(p, "another")
	default:
		all["MesaSerialNumber"] = sensorSerial(p, "factory")
	}
	overlay(all, p.MobileGestalt)
	return all
}
