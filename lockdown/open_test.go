package lockdown_test

import (
	"context"
	"crypto/tls"
	"net"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/lockdown"
	"error53/mocks"
	"error53/usbmux"
	"error53/usbmux/plist"
)

// paired is a phone that trusts this computer.
func paired(productType, version string) mocks.Profile {
	return mocks.Profile{ProductType: productType, ProductVersion: version, Trust: mocks.Trust{State: mocks.Paired}}
}

// only gives the one phone that is listed.
func only(t *testing.T, mux *usbmux.Client) usbmux.Device {
	t.Helper()
	devices, err := mux.ListDevices(t.Context())
	require.NoError(t, err)
	require.Len(t, devices, 1)
	return devices[0]
}

// open opens the one phone that is listed.
func open(t *testing.T, mux *usbmux.Client) lockdown.Phone {
	t.Helper()
	phone, err := lockdown.Open(t.Context(), mux, only(t, mux))
	require.NoError(t, err)
	t.Cleanup(func() { phone.Close() })
	return phone
}

// asked names what a side of the bench was asked, those of a session with a star.
func asked(b *mocks.Bench, side mocks.Side) []string {
	var names []string
	for _, r := range b.Requests() {
		if r.Side != side {
			continue
		}
		name := r.Name
		if r.Domain != "" {
			name += " " + r.Domain
		}
		if r.Key != "" {
			name += " " + r.Key
		}
		if r.Session {
			name += " *"
		}
		names = append(names, name)
	}
	return names
}

// What a phone is offered, and what it takes, by its iOS.
func TestOpenSpeaksTheTLSOfThePhone(t *testing.T) {
	t.Parallel()
	const v10, v12, v13 = tls.VersionTLS10, tls.VersionTLS12, tls.VersionTLS13
	for _, tt := range []struct {
		product, version string
		tls              mocks.TLS
		offered          []uint16 // the newest, of each handshake
		agreed           uint16
	}{
		{"iPhone6,1", "7.1.2", "", []uint16{v10}, v10},
		{"iPhone6,1", "8.3", "", []uint16{v10}, v10},
		{"iPhone7,2", "9.1", "", []uint16{v10}, v10},
		{"iPhone7,2", "9.3.6", mocks.MiddleTLS, []uint16{v10}, v10},
		{"iPhone7,2", "10.3.3", "", []uint16{v13}, v12},
		{"iPhone7,2", "11.4.1", mocks.OldTLS, []uint16{v13, v10}, v10},
		{"iPhone7,2", "12.5.7", "", []uint16{v13}, v12},
		{"iPhone14,6", "16.7.2", "", []uint16{v13}, v13},
	} {
		t.Run(tt.version, func(t *testing.T) {
			t.Parallel()
			profile := paired(tt.product, tt.version)
			profile.TLS = tt.tls
			b, mux := bench(t, profile)
			phone := open(t, mux)
			require.NoError(t, phone.NoSession)
			serial, err := phone.GetValue(t.Context(), "", "SerialNumber")
			require.NoError(t, err)
			assert.NotEmpty(t, serial)
			require.NoError(t, phone.Close())
			require.NoError(t, b.Close()) // all handshakes have ended
			handshakes := b.Handshakes()
			slices.SortFunc(handshakes, func(a, b mocks.Handshake) int { return a.Connection - b.Connection })
			var offered []uint16
			for _, h := range handshakes {
				offered = append(offered, h.Offered)
			}
			require.Equal(t, tt.offered, offered)
			last := handshakes[len(offered)-1]
			assert.Equal(t, tt.agreed, last.Version)
			if tt.tls == mocks.OldTLS || tt.agreed == v10 && tt.tls == "" {
				assert.Contains(t, tls.CipherSuiteName(last.CipherSuite), "TLS_RSA_WITH_AES")
			}
		})
	}
}

