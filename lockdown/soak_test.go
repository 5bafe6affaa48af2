package lockdown_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/lockdown"
	"error53/mocks"
	"error53/usbmux"
)

// held is what a process has in hand.
type held struct {
	descriptors, goroutines int
	heap                    uint64 // bytes that are alive
}

func hold(t *testing.T) held {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("descriptors are counted where Linux lists them: ", err)
	}
	runtime.GC()
	runtime.GC() // what a finalizer let go of
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return held{len(entries), runtime.NumGoroutine(), m.HeapAlloc}
}

// sessions is how many sessions of each kind the tests below hold: few, unless the
// environment says ERROR53_SESSIONS=10000.
func sessions(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("ERROR53_SESSIONS"))
	if err != nil {
		return 30
	}
	return n
}

// Sessions leave nothing behind, however they end: no descriptor, no goroutine, and no
// memory to speak of. It does not run beside other tests, which have some of their own.
func TestSessionsLeaveNothingBehind(t *testing.T) {
	const round = 30 // sessions on a bench, whose own memory grows
	faults := func(kinds ...mocks.Kind) (profiles []mocks.Profile) {
		for _, kind := range kinds {
			p := paired("iPhone7,2", "12.5.7")
			p.Faults = []mocks.Fault{{Side: mocks.TLSServer, Kind: kind}}
			if kind == mocks.Cut {
				p.Faults[0].After = 700
			}
			profiles = append(profiles, p)
		}
		return profiles
	}
	stale, locked := paired("iPhone7,2", "12.5.7"), paired("iPhone7,2", "9.1")
	stale.Trust.State, locked.Trust.Locked = mocks.Stale, true
	for _, tt := range []struct {
		name     string
		profiles []mocks.Profile
		good     bool
	}{
		{"good", []mocks.Profile{paired("iPhone7,2", "9.1"), paired("iPhone7,2", "12.5.7"), paired("iPhone14,6", "16.7.2")}, true},
		{"failed", append(faults(mocks.Stranger, mocks.Alert, mocks.Garbage, mocks.WrongLength, mocks.Cut, mocks.Silent), stale, locked), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var phones []mocks.Phone
			for i, profile := range tt.profiles {
				profile.ECID = uint64(0x53000001 + i)
				phone, err := profile.Phone()
				require.NoError(t, err)
				phones = append(phones, phone)
			}
			holdSessions(t, tt.good, round, phones) // makes what the process needs once
			before, start, total := hold(t), time.Now(), sessions(t)
			for range total / round {
				holdSessions(t, tt.good, round, phones)
			}
			after := hold(t)
			t.Logf("%d sessions in %s: before %+v, after %+v", total, time.Since(start).Round(time.Millisecond), before, after)
			assert.Equal(t, before.descriptors, after.descriptors)
			assert.Equal(t, before.goroutines, after.goroutines)
			assert.InDelta(t, before.heap, after.heap, 1<<20)
		})
	}
}

// holdSessions opens that many sessions over a socket, with each phone in turn.
func holdSessions(t *testing.T, good bool, n int, phones []mocks.Phone) {
	t.Helper()
	b := mocks.NewBench(phones...)
	defer b.Close()
	ln, err := net.Listen("unix", filepath.Join(t.TempDir(), "mux"))
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() { done <- b.Serve(t.Context(), ln) }()
	mux := &usbmux.Client{Addr: usbmux.Address{Network: "unix", Addr: ln.Addr().String()}}
	devices, err := mux.ListDevices(t.Context())
	require.NoError(t, err)
	patience := 100 * time.Millisecond
	if good {
		patience = time.Minute
	}
	for i := range n {
		device := devices[i%len(devices)]
		require.Equal(t, good, opens(t, mux, device, patience), "%d", device.ID)
	}
	require.NoError(t, b.Close())
	<-done
}

// opens tells whether a session came about, and closes it. One that is to fail has little
// time, for that a handshake which stalls does not take long.
func opens(t *testing.T, mux *usbmux.Client, device usbmux.Device, patience time.Duration) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	phone, err := lockdown.Open(ctx, mux, device)
	if err != nil {
		require.ErrorIs(t, err, usbmux.ErrTimeout)
		return false
	}
	defer phone.Close()
	if phone.NoSession != nil {
		return false
	}
	d, err := phone.Diagnostics(ctx)
	require.NoError(t, err)
	require.NoError(t, d.Close())
	return true
}
