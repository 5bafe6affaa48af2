//go:build unix

package usb_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux/usb"
)

const udid = "000081100001A2B3C4D5001E"

func TestScan(t *testing.T) {
	t.Parallel()
	k := newTree(t)
	k.add("usb1", files{"idVendor": "1d6b\n", "idProduct": "0002\n", "busnum": "1\n", "devnum": "1\n", "serial": "0000:00:14.0\n"})
	k.add("1-0:1.0", files{"bInterfaceClass": "09\n"})
	k.add("1-1", device(0x1281, 5, recovery).with(files{"product": "Apple Mobile Device (Recovery Mode)\n"}))
	k.add("1-1:1.0", files{"bInterfaceClass": "fe\n"})
	k.add("1-1:1.1", device(0x1227, 15, dfu)) // never so; shows that names with a colon are no devices
	k.add("1-2", files{"idVendor": "05e3\n", "idProduct": "0610\n", "busnum": "1\n", "devnum": "2\n"})
	k.add("1-2.1", device(0x1227, 6, dfu))
	k.add("1-2.3", device(0x12a8, 7, udid))
	k.add("1-2.4", device(0x12ab, 8, strings.Repeat("f", 40)).with(files{"busnum": "12\n", "devnum": "127\n", "speed": "5000\n"}))
	k.add("1-3", device(0x024f, 9, "keyboard"))
	k.add("1-4", device(0x1281, 10, "not of Apple").with(files{"idVendor": "18d1\n"}))

	devices, err := k.bus().Scan(t.Context())
	require.NoError(t, err)
	want := []usb.Device{
		{
			VendorID: 0x05ac, ProductID: 0x1281, Mode: usb.Recovery, Bus: 1, Address: 5, Port: "1-1", Speed: 480_000_000,
			Serial: recovery, Product: "Apple Mobile Device (Recovery Mode)", NodePath: "/dev/bus/usb/001/005",
		},
		{
			VendorID: 0x05ac, ProductID: 0x1227, Mode: usb.DFU, Bus: 1, Address: 6, Port: "1-2.1", Speed: 480_000_000,
			Serial: dfu, Product: "Apple Mobile Device", NodePath: "/dev/bus/usb/001/006",
		},
		{
			VendorID: 0x05ac, ProductID: 0x12a8, Mode: usb.Normal, Bus: 1, Address: 7, Port: "1-2.3", Speed: 480_000_000,
			Serial: udid, Product: "Apple Mobile Device", NodePath: "/dev/bus/usb/001/007",
		},
		{
			VendorID: 0x05ac, ProductID: 0x12ab, Mode: usb.Normal, Bus: 12, Address: 127, Port: "1-2.4", Speed: 5_000_000_000,
			Serial: strings.Repeat("f", 40), Product: "Apple Mobile Device", NodePath: "/dev/bus/usb/012/127",
		},
	}
	assert.Equal(t, want, devices)
}

func TestScanModes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		productID uint16
		want      usb.Mode
	}{
		{"normal", 0x12a8, usb.Normal},
		{"recovery", 0x1281, usb.Recovery},
		{"DFU", 0x1227, usb.DFU},
		{"WTF", 0x1222, usb.WTF},
		{"port DFU", 0xf014, usb.PortDFU},
		{"KIS", 0x1881, usb.KIS},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := newTree(t)
			k.add("1-1", device(tt.productID, 5, recovery))
			devices, err := k.bus().Scan(t.Context())
			require.NoError(t, err)
			require.Len(t, devices, 1)
			assert.Equal(t, tt.want, devices[0].Mode)
			assert.NoError(t, devices[0].Err)
		})
	}
}

