package usbmux_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/lockdown"
	"error53/mocks"
	"error53/usbmux"
	"error53/usbmux/plist"
)

// A tap sees every message whole and in plain text, requests as well as answers.
func TestTap(t *testing.T) {
	t.Parallel()
	phone, err := mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.1", Trust: mocks.Trust{State: mocks.Paired}}.Phone()
	require.NoError(t, err)
	bench := mocks.NewBench(phone)
	defer bench.Close()
	var frames []usbmux.Frame
	mux := usbmux.Client{Dial: bench.Dial, Timeout: time.Minute /* keys take their time */, Tap: func(f usbmux.Frame) {
		message, err := plist.DecodeDict(f.Payload)
		assert.NoError(t, err)
		assert.NotEmpty(t, message)
		f.Payload = nil
		frames = append(frames, f)
	}}
	devices, err := mux.ListDevices(t.Context())
	require.NoError(t, err)
	opened, err := lockdown.Open(t.Context(), &mux, devices[0])
	require.NoError(t, err)
	require.NoError(t, opened.NoSession)
	require.NoError(t, opened.Close())

	var want []usbmux.Frame
	for _, each := range []usbmux.Frame{
		{Connection: 1}, // ListDevices
		{Connection: 2}, // ReadPairRecord
		{Connection: 2}, // Connect
		{Connection: 2, DeviceID: 1, Port: lockdown.Port},            // QueryType
		{Connection: 2, DeviceID: 1, Port: lockdown.Port},            // GetValue
		{Connection: 2, DeviceID: 1, Port: lockdown.Port},            // StartSession
		{Connection: 2, DeviceID: 1, Port: lockdown.Port, TLS: true}, // GetValue
	} {
		sent := each
		sent.Sent = true
		want = append(want, sent, each)
	}
	assert.Equal(t, want, frames)
}
