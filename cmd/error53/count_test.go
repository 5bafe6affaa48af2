package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/mocks"
)

// askedOf sorts what a bench was asked by side, and fails on a request that does not read.
func askedOf(t *testing.T, b *mocks.Bench) map[mocks.Side][]string {
	t.Helper()
	asked := map[mocks.Side][]string{}
	for _, r := range b.Requests() {
		assert.False(t, r.Refused || r.Writes, "%+v", r)
		name := r.Name
		if r.Key != "" && r.Side != mocks.Usbmuxd { // there it is a UDID
			name += " " + r.Key
		}
		asked[r.Side] = append(asked[r.Side], name)
	}
	return asked
}

// A list is one connection and one request, and no word to any phone.
func TestListCost(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"list"}, {"list", "--json"}} {
		b := mocks.NewBench(
			attached(t, mocks.Profile{ProductType: "iPhone7,2", ECID: 1}),
			attached(t, mocks.Profile{ProductType: "iPhone8,2", ECID: 2, Mode: diag.Restore}),
		)
		_, _, code := runOnBench(t, b, args...)
		require.Equal(t, exitOK, code)
		assert.Equal(t, 1, b.Connections())
		assert.Equal(t, map[mocks.Side][]string{mocks.Usbmuxd: {"ListDevices"}}, askedOf(t, b))
	}
}

// A check of a phone that is not paired is two connections at most, three requests to
// usbmuxd and two to lockdownd, all of which read.
func TestCheckCost(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"check"}, {"check", "--json"}, {"check", "--repair", "none"}, {"check", "0001"}} {
		b := mocks.NewBench(attached(t, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "12.5.8", ECID: 1}))
		_, stderr, code := runOnBench(t, b, args...)
		require.Equal(t, exitOK, code, stderr)
		assert.Equal(t, 2, b.Connections())
		assert.Equal(t, map[mocks.Side][]string{
			mocks.Usbmuxd:   {"ListDevices", "ReadPairRecord", "Connect"},
			mocks.Lockdownd: {"QueryType", "GetValue"},
		}, askedOf(t, b))
	}
}

// A check of a phone that trusts this computer is no more connections, and eight requests
// to lockdownd. Where the phone has a Touch ID sensor, its trace comes behind them.
func TestTrustedCheckCost(t *testing.T) {
	t.Parallel()
	whole := []string{"QueryType", "GetValue", "StartSession", "GetValue", "GetValue", "GetValue", "GetValue", "GetValue IsAssociated"}
	for _, version := range []string{"9.1", "12.5.8"} {
		b := mocks.NewBench(attached(t, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: version, ECID: 1, Trust: mocks.Trust{State: mocks.Paired}}))
		_, stderr, _ := runOnBench(t, b, "check", "--repair", "none", "--timeout", "60s")
		require.Empty(t, stderr)
		assert.Equal(t, append(whole, "StartService com.apple.mobile.diagnostics_relay", "GetValue SysCfgData"), askedOf(t, b)[mocks.Lockdownd])
		assert.Equal(t, 3, b.Connections(), "the list's, the session's, and that of the service")
	}
	b := mocks.NewBench(attached(t, mocks.Profile{ProductType: "iPhone10,3", ProductVersion: "16.7.12", ECID: 1, Trust: mocks.Trust{State: mocks.Paired}}))
	_, stderr, _ := runOnBench(t, b, "check", "--repair", "none", "--timeout", "60s")
	require.Empty(t, stderr)
	assert.Equal(t, whole, askedOf(t, b)[mocks.Lockdownd])
	assert.Equal(t, 2, b.Connections())
}

// A phone that trusts this computer already is asked nothing by pair, and nothing is
// written; a phone that was not named is left alone.
func TestPairOfTrustedWritesNothing(t *testing.T) {
	t.Parallel()
	b := mocks.NewBench(
		attached(t, mocks.Profile{ProductType: "iPhone10,3", ProductVersion: "16.7.12", ECID: 1, Trust: mocks.Trust{State: mocks.Paired}}),
		attached(t, mocks.Profile{ProductType: "iPhone7,2", ECID: 2}),
	)
	_, stderr, code := runOnBench(t, b, "pair", "0001", "--timeout", "60s")
	require.Equal(t, exitOK, code, stderr)
	askedOf(t, b)
	for _, r := range b.Requests() {
		assert.NotEqual(t, uint32(2), r.DeviceID, "%+v", r)
		assert.NotEqual(t, "Pair", r.Name)
	}
}

