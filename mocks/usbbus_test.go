package mocks_test

import (
	"encoding/binary"
	"io/fs"
	"syscall"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/mocks"
	"error53/usbmux/plist"
	"error53/usbmux/usb"
)

// below is an iPhone 6 in a mode that usbmuxd does not serve.
func below(t *testing.T, mode diag.Mode, faults ...mocks.Fault) mocks.Phone {
	t.Helper()
	return phone(t, mocks.Profile{ProductType: "iPhone7,2", Mode: mode, IBootVersion: "iBoot-4513.270.6", Faults: faults})
}

// onBus makes a fault of the device.
func onBus(kind mocks.Kind, after int) mocks.Fault {
	f := mocks.Fault{Side: mocks.OnBus, Kind: kind, After: after}
	if kind == mocks.Slow {
		f.Delay = time.Second
	}
	return f
}

// shown reads a file of a device, "" for one that is not there.
func shown(t *testing.T, b *mocks.Bench, name string) string {
	t.Helper()
	text, err := fs.ReadFile(b.USBFiles(), name)
	if err != nil {
		require.ErrorIs(t, err, fs.ErrNotExist)
	}
	return string(text)
}

// What is on the cable is on the bus, each in the words of its mode.
func TestBusShowsEveryMode(t *testing.T) {
	t.Parallel()
	newer := phone(t, mocks.Profile{ProductType: "iPhone12,1", ECID: 0x5353000000a2})
	tests := []struct {
		name                     string
		phone                    mocks.Phone
		product, serial, display string
	}{
		{"normal", iPhone6(t), "12a8", "5353535353535353535353530000535300000001", "iPhone"},
		{"normal, with a dash in usbmuxd's list", newer, "12a8", "000080300000" + "5353000000A2", "iPhone"},
		{"restore", inRestore(t), "12a8", "ffffffffffffffffffffffffffffffffffffffff", "iPhone"},
		{
			"recovery", below(t, diag.Recovery), "1281",
			"CPID:7000 CPRV:11 CPFM:03 SCEP:01 BDID:06 ECID:0000535300000001 IBFL:1D SRNM:[E53M00000001]", "Apple Mobile Device (Recovery Mode)",
		},
		{
			"DFU", below(t, diag.DFU), "1227",
			"CPID:7000 CPRV:11 CPFM:03 SCEP:01 BDID:06 ECID:0000535300000001 IBFL:1C SRTG:[iBoot-1992.0.0.1.19]", "Apple Mobile Device (DFU Mode)",
		},
		{
			"DFU of a newer chip", phone(t, mocks.Profile{ProductType: "iPhone12,1", Mode: diag.DFU}), "1227",
			"SDOM:01 CPID:8030 CPRV:11 CPFM:03 SCEP:01 BDID:04 ECID:0000535300000001 IBFL:1C SRTG:[iBoot-5353.0.0.5.3]", "Apple Mobile Device (DFU Mode)",
		},
		{"its own string", phone(t, mocks.Profile{ProductType: "iPhone7,2", Mode: diag.WTF, IBoot: "CPID:8900"}), "1222", "CPID:8900", "Apple Mobile Device (DFU Mode)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := bench(t, tt.phone)
			assert.Equal(t, "05ac\n", shown(t, b, "1-1/idVendor"))
			assert.Equal(t, tt.product+"\n", shown(t, b, "1-1/idProduct"))
			assert.Equal(t, "2\n", shown(t, b, "1-1/devnum"))
			assert.Equal(t, tt.serial+"\n", shown(t, b, "1-1/serial"))
			assert.Equal(t, tt.display+"\n", shown(t, b, "1-1/product"))
		})
	}
}

// The files are a file system as any other.
func TestUSBFilesAreAFileSystem(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t), below(t, diag.DFU), below(t, diag.Recovery, onBus(mocks.Stall, 0)))
	require.NoError(t, fstest.TestFS(b.USBFiles(), "usb1/idVendor", "1-1/serial", "1-2/1-2:1.0", "1-3/idProduct"))
	_, err := fs.Stat(b.USBFiles(), "1-3/serial")
	require.ErrorIs(t, err, fs.ErrNotExist, "it stalled")
}

