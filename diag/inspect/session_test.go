package inspect_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/inspect"
	"error53/lockdown"
	"error53/mocks"
	"error53/usbmux"
	"error53/usbmux/plist"
)

// told are the domains of a phone that trusts this computer.
func told() map[string]plist.Dict {
	return map[string]plist.Dict{
		"com.apple.mobile.backup":  {"LastiTunesBackupDate": uint64(681028961), "WillEncrypt": true, "CloudBackupEnabled": false},
		"com.apple.disk_usage":     {"TotalDiskCapacity": uint64(16_000_000_000), "AmountDataAvailable": uint64(3_100_000_000)},
		"com.apple.mobile.battery": {"BatteryCurrentCapacity": uint64(12), "BatteryIsCharging": true},
		"com.apple.fmip":           {"IsAssociated": true},
	}
}

// trusting is an iPhone X, which has no Touch ID sensor, that trusts this computer.
func trusting(faults ...mocks.Fault) mocks.Profile {
	return mocks.Profile{
		ProductType: "iPhone10,3", ProductVersion: "12.4", Name: "Carla", ECID: 0x53d4,
		Trust: mocks.Trust{State: mocks.Paired}, Domains: told(), Faults: faults,
	}
}

// A phone that trusts this computer tells more, in one session, for which one connection
// beside the list's and eight requests to lockdownd are enough.
func TestReadTrusted(t *testing.T) {
	for _, version := range []string{"11.2", "12.4", "16.7.12"} {
		t.Run(version, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				profile := trusting()
				profile.ProductVersion = version
				b, i := onBench(t, attached(t, profile))
				i.Now = func() time.Time { return time.Date(2022, 9, 4, 12, 0, 0, 0, time.UTC) }
				read := readAll(t, i)[0]
				require.NoError(t, read.Err)
				require.NoError(t, read.NoSession)

				f := read.Facts
				assert.Equal(t, diag.Known(diag.Trusted, diag.FromLockdown), f.Trust)
				assert.Equal(t, diag.Known(i.Now(), diag.FromClock), f.ReadAt)
				assert.Equal(t, diag.Known(diag.Activated, diag.FromLockdown), f.Activation)
				assert.Equal(t, diag.Known(false, diag.FromLockdown), f.PasscodeLocked)
				assert.Equal(t, "34 days ago", diag.Ago(f.LastBackup.Value, f.ReadAt))
				assert.Equal(t, diag.Known(true, diag.FromLockdown), f.BackupEncrypted)
				assert.Equal(t, diag.Known(false, diag.FromLockdown), f.CloudBackup)
				assert.Equal(t, "lockdownd did not give it", f.LastCloudBackup.Reason)
				assert.Equal(t, diag.Known(true, diag.FromLockdown), f.FindMy)
				assert.Equal(t, diag.Known(uint64(16_000_000_000), diag.FromLockdown), f.Capacity)
				assert.Equal(t, diag.Known(uint64(3_100_000_000), diag.FromLockdown), f.FreeSpace)
				assert.Equal(t, diag.Known(uint8(12), diag.FromLockdown), f.Battery)
				assert.Equal(t, diag.Known(true, diag.FromLockdown), f.Charging)
				assert.Equal(t, diag.Known("E53M000053D4", diag.FromLockdown), f.SerialNumber)
				assert.Equal(t, "no model with a Touch ID sensor", f.SensorTrace.Reason)

				assert.Equal(t, 2, b.Connections())
				assert.Len(t, ofSide(b, mocks.Lockdownd), 8)
				assert.Equal(t, 1, b.MaxPerPhone())
			})
		})
	}
}

// ofSide names the requests that one side got.
func ofSide(b *mocks.Bench, side mocks.Side) (names []string) {
	for _, r := range b.Requests() {
		if r.Side == side {
			names = append(names, fmt.Sprint(r.Name, " ", r.Domain, " ", r.Key))
		}
	}
	return names
}