// What a device says of itself comes through as it is; to read it is another matter.
func TestScanStrings(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, want string }{
		{"text", "abc\n", "abc"},
		{"no line end", "abc", "abc"},
		{"only the kernel's line end is dropped", "abc\n\n", "abc\n"},
		{"empty", "\n", ""},
		{"nothing at all", "", ""},
		{"NUL", "CPID:\x007000\n", "CPID:\x007000"},
		{"control characters", "\x1b[2J\a\r\n", "\x1b[2J\a\r"},
		{"not UTF-8", "\xff\xfe\xed\xa0\x80\n", "\xff\xfe\xed\xa0\x80"},
		{"UTF-16", "C\x00P\x00\n", "C\x00P\x00"},
		{"longest that USB can carry", strings.Repeat("€", 126) + "\n", strings.Repeat("€", 126)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := newTree(t)
			k.add("1-1", device(0x1281, 5, "").with(files{"serial": tt.file, "product": tt.file}))
			devices, err := k.bus().Scan(t.Context())
			require.NoError(t, err)
			require.Len(t, devices, 1)
			assert.NoError(t, devices[0].Err)
			assert.Equal(t, tt.want, devices[0].Serial)
			assert.Equal(t, tt.want, devices[0].Product)
		})
	}
}

func TestScanSpeeds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]uint64{
		"1.5": 1_500_000, "12": 12_000_000, "480": 480_000_000, "10000": 10_000_000_000, "20000": 20_000_000_000,
		"unknown": 0, "": 0, "-480": 0, "inf": 0,
	} {
		t.Run(text, func(t *testing.T) {
			k := newTree(t)
			k.add("1-1", device(0x1281, 5, recovery).with(files{"speed": text + "\n"}))
			devices, err := k.bus().Scan(t.Context())
			require.NoError(t, err)
			require.Len(t, devices, 1)
			assert.Equal(t, want, devices[0].Speed)
			assert.NoError(t, devices[0].Err)
		})
	}
}

// Whatever is wrong with one device, it has its row and the other one is untouched.
func TestScanBrokenDevice(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		harm func(k tree)
		want error  // kind of the row's error
		text string // part of it
	}{
		{"string that stalled", func(k tree) { k.remove("1-1", "serial") }, usb.ErrRefused, "gave no serial number"},
		{"serial too long", func(k tree) { k.add("1-1", files{"serial": strings.Repeat("x", 2000)}) }, usb.ErrMalformed, "longer than"},
		{"product too long", func(k tree) { k.add("1-1", files{"product": strings.Repeat("x", 2000)}) }, usb.ErrMalformed, "longer than"},
		{"bus is no number", func(k tree) { k.add("1-1", files{"busnum": "one\n"}) }, usb.ErrMalformed, "busnum"},
		{"bus out of range", func(k tree) { k.add("1-1", files{"busnum": "65536\n"}) }, usb.ErrMalformed, "busnum"},
		{"negative address", func(k tree) { k.add("1-1", files{"devnum": "-5\n"}) }, usb.ErrMalformed, "devnum"},
		{"address gone", func(k tree) { k.remove("1-1", "devnum") }, usb.ErrGone, "devnum"},
		{"serial is a loop", func(k tree) { k.remove("1-1", "serial"); k.link("serial", "1-1", "serial") }, syscall.ELOOP, "serial"},
		{"serial is a folder", func(k tree) { k.remove("1-1", "serial"); k.add("1-1/serial", nil) }, syscall.EISDIR, "serial"},
		{"serial may not be read", func(k tree) { require.NoError(k.t, os.Chmod(k.path("1-1", "serial"), 0)) }, usb.ErrPermission, "serial"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.want == usb.ErrPermission && os.Getuid() == 0 {
				t.Skip("root may read every file")
			}
			k := newTree(t)
			k.add("1-1", device(0x1281, 5, recovery))
			k.add("1-2", device(0x1227, 6, dfu))
			tt.harm(k)
			devices, err := k.bus().Scan(t.Context())
			require.NoError(t, err, "the scan itself does not fail")
			require.Len(t, devices, 2)
			require.ErrorIs(t, devices[0].Err, tt.want)
			assert.ErrorContains(t, devices[0].Err, tt.text)
			assert.ErrorContains(t, devices[0].Err, "usb: 1-1: ")
			assert.NotContains(t, devices[0].Err.Error(), "F2LTEST00001", "errors hold no identifiers")
			assert.Equal(t, usb.Recovery, devices[0].Mode)
			assert.Equal(t, dfu, devices[1].Serial)
			assert.NoError(t, devices[1].Err)
		})
	}
}