// A look at the bus costs each phone the same, however many there are: the minute is for
// one that grows with their square.
func TestThousandPhonesOnTheBus(t *testing.T) {
	t.Parallel()
	b := bench(t)
	for n := range uint64(1000) {
		b.Attach(phone(t, mocks.Profile{ProductType: "iPhone7,2", ECID: n + 1}))
	}
	bus := usb.Bus{Files: b.USBFiles(), Timeout: time.Minute}
	found, err := bus.Scan(t.Context())
	require.NoError(t, err)
	assert.Len(t, found, 1000)
}

// Only what usbmuxd serves is in its list, and only what is on a cable on the bus.
func TestUsbmuxdDoesNotServeTheOtherModes(t *testing.T) {
	t.Parallel()
	b := bench(t, below(t, diag.Recovery), iPhone6(t), iPhone6(t).OverNetwork())
	assert.Zero(t, b.Attach(below(t, diag.DFU)), "no DeviceID")
	c := dial(t, b)
	c.ask(1, plist.Dict{"MessageType": "ListDevices"})
	list, _ := c.told(1).List("DeviceList")
	assert.Len(t, list, 2)
	assert.NotEmpty(t, shown(t, b, "1-1/serial"))
	assert.NotEmpty(t, shown(t, b, "1-2/serial"))
	assert.NotEmpty(t, shown(t, b, "1-3/serial"), "what is there over the network takes no port")
	assert.Empty(t, shown(t, b, "1-4/serial"))
	properties, _ := list[0].(plist.Dict).Dict("Properties")
	assert.EqualValues(t, 1<<16+3, properties["LocationID"], "bus 1, and the address of its files")
	assert.Equal(t, "3\n", shown(t, b, "1-2/devnum"))
}

// One phone walks through its modes at one port, and usbmuxd's clients hear of it.
func TestSetMode(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t))
	c := listen(t, b)
	assert.Equal(t, "Attached 1", c.event())
	b.SetMode("1-1", diag.Recovery)
	assert.Equal(t, "Detached 1", c.event())
	assert.Contains(t, shown(t, b, "1-1/serial"), "ECID:0000535300000001 IBFL:1D SRNM:[E53M00000001]")
	b.SetMode("1-1", diag.DFU)
	assert.Contains(t, shown(t, b, "1-1/serial"), "ECID:0000535300000001 IBFL:1C SRTG:[")
	assert.Equal(t, "4\n", shown(t, b, "1-1/devnum"), "each start has an address of its own")
	b.SetMode("1-1", diag.Normal)
	assert.Equal(t, "Attached 2", c.event())
	b.Unplug("1-1")
	assert.Equal(t, "Detached 2", c.event())
	assert.Empty(t, shown(t, b, "1-1/idVendor"))
	b.SetMode("1-1", diag.Normal)
	b.Unplug("1-1")
	b.Swap("1-1", iPhone6(t))
	assert.Empty(t, shown(t, b, "1-1/idVendor"), "nobody is there")
}

// Another phone may come where one was.
func TestSwap(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t))
	b.Swap("1-1", phone(t, mocks.Profile{ProductType: "iPhone8,1", ECID: 0x53, Mode: diag.DFU}))
	assert.Contains(t, shown(t, b, "1-1/serial"), "CPID:8000")
}

// usbmuxd may be behind: it lists what has left, and what came it does not list yet.
func TestLag(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := bench(t, iPhone6(t))
		b.Lag = time.Second
		c := listen(t, b)
		assert.Equal(t, "Attached 1", c.event())
		b.SetMode("1-1", diag.Recovery)
		assert.Equal(t, "1281\n", shown(t, b, "1-1/idProduct"), "the bus is never late")
		late := dial(t, b)
		late.ask(1, connectTo(1, 62078))
		assert.Equal(t, result(0), late.told(1))
		assert.Empty(t, late.rest(), "it is listed, but not there")
		start := time.Now()
		assert.Equal(t, "Detached 1", c.event())
		assert.Equal(t, time.Second, time.Since(start))
		assert.Zero(t, b.Replug(1))
		b.SetMode("1-1", diag.Normal)
		b.SetMode("1-1", diag.Recovery)
		assert.Equal(t, "Attached 2", c.event())
		assert.Equal(t, "Detached 2", c.event())
	})
}