// All that a paired check asks before services: two connections, eight requests.
func TestOpenCostsFewRoundTrips(t *testing.T) {
	t.Parallel()
	b, mux := bench(t, paired("iPhone7,2", "9.1"))
	phone := open(t, mux)
	require.NoError(t, phone.NoSession)
	assert.NotContains(t, phone.Public, "SerialNumber")
	values, err := phone.Values(t.Context(), "")
	require.NoError(t, err)
	assert.Contains(t, values, "SerialNumber")
	assert.Contains(t, values, "ActivationState")
	for _, domain := range []string{"com.apple.mobile.backup", "com.apple.mobile.battery", "com.apple.disk_usage"} {
		_, err := phone.Values(t.Context(), domain)
		require.NoError(t, err, domain)
	}
	_, err = phone.GetValue(t.Context(), "com.apple.fmip", "IsAssociated")
	require.NoError(t, err)

	assert.Equal(t, 2, b.Connections())
	assert.Equal(t, []string{"ListDevices", "ReadPairRecord " + only(t, mux).UDID(), "Connect", "ListDevices"}, asked(b, mocks.Usbmuxd))
	assert.Equal(t, []string{
		"QueryType", "GetValue", "StartSession", "GetValue *",
		"GetValue com.apple.mobile.backup *", "GetValue com.apple.mobile.battery *", "GetValue com.apple.disk_usage *",
		"GetValue com.apple.fmip IsAssociated *",
	}, asked(b, mocks.Lockdownd))
}

// A phone that is not paired is asked no more than before there were sessions.
func TestOpenWithoutARecord(t *testing.T) {
	t.Parallel()
	b, mux := bench(t, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.1"})
	phone := open(t, mux)
	require.ErrorIs(t, phone.NoSession, usbmux.ErrNoRecord)
	assert.Equal(t, "9.1", phone.Public["ProductVersion"])
	assert.Equal(t, []string{"QueryType", "GetValue"}, asked(b, mocks.Lockdownd))
	assert.Equal(t, 2, b.Connections())
	_, err := phone.GetValue(t.Context(), "", "SerialNumber")
	require.ErrorIs(t, err, lockdown.ErrGetProhibited)
	_, err = phone.Diagnostics(t.Context())
	require.ErrorIs(t, err, lockdown.ErrSessionInactive)
}

func TestOpenInRestoreMode(t *testing.T) {
	t.Parallel()
	b, mux := bench(t, mocks.Profile{ProductType: "iPhone6,2", Mode: diag.Restore})
	phone := open(t, mux)
	assert.True(t, phone.Identity.Restored)
	assert.Equal(t, "N53AP", phone.Identity.HardwareModel)
	require.ErrorIs(t, phone.NoSession, lockdown.ErrNotLockdown)
	assert.Equal(t, []string{"QueryType"}, asked(b, mocks.Restored))
	assert.Equal(t, []string{"ListDevices", "Connect"}, asked(b, mocks.Usbmuxd))
}

// Why there is no session. What the phone tells everybody stands each time, and nothing
// is asked in a session that did not come about.
func TestNoSession(t *testing.T) {
	t.Parallel()
	spoiled := func(kind mocks.Kind) func(*mocks.Profile) {
		return func(p *mocks.Profile) { p.Faults = []mocks.Fault{{Side: mocks.TLSServer, Kind: kind}} }
	}
	for _, tt := range []struct {
		name  string
		with  func(*mocks.Profile)
		want  error
		ended bool // the connection is closed
	}{
		{"the phone has forgotten this computer", func(p *mocks.Profile) { p.Trust.State = mocks.Stale }, lockdown.ErrInvalidHostID, false},
		{"not unlocked since it started", func(p *mocks.Profile) { p.Trust.Locked = true }, lockdown.ErrPasswordProtected, false},
		{"a stranger's certificate", spoiled(mocks.Stranger), lockdown.ErrStranger, true},
		{"no TLS at all", func(p *mocks.Profile) { p.TLS = mocks.NoTLS }, lockdown.ErrStranger, true},
		{"the phone will have none of this TLS", func(p *mocks.Profile) { p.TLS = mocks.OldTLS; p.ProductVersion = "12.5.7" }, lockdown.ErrHandshake, true},
		{"an alert, and TLS bytes after it", spoiled(mocks.Alert), lockdown.ErrHandshake, true},
		{"garbage", spoiled(mocks.Garbage), lockdown.ErrHandshake, true},
		{"a record that is too long", spoiled(mocks.WrongLength), lockdown.ErrHandshake, true},
		{"unplugged after StartSession", spoiled(mocks.Vanish), usbmux.ErrGone, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			profile := paired("iPhone7,2", "9.1")
			tt.with(&profile)
			b, mux := bench(t, profile)
			phone := open(t, mux)
			require.ErrorIs(t, phone.NoSession, tt.want)
			assert.Equal(t, "iPhone7,2", phone.Public["ProductType"])
			_, err := phone.GetValue(t.Context(), "", "ProductType")
			if tt.ended {
				require.ErrorIs(t, err, usbmux.ErrGone)
			} else {
				require.NoError(t, err)
			}
			for _, r := range b.Requests() {
				assert.False(t, r.Session, "%s in a session", r.Name)
			}
		})
	}
}

