package usb_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"error53/usbmux/usb"
)

func TestModeOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		productID uint16
		want      usb.Mode
	}{
		{"below recovery", 0x127f, usb.Unknown},
		{"first recovery id", 0x1280, usb.Recovery},
		{"usual recovery id", 0x1281, usb.Recovery},
		{"last recovery id", 0x1283, usb.Recovery},
		{"between recovery and normal", 0x1284, usb.Unknown},
		{"first normal id", 0x1290, usb.Normal},
		{"iPhone 5 and later", 0x12a8, usb.Normal},
		{"iPad", 0x12ab, usb.Normal},
		{"last normal id", 0x12af, usb.Normal},
		{"Vision Pro", 0x12b1, usb.Unknown},
		{"DFU", 0x1227, usb.DFU},
		{"WTF", 0x1222, usb.WTF},
		{"port DFU", 0xf014, usb.PortDFU},
		{"KIS", 0x1881, usb.KIS},
		{"pongoOS", 0x1338, usb.Unknown},
		{"T2 of a Mac", 0x8600, usb.Unknown},
		{"keyboard", 0x024f, usb.Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, usb.ModeOf(tt.productID))
		})
	}
}
