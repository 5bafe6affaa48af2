package usbmux_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"error53/usbmux"
)

func TestDeviceIdentity(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, serial, udid string
		chip               uint32
		ecid               uint64
		restore            bool
	}{
		{name: "up to A11", serial: serial40, udid: serial40},
		{name: "up to A11 in capitals", serial: strings.ToUpper(serial40), udid: serial40},
		{name: "from A12, Linux", serial: serial24, udid: "00008101-0A1B2C3D4E5F6071", chip: 0x8101, ecid: 0x0A1B2C3D4E5F6071},
		{name: "from A12, macOS", serial: "00008101-0A1B2C3D4E5F6071", udid: "00008101-0A1B2C3D4E5F6071", chip: 0x8101, ecid: 0x0A1B2C3D4E5F6071},
		{name: "from A12 in lower case", serial: "000081010a1b2c3d4e5f6071", udid: "00008101-0A1B2C3D4E5F6071", chip: 0x8101, ecid: 0x0A1B2C3D4E5F6071},
		{name: "ECID of 64 bits", serial: "00008030FFFFFFFFFFFFFFFF", udid: "00008030-FFFFFFFFFFFFFFFF", chip: 0x8030, ecid: 1<<64 - 1},
		{name: "masked", serial: strings.Repeat("0", 24), udid: "00000000-0000000000000000"},
		{name: "restore mode", serial: strings.Repeat("f", 40), udid: strings.Repeat("f", 40), restore: true},
		{name: "restore mode in capitals", serial: strings.Repeat("F", 40), udid: strings.Repeat("f", 40), restore: true},
		{name: "libusbmuxd's name for restore mode", serial: strings.Repeat("f", 32) + "00000007", udid: strings.Repeat("f", 32) + "00000007"},
		{name: "Apple TV over the network", serial: "00:11:22:33:44:55", udid: "00:11:22:33:44:55"},
		{name: "24 characters, not hex", serial: "not a serial number 1234", udid: "not a serial number 1234"},
		{name: "another length", serial: "ABC-123", udid: "ABC-123"},
		{name: "none"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := usbmux.Device{SerialNumber: tt.serial}
			assert.Equal(t, tt.udid, d.UDID())
			assert.Equal(t, tt.restore, d.Restore())
			chip, ok := d.ChipID()
			assert.Equal(t, tt.chip != 0, ok)
			ecid, ok := d.ECID()
			assert.Equal(t, tt.ecid != 0, ok)
			if tt.ecid != 0 {
				assert.Equal(t, tt.chip, chip)
				assert.Equal(t, tt.ecid, ecid)
			}
		})
	}
}
