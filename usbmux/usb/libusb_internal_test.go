//go:build linux && libusb && cgo

package usb

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const serialText = "CPID:8015 CPRV:11 CPFM:03 SCEP:01 BDID:0C ECID:00000A1B2C3D4E5F IBFL:3D SRNM:[F2LTEST00001]"

// TestUmockdev runs itself under umockdev, which stands in for the kernel in front of
// libusb: devices of a text file, transfers of a recorded one.
func TestUmockdev(t *testing.T) {
	if os.Getenv("UMOCKDEV_DIR") != "" {
		t.Skip("this is the inner run")
	}
	run, err := exec.LookPath("umockdev-run")
	if err != nil {
		t.Skip("umockdev-run is not installed (Debian: umockdev)")
	}
	dir := t.TempDir()
	devices, transfers := filepath.Join(dir, "devices.umockdev"), filepath.Join(dir, "transfers.pcap")
	require.NoError(t, os.WriteFile(devices, []byte(mockPhone(1, 5, 0x1281)+mockPhone(2, 6, 0x12a8)), 0o644))
	require.NoError(t, os.WriteFile(transfers, conversation(), 0o644))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	inner := exec.CommandContext(ctx, run, "--device", devices, "--pcap", mockPath(1)+"="+transfers,
		"--", os.Args[0], "-test.run=^TestInsideUmockdev$", "-test.v")
	out, err := inner.CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Contains(t, string(out), "--- PASS: TestInsideUmockdev", "%s", out)
}

// conversation is what TestInsideUmockdev says with the device, in this order and with
// these lengths.
func conversation() []byte {
	p := newPcap(1, 5)
	english, text := []byte{4, 3, 9, 4}, stringOf("NONC:0A0B SNON:0C0D")
	p.in(stringLength, english)
	p.in(stringLength, text)
	p.out("getenv build-version\x00")
	p.in(maxAnswer, []byte("iBoot-4513.270.6\x00"))
	p.in(deviceLength, deviceBytes)
	p.in(stringLength, english)
	p.in(stringLength, stringOf("Apple Mobile Device (Recovery Mode)"))
	p.in(stringLength, english)
	p.in(stringLength, stringOf(serialText))
	p.in(deviceLength, deviceBytes)
	p.stall(stringLength)
	p.in(stringLength, english)
	p.in(stringLength, stringOf(serialText))
	p.stall(stringLength)
	return p.bytes // and then silence
}

func TestInsideUmockdev(t *testing.T) {
	dir := os.Getenv("UMOCKDEV_DIR")
	if dir == "" {
		t.Skip("TestUmockdev runs this")
	}
	bus := &Bus{Files: os.DirFS(filepath.Join(dir, "sys/bus/usb/devices"))}
	defer func() { assert.NoError(t, bus.Close()) }()
	devices, err := bus.Scan(t.Context())
	require.NoError(t, err)
	require.Len(t, devices, 2)
	phone := devices[0]
	require.Equal(t, Recovery, phone.Mode)
	require.Equal(t, "1-1", phone.Port)

	nonces, err := bus.Nonces(t.Context(), phone)
	require.NoError(t, err)
	assert.Equal(t, Nonces{NONC: "0a0b", SNON: "0c0d"}, nonces)

	version, err := bus.BuildVersion(t.Context(), phone)
	require.NoError(t, err)
	assert.Equal(t, "iBoot-4513.270.6", version)

	insideList(t, bus)

	serial, err := bus.Serial(t.Context(), phone)
	require.NoError(t, err, "the product string stalls, the serial number does not")
	assert.Equal(t, serialText, serial)

	_, err = bus.Nonces(t.Context(), phone)
	require.ErrorIs(t, err, ErrRefused, "a stall")

	_, err = bus.Nonces(t.Context(), phone)
	require.ErrorIs(t, err, ErrTimeout, "silence")

	moved := phone
	moved.Address = 99
	_, err = bus.Nonces(t.Context(), moved)
	require.ErrorIs(t, err, ErrGone)
	restarted := phone
	restarted.ProductID = 0x1227
	_, err = bus.Nonces(t.Context(), restarted)
	require.ErrorIs(t, err, ErrGone, "the device at this address is in another mode now")

	node := filepath.Join(dir, "dev/bus/usb/001/005")
	require.NoError(t, os.Rename(node, node+".away"))
	require.NoError(t, os.Mkdir(node, 0o755))
	_, err = bus.Nonces(t.Context(), phone)
	require.ErrorContains(t, err, "libusb: ")
	require.NotErrorIs(t, err, ErrGone, "it cannot be opened, but it is there")
	require.NoError(t, os.Remove(node))
	require.NoError(t, os.Rename(node+".away", node))

	refused := bus.lib.use(phone, func(send endpoint) error {
		_, err := send(sendCommand, []byte("reboot\x00"))
		return err
	})
	require.ErrorIs(t, refused, ErrUnsupported)
}

