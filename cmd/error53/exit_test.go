package main

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/lockdown"
	"error53/usbmux"
)

func withRisk(risk diag.Risk) phone { return phone{verdict: diag.Verdict{Risk: risk}} }

// phoneOfCode gives a phone that by itself ends the run with the code.
var phoneOfCode = map[int]phone{
	exitHigh:     withRisk(diag.RiskHigh),
	exitElevated: withRisk(diag.RiskElevated),
	exitUnknown:  withRisk(diag.RiskUnknown),
	exitLost:     {err: usbmux.ErrTimeout},
	exitTrust:    {err: lockdown.ErrPasswordProtected},
	exitFailure:  {err: usbmux.ErrProtocol},
	exitOK:       withRisk(diag.RiskLow),
}

// inOrder is the order of the contract: the first that occurs is the run's.
var inOrder = []int{exitHigh, exitElevated, exitUnknown, exitLost, exitTrust, exitFailure, exitOK}

// Of any two phones the one whose code stands first decides, in whatever place it is.
func TestExitOfPhones(t *testing.T) {
	t.Parallel()
	for i, first := range inOrder {
		assert.Equal(t, first, exitOfPhones([]phone{phoneOfCode[first]}))
		for _, second := range inOrder[i:] {
			t.Run(fmt.Sprintf("%d before %d", first, second), func(t *testing.T) {
				t.Parallel()
				a, b := phoneOfCode[first], phoneOfCode[second]
				assert.Equal(t, first, exitOfPhones([]phone{a, b}))
				assert.Equal(t, first, exitOfPhones([]phone{b, a}))
			})
		}
	}
}

func TestExitOfPhone(t *testing.T) {
	t.Parallel()
	known := diag.Facts{ProductType: diag.Known("iPhone7,2", diag.FromLockdown)}
	_, _, badTarget := diag.ParseTarget(nil, "abc")
	tests := []struct {
		name  string
		phone phone
		want  int
	}{
		{"no risk", withRisk(diag.RiskNone), exitOK},
		{"low risk", withRisk(diag.RiskLow), exitOK},
		{"elevated risk", withRisk(diag.RiskElevated), exitElevated},
		{"high risk", withRisk(diag.RiskHigh), exitHigh},
		{"unknown risk", withRisk(diag.RiskUnknown), exitUnknown},
		{"timed out", phone{err: usbmux.ErrTimeout}, exitLost},
		{"lost", phone{err: usbmux.ErrGone}, exitLost},
		{"garbage", phone{err: usbmux.ErrProtocol}, exitFailure},
		{"withheld", phone{err: lockdown.ErrGetProhibited}, exitTrust},
		{"a target it never had ends no run of several", phone{facts: known, err: badTarget, verdict: diag.Verdict{Risk: diag.RiskNone}}, exitFailure},
		{"a verdict beside the error goes first", phone{facts: known, err: usbmux.ErrTimeout, verdict: diag.Verdict{Risk: diag.RiskHigh}}, exitHigh},
		{"a verdict that is worth nothing without a type", phone{err: usbmux.ErrTimeout, verdict: diag.Verdict{Risk: diag.RiskUnknown}}, exitLost},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, exitOfPhone(test.phone))
		})
	}
}

// A phone that hangs is lost, whatever is to be installed on it: that its newest iOS
// cannot be looked up is no mistake of the operator's.
func TestTargetHidesNoFailure(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"newest", "13D20", "9.1"} {
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				stdout, stderr, code := run(t, "check", "--dry-run", "--json", "--target", target, "0009")
				require.NoError(t, validate([]byte(stdout)), stderr)
				assert.Equal(t, exitLost, code)
				assert.Equal(t, "timeout", shownAt(t, stdout, "errors.0.code"))
			})
		})
	}
}
