package mocks_test

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux/plist"
)

func TestQueryType(t *testing.T) {
	t.Parallel()
	c := toPhone(t, bench(t, iPhone6(t)), 1)
	assert.Equal(t,
		plist.Dict{"Request": "QueryType", "Result": "Success", "Type": "com.apple.mobile.lockdown"},
		c.get(plist.Dict{"Request": "QueryType"}))
}

func TestUnpairedHostReadsThePublicValues(t *testing.T) {
	t.Parallel()
	c := toPhone(t, bench(t, iPhone6(t)), 1)
	answer := c.get(getValue("", ""))
	assert.Equal(t, "GetValue", answer["Request"])
	assert.NotContains(t, answer, "Key")
	assert.NotContains(t, answer, "Error")
	assert.Equal(t, plist.Dict{
		"BasebandVersion": "5.30.53", "BoardId": uint64(6), "BuildVersion": "13B143", "CPUArchitecture": "arm64",
		"ChipID": uint64(0x7000), "DeviceClass": "iPhone", "DeviceColor": "1", "DeviceName": "Anna’s iPhone",
		"DieID": uint64(0x535300000001), "HardwareModel": "N61AP", "HasSiDP": true,
		"PartitionType": "GUID_partition_scheme", "ProductName": "iPhone OS", "ProductType": "iPhone7,2",
		"ProductVersion": "9.1", "ProductionSOC": true, "ProtocolVersion": "2",
		"SupportedDeviceFamilies": []any{uint64(1)}, "TelephonyCapability": true,
		"UniqueChipID": uint64(0x535300000001), "UniqueDeviceID": "5353535353535353535353530000535300000001",
		"WiFiAddress": "02:53:00:00:00:01",
	}, answer["Value"])
}

func TestGetValue(t *testing.T) {
	t.Parallel()
	p := iPhone6(t)
	p.Domains = map[string]plist.Dict{
		"com.apple.mobile.iTunes": {"FamilyID": 10135, "SoftwareVersion": "x"},
		"com.apple.fmip":          {"IsAssociated": true},
		"com.apple.empty":         {},
	}
	p.Public = append(mocks.PublicKeys(), "com.apple.mobile.iTunes/FamilyID")
	b := bench(t, p)
	tests := []struct {
		name, domain, key string
		want              any
		failure           string
	}{
		{"a public value", "", "ProductVersion", "9.1", ""},
		{"one that needs a session", "", "SerialNumber", nil, "GetProhibited"},
		{"another", "", "ActivationState", nil, "GetProhibited"},
		{"the IMEI", "", "InternationalMobileEquipmentIdentity", nil, "GetProhibited"},
		{"one there is not", "", "FavouriteColour", nil, "MissingValue"},
		{"a domain of which a little is public", "com.apple.mobile.iTunes", "", plist.Dict{"FamilyID": uint64(10135)}, ""},
		{"a public value of a domain", "com.apple.mobile.iTunes", "FamilyID", uint64(10135), ""},
		{"a guarded value of a domain", "com.apple.mobile.iTunes", "SoftwareVersion", nil, "GetProhibited"},
		{"a public key, but of another domain", "com.apple.mobile.iTunes", "ProductVersion", nil, "MissingValue"},
		{"a guarded domain", "com.apple.fmip", "", nil, "GetProhibited"},
		{"an empty domain", "com.apple.empty", "", plist.Dict{}, ""},
		{"a domain there is not", "com.apple.nowhere", "", nil, "MissingValue"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want := getValue(tt.domain, tt.key) // the answer repeats the question
			delete(want, "Label")
			if tt.failure != "" {
				want["Error"] = tt.failure
			} else {
				want["Value"] = tt.want
			}
			c := toPhone(t, b, 1)
			assert.Equal(t, want, c.get(getValue(tt.domain, tt.key)))
		})
	}
}

// No request changes a phone. Each is refused, and the log says that it was asked.
func TestWhatWouldChangeThePhoneIsRefused(t *testing.T) {
	t.Parallel()
	tests := []struct{ request, failure string }{
		{"SetValue", "SetProhibited"},
		{"RemoveValue", "RemoveProhibited"},
		{"Unpair", "InvalidHostID"},
		{"EnterRecovery", "SessionInactive"},
		{"Activate", "SessionInactive"},
		{"Deactivate", "SessionInactive"},
		{"ResetPairing", "SessionInactive"},
		{"MakeCoffee", "InvalidRequest"},
	}
	for _, tt := range tests {
		t.Run(tt.request, func(t *testing.T) {
			t.Parallel()
			b := bench(t, iPhone6(t))
			c := toPhone(t, b, 1)
			before := c.get(getValue("", ""))
			assert.Equal(t, plist.Dict{"Request": tt.request, "Error": tt.failure},
				c.get(plist.Dict{"Request": tt.request, "Key": "DeviceName", "Value": "mine"}))
			assert.Equal(t, before, c.get(getValue("", "")))
			assert.Contains(t, b.Requests(), mocks.Request{
				Connection: 1, Side: mocks.Lockdownd, DeviceID: 1, Name: tt.request, Key: "DeviceName", Refused: true})
		})
	}
}

