package main

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/mocks"
)

// openDescriptors counts the files and sockets that this process has open.
func openDescriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("descriptors are counted where Linux lists them: ", err)
	}
	return len(entries)
}

// Over sockets, too, no fault of any side leaves one open. It does not run beside
// other tests, which open some of their own.
func TestFaultsLeaveNothingOpen(t *testing.T) {
	t.Run("first", func(t *testing.T) { // opens what the process needs once
		checkWithFault(t, mocks.Fault{Side: mocks.Lockdownd, Kind: mocks.Silent})
	})
	before := openDescriptors(t)
	ran := 0
	for _, side := range []mocks.Side{mocks.Usbmuxd, mocks.Lockdownd, mocks.Restored} {
		for _, kind := range mocks.Kinds {
			fault := mocks.Fault{Side: side, Kind: kind}
			if kind == mocks.Slow {
				fault.Delay = time.Hour
			}
			if fault.Validate() != nil {
				continue
			}
			t.Run(fmt.Sprintf("%s %s", side, kind), func(t *testing.T) {
				assert.NotEqual(t, exitOK, checkWithFault(t, fault))
			})
			ran++
		}
	}
	assert.Equal(t, before, openDescriptors(t), "after %d runs", ran)
	t.Logf("%d descriptors before and after %d runs", before, ran)
}

// checkWithFault runs a check of two phones behind a socket, and gives its exit code.
func checkWithFault(t *testing.T, fault mocks.Fault) int {
	t.Helper()
	b := mocks.NewBench(
		attached(t, mocks.Profile{ProductType: "iPhone10,3", ProductVersion: "16.7.12", ECID: 1}),
		attached(t, mocks.Profile{ProductType: "iPhone8,2", Mode: diag.Restore, ECID: 2}),
	)
	b.Faults = []mocks.Fault{fault}
	stdout, _, code := runOnBench(t, b, "check", "--json", "--timeout", "50ms")
	require.NoError(t, validate([]byte(stdout)))
	return code
}