// A stranger gets this computer's HostID, and nothing is read from it.
func TestNothingIsReadFromAStranger(t *testing.T) {
	t.Parallel()
	profile := paired("iPhone14,6", "16.7.2")
	profile.Faults = []mocks.Fault{{Side: mocks.TLSServer, Kind: mocks.Stranger}}
	b, mux := bench(t, profile)
	phone := open(t, mux)
	require.ErrorIs(t, phone.NoSession, lockdown.ErrStranger)
	require.NotErrorIs(t, phone.NoSession, lockdown.ErrHandshake)
	_, err := phone.Values(t.Context(), "")
	require.ErrorIs(t, err, usbmux.ErrGone)
	_, err = phone.Diagnostics(t.Context())
	require.ErrorIs(t, err, lockdown.ErrSessionInactive)
	require.NoError(t, b.Close()) // all that was on its way has come
	assert.Equal(t, []string{"QueryType", "GetValue", "StartSession"}, asked(b, mocks.Lockdownd))
	require.Len(t, b.Handshakes(), 1)
	require.Error(t, b.Handshakes()[0].Err, "the phone's end failed as well")
}

// A handshake that stalls is given up after its own time, which a caller with less
// patience cuts short.
func TestHandshakeStalls(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		patience time.Duration
		want     time.Duration
	}{
		{"a patient caller", time.Minute, 10 * time.Second},
		{"an impatient one", 3 * time.Second, 3 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				profile := paired("iPhone7,2", "9.1")
				profile.Faults = []mocks.Fault{{Side: mocks.TLSServer, Kind: mocks.Silent}}
				b, mux := bench(t, profile)
				defer b.Close() // within the bubble
				device := only(t, mux)
				ctx, cancel := context.WithTimeout(t.Context(), tt.patience)
				defer cancel()
				start := time.Now()
				phone, err := lockdown.Open(ctx, mux, device)
				require.NoError(t, err)
				defer phone.Close()
				require.ErrorIs(t, phone.NoSession, usbmux.ErrTimeout)
				assert.Equal(t, tt.want, time.Since(start))
				assert.Equal(t, "9.1", phone.Public["ProductVersion"])
			})
		})
	}
}

// lockdownd hangs up on whoever says nothing for half a minute. The error says so.
func TestIdleSession(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, mux := bench(t, paired("iPhone7,2", "9.1"))
		defer b.Close()
		phone, err := lockdown.Open(t.Context(), mux, only(t, mux))
		require.NoError(t, err)
		defer phone.Close()
		require.NoError(t, phone.NoSession)
		time.Sleep(31 * time.Second)
		_, err = phone.Values(t.Context(), "com.apple.disk_usage")
		require.ErrorIs(t, err, usbmux.ErrGone)
		assert.ErrorContains(t, err, "31s")
	})
}

// Refusals in the middle of a session are about the value alone.
func TestRefusalsInASession(t *testing.T) {
	t.Parallel()
	p, err := paired("iPhone7,2", "12.5.7").Phone()
	require.NoError(t, err)
	p.Errors = map[string]string{
		"com.apple.mobile.backup":     "GetProhibited",
		"com.apple.fmip/IsAssociated": "MissingValue",
		"com.apple.mobile.battery":    "PasswordProtected",
	}
	b := mocks.NewBench(p)
	t.Cleanup(func() { b.Close() })
	mux := &usbmux.Client{Dial: b.Dial}
	phone := open(t, mux)
	require.NoError(t, phone.NoSession)
	_, err = phone.Values(t.Context(), "com.apple.mobile.backup")
	require.ErrorIs(t, err, lockdown.ErrGetProhibited)
	_, err = phone.GetValue(t.Context(), "com.apple.fmip", "IsAssociated")
	require.ErrorIs(t, err, lockdown.ErrMissingValue)
	_, err = phone.Values(t.Context(), "com.apple.mobile.battery")
	require.ErrorIs(t, err, lockdown.ErrPasswordProtected)
	usage, err := phone.Values(t.Context(), "com.apple.disk_usage")
	require.NoError(t, err)
	assert.NotEmpty(t, usage)
}

// A phone bears one session at a time.
func TestOneSessionAtATime(t *testing.T) {
	t.Parallel()
	b, mux := bench(t, paired("iPhone7,2", "12.5.7"))
	device := only(t, mux)
	var open, most int
	var mu sync.Mutex
	count := func(by int) {
		mu.Lock()
		defer mu.Unlock()
		open += by
		most = max(most, open)
	}
	var work sync.WaitGroup
	for range 8 {
		work.Go(func() {
			phone, err := lockdown.Open(t.Context(), mux, device)
			if !assert.NoError(t, err) || !assert.NoError(t, phone.NoSession) {
				return
			}
			count(1)
			_, err = phone.Values(t.Context(), "com.apple.disk_usage")
			assert.NoError(t, err)
			count(-1)
			assert.NoError(t, phone.Close())
		})
	}
	work.Wait()
	assert.Equal(t, 1, most)
	assert.Len(t, b.Handshakes(), 8)
}