// An absent product string is nothing: many devices have none.
func TestScanWithoutProduct(t *testing.T) {
	t.Parallel()
	k := newTree(t)
	k.add("1-1", device(0x1281, 5, recovery))
	k.remove("1-1", "product")
	devices, err := k.bus().Scan(t.Context())
	require.NoError(t, err)
	require.Len(t, devices, 1)
	assert.Equal(t, recovery, devices[0].Serial)
	assert.NoError(t, devices[0].Err)
}

// An entry that may or may not be Apple's is no row, but is not kept quiet either.
func TestScanBrokenEntry(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		harm func(k tree)
		want error // nil: nothing to tell
	}{
		{"vanished at once", func(k tree) { k.add("1-1", nil) }, nil},
		{"vanished a moment later", func(k tree) { k.add("1-1", files{"idVendor": "05ac\n"}) }, nil},
		{"dangling link", func(k tree) { k.link("../nowhere", "1-1") }, nil},
		{"link to itself", func(k tree) { k.link("1-1", "1-1") }, syscall.ELOOP},
		{"two links in a ring", func(k tree) { k.link("1-3", "1-1"); k.link("1-1", "1-3") }, syscall.ELOOP},
		{"a file", func(k tree) { require.NoError(k.t, os.WriteFile(k.path("1-1"), nil, 0o644)) }, syscall.ENOTDIR},
		{"vendor is no number", func(k tree) { k.add("1-1", files{"idVendor": "apple\n"}) }, usb.ErrMalformed},
		{"vendor out of range", func(k tree) { k.add("1-1", files{"idVendor": "105ac\n"}) }, usb.ErrMalformed},
		{"vendor empty", func(k tree) { k.add("1-1", files{"idVendor": ""}) }, usb.ErrMalformed},
		{"product id is no number", func(k tree) { k.add("1-1", files{"idVendor": "05ac\n", "idProduct": "-1\n"}) }, usb.ErrMalformed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := newTree(t)
			k.add("1-2", device(0x1227, 6, dfu))
			tt.harm(k)
			devices, err := k.bus().Scan(t.Context())
			require.Len(t, devices, 1)
			assert.Equal(t, dfu, devices[0].Serial)
			assert.NoError(t, devices[0].Err)
			if tt.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, tt.want)
			assert.ErrorContains(t, err, "1-1")
		})
	}
}

func TestScanFortyDevices(t *testing.T) {
	t.Parallel()
	k := newTree(t)
	for i := range 40 {
		serial := fmt.Sprintf("CPID:8010 BDID:0C ECID:%016X SRNM:[F2LTEST%05d]", 0xa000+i, i)
		if i == 39 {
			serial = "CPID:8010 BDID:0C ECID:000000000000A000 SRNM:[F2LTEST00000]" // the same as the first
		}
		k.add(fmt.Sprintf("1-1.%d.%d", i/8, i%8), device(0x1281, i+2, serial))
	}
	devices, err := k.bus().Scan(t.Context())
	require.NoError(t, err)
	require.Len(t, devices, 40)
	addresses := map[int]bool{}
	serials := map[string]int{}
	for _, d := range devices {
		require.NoError(t, d.Err)
		addresses[d.Address] = true
		serials[d.Serial]++
	}
	assert.Len(t, addresses, 40)
	assert.Len(t, serials, 39, "two devices with one serial string are two devices")
	assert.Equal(t, devices[0].Serial, devices[39].Serial)
}

// The kernel links to each device once. Where it is there twice, it counts once.
func TestScanPhantom(t *testing.T) {
	t.Parallel()
	k := newTree(t)
	k.add("1-1", device(0x1281, 5, recovery))
	k.link("1-1", "1-9")
	k.add("2-1", device(0x1281, 5, recovery).with(files{"busnum": "2\n"}))
	devices, err := k.bus().Scan(t.Context())
	require.NoError(t, err)
	require.Len(t, devices, 2)
	assert.Equal(t, "1-1", devices[0].Port)
	assert.Equal(t, "2-1", devices[1].Port, "the same address on another bus")
}

