package inspect

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/usbmux/plist"
)

// FuzzValues: whatever a phone puts under whatever key, each fact is known in the
// form it must have, or not known with a reason.
func FuzzValues(f *testing.F) {
	seeds, err := filepath.Glob("testdata/*.plist")
	require.NoError(f, err)
	require.NotEmpty(f, seeds)
	for _, seed := range seeds {
		data, err := os.ReadFile(seed)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Add([]byte(`<plist version="1.0"><dict><key>ActivationState</key><string>Activated</string>
		<key>LastiTunesBackupDate</key><integer>681028961</integer><key>TimeIntervalSince1970</key><real>1792670400.25</real>
		<key>com.apple.mobile.battery</key><dict><key>BatteryCurrentCapacity</key><integer>101</integer></dict>
		<key>com.apple.disk_usage</key><dict><key>TotalDiskCapacity</key><integer>-1</integer></dict><key>IsAssociated</key><false/></dict></plist>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		values, err := plist.DecodeDict(data)
		if err != nil {
			return
		}
		for _, facts := range []diag.Facts{lockdownFacts(values), restoredFacts(values)} {
			wellFormed(t, facts.ProductType, typeText)
			wellFormed(t, facts.HardwareModel, boardText)
			wellFormed(t, facts.InstalledVersion, versionText)
			wellFormed(t, facts.InstalledBuild, buildText)
			wellFormed(t, facts.UDID, udidText)
			wellFormed(t, facts.SerialNumber, serialText)
			wellFormed(t, facts.MarketingName, anyText)
			wellFormed(t, facts.IBoot, ibootText)
			wellFormed(t, facts.APNonce, nonceText)
			wellFormed(t, facts.SEPNonce, nonceText)
			require.True(t, facts.InstalledRange.Known() != (facts.InstalledRange.Reason != ""))
			require.True(t, !facts.ECID.Known() || facts.ECID.Value != 0)
			require.LessOrEqual(t, facts.Battery.Value, uint8(100))
			require.Equal(t, facts.FindMy.Known(), facts.FindMy.Value, "on, or not known")
			require.True(t, !facts.Activation.Known() || slices.Contains(diag.Activations, facts.Activation.Value))
			for _, at := range []diag.Fact[time.Time]{facts.LastBackup, facts.LastCloudBackup, facts.ReadAt} {
				require.True(t, !at.Known() && at.Reason != "" || at.Value.Year() >= 2007 && at.Value.Year() <= 2106, "%v", at)
			}
			diag.Decide(facts)
		}
	})
}

func wellFormed(t *testing.T, fact diag.Fact[string], f form) {
	t.Helper()
	if fact.Known() {
		require.True(t, f.check(fact.Value), "%q is not %s", fact.Value, f.name)
	} else {
		require.NotEmpty(t, fact.Reason)
	}
}
