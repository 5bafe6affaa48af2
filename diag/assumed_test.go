package diag_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"error53/diag"
)

// TestTargetNotStated: a running phone is judged by the worst release that may
// come, one in any other mode by the newest. It is said that this was assumed.
func TestTargetNotStated(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, mode string
		installed  release
		effect     diag.Effect
	}{
		{"nothing is known", "", release{}, diag.Error53},
		{"normal, not known what runs", "normal", release{}, diag.Error53},
		{"below the fix", "normal", rel("9.1", "13B143"), diag.Error53},
		{"below the fix, no build", "normal", rel("9.1", ""), diag.Error53},
		{"the last below the fix", "normal", rel("9.2.1", "13D15"), diag.Error53},
		{"9.2.1 without a build counts as its first", "normal", rel("9.2.1", ""), diag.Error53},
		{"Apple's twin of the first", "normal", rel("9.2.1", "13D6015"), diag.Error53},
		{"the fix", "normal", rel("9.2.1", "13D20"), diag.TouchIDOff},
		{"a beta of 9.3 may be reinstalled", "normal", rel("9.3", "13E5181d"), diag.EffectUnknown},
		{"9.3", "normal", rel("9.3", ""), diag.TouchIDOff},
		{"a twin of 9.3", "normal", rel("9.3", "13E6233"), diag.TouchIDOff},
		{"the newest", "normal", rel("12.5.8", "16H88"), diag.TouchIDOff},
		{"newer than the catalog", "normal", rel("12.9", "16Z1"), diag.TouchIDOff},
		{"recovery", "recovery", release{}, diag.TouchIDOff},
		{"recovery, old iOS", "recovery", rel("9.1", "13B143"), diag.TouchIDOff},
		{"restore", "restore", rel("9.1", "13B143"), diag.TouchIDOff},
		{"dfu", "dfu", release{}, diag.TouchIDOff},
		{"wtf", "wtf", release{}, diag.TouchIDOff},
		{"port-dfu", "port-dfu", release{}, diag.TouchIDOff},
		{"kis", "kis", release{}, diag.TouchIDOff},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := situation{productType: "iPhone7,2", mode: row.mode, installed: row.installed, repair: "third-party-sensor"}
			p := diag.Decide(s.facts()).Prediction
			assert.Equal(t, row.effect, p.Effect)
			assert.Equal(t, []diag.FactName{diag.AskTarget}, p.Assumed)

			s.target = rel("9.1", "")
			p = diag.Decide(s.facts()).Prediction
			assert.Equal(t, diag.Error53, p.Effect, "the target stated")
			assert.Empty(t, p.Assumed)
		})
	}
}

// TestWorstAmongReleases: where the oldest release that may come is looked up, it
// is the worst of all that may come, for every model and release.
func TestWorstAmongReleases(t *testing.T) {
	t.Parallel()
	for _, productType := range affected {
		for _, installed := range append(installedOn(models()[productType], models()[productType].releases), release{}) {
			s := situation{productType: productType, installed: installed, repair: "third-party-sensor"}
			if contradictory(s) {
				continue
			}
			want, _ := predict(s)
			assert.Equal(t, diag.Effect(want), outcomeOf(s).Effect, "%s", s)
		}
	}
}