// insideList looks through libusb alone, as other systems than Linux do.
func insideList(t *testing.T, bus *Bus) {
	t.Helper()
	devices, err := bus.lib.list()
	require.NoError(t, err)
	require.Len(t, devices, 2)
	bus.readings.fill(t.Context(), devices, bus.lib.texts, time.Second)
	byPort := map[string]Device{}
	for _, d := range devices {
		byPort[d.Port] = d
	}
	assert.Equal(t, Device{
		VendorID: AppleVendorID, ProductID: 0x1281, Mode: Recovery, Bus: 1, Address: 5, Port: "1-1", Speed: 480_000_000,
		Serial: serialText, Product: "Apple Mobile Device (Recovery Mode)",
	}, byPort["1-1"])
	assert.Equal(t, Device{
		VendorID: AppleVendorID, ProductID: 0x12a8, Mode: Normal, Bus: 1, Address: 6, Port: "1-2", Speed: 480_000_000,
	}, byPort["1-2"], "a phone in normal mode is not opened")
	require.ErrorIs(t, bus.lib.use(byPort["1-2"], func(endpoint) error { return nil }), ErrGone)
}

func mockPath(port int) string { return fmt.Sprintf("/sys/devices/pci0000:00/usb1/1-%d", port) }

// mockPhone describes a device to umockdev, in its text format.
func mockPhone(port, address int, productID uint16) string {
	descriptors := append([]byte{}, deviceBytes...)
	binary.LittleEndian.PutUint16(descriptors[10:], productID)
	descriptors = append(descriptors, 9, 2, 18, 0, 1, 1, 0, 0xc0, 250, 9, 4, 0, 0, 0, 0xfe, 1, 2, 0)
	return fmt.Sprintf(`P: %s
N: bus/usb/001/%03d=%X
E: DEVNAME=/dev/bus/usb/001/%03d
E: DEVTYPE=usb_device
E: SUBSYSTEM=usb
E: BUSNUM=001
E: DEVNUM=%03d
A: idVendor=05ac
A: idProduct=%04x
A: busnum=1
A: devnum=%d
A: devpath=%d
A: speed=480
A: bConfigurationValue=1
A: product=Apple Mobile Device
A: serial=%s
H: descriptors=%X

`, mockPath(port)[len("/sys"):], address, descriptors, address, address, productID, address, port,
		serialText, descriptors)
}

// pcap writes control transfers as the kernel's usbmon records them (link type 220), the
// only form that umockdev replays.
type pcap struct {
	bytes        []byte
	bus, address int
	id           uint64
}

func newPcap(bus, address int) *pcap {
	p := &pcap{bus: bus, address: address}
	p.bytes = binary.LittleEndian.AppendUint32(p.bytes, 0xa1b2c3d4)
	p.bytes = append(p.bytes, 2, 0, 4, 0)
	for _, n := range []uint32{0, 0, 1 << 16, 220} {
		p.bytes = binary.LittleEndian.AppendUint32(p.bytes, n)
	}
	return p
}

func (p *pcap) in(length int, data []byte) {
	p.packet('S', 0, length, nil)
	p.packet('C', 0, len(data), data)
}

func (p *pcap) out(data string) {
	p.packet('S', 0, len(data), []byte(data))
	p.packet('C', 0, len(data), nil)
}

func (p *pcap) stall(length int) {
	p.packet('S', 0, length, nil)
	p.packet('C', -32, 0, nil) // EPIPE
}

// packet is one event, S for a submission and C for its completion: struct
// pcap_usb_header_mmapped of libpcap, behind the header of each packet in the file.
func (p *pcap) packet(event byte, status int32, length int, data []byte) {
	if event == 'S' {
		p.id++
	}
	le := binary.LittleEndian
	size := uint32(64 + len(data))
	for _, n := range []uint32{0, 0, size, size} {
		p.bytes = le.AppendUint32(p.bytes, n)
	}
	p.bytes = le.AppendUint64(p.bytes, p.id)
	p.bytes = append(p.bytes, event, 2 /* control */, 0, byte(p.address), byte(p.bus), 0, '-', 0)
	p.bytes = append(p.bytes, make([]byte, 12)...) // time
	for _, n := range []uint32{uint32(status), uint32(length), uint32(len(data))} {
		p.bytes = le.AppendUint32(p.bytes, n)
	}
	p.bytes = append(p.bytes, make([]byte, 24)...)
	p.bytes = append(p.bytes, data...)
}
