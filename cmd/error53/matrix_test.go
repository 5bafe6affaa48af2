package main

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/inspect"
	"error53/mocks"
	"error53/usbmux"
)

// The bench of the fault matrix: the phones beside the one that fails.
const (
	first    = 0 // in normal mode, the victim of faults of lockdownd
	neighbor = 1
	restored = 2 // in restore mode, the victim of faults of restored
)

// cell is one fault in one place.
type cell struct {
	fault  mocks.Fault
	victim int // the phone it befalls; everyone = the daemon itself
}

const everyone = -1

// maxAnswers is more than any side gives in one inspection.
const maxAnswers = 4

// cells is every kind of fault at every answer of every side, and a cut at every
// byte of a whole inspection.
func cells(t *testing.T) []cell {
	var all []cell
	for _, place := range []struct {
		side   mocks.Side
		victim int
	}{
		{mocks.Usbmuxd, everyone}, {mocks.Usbmuxd, first}, {mocks.Lockdownd, first}, {mocks.Restored, restored},
	} {
		for _, kind := range mocks.Kinds {
			for after := range maxAnswers {
				all = append(all, faultsAt(mocks.Fault{Side: place.side, Kind: kind, After: after}, place.victim)...)
			}
		}
		for after := range bytesOf(t, place.side) {
			all = append(all, cell{mocks.Fault{Side: place.side, Kind: mocks.Cut, After: after}, place.victim})
		}
	}
	return all
}

// faultsAt is the one fault, of a slow side two: in time and too late.
func faultsAt(f mocks.Fault, victim int) []cell {
	switch {
	case f.Kind == mocks.Cut:
		return nil // by bytes
	case f.Kind == mocks.Slow:
		inTime, late := f, f
		inTime.Delay, late.Delay = time.Second, 2*inspect.DefaultTimeout
		return []cell{{inTime, victim}, {late, victim}}
	case f.Validate() != nil:
		return nil // this side has no such fault
	}
	return []cell{{f, victim}}
}

// bytesOf is how many bytes a side sends at most on one connection.
func bytesOf(t *testing.T, side mocks.Side) int {
	for n := 1; ; n += 64 {
		require.Less(t, n, 1<<16, "an inspection is small")
		victim := map[mocks.Side]int{mocks.Usbmuxd: everyone, mocks.Lockdownd: first, mocks.Restored: restored}[side]
		whole := true
		synctest.Test(t, func(t *testing.T) {
			_, phones, err := inspectBench(t, cell{mocks.Fault{Side: side, Kind: mocks.Cut, After: n}, victim})
			whole = err == nil && phones[first].Err == nil && phones[restored].Err == nil
		})
		if whole {
			return n
		}
	}
}

// inspectBench lists and reads the bench with the fault on it, and tells how long
// that took by a clock that only waiting moves.
func inspectBench(t *testing.T, c cell) (time.Duration, []inspect.Phone, error) {
	profiles := []mocks.Profile{
		{ProductType: "iPhone7,2", ProductVersion: "9.1", ECID: 0x11},
		{ProductType: "iPhone8,1", ProductVersion: "12.4", ECID: 0x22},
		{ProductType: "iPhone7,1", Mode: diag.Restore, ECID: 0x33},
	}
	var phones []mocks.Phone
	for i, profile := range profiles {
		if i == c.victim {
			profile.Faults = []mocks.Fault{c.fault}
		}
		phones = append(phones, attached(t, profile))
	}
	bench := mocks.NewBench(phones...)
	if c.victim == everyone && c.fault.Kind != "" {
		bench.Faults = []mocks.Fault{c.fault}
	}
	defer bench.Close()
	inspector := inspect.Inspector{Mux: &usbmux.Client{Dial: bench.Dial}}
	start := time.Now()
	listed, err := inspector.List(context.Background())
	if err != nil {
		return time.Since(start), nil, &daemonError{address: "here", err: err}
	}
	return time.Since(start), inspector.Read(context.Background(), listed), nil
}

// TestFaultMatrix: whatever goes wrong wherever, the run ends in time, says which
// side failed and what to do, and the other phones have the facts they always have.
// synctest makes a goroutine that is left behind a failure.
func TestFaultMatrix(t *testing.T) {
	var healthy []inspect.Phone
	synctest.Test(t, func(t *testing.T) {
		var err error
		_, healthy, err = inspectBench(t, cell{victim: everyone})
		require.NoError(t, err)
	})
	all := cells(t)
	var failed, longest = 0, time.Duration(0)
	for _, c := range all {
		synctest.Test(t, func(t *testing.T) {
			about := fmt.Sprintf("%s %s after %d, phone %d", c.fault.Side, c.fault.Kind, c.fault.After, c.victim)
			start := time.Now()
			listing, phones, err := inspectBench(t, c)
			took := time.Since(start)
			longest = max(longest, took)
			require.LessOrEqual(t, listing, usbmux.DefaultTimeout, about)
			require.LessOrEqual(t, took, usbmux.DefaultTimeout+inspect.DefaultTimeout, about)
			if err != nil {
				failed++
				require.Equal(t, everyone, c.victim, about)
				explained(t, err, exitDaemon, about)
				return
			}
			failed += judge(t, c, healthy, phones, about)
		})
	}
	t.Logf("%d cells, %d of them with a failure; longest run %s, allowed %s", len(all), failed, longest, usbmux.DefaultTimeout+inspect.DefaultTimeout)
	assert.Greater(t, failed, len(all)/2, "the faults are felt")
}

// judge compares the phones with a run without faults.
func judge(t *testing.T, c cell, healthy, phones []inspect.Phone, about string) (failed int) {
	require.Len(t, phones, len(healthy), about)
	for i, p := range phones {
		switch {
		case p.Err != nil:
			failed = 1
			require.Contains(t, []int{i, everyone}, c.victim, "%s: phone %d: %v", about, i, p.Err)
			explained(t, p.Err, 0, about)
			require.Equal(t, healthy[i].Facts.UDID.Value, p.Facts.UDID.Value, "%s: it is still known which phone it is", about)
		default:
			require.Equal(t, healthy[i].Facts, p.Facts, "%s: phone %d", about, i)
		}
	}
	return failed
}

// explained: the error has words and a hint of its own, and the right exit code.
func explained(t *testing.T, err error, exit int, about string) {
	e := explain(err)
	require.NotEqual(t, "failure", e.code, "%s: %v", about, err)
	require.NotEmpty(t, e.hint, about)
	if exit != 0 {
		require.Equal(t, exit, e.exit, about)
	} else {
		require.Contains(t, []int{exitLost, exitFailure}, e.exit, about)
	}
}
