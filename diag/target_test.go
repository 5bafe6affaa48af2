package diag_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

func TestParseTarget(t *testing.T) {
	t.Parallel()
	const said, looked, none = diag.FromOperator, diag.FromCatalog, diag.Source("")
	for _, row := range []struct {
		name, productType, text string
		version, build          string
		versionFrom, buildFrom  diag.Source
	}{
		{"a version", "iPhone7,2", "9.1", "9.1", "", said, none},
		{"a version with spaces about it", "iPhone7,2", " 9.1\n", "9.1", "", said, none},
		{"a build", "iPhone7,2", "13D20", "9.2.1", "13D20", looked, said},
		{"version and build", "iPhone7,2", "9.2.1:13D20", "9.2.1", "13D20", said, said},
		{"the newest", "iPhone7,2", "newest", "12.5.8", "16H88", looked, looked},
		{"the newest of another model", "iPhone14,6", "newest", "26.6.1", "23G83", looked, looked},
		{"a security response", "iPhone14,6", "16.5.1 (c)", "16.5.1 (c)", "", said, none},
		{"9.2.1 without a build stays so", "iPhone7,2", "9.2.1", "9.2.1", "", said, none},
		{"a beta", "iPhone7,2", "9.3:13E5181d", "9.3", "13E5181d", said, said},
		{"Apple's twin build", "iPhone7,2", "12.5.8:16H6088", "12.5.8", "16H6088", said, said},
		{"newer than the catalog", "iPhone7,2", "12.9", "12.9", "", said, none},
		{"newer than the catalog, with a build", "iPhone7,2", "99.1:99B12", "99.1", "99B12", said, said},
		{"the first iOS of the model", "iPhone7,2", "8.0", "8.0", "", said, none},
		{"below first_ios, yet listed", "iPad4,7", "8.0.2", "8.0.2", "", said, none},
		{"no model: a version", "", "9.1", "9.1", "", said, none},
		{"no model: version and build", "", "9.2.1:13D20", "9.2.1", "13D20", said, said},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			d, _ := diag.DeviceByType(row.productType)
			version, build, err := diag.ParseTarget(d, row.text)
			require.NoError(t, err)
			assert.Equal(t, row.version, version.Value)
			assert.Equal(t, row.versionFrom, version.Source)
			assert.Equal(t, row.build, build.Value)
			assert.Equal(t, row.buildFrom, build.Source)
			if !build.Known() {
				assert.NotEmpty(t, build.Reason, "why it is not known")
			}
		})
	}
}

func TestParseTargetRefuses(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, productType, text, reason string }{
		{"nothing", "iPhone7,2", "", "neither a version such as 9.2.1"},
		{"a security response that never was", "iPhone7,2", "9.2.1 (a)", "no iOS 9.2.1 (a) is known"},
		{"no form of a target", "iPhone7,2", "latest", "neither a version such as 9.2.1"},
		{"newest in another spelling", "iPhone7,2", "Newest", "neither a version such as 9.2.1"},
		{"major 0", "iPhone7,2", "0.9", "neither a version such as 9.2.1"},
		{"a build before its version", "iPhone7,2", "13D20:9.2.1", "neither a version such as 9.2.1"},
		{"a build that is none", "iPhone7,2", "9.2.1:xyz", `"xyz" is not a build number`},
		{"a build left out", "iPhone7,2", "9.2.1:", `"" is not a build number`},
		{"below the floor", "iPhone9,1", "9.2", "the first iOS of the iPhone 7 (CDMA) was 10.0"},
		{"below the floor, by build", "iPhone9,1", "9.2:13C75", "the first iOS of the iPhone 7 (CDMA) was 10.0"},
		{"between the releases", "iPhone7,2", "9.2.2", "no iOS 9.2.2 is known for the iPhone 6; its newest is 12.5.8 (16H88)"},
		{"another model's release", "iPhone7,2", "7.1", "the first iOS of the iPhone 6 was 8.0"},
		{"another version's build", "iPhone7,2", "9.1:13D20", "13D20 is the build of iOS 9.2.1"},
		{"a build nobody lists", "iPhone7,2", "13D99", "the iPhone 6 has no such build on record; if it is right, state its version as well, as in 9.3:13D99"},
		{"a build of other models", "iPhone6,1", "13D20", "has no such build on record"},
		{"no model: newest", "", "newest", "is known only for a device of the catalog; state a version"},
		{"no model: a build", "", "13D20", "is known only for a device of the catalog; state it, as in 9.2.1:13D20"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			d, _ := diag.DeviceByType(row.productType)
			version, build, err := diag.ParseTarget(d, row.text)
			var target *diag.TargetError
			require.ErrorAs(t, err, &target)
			assert.Equal(t, row.text, target.Target)
			assert.Contains(t, target.Reason, row.reason)
			assert.Equal(t, "target "+row.text+": "+target.Reason, err.Error())
			assert.False(t, version.Known() || build.Known(), "a refusal gives nothing")
		})
	}
}

// TestParseTargetKnowsTheWholeCatalog: every release of every model can be stated
// in each form, and comes back as itself.
func TestParseTargetKnowsTheWholeCatalog(t *testing.T) {
	t.Parallel()
	for _, d := range diag.Devices() {
		for _, r := range d.Releases() {
			for _, text := range []string{r.Version.String(), r.Build.String(), r.Version.String() + ":" + r.Build.String()} {
				version, build, err := diag.ParseTarget(d, text)
				require.NoError(t, err, "%s for %s", text, d.ProductType)
				require.Equal(t, r.Version.String(), version.Value, "%s for %s", text, d.ProductType)
				require.True(t, !build.Known() || build.Value == r.Build.String(), "%s for %s", text, d.ProductType)
			}
		}
	}
}

// TestParseTargetAgreesWithTheOracle on every claim the enumeration makes.
func TestParseTargetAgreesWithTheOracle(t *testing.T) {
	t.Parallel()
	for productType, m := range models() {
		d := device(t, productType)
		for _, r := range installedOn(m, edges(m)) {
			if !r.known() {
				continue
			}
			_, _, err := diag.ParseTarget(d, r.String())
			how := listedAs(m, r)
			assert.Equal(t, how == "never" || how == "below the floor", err != nil, "%s for %s is %s: %v", r, productType, how, err)
		}
	}
}

// FuzzParseTarget: whatever is accepted is a release that can be parsed, that the
// model can have, and that says the same when stated again.
func FuzzParseTarget(f *testing.F) {
	for _, seed := range []string{"9.1", "13D20", "9.2.1:13D20", "newest", "9.3:13E5181d", "99.0", "9.2.2", "16.5.1 (c)", ":", "9.2.1:", "7.1"} {
		f.Add("iPhone7,2", seed)
		f.Add("", seed)
	}
	f.Fuzz(func(t *testing.T, productType, text string) {
		d, _ := diag.DeviceByType(productType)
		version, build, err := diag.ParseTarget(d, text)
		if err != nil {
			var target *diag.TargetError
			require.ErrorAs(t, err, &target)
			require.NotEmpty(t, target.Reason)
			return
		}
		_, err = diag.ParseVersion(version.Value)
		require.NoError(t, err, text)
		again := strings.TrimSuffix(version.Value+":"+build.Value, ":")
		v2, b2, err := diag.ParseTarget(d, again)
		require.NoError(t, err, "%q was accepted, %q was not", text, again)
		require.Equal(t, [2]string{version.Value, build.Value}, [2]string{v2.Value, b2.Value})
	})
}
