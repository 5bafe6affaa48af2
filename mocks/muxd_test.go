package mocks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux/plist"
)

func TestListDevicesGivesPropertiesAsOnLinux(t *testing.T) {
	t.Parallel()
	old, young := iPhone6(t), phone(t, mocks.Profile{ProductType: "iPad11,1", ECID: 0x53})
	c := dial(t, bench(t, old, young, inRestore(t), young.OverNetwork()))
	c.ask(7, plist.Dict{"MessageType": "ListDevices"})
	answer := c.told(7)
	assert.NotContains(t, answer, "MessageType")
	list, ok := answer.List("DeviceList")
	require.True(t, ok)

	usb := func(id, location, product uint64, serial string) plist.Dict {
		return plist.Dict{"MessageType": "Attached", "DeviceID": id, "Properties": plist.Dict{
			"ConnectionSpeed": uint64(480000000), "ConnectionType": "USB", "DeviceID": id,
			"LocationID": location, "ProductID": product, "SerialNumber": serial}}
	}
	require.Len(t, list, 4)
	assert.Equal(t, usb(1, 0x10002, 0x12a8, "535353535353535353535353"+"0000535300000001"), list[0])
	assert.Equal(t, usb(2, 0x10003, 0x12ab, "00008020-0000000000000053"), list[1])
	assert.Equal(t, usb(3, 0x10004, 0x12a8, "ffffffffffffffffffffffffffffffffffffffff"), list[2])

	twin, _ := list[3].(plist.Dict).Dict("Properties")
	assert.Equal(t, "Network", twin["ConnectionType"])
	assert.Equal(t, "00008020-0000000000000053", twin["SerialNumber"], "the same phone")
	assert.NotContains(t, twin, "ProductID")
	assert.Len(t, twin["NetworkAddress"], 16)
}

// What a phone written by hand does not say of its connection is made up.
func TestPhoneByHand(t *testing.T) {
	t.Parallel()
	c := dial(t, bench(t, mocks.Phone{UDID: "by hand"}, mocks.Phone{UDID: "x", LocationID: 0x14100000, ProductID: 0x12ab}))
	c.ask(1, plist.Dict{"MessageType": "ListDevices"})
	list, _ := c.told(1).List("DeviceList")
	require.Len(t, list, 2)
	first, _ := list[0].(plist.Dict).Dict("Properties")
	assert.Equal(t, []any{"USB", uint64(0x10002), uint64(0x12a8)}, []any{first["ConnectionType"], first["LocationID"], first["ProductID"]})
	second, _ := list[1].(plist.Dict).Dict("Properties")
	assert.Equal(t, []any{uint64(0x14100000), uint64(0x12ab)}, []any{second["LocationID"], second["ProductID"]})
}

func TestNoPhonesIsAnEmptyList(t *testing.T) {
	t.Parallel()
	c := dial(t, bench(t))
	c.ask(1, plist.Dict{"MessageType": "ListDevices"})
	assert.Equal(t, plist.Dict{"DeviceList": []any{}}, c.told(1))
}

// What the daemon answers with a number, and to what.
func TestResults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		request plist.Dict
		want    uint64
	}{
		{"connect to lockdownd", connectTo(1, 62078), 0},
		{"connect to lockdownd, port as every client sends it", plist.Dict{"MessageType": "Connect", "DeviceID": 1, "PortNumber": 32498}, 0},
		{"connect to lockdownd, port in the wrong byte order", plist.Dict{"MessageType": "Connect", "DeviceID": 1, "PortNumber": 62078}, 3},
		{"connect to another port", connectTo(1, 22), 3},
		{"connect to a port that is no number", plist.Dict{"MessageType": "Connect", "DeviceID": 1, "PortNumber": "32498"}, 3},
		{"connect to no port", plist.Dict{"MessageType": "Connect", "DeviceID": 1}, 1},
		{"connect to a phone that is not there", connectTo(9, 62078), 2},
		{"connect to a phone that is no number", plist.Dict{"MessageType": "Connect", "DeviceID": "1", "PortNumber": 32498}, 2},
		{"connect to no phone", plist.Dict{"MessageType": "Connect", "PortNumber": 32498}, 2},
		{"connect to nothing", plist.Dict{"MessageType": "Connect"}, 2},
		{"listen", plist.Dict{"MessageType": "Listen"}, 0},
		{"pair record there is not", plist.Dict{"MessageType": "ReadPairRecord", "PairRecordID": iPhone6(t).UDID}, 2},
		{"pair record of a stranger", plist.Dict{"MessageType": "ReadPairRecord", "PairRecordID": "?"}, 2},
		{"pair record of nobody", plist.Dict{"MessageType": "ReadPairRecord"}, 22},
		{"unknown", plist.Dict{"MessageType": "MakeCoffee"}, 1},
		{"empty", plist.Dict{"MessageType": ""}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := dial(t, bench(t, iPhone6(t)))
			c.ask(5, tt.request)
			assert.Equal(t, result(tt.want), c.told(5))
		})
	}
}

