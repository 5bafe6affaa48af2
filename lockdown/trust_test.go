package lockdown_test

import (
	"bytes"
	"context"
	"net"
	"slices"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/lockdown"
	"error53/mocks"
	"error53/usbmux"
	"error53/usbmux/plist"
)

// pairs lets this computer be trusted, and gives the states in which that stood, each
// once in a row.
func pairs(t *testing.T, mux *usbmux.Client, with lockdown.Pairing) (states []lockdown.State, last lockdown.State, err error) {
	t.Helper()
	with.Mux = mux
	with.Tell = func(p lockdown.Progress) {
		if len(states) == 0 || states[len(states)-1] != p.State {
			states = append(states, p.State)
		}
	}
	last, err = with.Pair(t.Context(), only(t, mux))
	return states, last, err
}

// written names what was asked of the phone or of the daemon that changes anything.
func written(b *mocks.Bench) []string {
	var names []string
	for _, r := range b.Requests() {
		if r.Writes || r.Refused {
			names = append(names, r.Name)
		}
	}
	return slices.Compact(names)
}

// What somebody at the phone does, and what comes of it.
func TestPair(t *testing.T) {
	t.Parallel()
	const limit = time.Minute
	for _, tt := range []struct {
		name    string
		trust   mocks.Trust
		version string
		with    lockdown.Pairing
		states  []lockdown.State
		err     error
		took    time.Duration
		written []string
	}{
		{
			name:   "trusted already",
			trust:  mocks.Trust{State: mocks.Paired},
			states: []lockdown.State{lockdown.Checking, lockdown.AlreadyTrusted},
		},
		{
			name:    "Trust is tapped after a while",
			trust:   mocks.Trust{After: 17*time.Second + time.Millisecond},
			states:  []lockdown.State{lockdown.Checking, lockdown.MakingKeys, lockdown.WaitingForTrust, lockdown.Proving, lockdown.Paired},
			took:    18 * time.Second,
			written: []string{"Pair", "SavePairRecord"},
		},
		{
			name:    "an old phone leaves the bus at that",
			version: "9.1",
			trust:   mocks.Trust{After: 2*time.Second + 500*time.Millisecond, Replug: true},
			states:  []lockdown.State{lockdown.Checking, lockdown.MakingKeys, lockdown.WaitingForTrust, lockdown.Reconnecting, lockdown.Proving, lockdown.Paired},
			took:    4 * time.Second,
			written: []string{"Pair", "SavePairRecord"},
		},
		{
			name:    "in the last second, and the phone leaves the bus",
			version: "9.1",
			trust:   mocks.Trust{After: limit - time.Millisecond, Replug: true},
			states:  []lockdown.State{lockdown.Checking, lockdown.MakingKeys, lockdown.WaitingForTrust, lockdown.Reconnecting, lockdown.Proving, lockdown.Paired},
			took:    limit + time.Second,
			written: []string{"Pair", "SavePairRecord"},
		},
		{
			name:    "locked, then trusted",
			trust:   mocks.Trust{Locked: true, Polls: 3},
			states:  []lockdown.State{lockdown.Checking, lockdown.MakingKeys, lockdown.PasscodeNeeded, lockdown.WaitingForTrust, lockdown.Proving, lockdown.Paired},
			took:    6 * time.Second,
			written: []string{"Pair", "SavePairRecord"},
		},
		{
			name:   "trusted, but not unlocked since it started",
			trust:  mocks.Trust{State: mocks.Paired, Locked: true},
			states: []lockdown.State{lockdown.Checking, lockdown.PasscodeNeeded},
			err:    lockdown.ErrPasswordProtected,
			took:   limit,
		},
		{
			name:    "Don't Trust is tapped",
			trust:   mocks.Trust{State: mocks.Denied, After: 3500 * time.Millisecond},
			states:  []lockdown.State{lockdown.Checking, lockdown.MakingKeys, lockdown.WaitingForTrust},
			err:     lockdown.ErrTrustDenied,
			took:    4 * time.Second,
			written: []string{"Pair"},
		},
		{
			name:    "nobody is there",
			states:  []lockdown.State{lockdown.Checking, lockdown.MakingKeys, lockdown.WaitingForTrust},
			err:     lockdown.ErrTrustTimeout,
			took:    limit,
			written: []string{"Pair"},
		},
		{
			name:    "nobody is there, and less patience",
			with:    lockdown.Pairing{Limit: 2500 * time.Millisecond},
			states:  []lockdown.State{lockdown.Checking, lockdown.MakingKeys, lockdown.WaitingForTrust},
			err:     lockdown.ErrTrustPending,
			took:    2500 * time.Millisecond,
			written: []string{"Pair"},
		},
		{
			name:    "locked for good",
			trust:   mocks.Trust{Locked: true},
			states:  []lockdown.State{lockdown.Checking, lockdown.MakingKeys, lockdown.PasscodeNeeded},
			err:     lockdown.ErrPasswordProtected,
			took:    limit,
			written: []string{"Pair"},
		},
		{
			name:    "supervised",
			trust:   mocks.Trust{State: mocks.Supervised},
			states:  []lockdown.State{lockdown.Checking, lockdown.MakingKeys},
			err:     lockdown.ErrSupervised,
			written: []string{"Pair"},
		},
		{
			name:   "the phone has forgotten this computer",
			trust:  mocks.Trust{State: mocks.Stale},
			states: []lockdown.State{lockdown.Checking},
			err:    lockdown.ErrInvalidHostID,
		},
		{
			name:    "the same, and the record may be renewed",
			trust:   mocks.Trust{State: mocks.Stale, Polls: 1},
			with:    lockdown.Pairing{Renew: true},
			states:  []lockdown.State{lockdown.Checking, lockdown.MakingKeys, lockdown.WaitingForTrust, lockdown.Proving, lockdown.Paired},
			took:    time.Second,
			written: []string{"Pair", "SavePairRecord"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				version := "12.5.7"
				if tt.version != "" {
					version = tt.version
				}
				b, mux := bench(t, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: version, Trust: tt.trust})
				defer b.Close() // within the bubble
				start := time.Now()
				states, last, err := pairs(t, mux, tt.with)
				require.ErrorIs(t, err, tt.err)
				assert.Equal(t, tt.states, states)
				if tt.err == nil {
					assert.Equal(t, states[len(states)-1], last)
				}
				assert.Equal(t, tt.took, time.Since(start))
				assert.Equal(t, tt.written, written(b))
			})
		})
	}
}

