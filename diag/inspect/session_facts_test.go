package inspect

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/usbmux/plist"
)

// A session's values become facts, each with its source.
func TestSessionFacts(t *testing.T) {
	t.Parallel()
	f := lockdownFacts(plist.Dict{
		"ActivationState": "Activated", "PasswordProtected": true,
		"TimeIntervalSince1970": 1792670400.25,
		backupDomain: plist.Dict{
			"LastiTunesBackupDate": uint64(681028961), "LastCloudBackupDate": uint64(681115361),
			"CloudBackupEnabled": true, "WillEncrypt": false, "Version": "2.0",
		},
		diskDomain:    plist.Dict{"TotalDiskCapacity": uint64(16000000000), "AmountDataAvailable": uint64(3000000000), "TotalDataAvailable": uint64(9000000000)},
		batteryDomain: plist.Dict{"BatteryCurrentCapacity": uint64(12), "BatteryIsCharging": true},
		findMyDomain:  plist.Dict{findMyKey: true},
	})
	want := diag.NoSession(notInDumps)
	want.ReadAt = diag.Known(time.Date(2026, 10, 22, 12, 0, 0, 0, time.UTC), diag.FromLockdown)
	want.Activation = diag.Known(diag.Activated, diag.FromLockdown)
	want.PasscodeLocked = diag.Known(true, diag.FromLockdown)
	want.LastBackup = diag.Known(time.Date(2022, 8, 1, 6, 42, 41, 0, time.UTC), diag.FromLockdown)
	want.LastCloudBackup = diag.Known(time.Date(2022, 8, 2, 6, 42, 41, 0, time.UTC), diag.FromLockdown)
	want.CloudBackup, want.BackupEncrypted = diag.Known(true, diag.FromLockdown), diag.Known(false, diag.FromLockdown)
	want.Capacity, want.FreeSpace = diag.Known(uint64(16000000000), diag.FromLockdown), diag.Known(uint64(3000000000), diag.FromLockdown)
	want.Battery, want.Charging = diag.Known(uint8(12), diag.FromLockdown), diag.Known(true, diag.FromLockdown)
	want.FindMy = diag.Known(true, diag.FromLockdown)
	assert.Equal(t, want, f.Session)
}

// What is absent is not known, never "no"; nor is what makes no sense.
func TestSessionFactsReasons(t *testing.T) {
	t.Parallel()
	const absent = "lockdownd did not give it"
	for _, row := range []struct {
		name   string
		values plist.Dict
		reason func(diag.Session) string
		want   string
	}{
		{"no date of a backup", nil, func(s diag.Session) string { return s.LastBackup.Reason }, absent},
		{"no word on encryption", nil, func(s diag.Session) string { return s.BackupEncrypted.Reason }, absent},
		{"no word on Find My", nil, func(s diag.Session) string { return s.FindMy.Reason }, absent},
		{"Find My says no", plist.Dict{findMyKey: false}, func(s diag.Session) string { return s.FindMy.Reason },
			"off or not known: the phone says no, which proves nothing"},
		{"Find My is a text", plist.Dict{findMyKey: "yes"}, func(s diag.Session) string { return s.FindMy.Reason },
			"lockdownd gave it in a form that is neither yes nor no"},
		{"a new activation state", plist.Dict{"ActivationState": "Activated2"}, func(s diag.Session) string { return s.Activation.Reason },
			`lockdownd gave "Activated2", which is not a known activation state`},
		{"a part of one", plist.Dict{"ActivationState": "Act"}, func(s diag.Session) string { return s.Activation.Reason },
			`lockdownd gave "Act", which is not a known activation state`},
		{"the backup of the epoch", plist.Dict{"LastiTunesBackupDate": uint64(0)}, func(s diag.Session) string { return s.LastBackup.Reason },
			"lockdownd gave a time at which there are no such phones"},
		{"a backup at the end of time", plist.Dict{"LastiTunesBackupDate": uint64(math.MaxUint64)}, func(s diag.Session) string { return s.LastBackup.Reason },
			"lockdownd gave it in a form that is no time"},
		{"a backup in the year 2200", plist.Dict{"LastiTunesBackupDate": uint64(1<<33 - 1)}, func(s diag.Session) string { return s.LastBackup.Reason },
			"lockdownd gave a time at which there are no such phones"},
		{"a date as text", plist.Dict{"LastiTunesBackupDate": "yesterday"}, func(s diag.Session) string { return s.LastBackup.Reason },
			"lockdownd gave it in a form that is no time"},
		{"not a time", plist.Dict{"LastiTunesBackupDate": math.NaN()}, func(s diag.Session) string { return s.LastBackup.Reason },
			"lockdownd gave it in a form that is no time"},
		{"more than full", plist.Dict{"BatteryCurrentCapacity": uint64(101)}, func(s diag.Session) string { return s.Battery.Reason },
			"lockdownd gave more than 100 %"},
		{"less than empty", plist.Dict{"BatteryCurrentCapacity": int64(-1)}, func(s diag.Session) string { return s.Battery.Reason },
			"lockdownd gave a number that is too large"},
		{"no storage", plist.Dict{"TotalDiskCapacity": uint64(0)}, func(s diag.Session) string { return s.Capacity.Reason },
			"given as 0, which stands for none"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, row.want, row.reason(lockdownFacts(row.values).Session))
		})
	}
}