// Who waits for another's session waits no longer than it has time, and reads what the
// phone tells everybody.
func TestWaitForAnothersSession(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, mux := bench(t, paired("iPhone7,2", "12.5.7"))
		defer b.Close() // within the bubble
		device := only(t, mux)
		first, err := lockdown.Open(t.Context(), mux, device)
		require.NoError(t, err)
		require.NoError(t, first.NoSession)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		second, err := lockdown.Open(ctx, mux, device)
		require.NoError(t, err)
		defer second.Close()
		require.ErrorIs(t, second.NoSession, usbmux.ErrTimeout)
		assert.Equal(t, "12.5.7", second.Public["ProductVersion"])
		require.NoError(t, first.Close())
		third, err := lockdown.Open(t.Context(), mux, device)
		require.NoError(t, err)
		defer third.Close()
		require.NoError(t, third.NoSession)
	})
}

// Another phone answers under the number of the one that was listed: it gets no
// credentials.
func TestNoSessionWithAnotherPhone(t *testing.T) {
	t.Parallel()
	b, mux := bench(t, paired("iPhone7,2", "12.5.7"), paired("iPhone8,1", "12.5.7"))
	devices, err := mux.ListDevices(t.Context())
	require.NoError(t, err)
	require.Len(t, devices, 2)
	swapped := devices[0]
	swapped.ID = devices[1].ID
	phone, err := lockdown.Open(t.Context(), mux, swapped)
	require.NoError(t, err)
	defer phone.Close()
	require.ErrorIs(t, phone.NoSession, usbmux.ErrGone)
	assert.ErrorContains(t, phone.NoSession, "another phone")
	assert.NotContains(t, asked(b, mocks.Lockdownd), "StartSession")
}

// What Open cannot do without.
func TestOpenFails(t *testing.T) {
	t.Parallel()
	t.Run("no daemon", func(t *testing.T) {
		t.Parallel()
		mux := &usbmux.Client{Dial: func(context.Context) (net.Conn, error) { return nil, &net.OpError{Op: "dial", Err: net.ErrClosed} }}
		_, err := lockdown.Open(t.Context(), mux, usbmux.Device{ID: 1})
		require.ErrorIs(t, err, usbmux.ErrNoDaemon)
	})
	t.Run("gone before the values", func(t *testing.T) {
		t.Parallel()
		profile := paired("iPhone7,2", "9.1")
		profile.Faults = []mocks.Fault{{Side: mocks.Lockdownd, Kind: mocks.Vanish, After: 1}}
		_, mux := bench(t, profile)
		phone, err := lockdown.Open(t.Context(), mux, only(t, mux))
		require.ErrorIs(t, err, usbmux.ErrGone)
		assert.Equal(t, lockdown.TypeLockdown, phone.Identity.Type, "what came before stands")
	})
}

// recordOf is what the host keeps of a phone.
func recordOf(t *testing.T, b *mocks.Bench, p mocks.Phone) plist.Dict {
	t.Helper()
	record, err := (&usbmux.Client{Dial: b.Dial}).ReadPairRecord(t.Context(), p.UDID)
	require.NoError(t, err)
	values, err := plist.DecodeDict(record.Bytes())
	require.NoError(t, err)
	return values
}

// Real daemons hand out either form of property list.
func TestBinaryRecord(t *testing.T) {
	t.Parallel()
	b, p := pairedPhone(t, "iPhone7,2", "9.1")
	var err error
	p.PairRecord, err = plist.EncodeBinary(recordOf(t, b, p))
	require.NoError(t, err)
	b.Detach(1)
	b.Attach(p) // the phone has not forgotten this computer
	require.NoError(t, open(t, &usbmux.Client{Dial: b.Dial}).NoSession)
}

// pairedPhone is a phone that trusts this computer, and its bench.
func pairedPhone(t *testing.T, productType, version string) (*mocks.Bench, mocks.Phone) {
	t.Helper()
	p, err := paired(productType, version).Phone()
	require.NoError(t, err)
	b := mocks.NewBench(p)
	t.Cleanup(func() { b.Close() })
	return b, p
}