// Over the network phones do not pair.
func TestPairOverTheNetwork(t *testing.T) {
	t.Parallel()
	p, err := mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "12.5.7"}.Phone()
	require.NoError(t, err)
	b := mocks.NewBench(p.OverNetwork())
	t.Cleanup(func() { b.Close() })
	_, _, err = pairs(t, &usbmux.Client{Dial: b.Dial}, lockdown.Pairing{})
	require.ErrorIs(t, err, lockdown.ErrPairingProhibited)
	assert.NotContains(t, written(b), "SavePairRecord")
}

// Whoever waits is told how long already, and how long still.
func TestProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, mux := bench(t, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "12.5.7", Trust: mocks.Trust{Polls: 4}})
		defer b.Close()
		var waits []lockdown.Progress
		pairing := lockdown.Pairing{Mux: mux, Limit: 10 * time.Second, Tell: func(p lockdown.Progress) {
			if p.State == lockdown.WaitingForTrust {
				waits = append(waits, p)
			} else {
				assert.Zero(t, p.Waited)
				assert.Zero(t, p.Left)
			}
		}}
		_, err := pairing.Pair(t.Context(), only(t, mux))
		require.NoError(t, err)
		require.Len(t, waits, 4)
		for i, p := range waits {
			second := time.Duration(i) * time.Second
			assert.Equal(t, lockdown.Progress{State: lockdown.WaitingForTrust, Waited: second, Left: 10*time.Second - second}, p)
		}
	})
}

func TestPairIsCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, mux := bench(t, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "12.5.7"})
		defer b.Close()
		device := only(t, mux)
		ctx, cancel := context.WithCancel(t.Context())
		pairing := lockdown.Pairing{Mux: mux, Tell: func(p lockdown.Progress) {
			if p.Waited == 3*time.Second {
				cancel()
			}
		}}
		_, err := pairing.Pair(ctx, device)
		require.ErrorIs(t, err, context.Canceled)
		assert.NotContains(t, written(b), "SavePairRecord")
	})
}

// A phone that does not come back is waited for as long as somebody at it would be.
func TestPhoneStaysAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, mux := bench(t, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "12.5.7"})
		defer b.Close()
		device := only(t, mux)
		time.AfterFunc(5*time.Second+time.Millisecond, func() { b.Detach(device.ID) })
		start := time.Now()
		states, _, err := pairs(t, mux, lockdown.Pairing{})
		require.ErrorIs(t, err, usbmux.ErrGone)
		assert.Equal(t, lockdown.Reconnecting, states[len(states)-1])
		assert.Equal(t, time.Minute, time.Since(start))
	})
}

// The daemon leaves with the phone just when the record is to be saved: it is saved as
// soon as they are back.
func TestRecordIsSavedWhenTheDaemonIsBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, _ := bench(t, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "12.5.7", Trust: mocks.Trust{Polls: 1}})
		defer b.Close()
		var away time.Time
		mux := &usbmux.Client{Dial: func(ctx context.Context) (net.Conn, error) {
			if len(written(b)) == 1 && away.IsZero() { // Pair was answered
				away = time.Now()
			}
			if !away.IsZero() && time.Since(away) < 700*time.Millisecond {
				return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
			}
			return b.Dial(ctx)
		}}
		states, _, err := pairs(t, mux, lockdown.Pairing{})
		require.NoError(t, err)
		assert.Equal(t, []lockdown.State{lockdown.Reconnecting, lockdown.Proving, lockdown.Paired}, states[len(states)-3:])
	})
}

