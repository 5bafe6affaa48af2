package usb

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const came = "add@/devices/pci0000:00/0000:00:14.0/usb1/1-2\x00ACTION=add\x00DEVPATH=/devices/pci0000:00/0000:00:14.0/usb1/1-2\x00" +
	"SUBSYSTEM=usb\x00DEVNAME=bus/usb/001/007\x00DEVTYPE=usb_device\x00PRODUCT=5ac/1281/0\x00TYPE=0/0/0\x00BUSNUM=001\x00DEVNUM=007\x00SEQNUM=4053\x00"

func TestConcernsApple(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, message string
		want          bool
	}{
		{"came", came, true},
		{"left", strings.ReplaceAll(came, "add", "remove"), true},
		{"changed", strings.ReplaceAll(came, "add", "change"), true},
		{"got a driver", strings.ReplaceAll(came, "add", "bind"), false},
		{"lost its driver", strings.ReplaceAll(came, "add", "unbind"), false},
		{"an interface", strings.ReplaceAll(came, "usb_device", "usb_interface"), false},
		{"another vendor", strings.ReplaceAll(came, "5ac/", "18d1/"), false},
		{"a vendor that ends alike", strings.ReplaceAll(came, "5ac/", "15ac/"), false},
		{"no vendor", strings.ReplaceAll(came, "PRODUCT=5ac/1281/0", "A=B"), true},
		{"a disk", strings.ReplaceAll(came, "SUBSYSTEM=usb", "SUBSYSTEM=block"), false},
		{"cut", came[:strings.Index(came, "DEVTYPE")], false},
		{"cut in the vendor", came[:strings.Index(came, "5ac")+1], false},
		{"of udev", "libudev\x00\xfe\xed\xca\xfe" + came, false},
		{"no path", "add@\x00SUBSYSTEM=usb\x00DEVTYPE=usb_device\x00", false},
		{"no action", "@/devices\x00SUBSYSTEM=usb\x00DEVTYPE=usb_device\x00", false},
		{"nothing", "", false},
		{"NULs", "\x00\x00\x00", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, concernsApple([]byte(tt.message)))
		})
	}
}

func TestParseUevent(t *testing.T) {
	t.Parallel()
	e, ok := parseUevent([]byte(came))
	require.True(t, ok)
	assert.Equal(t, uevent{"add", "usb", "usb_device", "5ac/1281/0"}, e)
}

// Whatever comes: no panic, and nothing made up.
func FuzzUevent(f *testing.F) {
	f.Add([]byte(came))
	f.Add([]byte("libudev\x00\xfe\xed\xca\xfe"))
	f.Add([]byte("add@/x\x00=\x00A=\x00\x00SUBSYSTEM=usb"))
	f.Fuzz(func(t *testing.T, message []byte) {
		e, ok := parseUevent(message)
		if !ok {
			require.Zero(t, e)
			require.False(t, concernsApple(message))
			return
		}
		require.NotEmpty(t, e.action)
		for _, part := range []string{e.action, e.subsystem, e.devtype, e.product} {
			require.Contains(t, string(message), part)
		}
	})
}