// What Linux keeps of a string that is wrong.
func TestKernelStrings(t *testing.T) {
	t.Parallel()
	whole := "CPID:7000 CPRV:11 CPFM:03 SCEP:01 BDID:06 ECID:0000535300000001 IBFL:1C SRTG:[iBoot-1992.0.0.1.19]\n"
	for kind, want := range map[mocks.Kind][2]string{ // product, serial
		mocks.Stall:       {"", ""},
		mocks.WrongType:   {"", ""},
		mocks.WrongLength: {"Apple Mobile Device (DFU Mode)\n", whole},
		mocks.Garbage:     {"C\n", "C\n"},
		mocks.NoSerial:    {"Apple Mobile Device (DFU Mode)\n", ""},
		mocks.Refuse:      {"Apple Mobile Device (DFU Mode)\n", whole},
	} {
		b := bench(t, below(t, diag.DFU, onBus(kind, 0)))
		assert.Equal(t, want, [2]string{shown(t, b, "1-1/product"), shown(t, b, "1-1/serial")}, kind)
		assert.Equal(t, "1227\n", shown(t, b, "1-1/idProduct"), kind)
	}
	b := bench(t, below(t, diag.DFU, onBus(mocks.Stall, 2)))
	assert.NotEmpty(t, shown(t, b, "1-1/product"), "the first that the kernel reads")
	assert.NotEmpty(t, shown(t, b, "1-1/manufacturer"))
	assert.Empty(t, shown(t, b, "1-1/serial"), "the last")
}

// A device with which the kernel is busy holds up its strings, and nothing else; one
// that was pulled meanwhile lets its readers go.
func TestFilesThatHang(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := bench(t, below(t, diag.Recovery, onBus(mocks.Silent, 1)), below(t, diag.DFU, onBus(mocks.Slow, 0)))
		assert.NotEmpty(t, shown(t, b, "1-1/product"), "the first is let through")
		done := make(chan error)
		go func() {
			_, err := fs.ReadFile(b.USBFiles(), "1-1/serial")
			done <- err
		}()
		synctest.Wait()
		assert.Equal(t, "1281\n", shown(t, b, "1-1/idProduct"))
		start := time.Now()
		assert.NotEmpty(t, shown(t, b, "1-2/serial"))
		assert.Equal(t, time.Second, time.Since(start))
		b.Unplug("1-1")
		require.ErrorIs(t, <-done, syscall.ENODEV)
	})
}

// Pulled between the listing and the reading.
func TestVanishWhenRead(t *testing.T) {
	t.Parallel()
	b := bench(t, below(t, diag.Recovery, onBus(mocks.Vanish, 0)), below(t, diag.DFU))
	_, err := fs.ReadFile(b.USBFiles(), "1-1/serial")
	require.ErrorIs(t, err, syscall.ENODEV)
	assert.Empty(t, shown(t, b, "1-1/idVendor"))
	assert.NotEmpty(t, shown(t, b, "1-2/serial"))
}

// A program that has claimed the device shows as the driver of its interface.
func TestHeldDevice(t *testing.T) {
	t.Parallel()
	b := bench(t, below(t, diag.Recovery, onBus(mocks.Held, 0)), below(t, diag.Recovery))
	driver, err := fs.ReadLink(b.USBFiles(), "1-1/1-1:1.0/driver")
	require.NoError(t, err)
	assert.Regexp(t, "/drivers/usbfs$", driver)
	_, err = fs.ReadLink(b.USBFiles(), "1-2/1-2:1.0/driver")
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = fs.ReadLink(b.USBFiles(), "1-1/serial")
	require.ErrorIs(t, err, fs.ErrInvalid)
}

