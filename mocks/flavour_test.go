package mocks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux/plist"
)

// What each daemon tells of the same phone, by cable and over the network.
func TestFlavours(t *testing.T) {
	t.Parallel()
	const udid, name = "00008030-0000000000000053", "02:00:00:00:53:00@fe80::53._apple-mobdev2._tcp.local."
	young := phone(t, mocks.Profile{ProductType: "iPhone12,1", ECID: 0x53})
	network := func(sockaddr ...byte) plist.Dict {
		return plist.Dict{"ConnectionType": "Network", "DeviceID": uint64(2), "SerialNumber": udid,
			"EscapedFullServiceName": name, "InterfaceIndex": uint64(0), "NetworkAddress": append(sockaddr, make([]byte, 8)...)}
	}
	linux := plist.Dict{"ConnectionSpeed": uint64(480000000), "ConnectionType": "USB", "DeviceID": uint64(1),
		"LocationID": uint64(0x10002), "ProductID": uint64(0x12a8), "SerialNumber": udid}
	for _, tt := range []struct {
		name         string
		flavour      mocks.Flavour
		usb, network plist.Dict
	}{
		{"none named", "", linux, network(2, 0, 0, 0, 192, 0, 2, 2)},
		{"Linux", mocks.Linux, linux, network(2, 0, 0, 0, 192, 0, 2, 2)},
		{
			"macOS", mocks.MacOS,
			plist.Dict{"ConnectionSpeed": uint64(480000000), "ConnectionType": "USB", "DeviceID": uint64(1),
				"LocationID": uint64(0x14110000), "ProductID": uint64(0x12a8), "SerialNumber": udid,
				"UDID": udid, "USBSerialNumber": "000080300000000000000053"},
			network(16, 2, 0, 0, 192, 0, 2, 2),
		},
		{
			"Windows", mocks.Windows,
			plist.Dict{"ConnectionType": "USB", "DeviceID": uint64(1),
				"LocationID": uint64(0), "ProductID": uint64(0x12a8), "SerialNumber": udid},
			network(2, 0, 0, 0, 192, 0, 2, 2),
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := mocks.NewBench(young, young.OverNetwork())
			defer b.Close()
			b.Flavour = tt.flavour
			c := listen(t, b)
			for _, want := range []plist.Dict{tt.usb, tt.network} {
				got, ok := c.told(0).Dict("Properties")
				require.True(t, ok)
				assert.Equal(t, want, got)
			}
		})
	}
}

// Where a phone is stays the same on macOS. On Linux each plug-in gives another
// address, and the place is of no use for knowing the port.
func TestLocations(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		flavour mocks.Flavour
		given   uint32
		want    []uint64 // first, after Replug, after Restart
	}{
		{"Linux", mocks.Linux, 0, []uint64{0x10003, 0x10004, 0x10004}},
		{"macOS", mocks.MacOS, 0, []uint64{0x14120000, 0x14120000, 0x14120000}},
		{"given", mocks.Linux, 0x14200000, []uint64{0x14200000, 0x14200000, 0x14200000}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := bench(t, mocks.Phone{UDID: "x"}, mocks.Phone{UDID: "y", LocationID: tt.given})
			b.Flavour = tt.flavour
			b.Detach(1)
			location := func() any {
				c := dial(t, b)
				c.ask(1, plist.Dict{"MessageType": "ListDevices"})
				list, _ := c.told(1).List("DeviceList")
				require.Len(t, list, 1)
				p, _ := list[0].(plist.Dict).Dict("Properties")
				return p["LocationID"]
			}
			assert.Equal(t, tt.want[0], location())
			b.Replug(2)
			assert.Equal(t, tt.want[1], location())
			b.Restart()
			assert.Equal(t, tt.want[2], location())
		})
	}
}
