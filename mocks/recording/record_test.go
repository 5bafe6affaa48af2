package recording_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"error53/diag/inspect"
	"error53/mocks"
	"error53/mocks/recording"
	"error53/usbmux"
	"error53/usbmux/usb"
)

// taken is when the phones of these tests were recorded.
var taken = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// record records a virtual phone as the program does, but for the masks.
func record(t testing.TB, p mocks.Phone) (recording.Recording, inspect.Phone) {
	t.Helper()
	bench := mocks.NewBench(p)
	defer bench.Close()
	var heard recording.Recorder
	inspector := inspect.Inspector{
		Mux:     &usbmux.Client{Dial: bench.Dial, Tap: heard.Tap, Timeout: time.Minute}, // keys take their time
		Timeout: time.Minute,
		USB:     &usb.Bus{Files: bench.USBFiles(), Open: bench.OpenUSB},
		Ask:     true,
		Now:     func() time.Time { return taken },
	}
	listed, err := inspector.List(t.Context())
	require.NoError(t, err)
	read := inspector.Read(t.Context(), listed)[0]
	r := recording.Recording{Header: recording.Describe("error53 (test)", read, taken)}
	if read.Device.ID == 0 {
		r.Flows = []recording.Flow{recording.Shown(read)}
		return r, read
	}
	r.Flows, err = heard.Flows(read.Device)
	require.NoError(t, err)
	return r, read
}

// virtual makes a phone that must be possible.
func virtual(t testing.TB, p mocks.Profile) mocks.Phone {
	t.Helper()
	phone, err := p.Phone()
	require.NoError(t, err)
	return phone
}

// written is the text of a recording.
func written(t testing.TB, r recording.Recording) string {
	t.Helper()
	text, err := r.Bytes()
	require.NoError(t, err)
	return string(text)
}
