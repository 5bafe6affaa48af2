//go:build unix

package usb_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux/usb"
)

// absent is what comes of asking a device that only the kernel's files know: without
// libusb nothing is asked, with it nothing is found.
func absent() error {
	if usb.Libusb {
		return usb.ErrGone
	}
	return usb.ErrUnsupported
}

// Each question has its modes, and none goes to a phone in normal mode: the mode of the
// product id counts, whatever the field says.
func TestModesThatAreAsked(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name           string
		productID      uint16
		nonces, serial error
		getenv         error
	}{
		{"normal, or a restore", 0x12a8, usb.ErrMode, usb.ErrMode, usb.ErrMode},
		{"recovery", 0x1281, absent(), absent(), absent()},
		{"DFU", 0x1227, absent(), absent(), usb.ErrMode},
		{"WTF", 0x1222, usb.ErrMode, absent(), usb.ErrMode},
		{"port DFU", 0xf014, usb.ErrMode, usb.ErrMode, usb.ErrMode},
		{"KIS", 0x1881, usb.ErrMode, usb.ErrMode, usb.ErrMode},
		{"unknown", 0x8600, usb.ErrMode, usb.ErrMode, usb.ErrMode},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := newTree(t)
			k.add("1-1", device(tt.productID, 5, recovery))
			k.add("1-1/1-1:1.0", nil) // no driver
			bus := k.bus()
			defer func() { assert.NoError(t, bus.Close()) }()
			d := usb.Device{ProductID: tt.productID, Mode: usb.Recovery, Bus: 999, Address: 5, Port: "1-1"}
			nonces, err := bus.Nonces(t.Context(), d)
			require.ErrorIs(t, err, tt.nonces)
			assert.ErrorContains(t, err, "usb: 1-1: read nonces: ")
			assert.Zero(t, nonces)
			_, err = bus.Serial(t.Context(), d)
			require.ErrorIs(t, err, tt.serial)
			assert.ErrorContains(t, err, "usb: 1-1: read serial number: ")
			version, err := bus.BuildVersion(t.Context(), d)
			require.ErrorIs(t, err, tt.getenv)
			assert.ErrorContains(t, err, "usb: 1-1: read build-version: ")
			assert.Empty(t, version)
		})
	}
}

// A device that another program has claimed is left alone.
func TestHeldByAnotherProgram(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, driver string // of the second interface; the first has none
		want         error
	}{
		{"claimed by a program", "../../../../bus/usb/drivers/usbfs", usb.ErrHeld},
		{"driver of the kernel", "../../../../bus/usb/drivers/usbhid", absent()},
		{"no driver", "", absent()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := newTree(t)
			k.add("1-1", device(0x1281, 5, recovery))
			k.add("1-1/1-1:1.0", nil)
			k.add("1-1/1-1:1.1", nil)
			k.add("1-1/power", nil)
			k.link("../../drivers/usbfs", "1-1/power/driver") // of no interface
			if tt.driver != "" {
				k.link(tt.driver, "1-1/1-1:1.1/driver")
			}
			bus := k.bus()
			defer func() { assert.NoError(t, bus.Close()) }()
			devices, err := bus.Scan(t.Context())
			require.NoError(t, err)
			require.Len(t, devices, 1)
			devices[0].Bus = 999 // never there for libusb
			_, err = bus.Nonces(t.Context(), devices[0])
			require.ErrorIs(t, err, tt.want)
			_, err = bus.BuildVersion(t.Context(), devices[0])
			require.ErrorIs(t, err, tt.want)
		})
	}
}

// Where it cannot be told who uses a device, it is not asked.
func TestUnknownHolder(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		harm func(k tree)
		want error
	}{
		{"unplugged since the scan", func(k tree) { k.remove("1-1") }, usb.ErrGone},
		{"driver is no link", func(k tree) { k.add("1-1/1-1:1.0", files{"driver": "usbfs"}) }, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := newTree(t)
			k.add("1-1", device(0x1281, 5, recovery))
			bus := k.bus()
			devices, err := bus.Scan(t.Context())
			require.NoError(t, err)
			require.Len(t, devices, 1)
			tt.harm(k)
			_, err = bus.BuildVersion(t.Context(), devices[0])
			require.Error(t, err)
			assert.NotErrorIs(t, err, usb.ErrUnsupported, "libusb is not even called")
			if tt.want != nil {
				require.ErrorIs(t, err, tt.want)
			}
		})
	}
}

func TestAskCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	bus := newTree(t).bus()
	_, err := bus.Nonces(ctx, usb.Device{ProductID: 0x1281, Port: "1-1"})
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, bus.Close(), "there is nothing to close")
}
