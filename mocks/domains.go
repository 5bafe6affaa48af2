package mocks

import (
	"crypto/sha256"
	"time"

	"error53/diag"
	"error53/usbmux/plist"
)

// The domains that a profile fills.
const (
	backupDomain   = "com.apple.mobile.backup"
	batteryDomain  = "com.apple.mobile.battery"
	diskDomain     = "com.apple.disk_usage"
	fmipDomain     = "com.apple.fmip"
	internalDomain = "com.apple.mobile.internal"
)

// Ago is a value that is a date: so long before it is read. On the wire it is in
// seconds since 2001. Observed: libimobiledevice/libimobiledevice issue 1344.
type Ago time.Duration

// epoch is where Apple's dates begin.
var epoch = time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)

// resolve gives what stands on the wire for a value.
func resolve(v any) any {
	if ago, ok := v.(Ago); ok {
		return int64(time.Now().Add(-time.Duration(ago)).Sub(epoch) / time.Second)
	}
	return v
}

const day = 24 * time.Hour

// domains are the named domains of a session. Which keys there are, and their types:
// backup: libimobiledevice/libimobiledevice issue 1344; battery:
// danielpaulus/go-ios ios/batterydiagnostics.go; disk_usage: libimobiledevice issue
// 1572. The values are plausible.
func (m model) domains(p Profile) map[string]plist.Dict {
	const size, free = 64_000_000_000, 21_474_836_480
	all := map[string]plist.Dict{
		backupDomain: {
			"CloudBackupEnabled": false, "LastiTunesBackupDate": Ago(34 * day), "LastiTunesBackupTZ": "GMT",
			"RequiresEncryption": uint64(0), "Version": "2.0", "WillEncrypt": false,
		},
		batteryDomain: {
			"BatteryCurrentCapacity": uint64(76), "BatteryIsCharging": true, "ExternalChargeCapable": true,
			"ExternalConnected": true, "FullyCharged": false, "GasGaugeCapability": true, "HasBattery": true,
		},
		diskDomain: {
			"AmountDataAvailable": uint64(free), "AmountDataReserved": uint64(209_715_200),
			"TotalDataAvailable": uint64(free), "TotalDataCapacity": uint64(57_000_000_000),
			"TotalDiskCapacity": uint64(size), "TotalSystemAvailable": uint64(0),
			"TotalSystemCapacity": uint64(size - 57_000_000_000),
		},
		fmipDomain:     {"IsAssociated": true},
		internalDomain: {"SysCfgData": m.sysCfg(p)},
	}
	for name, over := range p.Domains {
		if over == nil {
			delete(all, name)
			continue
		}
		overlayIn(all, name, over)
	}
	return all
}

// overlayIn lays values over those of a domain.
func overlayIn(domains map[string]plist.Dict, name string, over plist.Dict) {
	if domains[name] == nil {
		domains[name] = plist.Dict{}
	}
	overlay(domains[name], over)
}

// Sensor is what a phone tells of the serial number of its Touch ID sensor.
type Sensor string

// What it can tell. The empty one is Original.
const (
	Original Sensor = "original" // the fitted one's is that of the factory record
	Replaced Sensor = "replaced" // the fitted one's is another
	Unlisted Sensor = "unlisted" // the factory record has none
	Mute     Sensor = "mute"     // the fitted one does not answer
)

// Sensors lists all there is.
var Sensors = []Sensor{Original, Replaced, Unlisted, Mute}

// touchID tells whether the phone has a sensor.
func (m model) touchID() bool { return m.device.Biometric == diag.TouchIDHardware }

// sensorSerial is 16 bytes. Observed: libimobiledevice/libimobiledevice issue 855.
func sensorSerial(p Profile, which string) []byte {
	sum := sha256.Sum256([]byte(which + " sensor of " + p.UDID))
	return sum[:16]
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
	if m.touchID() && p.Sensor != Unlisted {
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
