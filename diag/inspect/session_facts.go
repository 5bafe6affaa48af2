package inspect

import (
	"encoding/json"
	"math"
	"slices"
	"time"

	"error53/diag"
	"error53/usbmux/plist"
)

// The domains of lockdownd beside the global one, as libimobiledevice,
// tools/ideviceinfo.c lists them, and the one key of the last that is read.
const (
	backupDomain  = "com.apple.mobile.backup"
	diskDomain    = "com.apple.disk_usage"
	batteryDomain = "com.apple.mobile.battery"
	findMyDomain  = "com.apple.fmip"
	findMyKey     = "IsAssociated"
)

// domains are what lockdownd gave of itself, domain by domain.
type domains struct {
	global, backup, disk, battery, findMy answer
}

// onlyWhenTrusted is why an untrusted phone leaves so much open.
const onlyWhenTrusted = "lockdownd gives it only to a computer that the phone trusts"

// flat makes domains of one dictionary: tools print them below their names, or all in
// one, since no key stands in two of them.
func flat(global answer) domains {
	d := domains{global: global}
	for name, domain := range map[string]*answer{
		backupDomain: &d.backup, diskDomain: &d.disk, batteryDomain: &d.battery, findMyDomain: &d.findMy,
	} {
		*domain = global
		if values, ok := global.values.Dict(name); ok {
			domain.values = values
		}
	}
	return d
}

// session makes facts of the domains, but for trust, time and sensor.
func (d domains) session() diag.Session {
	s := diag.NoSession(d.global.absent())
	s.Activation = d.global.activation()
	s.PasscodeLocked = d.global.yesOrNo("PasswordProtected")
	s.LastBackup = d.backup.date("LastiTunesBackupDate")
	s.LastCloudBackup = d.backup.date("LastCloudBackupDate")
	s.CloudBackup = d.backup.yesOrNo("CloudBackupEnabled")
	s.BackupEncrypted = d.backup.yesOrNo("WillEncrypt")
	s.Capacity = exclusive(number[uint64](d.disk, "TotalDiskCapacity"))
	// TotalDataAvailable counts more than there is, from iOS 17 on by far
	// (libimobiledevice/libimobiledevice issue 1572).
	s.FreeSpace = number[uint64](d.disk, "AmountDataAvailable")
	s.Battery = d.battery.percent("BatteryCurrentCapacity")
	s.Charging = d.battery.yesOrNo("BatteryIsCharging")
	s.FindMy = d.findMy.yesOrNo(findMyKey)
	if s.FindMy.Known() {
		s.FindMy = diag.FindMyFrom(s.FindMy.Value, s.FindMy.Source)
	}
	return s
}

// yesOrNo reads a boolean, or 0 or 1.
func (a answer) yesOrNo(key string) diag.Fact[bool] {
	value, ok := a.values.Bool(key)
	switch {
	case a.values[key] == nil:
		return diag.NotKnown[bool](a.absent())
	case !ok:
		return diag.NotKnown[bool](a.who + " gave it in a form that is neither yes nor no")
	}
	return diag.Known(value, a.source)
}

func (a answer) percent(key string) diag.Fact[uint8] {
	n := number[uint32](a, key)
	switch {
	case !n.Known():
		return diag.NotKnown[uint8](n.Reason)
	case n.Value > 100:
		return diag.NotKnown[uint8](a.who + " gave more than 100 %")
	}
	return diag.Known(uint8(n.Value), a.source)
}

// activation knows whole words only: a new one may mean anything.
func (a answer) activation() diag.Fact[diag.Activation] {
	known := form{"a known activation state", func(s string) bool { return slices.Contains(diag.Activations, diag.Activation(s)) }}
	state := a.text(known, "ActivationState")
	return diag.Fact[diag.Activation]{Value: diag.Activation(state.Value), Source: state.Source, Reason: state.Reason}
}

// date reads a moment that is counted from the first of January 2001 in UTC, as
// CFAbsoluteTime is (observed in libimobiledevice/libimobiledevice issue 1344).
func (a answer) date(key string) diag.Fact[time.Time] {
	return a.moment(key, time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC))
}

// moment reads seconds since an epoch. What lies beyond the life of these phones is a
// value that stands for none, or a broken one.
func (a answer) moment(key string, epoch time.Time) diag.Fact[time.Time] {
	value := a.values[key]
	seconds, ok := secondsOf(value)
	switch {
	case value == nil || value == "":
		return diag.NotKnown[time.Time](a.absent())
	case !ok:
		return diag.NotKnown[time.Time](a.who + " gave it in a form that is no time")
	}
	at := epoch.Add(time.Duration(seconds) * time.Second)
	if at.Year() < 2007 || at.Year() > 2106 {
		return diag.NotKnown[time.Time](a.who + " gave a time at which there are no such phones")
	}
	return diag.Known(at, a.source)
}

// secondsOf reads whole seconds; parts of one are dropped.
func secondsOf(value any) (int64, bool) {
	const most = 1 << 33                       // the Duration of it does not overflow
	if number, ok := value.(json.Number); ok { // as dumps write it
		value, _ = number.Float64()
	}
	if real, ok := value.(float64); ok {
		value = math.Trunc(real)
	}
	n, ok := plist.Dict{"": value}.Int64("")
	return n, ok && -most < n && n < most
}