// The device goes, or comes back in another mode, after it was listed and before its
// serial number is read: a pipe in place of its product string holds the reader there.
func TestScanUnplugged(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		happen func(k tree)
	}{
		{"unplugged", func(k tree) { k.remove("1-1") }},
		{"restarted into DFU mode", func(k tree) { k.add("1-1", device(0x1227, 6, dfu).with(files{"product": "x"})) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := newTree(t)
			k.add("1-1", device(0x1281, 5, recovery))
			k.add("1-2", device(0x1227, 9, dfu))
			k.remove("1-1", "product")
			require.NoError(t, syscall.Mkfifo(k.path("1-1", "product"), 0o644))
			go func() {
				pipe, err := os.OpenFile(k.path("1-1", "product"), os.O_WRONLY, 0) // waits for the reader
				if assert.NoError(t, err) {
					assert.NoError(t, os.Remove(k.path("1-1", "product")))
					tt.happen(k)
					assert.NoError(t, pipe.Close())
				}
			}()
			devices, err := k.bus().Scan(t.Context())
			require.NoError(t, err)
			require.Len(t, devices, 2)
			require.ErrorIs(t, devices[0].Err, usb.ErrGone)
			assert.Empty(t, devices[0].Serial, "never the string of another mode")
			assert.Equal(t, dfu, devices[1].Serial)
			assert.NoError(t, devices[1].Err)
		})
	}
}

// The kernel does not let the strings of a device be read while it is busy with it.
func TestScanHangingDevice(t *testing.T) {
	t.Parallel()
	k := newTree(t)
	k.add("1-1", device(0x1281, 5, recovery))
	k.add("1-2", device(0x1227, 6, dfu))
	pipe := k.path("1-1", "serial")
	k.remove("1-1", "serial")
	require.NoError(t, syscall.Mkfifo(pipe, 0o644))
	t.Cleanup(func() { // lets the reader go
		f, err := os.OpenFile(pipe, os.O_WRONLY, 0)
		require.NoError(t, err)
		require.NoError(t, f.Close())
	})
	bus := k.bus()
	bus.Timeout = 300 * time.Millisecond
	devices, err := bus.Scan(t.Context())
	require.NoError(t, err)
	require.Len(t, devices, 2)
	require.ErrorIs(t, devices[0].Err, usb.ErrTimeout)
	operation, ok := errors.AsType[*usb.OpError](devices[0].Err)
	require.True(t, ok)
	assert.True(t, operation.Timeout())
	assert.Equal(t, "1-1", operation.Port)
	assert.Equal(t, uint16(0x1281), devices[0].ProductID)
	assert.Equal(t, dfu, devices[1].Serial)
	assert.NoError(t, devices[1].Err)
}

func TestScanCancelled(t *testing.T) {
	t.Parallel()
	k := newTree(t)
	k.add("1-1", device(0x1281, 5, recovery))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 { // not even by chance
		devices, err := k.bus().Scan(ctx)
		require.ErrorIs(t, err, context.Canceled)
		require.NotErrorIs(t, err, usb.ErrTimeout)
		require.Empty(t, devices)
	}
}

func TestScanNothing(t *testing.T) {
	t.Parallel()
	t.Run("no device", func(t *testing.T) {
		devices, err := newTree(t).bus().Scan(t.Context())
		require.NoError(t, err)
		assert.Empty(t, devices)
	})
	t.Run("no USB at all", func(t *testing.T) {
		bus := usb.Bus{Files: os.DirFS(newTree(t).path("missing"))}
		_, err := bus.Scan(t.Context())
		require.ErrorIs(t, err, usb.ErrUnsupported)
		assert.ErrorContains(t, err, "usb: scan: ")
	})
	t.Run("not a folder", func(t *testing.T) {
		k := newTree(t)
		k.add(".", files{"devices": ""})
		bus := usb.Bus{Files: os.DirFS(k.path("devices"))}
		_, err := bus.Scan(t.Context())
		require.ErrorIs(t, err, syscall.ENOTDIR)
	})
}