func TestFailedConnectLeavesTheConnectionUsable(t *testing.T) {
	t.Parallel()
	c := dial(t, bench(t, iPhone6(t)))
	for tag, request := range map[uint32]plist.Dict{1: connectTo(2, 62078), 2: connectTo(1, 23)} {
		c.ask(tag, request)
		assert.NotEqual(t, result(0), c.told(tag))
	}
	c.ask(3, connectTo(1, 62078))
	assert.Equal(t, result(0), c.told(3))
	assert.Equal(t, "com.apple.mobile.lockdown", c.get(plist.Dict{"Request": "QueryType"})["Type"])
}

// The daemon neither answers nor hangs up: a client without a deadline waits for
// ever. That nothing came is proved by what comes first: the next answer.
func TestSilentDrop(t *testing.T) {
	t.Parallel()
	binaryPlist, err := plist.EncodeBinary(plist.Dict{"MessageType": "ListDevices"})
	require.NoError(t, err)
	tests := []struct {
		name    string
		payload []byte
	}{
		{"nothing", nil},
		{"no plist", []byte("MessageType=ListDevices")},
		{"half a plist", xml(t, plist.Dict{"MessageType": "ListDevices"})[:100]},
		{"a binary plist", binaryPlist},
		{"a list", []byte(`<plist version="1.0"><array/></plist>`)},
		{"no MessageType", xml(t, plist.Dict{"Request": "ListDevices"})},
		{"a MessageType that is no string", xml(t, plist.Dict{"MessageType": 8})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := bench(t)
			c := dial(t, b)
			c.write(muxBytes(1, 8, 1, tt.payload))
			c.ask(2, plist.Dict{"MessageType": "ReadBUID"})
			assert.Contains(t, c.told(2), "BUID")
			assert.Equal(t, []mocks.Request{
				{Connection: 1, Side: mocks.Usbmuxd},
				{Connection: 1, Side: mocks.Usbmuxd, Name: "ReadBUID"},
			}, b.Requests())
		})
	}
}

// Before the first plist the daemon answers in the binary form of version 0.
func TestVersionsAndMessageNumbers(t *testing.T) {
	t.Parallel()
	list := xml(t, plist.Dict{"MessageType": "ListDevices"})
	tests := []struct {
		name             string
		version, message uint32
		want             byte
	}{
		{"version 2", 2, 8, 6},
		{"a version far off", 0xFFFFFFFF, 8, 6},
		{"a message number of nothing", 1, 7, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := dial(t, bench(t))
			c.write(muxBytes(tt.version, tt.message, 4, list))
			want := muxBytes(0, 1, 4, []byte{tt.want, 0, 0, 0})
			assert.Equal(t, want, c.read(len(want)))

			c.ask(5, plist.Dict{"MessageType": "ListDevices"})
			assert.Contains(t, c.told(5), "DeviceList", "the connection stays open")
			c.write(muxBytes(tt.version, tt.message, 6, list))
			assert.Equal(t, result(uint64(tt.want)), c.told(6), "from now on in plists")
		})
	}
}

func TestPlistInAFrameOfVersion0(t *testing.T) {
	t.Parallel()
	c := dial(t, bench(t))
	c.write(muxBytes(0, 8, 3, xml(t, plist.Dict{"MessageType": "ListDevices"})))
	assert.Contains(t, c.told(3), "DeviceList")
}

func TestLengthsThatEndTheConnection(t *testing.T) {
	t.Parallel()
	for _, length := range []uint32{0, 1, 15, 65537, 0x16030102, 0xFFFFFFFF} {
		c := dial(t, bench(t))
		c.write(header(length, 1, 8, 1))
		assert.Empty(t, c.rest(), "length %d: without a word", length)
	}
}

func TestLongestRequest(t *testing.T) {
	t.Parallel()
	c := dial(t, bench(t))
	request := xml(t, plist.Dict{"MessageType": "ReadBUID"})
	padding := make([]byte, 65536-16-len(request))
	for i := range padding {
		padding[i] = '\n'
	}
	c.write(muxBytes(1, 8, 1, append(request, padding...)))
	assert.Contains(t, c.told(1), "BUID")
}
