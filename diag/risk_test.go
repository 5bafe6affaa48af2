package diag_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"error53/diag"
)

// TestRisk: every way to every headline, with what it is made of.
func TestRisk(t *testing.T) {
	t.Parallel()
	v91, v931, beta := rel("9.1", ""), rel("9.3.1", ""), rel("9.3", "13E5181d")
	for _, row := range []struct {
		name string
		situation
		effect, worst diag.Effect
		documented    diag.Result
		risk          diag.Risk
	}{
		{"a type the catalog lacks", situation{productType: "iPhone99,1"}, diag.EffectUnknown, diag.EffectUnknown, diag.Clear, diag.RiskUnknown},
		{"no type, documents at their worst", situation{installed: v91, repair: "third-party-sensor"}, diag.EffectUnknown, diag.EffectUnknown, diag.Indeterminate, diag.RiskUnknown},
		{"contradictory, documents at risk", situation{productType: "iPhone9,1", installed: v91, repair: "third-party-sensor"}, diag.EffectUnknown, diag.EffectUnknown, diag.AtRisk, diag.RiskUnknown},
		{"contradictory, documents clear", situation{productType: "iPhone9,1", installed: v91, repair: "none"}, diag.EffectUnknown, diag.EffectUnknown, diag.Clear, diag.RiskUnknown},

		{"error 53, at risk", situation{productType: "iPhone7,2", installed: v91, repair: "third-party-sensor"}, diag.Error53, diag.Error53, diag.AtRisk, diag.RiskHigh},
		{"error 53, indeterminate", situation{productType: "iPhone7,2", target: v91, repair: "third-party-sensor"}, diag.Error53, diag.Error53, diag.Indeterminate, diag.RiskHigh},
		{"error 53, clear", situation{productType: "iPhone7,2", installed: v91, repair: "damaged"}, diag.Error53, diag.Error53, diag.Clear, diag.RiskHigh},

		{"perhaps error 53, at risk", situation{productType: "iPhone7,2", installed: v91, repair: "third-party-screen"}, diag.EffectUnknown, diag.Error53, diag.AtRisk, diag.RiskElevated},
		{"perhaps error 53, indeterminate", situation{productType: "iPhone7,2", installed: v91}, diag.EffectUnknown, diag.Error53, diag.Indeterminate, diag.RiskUnknown},
		{"perhaps error 53, clear", situation{productType: "iPhone7,2", installed: v91, repair: "none", touchID: "no"}, diag.EffectUnknown, diag.Error53, diag.Clear, diag.RiskUnknown},
		{"a beta, at risk", situation{productType: "iPhone7,2", installed: beta, repair: "third-party-sensor"}, diag.EffectUnknown, diag.Error53, diag.AtRisk, diag.RiskElevated},
		{"a beta, clear", situation{productType: "iPhone7,2", installed: beta, repair: "damaged"}, diag.EffectUnknown, diag.Error53, diag.Clear, diag.RiskUnknown},

		{"Touch ID off, at risk", situation{productType: "iPhone7,2", installed: v91, target: v931, repair: "third-party-sensor"}, diag.TouchIDOff, diag.TouchIDOff, diag.AtRisk, diag.RiskElevated},
		{"Touch ID off, indeterminate", situation{productType: "iPhone7,2", target: v931, repair: "third-party-sensor"}, diag.TouchIDOff, diag.TouchIDOff, diag.Indeterminate, diag.RiskUnknown},
		{"Touch ID off, clear", situation{productType: "iPhone7,2", installed: v931, repair: "third-party-sensor"}, diag.TouchIDOff, diag.TouchIDOff, diag.Clear, diag.RiskLow},
		{"perhaps Touch ID off, at risk", situation{productType: "iPhone7,2", installed: v91, target: v931, repair: "third-party-screen"}, diag.EffectUnknown, diag.TouchIDOff, diag.AtRisk, diag.RiskElevated},
		{"perhaps Touch ID off, indeterminate", situation{productType: "iPhone7,2", installed: v91, target: v931}, diag.EffectUnknown, diag.TouchIDOff, diag.Indeterminate, diag.RiskUnknown},
		{"perhaps Touch ID off, clear", situation{productType: "iPhone7,2", installed: v931}, diag.EffectUnknown, diag.TouchIDOff, diag.Clear, diag.RiskLow},

		{"refused, at risk", situation{productType: "iPhone7,2", installed: v91, repair: "third-party-sensor", way: "ota"}, diag.UpdateRefused, diag.UpdateRefused, diag.AtRisk, diag.RiskElevated},
		{"refused, clear", situation{productType: "iPhone7,2", installed: v91, repair: "damaged", way: "ota"}, diag.UpdateRefused, diag.UpdateRefused, diag.Clear, diag.RiskLow},
		{"perhaps refused, indeterminate", situation{productType: "iPhone7,2", installed: v91, way: "ota"}, diag.EffectUnknown, diag.UpdateRefused, diag.Indeterminate, diag.RiskUnknown},
		{"perhaps refused, clear", situation{productType: "iPhone7,2", installed: v91, repair: "none", touchID: "no", way: "ota"}, diag.EffectUnknown, diag.UpdateRefused, diag.Clear, diag.RiskLow},

		{"button dead, clear", situation{productType: "iPhone9,1", installed: rel("10.0", ""), repair: "damaged"}, diag.HomeButtonDead, diag.HomeButtonDead, diag.Clear, diag.RiskLow},
		{"perhaps button dead, clear", situation{productType: "iPhone9,1", installed: rel("10.0", "")}, diag.EffectUnknown, diag.HomeButtonDead, diag.Clear, diag.RiskLow},

		{"nothing happens, at risk", situation{productType: "iPhone7,2", installed: v91, repair: "third-party-screen", touchID: "yes"}, diag.EffectNone, diag.EffectNone, diag.AtRisk, diag.RiskElevated},
		{"nothing happens, indeterminate", situation{productType: "iPhone7,2", installed: v91, touchID: "yes"}, diag.EffectNone, diag.EffectNone, diag.Indeterminate, diag.RiskUnknown},
		{"nothing happens, clear", situation{productType: "iPhone7,2", installed: v91, repair: "none"}, diag.EffectNone, diag.EffectNone, diag.Clear, diag.RiskNone},
		{"no sensor", situation{productType: "iPhone10,3", repair: "damaged"}, diag.EffectNone, diag.EffectNone, diag.Clear, diag.RiskNone},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			want := diag.Outcome{Effect: row.effect, Worst: row.worst, Documented: row.documented, Risk: row.risk}
			assert.Equal(t, want, outcomeOf(row.situation))
			assert.Equal(t, row.risk, diag.Decide(row.facts()).Risk, "the verdict says the same")
		})
	}
}

// TestRisksAreListedInOrder: the ranked headlines ascend and unknown comes last.
func TestRisksAreListedInOrder(t *testing.T) {
	t.Parallel()
	var ranks []int
	for _, risk := range diag.Risks {
		ranks = append(ranks, rank(risk))
	}
	assert.Equal(t, []int{0, 1, 2, 3, -1}, ranks)
}
