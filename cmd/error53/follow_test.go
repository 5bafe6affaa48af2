package main

import (
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/inspect"
	"error53/mocks"
	"error53/usbmux"
	"error53/usbmux/usb"
)

// onBus is a bus of virtual phones, and the first of them as it is listed, or read.
func onBus(t *testing.T, b *mocks.Bench, read bool) *follower {
	t.Helper()
	t.Cleanup(func() { b.Close() })
	found := &bus{inspector: inspect.Inspector{
		Mux: &usbmux.Client{Dial: b.Dial},
		USB: &usb.Bus{Files: b.USBFiles(), Open: b.OpenUSB},
	}}
	listed, err := found.inspector.List(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, listed)
	if read {
		listed = found.inspector.Read(t.Context(), listed)
	}
	return &follower{bus: found, own: listed[0].Identity()}
}

// assertGone: it takes two looks to be sure.
func assertGone(t *testing.T, f *follower) {
	t.Helper()
	_, ok := f.look(t.Context())
	assert.False(t, ok, "one look may have missed it")
	mode, ok := f.look(t.Context())
	assert.True(t, ok)
	assert.Empty(t, mode)
}

// A phone is found in each mode it goes through, also an old one that names itself by
// other means in each; the phone beside it never is.
func TestFollower(t *testing.T) {
	t.Parallel()
	for _, productType := range []string{"iPhone8,1", "iPhone9,1", "iPhone10,1", "iPhone12,1"} {
		for _, read := range []bool{true, false} {
			t.Run(productType, func(t *testing.T) {
				t.Parallel()
				b := mocks.NewBench(
					attached(t, mocks.Profile{ProductType: productType, ECID: 0x1}),
					attached(t, mocks.Profile{ProductType: productType, ECID: 0x2}),
				)
				f := onBus(t, b, read)
				for _, mode := range []diag.Mode{diag.Normal, diag.Recovery, diag.DFU, diag.Recovery, diag.Normal, diag.DFU, diag.Normal} {
					b.SetMode("1-1", mode)
					b.SetMode("1-2", diag.DFU)
					got, ok := f.look(t.Context())
					assert.True(t, ok)
					assert.Equal(t, mode, got)
				}
				b.Unplug("1-1")
				assertGone(t, f)
				assert.Equal(t, "1-1", f.own.Port)
			})
		}
	}
}

// What a mode tells of the phone is remembered: another one at the same port is not it.
func TestFollowerLearns(t *testing.T) {
	t.Parallel()
	b := mocks.NewBench(attached(t, mocks.Profile{ProductType: "iPhone8,1", ECID: 1}))
	f := onBus(t, b, false)
	assert.Zero(t, f.own.ECID, "an old phone does not tell it in normal mode, unasked")
	b.SetMode("1-1", diag.Recovery)
	mode, _ := f.look(t.Context())
	assert.Equal(t, diag.Recovery, mode)
	b.Swap("1-1", attached(t, mocks.Profile{ProductType: "iPhone8,1", Mode: diag.DFU, ECID: 2}))
	assertGone(t, f)
}

// A phone over the network is not on the cable: it has gone.
func TestFollowerIgnoresNetwork(t *testing.T) {
	t.Parallel()
	p := attached(t, mocks.Profile{ProductType: "iPhone10,1", ECID: 1})
	b := mocks.NewBench(p, p.OverNetwork())
	f := onBus(t, b, true)
	b.Unplug("1-1")
	assertGone(t, f)
}

// A daemon that does not answer tells nothing, neither that the phone is there nor that it
// has gone; one that has ended with the last phone does.
func TestFollowerWithoutDaemon(t *testing.T) {
	t.Parallel()
	b := mocks.NewBench(attached(t, mocks.Profile{ProductType: "iPhone10,1", ECID: 1}))
	f := onBus(t, b, true)
	b.Unplug("1-1")
	f.bus.inspector.Mux = &usbmux.Client{Addr: usbmux.Address{Network: "unix", Addr: t.TempDir() + "/none"}}
	assertGone(t, f)

	silent := mocks.NewBench()
	silent.Faults = []mocks.Fault{{Side: mocks.Usbmuxd, Kind: mocks.Silent}}
	t.Cleanup(func() { silent.Close() })
	f.bus.inspector.Mux = &usbmux.Client{Dial: silent.Dial, Timeout: time.Millisecond}
	for range 3 {
		_, ok := f.look(t.Context())
		assert.False(t, ok)
	}
}

// A look that shows nothing between two that do was a bad look.
func TestFollowerForgivesALook(t *testing.T) {
	t.Parallel()
	b := mocks.NewBench(attached(t, mocks.Profile{ProductType: "iPhone10,1", Mode: diag.Recovery, ECID: 1}))
	f := onBus(t, b, true)
	good, stuck := f.bus.inspector.USB, &usb.Bus{Files: fstest.MapFS{}}
	for range 3 {
		f.bus.inspector.USB = stuck
		_, ok := f.look(t.Context())
		assert.False(t, ok)
		f.bus.inspector.USB = good
		mode, ok := f.look(t.Context())
		assert.True(t, ok)
		assert.Equal(t, diag.Recovery, mode)
	}
}

// A look asks no phone anything.
func TestFollowerSendsNothing(t *testing.T) {
	t.Parallel()
	b := mocks.NewBench(attached(t, mocks.Profile{ProductType: "iPhone8,1", ECID: 1}))
	f := onBus(t, b, false)
	for _, mode := range []diag.Mode{diag.Normal, diag.Recovery, diag.DFU} {
		b.SetMode("1-1", mode)
		_, ok := f.look(t.Context())
		assert.True(t, ok)
	}
	for _, r := range b.Requests() {
		assert.Equal(t, "ListDevices", r.Name)
	}
}

// In a dry run the virtual phone goes where the steps lead, while the clock runs, and the
// other phones of the bench do not matter.
func TestGuideDryRun(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		args []string
		says []string
	}{
		{"a 6s into DFU mode", []string{"dfu", "0005"}, []string{"Let go of Side, hold Home: 7", "The phone is in DFU mode, after 16 seconds."}},
		{"a 6 into recovery mode", []string{"recovery", "0001"}, []string{"Hold Home and Side: 20", "The phone is in recovery mode, after 13 seconds."}},
		{"an X into DFU mode", []string{"dfu", "0007"}, []string{"Hold Side and Volume Down: 1", "Let go of Side, hold Volume Down: 7", "The phone is in DFU mode, after 23 seconds."}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := terminal()
				s.in = strings.NewReader("\n")
				code := execute(t.Context(), s.streams, append([]string{"guide", "--dry-run"}, test.args...))
				assert.Equal(t, exitOK, code, s.stderr.String())
				rest := s.stdout.String()
				for _, words := range test.says {
					_, after, found := strings.Cut(rest, words)
					require.True(t, found, "%q in %s", words, rest)
					rest = after
				}
			})
		})
	}
}
