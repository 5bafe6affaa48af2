package main

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/lockdown"
	"error53/mocks"
	"error53/usbmux"
)

// In front of a terminal a phone that is waited for delays no other: the one that trusts
// this computer already is shown at once, the one on which somebody taps Trust some
// seconds later, and those on which nobody does when their minute is over. What was said
// of the waiting is gone in the end.
func TestPairingDelaysNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		inOurDays()
		s := terminal()
		s.errTTY = true
		out := &stamped{start: time.Now(), at: map[string]time.Duration{}}
		s.out = out
		code := execute(t.Context(), s.streams, []string{"check", "--pair", "--dry-run", "--no-color", "--no-input"})
		assert.Equal(t, exitHigh, code)
		assert.Zero(t, out.at["HIGH"], "it is trusted")
		assert.Equal(t, 5*time.Second, out.at["NO ANSWER"])
		assert.Equal(t, time.Minute, out.at["UNKNOWN"], "nobody taps Trust on it")
		assert.Contains(t, s.stderr.String(), "unlock the phone and tap Trust (12 s of 60)")
		assert.Empty(t, screenOf(s.stderr))
	})
}

// The results of pair stand on a terminal as soon as they are known, above the phones
// that are still waited for.
func TestPairShowsResultsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		inOurDays()
		s := terminal()
		s.errTTY = true
		s.err = s.out // one screen
		code := execute(t.Context(), s.streams, []string{"pair", "--dry-run", "0001", "0002", "0003", "--wait", "10s"})
		assert.Equal(t, exitTrust, code)
		text := s.stdout.String()
		trusted, waited := strings.Index(text, "…0001\talready-trusted"), strings.LastIndex(text, "tap Trust (")
		assert.Positive(t, trusted)
		assert.Greater(t, waited, trusted)
		lines := screenOf(s.stdout)
		assert.Equal(t, []string{
			"…0001\talready-trusted\tiPhone 6 “Anna’s iPhone”\tSIMULATED",
			"…0003\tpaired\tiPhone 6 Plus “Téléphone de José”\tSIMULATED",
			"…0002\tfailed\tiPhone 5s (CDMA) “田中のiPhone”\tSIMULATED",
			"error: …0002: nobody answered on the phone in time",
			"hint: unlock it, run it again, and tap Trust; more patience: --wait 3m",
		}, lines[3:], "behind the banner")
	})
}

// Whoever interrupts the waiting is not kept, and is told so.
func TestPairInterrupted(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"pair", "--dry-run", "0002"}, {"check", "--pair", "--dry-run", "0002"}} {
		t.Run(args[0], func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := piped()
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(3*time.Second, cancel)
				start := time.Now()
				assert.Equal(t, exitFailure, execute(ctx, s.streams, args))
				assert.Equal(t, 3*time.Second, time.Since(start))
				assert.Contains(t, s.stderr.String(), "interrupted")
			})
		})
	}
}

// A pairing that failed counts as 4 beside the verdict; a want of trust that nobody asked
// to end does not.
func TestExitOfPairing(t *testing.T) {
	t.Parallel()
	denied := &lockdown.OpError{Op: "Pair", Err: &lockdown.Error{Code: "UserDeniedPairing"}}
	for _, row := range []struct {
		name  string
		phone phone
		want  int
	}{
		{"a good verdict, denied", phone{verdict: diag.Verdict{Risk: diag.RiskNone}, pairing: denied}, exitTrust},
		{"a grave verdict, denied", phone{verdict: diag.Verdict{Risk: diag.RiskHigh}, pairing: denied}, exitHigh},
		{"a good verdict, unplugged", phone{verdict: diag.Verdict{Risk: diag.RiskNone}, pairing: usbmux.ErrGone}, exitLost},
		{"no verdict, denied", phone{err: usbmux.ErrProtocol, pairing: denied}, exitTrust},
		{"a good verdict, no session", phone{verdict: diag.Verdict{Risk: diag.RiskNone}, session: denied}, exitOK},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, row.want, exitOfPhone(row.phone))
		})
	}
}

// A phone does not begin to trust a computer over the network: its cable is wanted.
func TestPairOverTheNetwork(t *testing.T) {
	t.Parallel()
	b := mocks.NewBench(attached(t, mocks.Profile{ProductType: "iPhone10,3", ProductVersion: "12.4", ECID: 1}).OverNetwork())
	stdout, _, code := runOnBench(t, b, "pair", "--json", "--timeout", "60s")
	assert.Equal(t, exitTrust, code)
	require.NoError(t, validate([]byte(stdout)))
	assert.Equal(t, "pairing-prohibited", shownAt(t, stdout, "errors.0.code"))
}

// A phone that vanishes once somebody has tapped Trust, and comes back under another
// number, is read under that.
func TestCheckPairFollowsThePhone(t *testing.T) {
	t.Parallel()
	b := mocks.NewBench(attached(t, mocks.Profile{
		ProductType: "iPhone10,3", ProductVersion: "12.4", ECID: 1, Trust: mocks.Trust{Polls: 1, Replug: true},
	}))
	stdout, stderr, code := runOnBench(t, b, "check", "--pair", "--json", "--timeout", "60s")
	require.Equal(t, exitOK, code, stderr)
	assert.Equal(t, "trusted", shownAt(t, stdout, "phones.0.facts.trust.value"))
	assert.Equal(t, "76", shownAt(t, stdout, "phones.0.facts.battery.value"))
}