// Whoever names a phone by what a list shows has the others left alone.
func TestCheckOfOneLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	named := attached(t, mocks.Profile{ProductType: "iPhone7,2", ECID: 1})
	for _, device := range []string{named.UDID, "0001", "…0001"} {
		b := mocks.NewBench(named, attached(t, mocks.Profile{ProductType: "iPhone8,1", ECID: 2}))
		_, _, code := runOnBench(t, b, "check", device)
		require.Equal(t, exitOK, code)
		for _, r := range b.Requests() {
			assert.NotEqual(t, uint32(2), r.DeviceID, "%+v", r)
		}
	}
}

// A phone in restore mode may be in the middle of a restore by another program: it is
// asked for its type and nothing else, unless the operator names it.
func TestRestoreCost(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		args []string
		want []string
	}{
		{"not named", []string{"check"}, []string{"QueryType"}},
		{"another one named, by what the list tells", []string{"check", "a7a7"}, nil},
		{"another one named, by what only phones tell", []string{"check", "0x00000000000000a1"}, []string{"QueryType"}},
		{"named by its serial number", []string{"check", "E53M000000B2"}, []string{"QueryType", "QueryValue HardwareInfo"}},
		{"named by the tail of it", []string{"check", "…00B2"}, []string{"QueryType", "QueryValue HardwareInfo"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := mocks.NewBench(
				attached(t, mocks.Profile{ProductType: "iPhone8,2", ECID: 0xb2, Mode: diag.Restore}),
				attached(t, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "12.5.8", ECID: 0xa1, UDID: strings.Repeat("a7", 20)}),
			)
			_, stderr, code := runOnBench(t, b, test.args...)
			assert.Contains(t, []int{exitOK, exitUnknown}, code, stderr)
			assert.Equal(t, test.want, askedOf(t, b)[mocks.Restored])
		})
	}
}

// barrier is a bench's Sleep that lets nobody go before all phones have a request in
// hand: a run that reads them one after another never ends by itself.
func barrier(phones int) func(context.Context, time.Duration) error {
	var mu sync.Mutex
	var waiting int
	all := make(chan struct{})
	return func(ctx context.Context, _ time.Duration) error {
		mu.Lock()
		waiting++
		if waiting == phones {
			close(all)
		}
		mu.Unlock()
		select {
		case <-all:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// 64 phones that take 20 ms an answer are all read at the same time: the first answers
// only when the last has been asked. The time limit is for a run that fails.
func TestPhonesAreReadAtTheSameTime(t *testing.T) {
	t.Parallel()
	const phones = 64
	var bench []mocks.Phone
	for i := range phones {
		bench = append(bench, attached(t, mocks.Profile{
			ProductType: "iPhone7,2", ProductVersion: "12.5.8", ECID: uint64(0x5301 + i), Name: fmt.Sprint("phone ", i),
			Faults: []mocks.Fault{{Side: mocks.Lockdownd, Kind: mocks.Slow, Delay: 20 * time.Millisecond}},
		}))
	}
	b := mocks.NewBench(bench...)
	b.Sleep = barrier(phones)
	stdout, stderr, code := runOnBench(t, b, "check", "--json", "--timeout", "30s")
	assert.Equal(t, exitOK, code, stderr)
	assert.Equal(t, phones, b.MaxConcurrent())
	assert.Equal(t, 1, b.MaxPerPhone(), "no phone is asked two things at once")
	require.NoError(t, validate([]byte(stdout)))
	for i := range phones {
		assert.Equal(t, fmt.Sprint("phone ", i), shownAt(t, stdout, fmt.Sprintf("phones.%d.facts.deviceName.value", i)))
	}
}
