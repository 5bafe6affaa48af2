package mocks_test

import (
	"crypto/tls"
	"encoding/binary"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux/plist"
)

// What stands in for a value, a domain or all of them.
func TestErrorsInsteadOfValues(t *testing.T) {
	t.Parallel()
	p := paired(t, "12.5.7")
	p.Errors = map[string]string{
		"SerialNumber":                         "GetProhibited",
		"com.apple.fmip":                       "PasswordProtected",
		"com.apple.mobile.battery/HasBattery":  "MissingValue",
		"com.apple.mobile.internal/SysCfgData": "GetProhibited",
	}
	c := session(t, bench(t, p), p, &tls.Config{})
	for _, tt := range []struct{ domain, key, want string }{
		{"", "SerialNumber", "GetProhibited"},
		{"com.apple.fmip", "", "PasswordProtected"},
		{"com.apple.fmip", "IsAssociated", "PasswordProtected"},
		{"com.apple.fmip", "FavouriteColour", "PasswordProtected"},
		{"com.apple.mobile.battery", "HasBattery", "MissingValue"},
		{"com.apple.mobile.internal", "SysCfgData", "GetProhibited"},
	} {
		answer := c.get(getValue(tt.domain, tt.key))
		assert.Equal(t, tt.want, answer["Error"], "%+v", tt)
		assert.NotContains(t, answer, "Value")
	}
	all, _ := c.get(getValue("", "")).Dict("Value")
	assert.NotContains(t, all, "SerialNumber")
	assert.Contains(t, all, "ActivationState")
	battery, _ := c.get(getValue("com.apple.mobile.battery", "")).Dict("Value")
	assert.NotContains(t, battery, "HasBattery")

	p.Errors = map[string]string{"": "GetProhibited"}
	c = session(t, bench(t, p), p, &tls.Config{})
	assert.Equal(t, "GetProhibited", c.get(getValue("", ""))["Error"])
	assert.Contains(t, c.get(getValue("", "SerialNumber")), "Value")
}

// Find My is told by its name alone.
func TestValueByNameOnly(t *testing.T) {
	t.Parallel()
	p := paired(t, "12.5.7")
	c := session(t, bench(t, p), p, &tls.Config{})
	assert.Equal(t, plist.Dict{}, c.get(getValue("com.apple.fmip", ""))["Value"])
	assert.Equal(t, true, c.get(getValue("com.apple.fmip", "IsAssociated"))["Value"])
}

// A backup is so long ago whenever it is asked for; seconds count from 2001, before
// which they are negative.
func TestAgo(t *testing.T) {
	t.Parallel()
	p := phone(t, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.1", Trust: mocks.Trust{State: mocks.Paired},
		Domains: map[string]plist.Dict{"com.apple.mobile.backup": {"LastiTunesBackupDate": mocks.Ago(time.Hour)}}})
	synctest.Test(t, func(t *testing.T) {
		from := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
		require.Equal(t, from, time.Now().UTC(), "where the clock of a bubble begins")
		c := session(t, bench(t, p), p, asOld())
		last := func() any {
			domain, _ := c.get(getValue("com.apple.mobile.backup", "")).Dict("Value")
			assert.Equal(t, domain["LastiTunesBackupDate"], c.get(getValue("com.apple.mobile.backup", "LastiTunesBackupDate"))["Value"])
			return domain["LastiTunesBackupDate"]
		}
		assert.Equal(t, int64(-366*24*3600-3600), last())
		c.conn.Close()
		time.Sleep(400 * 24 * time.Hour)
		c = session(t, bench(t, p), p, asOld())
		assert.Equal(t, uint64(34*24*3600-3600), last())
	})
}

// The fitted sensor's serial number and that of the factory record.
func TestSensorOfAProfile(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		profile mocks.Profile
		fitted  bool
		factory bool
		same    bool
	}{
		{"original", mocks.Profile{ProductType: "iPhone7,2"}, true, true, true},
		{"replaced", mocks.Profile{ProductType: "iPhone7,2", Sensor: mocks.Replaced}, true, true, false},
		{"not in the record", mocks.Profile{ProductType: "iPhone7,2", Sensor: mocks.Unlisted}, true, false, false},
		{"in a record with bad offsets", mocks.Profile{ProductType: "iPhone7,2", Sensor: mocks.Garbled}, true, false, false},
		{"silent", mocks.Profile{ProductType: "iPhone7,2", Sensor: mocks.Mute}, false, true, false},
		{"a record that is empty, as from the iPhone 12 on", mocks.Profile{ProductType: "iPhone14,6"}, true, false, false},
		{"no Touch ID", mocks.Profile{ProductType: "iPhone10,3"}, false, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := phone(t, tt.profile)
			fitted, _ := p.MobileGestalt.Data("MesaSerialNumber")
			factory := tagged(data(t, p.Domains["com.apple.mobile.internal"], "SysCfgData"), "NSrN")
			assert.Equal(t, tt.fitted, fitted != nil)
			assert.Equal(t, tt.factory, factory != nil)
			assert.Equal(t, tt.same, fitted != nil && string(fitted) == string(factory))
		})
	}
}

// tagged finds the 16 bytes of a tag in a factory record.
func tagged(record []byte, tag string) []byte {
	for i := 24; i+20 <= len(record); i += 20 {
		if string([]byte{record[i+3], record[i+2], record[i+1], record[i]}) == tag {
			return record[i+4 : i+20]
		}
	}
	return nil
}

// A factory record to the byte: what is longer than 16 bytes stands behind the entries.
func TestSysCfg(t *testing.T) {
	t.Parallel()
	assert.Equal(t, ""+
		"gfCS\x40\x00\x00\x00\x00\x00\x02\x00\x02\x00\x02\x00\x00\x00\x00\x00\x02\x00\x00\x00"+
		"NrSNE53\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"+
		"BTNCMtSN\x11\x00\x00\x00\x40\x00\x00\x00\xFF\xFF\xFF\xFF"+
		"seventeen letters",
		string(mocks.SysCfg(mocks.SysCfgEntry{Tag: "NSrN", Data: []byte("E53")}, mocks.SysCfgEntry{Tag: "NStM", Data: []byte("seventeen letters")})))
	assert.Equal(t, uint32(24), binary.LittleEndian.Uint32(mocks.SysCfg()[4:]), "an empty one")
}

// A profile's domains are laid over those made up; nil takes a value or a domain away.
func TestDomainsOfAProfile(t *testing.T) {
	t.Parallel()
	p := phone(t, mocks.Profile{ProductType: "iPhone7,2", Domains: map[string]plist.Dict{
		"com.apple.mobile.battery": {"BatteryCurrentCapacity": uint64(12), "FullyCharged": nil},
		"com.apple.fmip":           nil,
		"com.apple.mobile.iTunes":  {"FamilyID": uint64(1)},
	}})
	assert.Equal(t, uint64(12), p.Domains["com.apple.mobile.battery"]["BatteryCurrentCapacity"])
	assert.Equal(t, true, p.Domains["com.apple.mobile.battery"]["HasBattery"])
	assert.NotContains(t, p.Domains["com.apple.mobile.battery"], "FullyCharged")
	assert.NotContains(t, p.Domains, "com.apple.fmip")
	assert.Equal(t, plist.Dict{"FamilyID": uint64(1)}, p.Domains["com.apple.mobile.iTunes"])
}
