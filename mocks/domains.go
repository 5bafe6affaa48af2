package mocks

import (
	"time"

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
