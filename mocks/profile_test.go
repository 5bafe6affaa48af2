package mocks_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/mocks"
	"error53/usbmux/plist"
)

func TestProfileFillsInTheRest(t *testing.T) {
	t.Parallel()
	tests := []struct {
		profile                           mocks.Profile
		version, build, model, arch, udid string
		class                             string
		chip, board                       uint64
		product                           uint16
	}{
		{mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.1"},
			"9.1", "13B143", "N61AP", "arm64", "5353535353535353535353530000535300000001", "iPhone", 0x7000, 6, 0x12a8},
		{mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.2.1"},
			"9.2.1", "13D15", "N61AP", "arm64", "5353535353535353535353530000535300000001", "iPhone", 0x7000, 6, 0x12a8},
		{mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.2.1", BuildVersion: "13D20"},
			"9.2.1", "13D20", "N61AP", "arm64", "5353535353535353535353530000535300000001", "iPhone", 0x7000, 6, 0x12a8},
		{mocks.Profile{ProductType: "iPhone8,1", ProductVersion: "9.0.2", HardwareModel: "N71mAP"},
			"9.0.2", "13A452", "N71mAP", "arm64", "5353535353535353535353530000535300000001", "iPhone", 0x8003, 4, 0x12a8},
		{mocks.Profile{ProductType: "iPhone12,1", ProductVersion: "16.7.2", ECID: 0xA1B2C3},
			"16.7.2", "20H115", "N104AP", "arm64e", "00008030-0000000000A1B2C3", "iPhone", 0x8030, 4, 0x12a8},
		{mocks.Profile{ProductType: "iPad4,7", ProductVersion: "12.5.7", UDID: "my own"},
			"12.5.7", "16H81", "J85mAP", "arm64", "my own", "iPad", 0x8960, 0x32, 0x12ab},
		{mocks.Profile{ProductType: "iPod5,1", ProductVersion: "9.3.5"},
			"9.3.5", "13G36", "N78AP", "armv7", "5353535353535353535353530000535300000001", "iPod", 0x8942, 0, 0x12aa},
		{mocks.Profile{ProductType: "iPhone5,2", ProductVersion: "9.1"},
			"9.1", "13B143", "N42AP", "armv7s", "5353535353535353535353530000535300000001", "iPhone", 0x8950, 2, 0x12a8},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.profile.ProductType, " ", tt.version, " ", tt.build), func(t *testing.T) {
			t.Parallel()
			p := phone(t, tt.profile)
			for key, want := range map[string]any{
				"ProductType": tt.profile.ProductType, "ProductVersion": tt.version, "BuildVersion": tt.build,
				"HardwareModel": tt.model, "CPUArchitecture": tt.arch, "DeviceClass": tt.class,
				"ChipID": tt.chip, "BoardId": tt.board, "UniqueDeviceID": tt.udid,
			} {
				assert.Equal(t, want, p.Values[key], key)
			}
			assert.Equal(t, tt.udid, p.UDID)
			assert.Equal(t, tt.product, p.ProductID)
		})
	}
}

// A test may want a phone that claims what cannot be; no build is made up for it.
func TestProfileOfAnImpossiblePhone(t *testing.T) {
	t.Parallel()
	p := phone(t, mocks.Profile{ProductType: "iPhone9,1", ProductVersion: "9.2"})
	assert.Equal(t, "9.2", p.Values["ProductVersion"])
	assert.NotContains(t, p.Values, "BuildVersion")
}

func TestProfileValuesLieOnTop(t *testing.T) {
	t.Parallel()
	over := plist.Dict{"ProductVersion": "abc", "ChipID": "a text", "BuildVersion": nil, "Colour": "blue"}
	p := phone(t, mocks.Profile{ProductType: "iPhone7,2", Values: over})
	assert.Equal(t, "abc", p.Values["ProductVersion"])
	assert.Equal(t, "a text", p.Values["ChipID"])
	assert.Equal(t, "blue", p.Values["Colour"])
	assert.NotContains(t, p.Values, "BuildVersion")
	assert.Len(t, over, 4, "the caller's map is the caller's")
}

func TestProfileErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		profile mocks.Profile
		want    string
	}{
		{"no type", mocks.Profile{}, "not in the catalog"},
		{"unknown type", mocks.Profile{ProductType: "Watch1,1"}, `"Watch1,1" is not in the catalog`},
		{"another's board", mocks.Profile{ProductType: "iPhone7,2", HardwareModel: "N56AP"}, `iPhone7,2 has no board "N56AP"`},
		{"no version", mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "abc"}, "product version"},
		{"no build", mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.1", BuildVersion: "abc"}, "build version"},
		{"build without version", mocks.Profile{ProductType: "iPhone7,2", BuildVersion: "13B143"}, "product version"},
		{"no mode", mocks.Profile{ProductType: "iPhone7,2", Mode: "odd"}, `no mode is called "odd"`},
		{"trust", mocks.Profile{ProductType: "iPhone7,2", Trust: mocks.Trust{State: "blind"}}, `no state of trust is called "blind"`},
		{"polls", mocks.Profile{ProductType: "iPhone7,2", Trust: mocks.Trust{Polls: -1}}, "negative"},
		{"time", mocks.Profile{ProductType: "iPhone7,2", Trust: mocks.Trust{After: -1}}, "negative"},
		{"TLS", mocks.Profile{ProductType: "iPhone7,2", TLS: "3.0"}, `no way to speak TLS is called "3.0"`},
		{"sensor", mocks.Profile{ProductType: "iPhone7,2", Sensor: "dead"}, `no sensor is called "dead"`},
		{"fault", mocks.Profile{ProductType: "iPhone7,2", Faults: []mocks.Fault{{}}}, "fault: no side"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := tt.profile.Phone()
			assert.ErrorContains(t, err, tt.want)
		})
	}
}

// Every model of the catalog makes a phone that a client can tell from its answers.
func TestEveryModelMakesAPhone(t *testing.T) {
	t.Parallel()
	for _, d := range diag.Devices() {
		p := phone(t, mocks.Profile{ProductType: d.ProductType})
		model, _ := p.Values.String("HardwareModel")
		found, ok := diag.DeviceByBoard(model)
		require.True(t, ok, model)
		assert.Equal(t, d.ProductType, found.ProductType)

		chip, _ := p.Values.Uint64("ChipID")
		if chip >= 0x8020 && chip < 0x8700 {
			assert.Regexp(t, `^0000[0-9A-F]{4}-[0-9A-F]{16}$`, p.UDID, d.ProductType)
			assert.Equal(t, "arm64e", p.Values["CPUArchitecture"], d.ProductType)
		} else {
			assert.Regexp(t, `^[0-9a-f]{40}$`, p.UDID, d.ProductType)
			assert.NotEqual(t, "arm64e", p.Values["CPUArchitecture"], d.ProductType)
		}
		assert.Equal(t, d.Last.Version.String(), p.Values["ProductVersion"])
	}
}

// Identifiers have the form of real ones, and phones do not share them.
func TestIdentifiers(t *testing.T) {
	t.Parallel()
	seen := map[any]bool{}
	for ecid := range uint64(100) {
		p := phone(t, mocks.Profile{ProductType: "iPhone7,2", ECID: ecid + 1})
		for key, form := range map[string]string{
			"UniqueDeviceID":                       `^[0-9a-f]{40}$`,
			"SerialNumber":                         `^[0-9A-Z]{12}$`,
			"WiFiAddress":                          `^02(:[0-9a-f]{2}){5}$`,
			"BluetoothAddress":                     `^02(:[0-9a-f]{2}){5}$`,
			"InternationalMobileEquipmentIdentity": `^00[0-9]{13}$`,
		} {
			v := p.Values[key]
			assert.Regexp(t, form, v)
			assert.False(t, seen[v], "%s %v again", key, v)
			seen[v] = true
		}
	}
}

// The check digits were worked out by hand.
func TestIMEICheckDigit(t *testing.T) {
	t.Parallel()
	for ecid, want := range map[uint64]string{1: "005353530000015", 53: "005353530000536"} {
		p := phone(t, mocks.Profile{ProductType: "iPhone7,2", ECID: ecid})
		assert.Equal(t, want, p.Values["InternationalMobileEquipmentIdentity"])
	}
}
