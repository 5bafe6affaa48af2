package usbmux

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux/plist"
)

const (
	udid40 = "00aa11bb22cc33dd44ee55ff00aa11bb22cc33dd"
	udid24 = "00008101-0A1B2C3D4E5F6071"
)

func TestDeviceList(t *testing.T) {
	t.Parallel()
	restoring := strings.Repeat("f", 40)
	for _, tt := range []struct {
		name    string
		entries []any
		want    []Device
	}{
		{"none", []any{}, []Device{}},
		{
			"Linux",
			[]any{plist.Dict{"DeviceID": 7, "MessageType": "Attached", "Properties": plist.Dict{
				"ConnectionSpeed": 480000000, "ConnectionType": "USB", "DeviceID": 7,
				"LocationID": 0x10005, "ProductID": 0x12a8, "SerialNumber": udid40,
			}}},
			[]Device{{ID: 7, SerialNumber: udid40, ProductID: 0x12a8, LocationID: 0x10005, ConnectionType: USB, Speed: 480000000}},
		},
		{
			"old Windows: no type, no speed, location 0",
			[]any{plist.Dict{"DeviceID": 2, "Properties": plist.Dict{"DeviceID": 2, "LocationID": 0, "ProductID": 0x1297, "SerialNumber": udid40}}},
			[]Device{{ID: 2, SerialNumber: udid40, ProductID: 0x1297}},
		},
		{
			"macOS: a location of 32 bits, written as a signed number",
			[]any{plist.Dict{"DeviceID": 2, "Properties": plist.Dict{"LocationID": -2147483648, "SerialNumber": udid24}}},
			[]Device{{ID: 2, SerialNumber: udid24, LocationID: 0x80000000}},
		},
		{
			"macOS: serial number in UDID only",
			[]any{plist.Dict{"DeviceID": 2, "Properties": plist.Dict{"UDID": udid24}}},
			[]Device{{ID: 2, SerialNumber: udid24}},
		},
		{
			"optional keys of another type",
			[]any{plist.Dict{"DeviceID": 3, "Properties": plist.Dict{
				"ConnectionSpeed": "fast", "ConnectionType": 1, "LocationID": []any{}, "ProductID": "4776", "SerialNumber": udid40,
			}}},
			[]Device{{ID: 3, SerialNumber: udid40}},
		},
		{
			"numbers out of range",
			[]any{plist.Dict{"DeviceID": 3, "Properties": plist.Dict{
				"ConnectionSpeed": -1, "LocationID": uint64(1) << 32, "ProductID": 0x10000, "SerialNumber": udid40,
			}}},
			[]Device{{ID: 3, SerialNumber: udid40}},
		},
		{
			"a location below 32 bits",
			[]any{plist.Dict{"DeviceID": 3, "Properties": plist.Dict{"LocationID": -1<<31 - 1}}},
			[]Device{{ID: 3}},
		},
		{
			"outer id wins over the inner one",
			[]any{plist.Dict{"DeviceID": 2, "Properties": plist.Dict{"DeviceID": 1, "SerialNumber": udid40}}},
			[]Device{{ID: 2, SerialNumber: udid40}},
		},
		{
			"inner id only",
			[]any{plist.Dict{"Properties": plist.Dict{"DeviceID": 1, "SerialNumber": udid40}}},
			[]Device{{ID: 1, SerialNumber: udid40}},
		},
		{
			"no serial number: still a phone",
			[]any{plist.Dict{"DeviceID": 4}, plist.Dict{"DeviceID": 5, "Properties": "none"}},
			[]Device{{ID: 4}, {ID: 5}},
		},
		{
			"no usable id: still a phone",
			[]any{plist.Dict{"DeviceID": "4", "Properties": plist.Dict{"SerialNumber": udid40}},
				plist.Dict{"DeviceID": -1, "Properties": plist.Dict{"SerialNumber": udid24}}},
			[]Device{{SerialNumber: udid40}, {SerialNumber: udid24}},
		},
		{
			"neither: nothing to tell, and no harm to the others",
			[]any{"phone", 7, plist.Dict{}, []any{}, plist.Dict{"DeviceID": 9}},
			[]Device{{ID: 9}},
		},
		{
			"twins: USB wins, in the place of the first",
			[]any{
				entry(1, "00008101"+"0A1B2C3D4E5F6071", Network),
				entry(2, udid40, USB),
				entry(3, udid24, USB),
				entry(4, strings.ToUpper(udid40), Network),
			},
			[]Device{{ID: 3, SerialNumber: udid24, ConnectionType: USB}, {ID: 2, SerialNumber: udid40, ConnectionType: USB}},
		},
		{
			"twins: an unsaid type is taken for USB",
			[]any{entry(1, udid40, Network), entry(2, udid40, "")},
			[]Device{{ID: 2, SerialNumber: udid40}},
		},
		{
			"twins of one kind: the first stays",
			[]any{entry(1, udid40, USB), entry(2, udid40, USB), entry(3, udid24, Network), entry(4, udid24, Network)},
			[]Device{{ID: 1, SerialNumber: udid40, ConnectionType: USB}, {ID: 3, SerialNumber: udid24, ConnectionType: Network}},
		},
		{
			"restore mode: one serial number, many phones",
			[]any{entry(1, restoring, USB), entry(2, restoring, USB)},
			[]Device{{ID: 1, SerialNumber: restoring, ConnectionType: USB}, {ID: 2, SerialNumber: restoring, ConnectionType: USB}},
		},
		{
			"texts that are too long are cut, within a rune as well",
			[]any{entry(1, strings.Repeat("a", 254)+"é"+strings.Repeat("b", 1000), strings.Repeat("c", 300))},
			[]Device{{ID: 1, SerialNumber: strings.Repeat("a", 254), ConnectionType: strings.Repeat("c", 255)}},
		},
		{
			"control characters stay",
			[]any{entry(1, "a\x01b", USB)},
			[]Device{{ID: 1, SerialNumber: "a\x01b", ConnectionType: USB}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := deviceList(plist.Dict{"DeviceList": tt.entries})
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
		})
	}
}