// A host that the phone does not trust gets no session. That is no refusal: nothing
// would have changed.
func TestNoSessionWithoutTrust(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t))
	c := toPhone(t, b, 1)
	for _, tt := range []struct {
		request plist.Dict
		failure string
	}{
		{plist.Dict{"Request": "StartSession", "HostID": "H", "SystemBUID": "B"}, "InvalidHostID"},
		{plist.Dict{"Request": "StartSession"}, "MissingHostID"},
		{plist.Dict{"Request": "StopSession", "SessionID": "S"}, "SessionInactive"},
		{plist.Dict{"Request": "StartService", "Service": "com.apple.mobile.diagnostics_relay"}, "SessionInactive"},
	} {
		assert.Equal(t, tt.failure, c.get(tt.request)["Error"], "%v", tt.request)
	}
	for _, r := range b.Requests() {
		assert.False(t, r.Refused, "%v", r)
	}
}

func TestRequestWithoutAName(t *testing.T) {
	t.Parallel()
	c := toPhone(t, bench(t, iPhone6(t)), 1)
	assert.Equal(t, plist.Dict{"Error": "InvalidRequest"}, c.get(plist.Dict{"Label": "test"}))
}

func TestGoodbyeEndsTheConnection(t *testing.T) {
	t.Parallel()
	for _, p := range []mocks.Phone{iPhone6(t), inRestore(t)} {
		c := toPhone(t, bench(t, p), 1)
		assert.Equal(t, "Success", c.get(plist.Dict{"Request": "Goodbye"})["Result"])
		assert.Empty(t, c.rest())
	}
}

func TestBinaryRequestToAPhone(t *testing.T) {
	t.Parallel()
	payload, err := plist.EncodeBinary(getValue("", "ProductType"))
	require.NoError(t, err)
	c := toPhone(t, bench(t, iPhone6(t)), 1)
	c.write(phoneBytes(payload))
	assert.Equal(t, "iPhone7,2", c.reply()["Value"])
}

func TestWhatIsNoPlistEndsTheConnection(t *testing.T) {
	t.Parallel()
	for name, sent := range map[string][]byte{
		"no plist":         phoneBytes([]byte("hello")),
		"nothing":          phoneBytes(nil),
		"too long":         binary.BigEndian.AppendUint32(nil, 65537),
		"TLS as a length":  {0x16, 0x03, 0x01, 0x02},
		"far too long":     {0xFF, 0xFF, 0xFF, 0xFF},
		"a list":           phoneBytes([]byte(`<plist version="1.0"><array/></plist>`)),
		"a plist too deep": phoneBytes([]byte(`<plist>` + strings.Repeat("<array>", 5000))),
	} {
		c := toPhone(t, bench(t, iPhone6(t)), 1)
		c.write(sent)
		assert.Empty(t, c.rest(), name)
	}
}

// Names come from people, and from people who mean harm. Control characters go out
// raw, as phones send them, though XML forbids them.
func TestNamesGoOutAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"田中のiPhone", "🦉", "Anna’s & <b>", "\u202Egnorw", "\u009b2J", "\x1b[31mred\x07", "\uFFFD \x1b", "\x01\x1f"} {
		p := phone(t, mocks.Profile{ProductType: "iPhone7,2", Name: name})
		c := toPhone(t, bench(t, p), 1)
		c.request(getValue("", "DeviceName"))
		wire := string(c.read(int(binary.BigEndian.Uint32(c.read(4)))))
		switch name {
		case "Anna’s & <b>":
			assert.Contains(t, wire, "<string>Anna’s &amp; &lt;b&gt;</string>")
		default:
			assert.Contains(t, wire, "<string>"+name+"</string>")
		}
	}
}

// Control characters may stand anywhere in a value.
func TestControlCharactersDeepInAValue(t *testing.T) {
	t.Parallel()
	p := phone(t, mocks.Profile{ProductType: "iPhone7,2", Values: plist.Dict{
		"DeviceColor": []any{"a\x02b", map[string]any{"k": "c\x03d"}, uint64(5)}}})
	c := toPhone(t, bench(t, p), 1)
	c.request(getValue("", ""))
	wire := string(c.read(int(binary.BigEndian.Uint32(c.read(4)))))
	assert.Contains(t, wire, "<string>a\x02b</string>")
	assert.Contains(t, wire, "<string>c\x03d</string>")
	assert.Contains(t, wire, "<integer>5</integer>")
}

// A phone written by hand may hold what no plist can: there is no answer to give.
func TestValueThatIsNone(t *testing.T) {
	t.Parallel()
	p := mocks.Phone{UDID: "by hand", Values: plist.Dict{"ProductType": make(chan int)}}
	c := toPhone(t, bench(t, p), 1)
	c.request(getValue("", "ProductType"))
	assert.Empty(t, c.rest())
}