// asker opens a device and asks it for descriptors.
type asker struct {
	t        *testing.T
	transfer func(typ, request uint8, value, index uint16, data []byte) (int, error)
}

func openUSB(t *testing.T, b *mocks.Bench, node string) asker {
	t.Helper()
	transfer, shut, err := b.OpenUSB(node)
	require.NoError(t, err)
	t.Cleanup(shut)
	return asker{t, transfer}
}

func (a asker) text(index uint8) (string, error) {
	data := make([]byte, 255)
	n, err := a.transfer(0x80, 6, 0x0300|uint16(index), 0x0409, data)
	if err != nil {
		return "", err
	}
	var units []uint16
	for b := data[2:n]; len(b) > 1; b = b[2:] {
		units = append(units, binary.LittleEndian.Uint16(b))
	}
	return string(utf16.Decode(units)), nil
}

func TestOpenUSB(t *testing.T) {
	t.Parallel()
	b := bench(t, below(t, diag.Recovery))
	a := openUSB(t, b, "/dev/bus/usb/001/002")
	device := make([]byte, 18)
	n, err := a.transfer(0x80, 6, 0x0100, 0, device)
	require.NoError(t, err)
	assert.Equal(t, []byte{18, 1, 0, 2, 0, 0, 0, 64, 0xac, 5, 0x81, 0x12, 0, 0, 2, 3, 4, 1}, device[:n])
	nonces, err := a.text(1)
	require.NoError(t, err)
	assert.Regexp(t, "^NONC:[0-9a-f]{64} SNON:[0-9a-f]{40}$", nonces)
	serial, err := a.text(4)
	require.NoError(t, err)
	assert.Equal(t, shown(t, b, "1-1/serial"), serial+"\n")
	_, err = a.text(9)
	require.ErrorIs(t, err, syscall.EPIPE)
	b.Unplug("1-1")
	_, err = a.text(4)
	require.ErrorIs(t, err, syscall.ENODEV)
	_, _, err = b.OpenUSB("/dev/bus/usb/001/002")
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// iBoot answers one command. Whatever else it is told shows in the log as refused.
func TestIBootCommands(t *testing.T) {
	t.Parallel()
	b := bench(t, below(t, diag.Recovery), below(t, diag.DFU), phone(t, mocks.Profile{ProductType: "iPhone7,2", Mode: diag.Recovery}))
	const getenv = "getenv build-version\x00"
	a := openUSB(t, b, "/dev/bus/usb/001/002")
	_, err := a.transfer(0xc0, 0, 0, 0, make([]byte, 255))
	require.ErrorIs(t, err, syscall.EPIPE, "nothing was asked")
	n, err := a.transfer(0x40, 0, 0, 0, []byte(getenv))
	require.NoError(t, err)
	assert.Equal(t, len(getenv), n)
	answer := make([]byte, 255)
	n, err = a.transfer(0xc0, 0, 0, 0, answer)
	require.NoError(t, err)
	assert.Equal(t, "iBoot-4513.270.6\x00", string(answer[:n]))
	for _, refused := range []string{"reboot\x00", "setenv a b\x00", "getenv auto-boot\x00", ""} {
		_, err = a.transfer(0x40, 0, 0, 0, []byte(refused))
		require.ErrorIs(t, err, syscall.EPIPE)
	}
	_, err = a.transfer(0x00, 9, 1, 0, nil)
	require.ErrorIs(t, err, syscall.EPIPE)
	for _, node := range []string{"/dev/bus/usb/001/003", "/dev/bus/usb/001/004"} {
		_, err = openUSB(t, b, node).transfer(0x40, 0, 0, 0, []byte(getenv))
		require.ErrorIs(t, err, syscall.EPIPE, "in DFU mode, and an iBoot that does not tell")
	}
	var log []mocks.Request
	for _, r := range b.Requests() {
		if r.Key == "1-1" {
			log = append(log, r)
		}
	}
	assert.Equal(t, []mocks.Request{
		{Side: mocks.OnBus, Key: "1-1", Name: "answer"},
		{Side: mocks.OnBus, Key: "1-1", Name: "getenv build-version"},
		{Side: mocks.OnBus, Key: "1-1", Name: "answer"},
		{Side: mocks.OnBus, Key: "1-1", Name: "reboot", Refused: true},
		{Side: mocks.OnBus, Key: "1-1", Name: "setenv a b", Refused: true},
		{Side: mocks.OnBus, Key: "1-1", Name: "getenv auto-boot", Refused: true},
		{Side: mocks.OnBus, Key: "1-1", Refused: true},
		{Side: mocks.OnBus, Key: "1-1", Name: "00 09", Refused: true},
	}, log)
}

// What a fault does to a transfer.
func TestTransferFaults(t *testing.T) {
	t.Parallel()
	for kind, want := range map[mocks.Kind]error{
		mocks.Stall: syscall.EPIPE, mocks.Silent: syscall.ETIMEDOUT, mocks.Vanish: syscall.ENODEV, mocks.NoSerial: syscall.EPIPE,
		mocks.Slow: nil, mocks.WrongLength: nil, mocks.WrongType: nil, mocks.Garbage: nil, mocks.Held: nil,
	} {
		synctest.Test(t, func(t *testing.T) {
			b := bench(t, below(t, diag.Recovery, onBus(kind, 0)))
			start := time.Now()
			_, err := openUSB(t, b, "/dev/bus/usb/001/002").text(4)
			if want == nil {
				assert.NoError(t, err, kind)
			} else {
				assert.ErrorIs(t, err, want, kind)
			}
			slept := map[mocks.Kind]time.Duration{mocks.Slow: time.Second, mocks.Silent: 500 * time.Millisecond}
			assert.Equal(t, slept[kind], time.Since(start), kind)
		})
	}
	b := bench(t, below(t, diag.Recovery, onBus(mocks.Refuse, 0)))
	_, _, err := b.OpenUSB("/dev/bus/usb/001/002")
	require.ErrorIs(t, err, fs.ErrPermission)
	a := openUSB(t, bench(t, below(t, diag.Recovery, onBus(mocks.Stall, 1))), "/dev/bus/usb/001/002")
	_, err = a.text(1)
	require.NoError(t, err, "the first is spared")
	_, err = a.text(1)
	require.ErrorIs(t, err, syscall.EPIPE)
}

// The kernel's messages, as its socket gives them.
func TestUSBEvents(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t))
	events, err := b.USBEvents()
	require.NoError(t, err)
	b.SetMode("1-1", diag.Recovery)
	message := make([]byte, 4096)
	n, err := events.Read(message)
	require.NoError(t, err)
	assert.Equal(t, "remove@/devices/pci0000:00/0000:00:14.0/usb1/1-1\x00ACTION=remove\x00DEVPATH=/devices/pci0000:00/0000:00:14.0/usb1/1-1\x00"+
		"SUBSYSTEM=usb\x00DEVNAME=bus/usb/001/002\x00DEVTYPE=usb_device\x00PRODUCT=5ac/12a8/0\x00TYPE=0/0/0\x00BUSNUM=001\x00DEVNUM=002\x00SEQNUM=2\x00",
		string(message[:n]))
	n, err = events.Read(message)
	require.NoError(t, err)
	assert.Contains(t, string(message[:n]), "ACTION=add\x00")
	assert.Contains(t, string(message[:n]), "PRODUCT=5ac/1281/0\x00")
	require.NoError(t, events.Close())
	_, err = events.Read(message)
	require.ErrorIs(t, err, fs.ErrClosed)
	require.ErrorIs(t, events.Close(), fs.ErrClosed)
	open, err := b.USBEvents()
	require.NoError(t, err)
	require.NoError(t, b.Close())
	_, err = open.Read(message)
	require.ErrorIs(t, err, fs.ErrClosed)
}
