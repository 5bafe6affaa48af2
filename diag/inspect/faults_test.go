package inspect_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/inspect"
	"error53/mocks"
	"error53/usbmux"
)

// sentinelOf is what each kind of fault becomes.
var sentinelOf = map[mocks.Kind]error{
	mocks.Silent:      usbmux.ErrTimeout,
	mocks.Slow:        usbmux.ErrTimeout,
	mocks.Cut:         usbmux.ErrGone,
	mocks.WrongLength: usbmux.ErrProtocol,
	mocks.Garbage:     usbmux.ErrProtocol,
	mocks.WrongTag:    usbmux.ErrProtocol,
	mocks.WrongType:   usbmux.ErrProtocol,
	mocks.Vanish:      usbmux.ErrGone,
}

// Whatever goes wrong with one phone, at whatever answer of whatever daemon, is that
// phone's error, and the others are read as if it were not there.
func TestFaults(t *testing.T) {
	for _, kind := range mocks.Kinds {
		require.Contains(t, sentinelOf, kind)
		for _, side := range []mocks.Side{mocks.Usbmuxd, mocks.Lockdownd, mocks.Restored} {
			for _, fault := range faultsOf(side, kind) {
				t.Run(fmt.Sprintf("%s %s after %d", side, kind, fault.After), func(t *testing.T) {
					inBubble(t, func(t *testing.T) { testFault(t, fault) })
				})
			}
		}
	}
}

// faultsOf gives a fault at each answer that its side gives an inspection: one of
// usbmuxd, two of lockdownd, one of restored. Cut counts bytes: it falls into the
// frame's head, its body, or the second answer.
func faultsOf(side mocks.Side, kind mocks.Kind) []mocks.Fault {
	after := []int{0}
	if side == mocks.Lockdownd {
		after = []int{0, 1}
	}
	if kind == mocks.Cut {
		after = []int{0, 3, 100}
	}
	var faults []mocks.Fault
	for _, n := range after {
		f := mocks.Fault{Side: side, Kind: kind, After: n}
		if kind == mocks.Slow {
			f.Delay = time.Minute
		}
		if f.Validate() == nil {
			faults = append(faults, f)
		}
	}
	return faults
}

func testFault(t *testing.T, fault mocks.Fault) {
	const faulty = 1 // its place between two healthy phones
	mode := diag.Normal
	if fault.Side == mocks.Restored {
		mode = diag.Restore
	}
	phones := func(faults ...mocks.Fault) []mocks.Phone {
		three := threePhones(t)
		three[faulty] = attached(t, mocks.Profile{ProductType: "iPhone12,1", ProductVersion: "17.0", ECID: 0x53b2, Mode: mode, Faults: faults})
		return three
	}
	_, undisturbed := onBench(t, phones()...)
	want := readAll(t, undisturbed)
	require.NoError(t, want[faulty].Err)

	b, disturbed := onBench(t, phones(fault)...)
	start := time.Now()
	got := readAll(t, disturbed)
	require.Len(t, got, len(want))
	for at := range want {
		if at == faulty {
			assertFailed(t, got[at], fault)
			continue
		}
		assert.Equal(t, want[at], got[at])
	}
	assert.LessOrEqual(t, time.Since(start), inspect.DefaultTimeout)
	assert.Equal(t, 1, b.MaxPerPhone())
}

// assertFailed: the error is of its kind and names no identifier; the facts are what
// was known before, each of the others with its reason.
func assertFailed(t *testing.T, p inspect.Phone, fault mocks.Fault) {
	t.Helper()
	require.ErrorIs(t, p.Err, sentinelOf[fault.Kind])
	assert.NotContains(t, p.Err.Error(), p.Device.SerialNumber)
	assert.NotContains(t, p.Err.Error(), "53b2")
	assert.False(t, p.Facts.ProductType.Known())
	assert.Equal(t, "the phone could not be read", p.Facts.ProductType.Reason)
	if fault.Side != mocks.Restored {
		assert.True(t, p.Facts.UDID.Known())
		assert.Equal(t, uint64(0x53b2), p.Facts.ECID.Value, "the UDID tells it")
		assert.Equal(t, diag.Normal, p.Facts.Mode.Value)
	} else {
		assert.Equal(t, diag.Known(diag.Restore, diag.FromUSB), p.Facts.Mode)
	}
}

// A daemon that restarts between the list and the reading numbers its phones anew:
// what another phone says is never taken for the listed one's word.
func TestAnotherPhoneUnderTheNumber(t *testing.T) {
	first, err := mocks.Profile{ProductType: "iPhone7,2", ECID: 0x11}.Phone()
	require.NoError(t, err)
	second, err := mocks.Profile{ProductType: "iPhone8,1", ECID: 0x22}.Phone()
	require.NoError(t, err)
	bench := mocks.NewBench(first, second)
	defer bench.Close()
	inspector := inspect.Inspector{Mux: &usbmux.Client{Dial: bench.Dial}}
	listed, err := inspector.List(t.Context())
	require.NoError(t, err)
	bench.Detach(1)
	bench.Restart()
	read := inspector.Read(t.Context(), listed)
	assert.ErrorIs(t, read[0].Err, usbmux.ErrGone)
	assert.Equal(t, first.UDID, read[0].Facts.UDID.Value)
	assert.False(t, read[0].Facts.ProductType.Known(), "the other phone's answer")
	assert.ErrorIs(t, read[1].Err, usbmux.ErrGone, "its number is nobody's now")
}