func entry(id int, serial, connection string) plist.Dict {
	p := plist.Dict{"SerialNumber": serial}
	if connection != "" {
		p["ConnectionType"] = connection
	}
	return plist.Dict{"DeviceID": id, "Properties": p}
}

// Devices that nobody invented: the texts of the captures say what they hold.
func TestDeviceListOfCaptures(t *testing.T) {
	folder := os.Getenv("ERROR53_SPECIMENS")
	if folder == "" {
		t.Skip("ERROR53_SPECIMENS is not set")
	}
	names, err := filepath.Glob(filepath.Join(folder, "usbmux", "*.plist"))
	require.NoError(t, err)
	lists := 0
	for _, name := range names {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		answer, err := plist.DecodeDict(data)
		require.NoError(t, err, name)
		got, err := deviceList(answer)
		if !strings.Contains(string(data), "DeviceList") {
			assert.Error(t, err, "%s: no list", name)
			continue
		}
		lists++
		require.NoError(t, err, name)
		require.Len(t, got, strings.Count(string(data), ">SerialNumber<"), name)
		for _, d := range got {
			assertHolds(t, name, string(data), d)
		}
	}
	assert.NotZero(t, lists)
}

// assertHolds compares each field with the text itself.
func assertHolds(t *testing.T, name, text string, d Device) {
	t.Helper()
	text = strings.Join(strings.Fields(text), "")
	for key, value := range map[string]string{
		"SerialNumber":    "<string>" + d.SerialNumber,
		"ConnectionType":  "<string>" + d.ConnectionType,
		"DeviceID":        fmt.Sprintf("<integer>%d", d.ID),
		"ProductID":       fmt.Sprintf("<integer>%d", d.ProductID),
		"LocationID":      fmt.Sprintf("<integer>%d", d.LocationID),
		"ConnectionSpeed": fmt.Sprintf("<integer>%d", d.Speed),
	} {
		if strings.Contains(text, "<key>"+key+"</key>") {
			assert.Contains(t, text, "<key>"+key+"</key>"+value+"<", name)
		} else {
			assert.Contains(t, []string{"<string>", "<integer>0"}, value, "%s: %s is not said", name, key)
		}
	}
}

func FuzzDeviceList(f *testing.F) {
	for _, v := range []any{
		plist.Dict{"DeviceList": []any{}},
		plist.Dict{"DeviceList": []any{entry(1, udid40, USB), entry(2, udid40, Network), entry(3, udid24, "")}},
		plist.Dict{"DeviceList": []any{plist.Dict{"DeviceID": "x", "Properties": []any{}}, 7, true}},
		plist.Dict{"DeviceList": "none"},
		plist.Dict{"MessageType": "Result", "Number": 6},
	} {
		for _, encode := range []func(any) ([]byte, error){plist.EncodeXML, plist.EncodeBinary} {
			data, err := encode(v)
			require.NoError(f, err)
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		answer, err := plist.DecodeDict(data)
		if err != nil {
			return
		}
		list, err := deviceList(answer)
		if err != nil {
			require.Nil(t, list)
			return
		}
		seen := map[string]bool{}
		for _, d := range list {
			require.False(t, d.ID == 0 && d.SerialNumber == "")
			d.ECID()
			if udid := d.UDID(); udid != "" && !d.Restore() {
				require.False(t, seen[d.key()], "one phone, one row")
				seen[d.key()] = true
			}
		}
	})
}
