package inspect_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/inspect"
	"error53/mocks"
	"error53/usbmux"
	"error53/usbmux/usb"
)

// onBus is what the kernel shows of one USB device.
type onBus struct {
	port, product, serial string
	address               string
}

const (
	recoveryString = "CPID:7000 CPRV:11 CPFM:03 SCEP:01 BDID:06 ECID:0000535300000011 IBFL:1D SRNM:[C0FFEE0ABCDE]"
	dfuString      = "CPID:8010 CPRV:11 CPFM:03 SCEP:01 BDID:08 ECID:0000535300000022 IBFL:3C SRTG:[iBoot-2696.0.0.1.33]"
)

// kernelTree writes /sys/bus/usb/devices as Linux lays it out.
func kernelTree(t *testing.T, devices ...onBus) *usb.Bus {
	t.Helper()
	root := t.TempDir()
	for _, d := range devices {
		for name, text := range map[string]string{
			"idVendor": "05ac", "idProduct": d.product, "serial": d.serial, "product": "iPhone",
			"busnum": "1", "devnum": d.address, "speed": "480",
		} {
			require.NoError(t, os.MkdirAll(filepath.Join(root, d.port), 0o755))
			require.NoError(t, os.WriteFile(filepath.Join(root, d.port, name), []byte(text+"\n"), 0o644))
		}
	}
	return &usb.Bus{Files: os.DirFS(root)}
}

func listedWith(t *testing.T, bus *usb.Bus, phones ...mocks.Phone) (inspect.Inspector, []inspect.Phone, error) {
	t.Helper()
	bench := mocks.NewBench(phones...)
	t.Cleanup(func() { bench.Close() })
	inspector := inspect.Inspector{Mux: &usbmux.Client{Dial: bench.Dial}, USB: bus}
	listed, err := inspector.List(t.Context())
	return inspector, listed, err
}

// Phones in recovery and DFU mode come behind usbmuxd's, with what their iBoot
// string tells; nothing more is asked of them.
func TestRawPhones(t *testing.T) { inBubble(t, testRawPhones) }

func testRawPhones(t *testing.T) {
	phone, err := mocks.Profile{ProductType: "iPhone8,1", ProductVersion: "12.4"}.Phone()
	require.NoError(t, err)
	bus := kernelTree(t,
		onBus{port: "1-1", product: "1281", serial: recoveryString, address: "7"},
		onBus{port: "1-2", product: "1227", serial: dfuString, address: "8"})
	inspector, listed, err := listedWith(t, bus, phone)
	require.NoError(t, err)
	read := inspector.Read(t.Context(), listed)
	require.Len(t, read, 3)
	assert.Equal(t, "iPhone8,1", read[0].Facts.ProductType.Value)
	assert.Equal(t, diag.Known(diag.Recovery, diag.FromUSB), read[1].Facts.Mode)
	assert.Equal(t, diag.Known("iPhone7,2", diag.FromCatalog), read[1].Facts.ProductType)
	assert.Equal(t, diag.Known(uint64(0x535300000011), diag.FromIBoot), read[1].Facts.ECID)
	assert.Equal(t, diag.Known("C0FFEE0ABCDE", diag.FromIBoot), read[1].Facts.SerialNumber)
	assert.False(t, read[1].Facts.InstalledVersion.Known())
	assert.Equal(t, diag.DFU, read[2].Facts.Mode.Value)
	assert.Equal(t, "iPhone9,1", read[2].Facts.ProductType.Value)
	assert.NoError(t, read[2].Err)
}

// A phone on the cable that usbmuxd lists over the network alone, as it does for a
// moment after plug-in, is one phone.
func TestOnePhoneOnCableAndNetwork(t *testing.T) {
	phone, err := mocks.Profile{ProductType: "iPhone14,5", ECID: 0x535300000044}.Phone()
	require.NoError(t, err)
	bus := kernelTree(t, onBus{port: "1-2", product: "12a8", serial: strings.ReplaceAll(phone.UDID, "-", ""), address: "31"})
	_, listed, err := listedWith(t, bus, phone.OverNetwork())
	require.NoError(t, err)
	require.Len(t, listed, 1)
	assert.Equal(t, usbmux.Network, listed[0].Device.ConnectionType)
}

// The bus does not depend on the daemon: without one its phones are there, beside
// the daemon's error.
func TestRawPhonesWithoutDaemon(t *testing.T) {
	bus := kernelTree(t, onBus{port: "1-1", product: "1281", serial: recoveryString, address: "7"})
	refused := func(context.Context) (net.Conn, error) { return nil, os.ErrNotExist }
	inspector := inspect.Inspector{Mux: &usbmux.Client{Dial: refused}, USB: bus}
	listed, err := inspector.List(t.Context())
	require.ErrorIs(t, err, usbmux.ErrNoDaemon)
	require.Len(t, listed, 1)
	assert.Equal(t, diag.Recovery, listed[0].Facts.Mode.Value)
}

// A phone is one phone, whatever sees it.
func TestOnePhoneInBothLists(t *testing.T) {
	older, err := mocks.Profile{ProductType: "iPhone7,2", ECID: 0x11}.Phone()
	require.NoError(t, err)
	newer, err := mocks.Profile{ProductType: "iPhone14,5", ECID: 0x535300000044}.Phone()
	require.NoError(t, err)
	undashed := strings.ReplaceAll(newer.UDID, "-", "")
	tests := []struct {
		name  string
		onBus []onBus
		want  []string // the mode of each phone, and ! where it cannot be read
	}{
		{"by its place", []onBus{{"1-1", "12a8", "", "2"}, {"1-2", "12a8", "", "3"}}, []string{"normal", "normal"}},
		{"by its UDID", []onBus{{"1-1", "12a8", older.UDID, "30"}, {"1-2", "12a8", undashed, "31"}}, []string{"normal", "normal"}},
		{"one more that usbmuxd does not list", []onBus{{"1-5", "12a8", strings.Repeat("ab", 20), "9"}}, []string{"normal", "normal", "normal!"}},
		{
			"on its way to recovery, while usbmuxd still lists it",
			[]onBus{{"1-2", "1281", "SDOM:01 CPID:8110 CPRV:11 CPFM:03 SCEP:01 BDID:0A ECID:0000535300000044 IBFL:3C SRNM:[C0FFEE0ABCDE]", "9"}},
			[]string{"normal", "recovery"},
		},
		{"another one in recovery", []onBus{{"1-2", "1281", recoveryString, "9"}}, []string{"normal", "normal", "recovery"}},
		{"one that shows no iBoot string", []onBus{{"1-2", "1281", "Apple Mobile Device (Recovery Mode)", "9"}}, []string{"normal", "normal", "recovery!"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				_, listed, err := listedWith(t, kernelTree(t, test.onBus...), older, newer)
				require.NoError(t, err)
				var got []string
				for _, p := range listed {
					mode := string(p.Facts.Mode.Value)
					if p.Err != nil {
						mode += "!"
					}
					got = append(got, mode)
				}
				assert.Equal(t, test.want, got)
			})
		})
	}
}