// The daemon restarts between its list and the connection, and gives the number to
// another phone: that is asked who it is, and for nothing else.
func TestAnotherPhoneIsNotPaired(t *testing.T) {
	t.Parallel()
	b, direct := bench(t,
		mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "12.5.7", Trust: mocks.Trust{Polls: 1}},
		mocks.Profile{ProductType: "iPhone8,1", ProductVersion: "12.5.7", Trust: mocks.Trust{Polls: 1}})
	devices, err := direct.ListDevices(t.Context())
	require.NoError(t, err)
	dials := 0
	mux := &usbmux.Client{Dial: func(ctx context.Context) (net.Conn, error) {
		if dials++; dials == 4 { // after the check, the id of this computer, and the list
			b.Detach(devices[0].ID)
			b.Restart()
		}
		return b.Dial(ctx)
	}}
	state, err := lockdown.Pairing{Mux: mux}.Pair(t.Context(), devices[0])
	require.ErrorIs(t, err, usbmux.ErrGone)
	require.ErrorContains(t, err, "another phone")
	assert.Empty(t, state)
	assert.Empty(t, written(b))
	assert.Equal(t, []string{"QueryType", "GetValue", "GetValue UniqueDeviceID"}, asked(b, mocks.Lockdownd))
}

// What a damaged record needs: nothing is overwritten unless that is asked for.
func TestPairInPlaceOfADamagedRecord(t *testing.T) {
	t.Parallel()
	p, err := mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "12.5.7", Trust: mocks.Trust{Polls: 1}}.Phone()
	require.NoError(t, err)
	p.PairRecord = []byte("<plist><dict><key>HostID</key>")
	b := mocks.NewBench(p)
	t.Cleanup(func() { b.Close() })
	mux := &usbmux.Client{Dial: b.Dial}
	_, _, err = pairs(t, mux, lockdown.Pairing{})
	require.ErrorIs(t, err, lockdown.ErrUnusableRecord)
	assert.Empty(t, written(b))
	_, state, err := pairs(t, mux, lockdown.Pairing{Renew: true})
	require.NoError(t, err)
	assert.Equal(t, lockdown.Paired, state)
	require.NoError(t, open(t, mux).NoSession)
}

// A phone in restore mode has nothing to pair with, and gets its one QueryType.
func TestPairInRestoreMode(t *testing.T) {
	t.Parallel()
	b, mux := bench(t, mocks.Profile{ProductType: "iPhone6,2", Mode: "restore"})
	_, _, err := pairs(t, mux, lockdown.Pairing{})
	require.ErrorIs(t, err, lockdown.ErrNotLockdown)
	assert.Equal(t, []string{"QueryType"}, asked(b, mocks.Restored))
}

// tap listens to what this computer sends.
type tap struct {
	net.Conn
	mu   *sync.Mutex
	sent *bytes.Buffer
}

func (t tap) Write(p []byte) (int, error) {
	t.mu.Lock()
	t.sent.Write(p)
	t.mu.Unlock()
	return t.Conn.Write(p)
}

// The phone gets certificates and no key; the daemon gets a whole record, with the
// Wi-Fi address that was read before, and the number that the phone has by now.
func TestWhatGoesWhere(t *testing.T) {
	t.Parallel()
	b, _ := bench(t, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "12.5.7", Trust: mocks.Trust{Polls: 1}})
	var mu sync.Mutex
	var connections []*bytes.Buffer
	mux := &usbmux.Client{Dial: func(ctx context.Context) (net.Conn, error) {
		conn, err := b.Dial(ctx)
		sent := &bytes.Buffer{}
		mu.Lock()
		defer mu.Unlock()
		connections = append(connections, sent)
		return tap{conn, &mu, sent}, err
	}}
	device := only(t, mux)
	_, _, err := pairs(t, mux, lockdown.Pairing{})
	require.NoError(t, err)
	saved, err := mux.ReadPairRecord(t.Context(), device.UDID())
	require.NoError(t, err)
	record, err := plist.DecodeDict(saved.Bytes())
	require.NoError(t, err)
	for _, key := range []string{"DeviceCertificate", "HostCertificate", "RootCertificate", "HostPrivateKey", "RootPrivateKey", "EscrowBag"} {
		data, ok := record.Data(key)
		assert.True(t, ok && len(data) > 0, key)
	}
	assert.Equal(t, open(t, mux).Public["WiFiAddress"], record["WiFiMACAddress"])
	assert.Regexp(t, `^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$`, record["HostID"])

	require.NoError(t, b.Close())
	var saves int
	for _, sent := range connections {
		if bytes.Contains(sent.Bytes(), []byte("SavePairRecord")) {
			saves++
			continue
		}
		assert.NotContains(t, sent.String(), "PrivateKey")
		assert.NotContains(t, sent.String(), "PRIVATE")
	}
	assert.Equal(t, 1, saves)
}