// The trust that is missing has a name where it has one, the verdict stands, and what
// would take a session is not known for that reason.
func TestReadWithoutSession(t *testing.T) {
	for _, row := range []struct {
		name  string
		spoil func(*mocks.Profile)
		trust diag.Trust
		err   error
	}{
		{"never trusted", func(p *mocks.Profile) { p.Trust = mocks.Trust{} }, diag.NotTrusted, usbmux.ErrNoRecord},
		{"forgotten", func(p *mocks.Profile) { p.Trust.State = mocks.Stale }, diag.TrustStale, lockdown.ErrInvalidHostID},
		{"locked since it started", func(p *mocks.Profile) { p.Trust.Locked = true }, diag.TrustLocked, lockdown.ErrPasswordProtected},
		{"a record of nothing", func(p *mocks.Profile) { p.PairRecord = []byte("<plist><dict/></plist>") }, diag.TrustUnusable, lockdown.ErrUnusableRecord},
		{"a record cut short", func(p *mocks.Profile) { p.PairRecord = []byte("<plist><dict><key>HostID</key>") }, diag.TrustUnusable, lockdown.ErrUnusableRecord},
		{"a record that is none", func(p *mocks.Profile) { p.PairRecord = []byte("\x00") }, diag.TrustUnusable, lockdown.ErrUnusableRecord},
		{"the certificate of a stranger", func(p *mocks.Profile) { p.Faults = []mocks.Fault{{Side: mocks.TLSServer, Kind: mocks.Stranger}} }, diag.TrustForeign, lockdown.ErrStranger},
		{"a handshake that stalls", func(p *mocks.Profile) { p.Faults = []mocks.Fault{{Side: mocks.TLSServer, Kind: mocks.Silent}} }, "", usbmux.ErrTimeout},
		{"a handshake that fails", func(p *mocks.Profile) { p.Faults = []mocks.Fault{{Side: mocks.TLSServer, Kind: mocks.Alert}} }, "", lockdown.ErrHandshake},
		{"a handshake of garbage", func(p *mocks.Profile) { p.Faults = []mocks.Fault{{Side: mocks.TLSServer, Kind: mocks.Garbage}} }, "", lockdown.ErrHandshake},
		{"no TLS at all", func(p *mocks.Profile) { p.TLS = mocks.NoTLS }, diag.TrustForeign, lockdown.ErrStranger},
		{"it hangs in the middle", func(p *mocks.Profile) {
			p.Faults = []mocks.Fault{{Side: mocks.Lockdownd, Kind: mocks.Silent, After: 2}}
		}, "", usbmux.ErrTimeout},
		{"it is pulled in the middle", func(p *mocks.Profile) {
			p.Faults = []mocks.Fault{{Side: mocks.Lockdownd, Kind: mocks.Vanish, After: 2}}
		}, "", usbmux.ErrGone},
		{"garbage in the middle", func(p *mocks.Profile) {
			p.Faults = []mocks.Fault{{Side: mocks.Lockdownd, Kind: mocks.Garbage, After: 2}}
		}, "", usbmux.ErrProtocol},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				profile := trusting()
				row.spoil(&profile)
				b, i := onBench(t, attached(t, profile))
				read := readAll(t, i)[0]
				require.NoError(t, read.Err, "the phone was read")
				assert.ErrorIs(t, read.NoSession, row.err)
				assert.Equal(t, diag.RiskNone, diag.Decide(read.Facts).Risk, "and the verdict stands")
				assert.Equal(t, "Carla", read.Facts.DeviceName.Value)
				assert.Equal(t, row.trust, read.Facts.Trust.Value)
				assert.NotEmpty(t, read.Facts.Trust.Reason)
				assert.True(t, read.Facts.ReadAt.Known())
				assert.Equal(t, "lockdownd gives it only to a computer that the phone trusts", read.Facts.LastBackup.Reason)
				assert.LessOrEqual(t, len(ofSide(b, mocks.Lockdownd)), 3, "nothing was asked beyond StartSession")
				for _, r := range b.Requests() {
					assert.False(t, r.Refused || r.Writes, "%+v", r)
				}
			})
		})
	}
}

// A domain that is kept back, is missing, or is nonsense leaves the others as they are.
func TestReadDomainsFailAlone(t *testing.T) {
	for _, row := range []struct {
		name  string
		spoil func(*mocks.Phone)
		want  string // why there is no date of a backup
	}{
		{"missing", func(p *mocks.Phone) { delete(p.Domains, "com.apple.mobile.backup") }, "lockdownd does not give it: the phone answers MissingValue"},
		{"withheld", func(p *mocks.Phone) { p.Errors = map[string]string{"com.apple.mobile.backup": "GetProhibited"} }, "lockdownd does not give it: the phone answers GetProhibited"},
		{"locked by now", func(p *mocks.Phone) { p.Errors = map[string]string{"com.apple.mobile.backup": "PasswordProtected"} }, "lockdownd does not give it: the phone answers PasswordProtected"},
		{"empty", func(p *mocks.Phone) { p.Domains["com.apple.mobile.backup"] = plist.Dict{} }, "lockdownd did not give it"},
		{"of other types", func(p *mocks.Phone) {
			p.Domains["com.apple.mobile.backup"] = plist.Dict{"LastiTunesBackupDate": "soon", "WillEncrypt": "maybe"}
		}, "lockdownd gave it in a form that is no time"},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				phone := attached(t, trusting())
				row.spoil(&phone)
				_, i := onBench(t, phone)
				read := readAll(t, i)[0]
				require.NoError(t, read.Err)
				assert.NoError(t, read.NoSession)
				assert.Equal(t, row.want, read.Facts.LastBackup.Reason)
				assert.False(t, read.Facts.BackupEncrypted.Known())
				assert.Equal(t, uint8(12), read.Facts.Battery.Value)
				assert.True(t, read.Facts.FindMy.Value)
			})
		})
	}
}

// A session that ends in the middle leaves what was read by then, and the verdict. The
// one deadline of the phone holds.
func TestReadSessionEnds(t *testing.T) {
	for _, kind := range []mocks.Kind{mocks.Silent, mocks.Cut, mocks.Garbage, mocks.WrongLength, mocks.WrongType, mocks.WrongTag, mocks.Vanish} {
		for after := 4; after < 8; after++ {
			fault := mocks.Fault{Side: mocks.Lockdownd, Kind: kind, After: after}
			if kind == mocks.Cut {
				fault.After = after * 1500
			}
			t.Run(fmt.Sprintf("%s after %d", kind, fault.After), func(t *testing.T) {
				inBubble(t, func(t *testing.T) {
					_, i := onBench(t, attached(t, trusting(fault)))
					start := time.Now()
					read := readAll(t, i)[0]
					require.NoError(t, read.Err)
					assert.LessOrEqual(t, time.Since(start), inspect.DefaultTimeout)
					assert.Equal(t, diag.RiskNone, diag.Decide(read.Facts).Risk)
					assert.Equal(t, "12.4", read.Facts.InstalledVersion.Value)
					if kind != mocks.Cut {
						assert.ErrorIs(t, read.NoSession, sentinelOf[kind])
						assert.Equal(t, diag.Trusted, read.Facts.Trust.Value)
						assert.True(t, read.Facts.SerialNumber.Known(), "told by the first answer of the session")
						assert.Equal(t, after > 4, read.Facts.LastBackup.Known(), "by the second")
						assert.False(t, read.Facts.FindMy.Known(), "by the last")
					}
				})
			})
		}
	}
}
