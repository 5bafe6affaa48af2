package diag_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

// TestNewCaseDefaults: what nobody has said.
func TestNewCaseDefaults(t *testing.T) {
	t.Parallel()
	c := diag.NewCase(diag.Facts{})
	assert.Equal(t, diag.Case{Mode: diag.Normal, Repair: diag.RepairUnknown, TouchID: diag.TouchIDUnknown}, c)
	assert.Equal(t, diag.WayNotStated, c.Way)
}

// TestNewCaseParses what was said, whoever said it.
func TestNewCaseParses(t *testing.T) {
	t.Parallel()
	c := diag.NewCase(diag.Facts{
		Mode:             diag.Known(diag.Recovery, diag.FromUSB),
		ProductType:      diag.Known("iPhone7,2", diag.FromLockdown),
		InstalledVersion: diag.Known("9.2.1", diag.FromLockdown),
		InstalledBuild:   diag.Known("13D15", diag.FromLockdown),
		Repair:           diag.Known(diag.Damaged, diag.FromOperator),
		TouchID:          diag.Known(diag.TouchIDNo, diag.FromOperator),
		TargetVersion:    diag.Known("12.5.8", diag.FromCatalog),
		TargetBuild:      diag.Known("16H88", diag.FromCatalog),
		Way:              diag.Known(diag.OTA, diag.FromOperator),
	})
	assert.Equal(t, diag.Case{
		ProductType: "iPhone7,2", Device: device(t, "iPhone7,2"), Mode: diag.Recovery,
		Installed: mustParse("9.2.1", "13D15"), Repair: diag.Damaged, TouchID: diag.TouchIDNo,
		Target: mustParse("12.5.8", "16H88"), Way: diag.OTA,
	}, c)
}

// TestNewCaseTakesGarbageForNothing: a phone may answer anything.
func TestNewCaseTakesGarbageForNothing(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, version, build string
		want                 diag.Release
	}{
		{"no version", "", "13D20", diag.Release{}},
		{"a version that is none", "nine", "13D20", diag.Release{}},
		{"a build that is none", "9.2.1", "thirteen", mustParse("9.2.1", "")},
		{"a build with an escape sequence", "9.2.1", "13D20\x1b[2J", mustParse("9.2.1", "")},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := situation{productType: "iPhone7,2"}
			s.installed.version, s.installed.build = row.version, row.build
			s.target = s.installed
			c := diag.NewCase(s.facts())
			assert.Equal(t, row.want, c.Installed)
			assert.Equal(t, row.want, c.Target)
			assert.Empty(t, c.Contradiction())
		})
	}
}

// TestContradiction: what a model cannot be running, and what it can although the
// catalog does not list it.
func TestContradiction(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, productType string
		installed         release
		because           string // "" for no contradiction
	}{
		{"nothing known", "iPhone7,2", release{}, ""},
		{"listed", "iPhone7,2", rel("9.1", "13B143"), ""},
		{"listed, no build", "iPhone7,2", rel("9.1", ""), ""},
		{"a beta", "iPhone7,2", rel("9.3", "13E5181d"), ""},
		{"Apple's twin", "iPhone7,2", rel("12.5.8", "16H6088"), ""},
		{"newer than the catalog", "iPhone7,2", rel("12.6", "16X1"), ""},
		{"older than the catalog, on a model older than it", "iPhone3,1", rel("5.1.1", "9B206"), ""},
		{"a security response under its plain version", "iPhone14,6", rel("16.5.1", "20F770750d"), ""},
		{"the version of a model the catalog lacks", "iPhone99,1", rel("9.1", ""), ""},
		{"the lowest listed release lies below first_ios", "iPad4,7", rel("8.0.2", "12A405"), ""},

		{"below the floor", "iPhone9,1", rel("9.2", ""), "it claims iOS 9.2, but the first iOS of the iPhone 7 (CDMA) was 10.0"},
		{"below the lowest listed", "iPad4,7", rel("8.0", ""), "the first iOS of the iPad mini 3 Wi-Fi was 8.0.2"},
		{"between the releases", "iPhone7,2", rel("9.2.2", ""), "it claims iOS 9.2.2, but no iOS 9.2.2 is known for the iPhone 6"},
		{"another version's build", "iPhone7,2", rel("9.1", "13D20"), "it claims iOS 9.1 (13D20), but 13D20 is the build of iOS 9.2.1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			c := diag.NewCase(situation{productType: row.productType, installed: row.installed, repair: "none", touchID: "yes"}.facts())
			if row.because == "" {
				assert.Empty(t, c.Contradiction())
				return
			}
			assert.Contains(t, c.Contradiction(), row.because)
			o := c.Outcome()
			assert.Equal(t, diag.EffectUnknown, o.Effect)
			assert.Equal(t, diag.EffectUnknown, o.Worst)
			assert.Equal(t, diag.RiskUnknown, o.Risk)
		})
	}
}

// TestContradictionIsNamed in the reasons and in a warning.
func TestContradictionIsNamed(t *testing.T) {
	t.Parallel()
	v := diag.Decide(situation{productType: "iPhone9,1", installed: rel("9.2", "")}.facts())
	require.Len(t, v.Prediction.Reasons, 1)
	assert.Equal(t, "contradiction", v.Prediction.Reasons[0].ID)
	assert.Contains(t, v.Prediction.Reasons[0].Text, "the first iOS of the iPhone 7 (CDMA) was 10.0")
	assert.Equal(t, diag.Low, v.Prediction.Confidence)
}

// TestFact: a value has a source, its absence a reason.
func TestFact(t *testing.T) {
	t.Parallel()
	known := diag.Known("9.1", diag.FromLockdown)
	assert.True(t, known.Known())
	assert.Equal(t, diag.Fact[string]{Value: "9.1", Source: diag.FromLockdown}, known)
	absent := diag.NotKnown[string]("the phone is locked")
	assert.False(t, absent.Known())
	assert.Equal(t, "the phone is locked", absent.Reason)
	assert.False(t, diag.Fact[diag.Repair]{}.Known())
}

// TestNewCaseTakesUnknownWordsForNothing: batch files and other programs may state
// anything.
func TestNewCaseTakesUnknownWordsForNothing(t *testing.T) {
	t.Parallel()
	c := diag.NewCase(diag.Facts{
		Mode:    diag.Known(diag.Mode("asleep"), diag.FromOperator),
		Repair:  diag.Known(diag.Repair(""), diag.FromOperator),
		TouchID: diag.Known(diag.TouchID("perhaps"), diag.FromOperator),
		Way:     diag.Known(diag.Way("by post"), diag.FromOperator),
	})
	assert.Equal(t, diag.NewCase(diag.Facts{}), c)
}

// TestSecurityResponses: a phone may leave out the letter of its own, but none is
// made up, least of all one that would count as later than the fix.
func TestSecurityResponses(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		productType, version, build string
		contradictory               bool
	}{
		{"iPhone14,7", "16.5.1 (c)", "20F770750d", false},
		{"iPhone14,7", "16.5.1", "20F770750d", false},
		{"iPhone14,7", "16.5.1 (b)", "", true},
		{"iPhone7,2", "9.2.1 (a)", "", true},
	} {
		s := situation{productType: row.productType}
		s.installed.version, s.installed.build = row.version, row.build
		c := diag.NewCase(s.facts())
		assert.Equal(t, row.contradictory, c.Contradictory, "%s on %s: %s", row.productType, row.version, c.Contradiction())
	}
}