// A domain is also found where all stands in one dictionary, as when the outputs of
// several calls of ideviceinfo stand in one file.
func TestSessionFactsFlat(t *testing.T) {
	t.Parallel()
	f := lockdownFacts(plist.Dict{"LastiTunesBackupDate": uint64(681028961), "WillEncrypt": true, "BatteryCurrentCapacity": uint64(100)})
	assert.True(t, f.LastBackup.Known())
	assert.Equal(t, diag.Known(true, diag.FromLockdown), f.BackupEncrypted)
	assert.Equal(t, diag.Known(uint8(100), diag.FromLockdown), f.Battery)
}

// The clock of the phone at the time of the dump, in each form that a dump may have.
func TestDumpReadAt(t *testing.T) {
	t.Parallel()
	for _, value := range []any{1792670400.25, uint64(1792670400), json.Number("1792670400.25")} {
		got := lockdownFacts(plist.Dict{"TimeIntervalSince1970": value}).ReadAt
		assert.Equal(t, diag.Known(time.Date(2026, 10, 22, 12, 0, 0, 0, time.UTC), diag.FromLockdown), got, "%T", value)
	}
	assert.False(t, lockdownFacts(plist.Dict{"TimeIntervalSince1970": 60.0}).ReadAt.Known(), "a phone that lost its clock")
}

// The same facts come of the same values as text, JSON and property list.
func TestSessionFactsOfDumps(t *testing.T) {
	t.Parallel()
	dumps := map[string]string{
		"ideviceinfo": "ActivationState: Unactivated\nPasswordProtected: false\nProductType: iPhone7,2\nProductVersion: 12.5.7\n" +
			"SerialNumber: F53M00000001\nTimeIntervalSince1970: 1792670400.250000\nUniqueChipID: 5902\n" +
			"CloudBackupEnabled: true\nLastiTunesBackupDate: 681028961\nLastiTunesBackupTZ: GMT+2\nWillEncrypt: true\n" +
			"AmountDataAvailable: 3000000000\nTotalDiskCapacity: 16000000000\nBatteryCurrentCapacity: 12\nBatteryIsCharging: false\nIsAssociated: true\n",
		"JSON": `{"ActivationState":"Unactivated","PasswordProtected":false,"ProductType":"iPhone7,2","ProductVersion":"12.5.7",
			"SerialNumber":"F53M00000001","TimeIntervalSince1970":1792670400.25,"UniqueChipID":5902,
			"com.apple.mobile.backup":{"CloudBackupEnabled":true,"LastiTunesBackupDate":681028961,"WillEncrypt":true},
			"com.apple.disk_usage":{"AmountDataAvailable":3000000000,"TotalDiskCapacity":16000000000},
			"com.apple.mobile.battery":{"BatteryCurrentCapacity":12,"BatteryIsCharging":false},"com.apple.fmip":{"IsAssociated":true}}`,
		"property list": `<plist version="1.0"><dict><key>ActivationState</key><string>Unactivated</string><key>PasswordProtected</key><false/>
			<key>ProductType</key><string>iPhone7,2</string><key>ProductVersion</key><string>12.5.7</string>
			<key>SerialNumber</key><string>F53M00000001</string><key>TimeIntervalSince1970</key><real>1792670400.25</real><key>UniqueChipID</key><integer>5902</integer>
			<key>CloudBackupEnabled</key><true/><key>LastiTunesBackupDate</key><integer>681028961</integer><key>WillEncrypt</key><true/>
			<key>AmountDataAvailable</key><integer>3000000000</integer><key>TotalDiskCapacity</key><integer>16000000000</integer>
			<key>BatteryCurrentCapacity</key><integer>12</integer><key>BatteryIsCharging</key><false/><key>IsAssociated</key><true/></dict></plist>`,
	}
	want := diag.NoSession(notInDumps)
	want.ReadAt = diag.Known(time.Date(2026, 10, 22, 12, 0, 0, 0, time.UTC), diag.FromLockdown)
	want.Activation = diag.Known(diag.Unactivated, diag.FromLockdown)
	want.PasscodeLocked = diag.Known(false, diag.FromLockdown)
	want.LastBackup = diag.Known(time.Date(2022, 8, 1, 6, 42, 41, 0, time.UTC), diag.FromLockdown)
	want.LastCloudBackup = diag.NotKnown[time.Time]("lockdownd did not give it")
	want.CloudBackup, want.BackupEncrypted = diag.Known(true, diag.FromLockdown), diag.Known(true, diag.FromLockdown)
	want.Capacity, want.FreeSpace = diag.Known(uint64(16000000000), diag.FromLockdown), diag.Known(uint64(3000000000), diag.FromLockdown)
	want.Battery, want.Charging = diag.Known(uint8(12), diag.FromLockdown), diag.Known(false, diag.FromLockdown)
	want.FindMy = diag.Known(true, diag.FromLockdown)
	for name, dump := range dumps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			readings, err := ReadDump([]byte(dump))
			require.NoError(t, err)
			require.Len(t, readings, 1)
			assert.Equal(t, diag.Known("F53M00000001", diag.FromLockdown), readings[0].Facts.SerialNumber)
			assert.Equal(t, want, readings[0].Facts.Session)
		})
	}
}