// Scans may run side by side, and each gives a line to the log, without identifiers.
func TestScanLog(t *testing.T) {
	t.Parallel()
	k := newTree(t)
	k.add("1-1", device(0x1281, 5, recovery))
	var out bytes.Buffer
	log := logrus.New()
	log.SetOutput(&out)
	log.SetLevel(logrus.DebugLevel)
	bus := k.bus()
	bus.Log = log
	done := make(chan error)
	for range 2 {
		go func() {
			_, err := bus.Scan(t.Context())
			done <- err
		}()
	}
	require.NoError(t, <-done)
	require.NoError(t, <-done)
	assert.Equal(t, 2, strings.Count(out.String(), "op=scan"))
	assert.NotContains(t, out.String(), "F2LTEST00001")
}

// usbmuxd names the place of a phone in one of two ways, by the system it runs on.
func TestAt(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		device usb.Device
		id     uint32
		want   bool
	}{
		{"Linux", usb.Device{Bus: 3, Address: 17, Port: "3-2"}, 0x30011, true},
		{"Linux, since started anew", usb.Device{Bus: 3, Address: 18, Port: "3-2"}, 0x30011, false},
		{"macOS", usb.Device{Bus: 20, Address: 5, Port: "20-2"}, 0x14200000, true},
		{"macOS, behind hubs", usb.Device{Bus: 20, Address: 5, Port: "20-1.15.3"}, 0x141f3000, true},
		{"macOS, another port", usb.Device{Bus: 20, Address: 5, Port: "20-1.4"}, 0x14130000, false},
		{"macOS, as deep as hubs go", usb.Device{Bus: 1, Address: 5, Port: "1-1.2.3.4.5.6"}, 0x01123456, true},
		{"a port that no such number holds", usb.Device{Bus: 20, Address: 5, Port: "20-16"}, 0x14000000, false},
		{"deeper than hubs go", usb.Device{Bus: 1, Port: "1-1.2.3.4.5.6.7"}, 0x01123456, false},
		{"Windows does not tell", usb.Device{}, 0, false},
		{"nothing known", usb.Device{Port: "1"}, 0x01000000, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, tt.device.At(tt.id))
		})
	}
}

// Whatever the kernel's files hold: no panic, at most one row, and nothing made up.
func FuzzScan(f *testing.F) {
	f.Add("05ac\n", "1281\n", "1\n", "5\n", "480\n", recovery+"\n", "Apple Mobile Device\n")
	f.Add("05ac", "1227", "001", "127", "5000", dfu, "")
	f.Add("1d6b\n", "0002\n", "1\n", "1\n", "480\n", "", "")
	f.Add("05ac\n", "12a8\n", "one\n", "-1\n", "1e9\n", "C\x00P\x00\xff", "\x1b[2J")
	root := f.TempDir()
	f.Fuzz(func(t *testing.T, vendor, product, busnum, devnum, speed, serial, name string) {
		k := tree{t, root}
		k.add("1-1", files{
			"idVendor": vendor, "idProduct": product, "busnum": busnum, "devnum": devnum, "speed": speed,
			"serial": serial, "product": name,
		})
		devices, err := k.bus().Scan(t.Context())
		require.LessOrEqual(t, len(devices), 1)
		if err != nil {
			require.ErrorIs(t, err, usb.ErrMalformed)
			require.Empty(t, devices)
		}
		for _, d := range devices {
			require.NotEqual(t, usb.Unknown, d.Mode)
			if d.Err == nil {
				require.Equal(t, strings.TrimSuffix(serial, "\n"), d.Serial)
				require.Equal(t, strings.TrimSuffix(name, "\n"), d.Product)
			}
		}
	})
}
