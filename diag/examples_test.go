package diag_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

// examples are the cases worth knowing by heart. "" for the question means that
// none is asked.
var examples = []struct {
	name string
	situation
	effect, worst diag.Effect
	documented    diag.Result
	risk          diag.Risk
	disagreement  []diag.Disagreement
	question      diag.FactName
}{
	{
		name:      "the case everybody knows: iPhone 6 on 9.1 with a foreign button",
		situation: situation{productType: "iPhone7,2", installed: rel("9.1", "13B143"), repair: "third-party-sensor"},
		effect:    diag.Error53, worst: diag.Error53, documented: diag.AtRisk, risk: diag.RiskHigh,
		question: diag.AskTouchID,
	},
	{
		name:      "the same, and the newest as target: the target decides",
		situation: situation{productType: "iPhone7,2", installed: rel("9.1", "13B143"), repair: "third-party-sensor", target: newest("iPhone7,2")},
		effect:    diag.TouchIDOff, worst: diag.TouchIDOff, documented: diag.AtRisk, risk: diag.RiskElevated,
		disagreement: []diag.Disagreement{diag.ByTarget},
	},
	{
		name:      "the same on Apple's fix, which the documents do not know",
		situation: situation{productType: "iPhone7,2", installed: rel("9.2.1", "13D20"), repair: "third-party-sensor"},
		effect:    diag.TouchIDOff, worst: diag.TouchIDOff, documented: diag.AtRisk, risk: diag.RiskElevated,
		disagreement: []diag.Disagreement{diag.ByBuild},
	},
	{
		name:      "the same on the newest",
		situation: situation{productType: "iPhone7,2", installed: rel("12.5.8", "16H88"), repair: "third-party-sensor"},
		effect:    diag.TouchIDOff, worst: diag.TouchIDOff, documented: diag.Clear, risk: diag.RiskLow,
	},
	{
		name:      "a damaged cable and a downgrade: both documents miss it",
		situation: situation{productType: "iPhone8,1", installed: rel("12.4", "16G77"), repair: "damaged", target: rel("9.1", "")},
		effect:    diag.Error53, worst: diag.Error53, documented: diag.Clear, risk: diag.RiskHigh,
		disagreement: []diag.Disagreement{diag.ByTarget, diag.ByCause}, question: diag.AskTouchID,
	},
	{
		name:      "an iPhone 5s was never bricked",
		situation: situation{productType: "iPhone6,2", installed: rel("9.2", "13C75"), repair: "third-party-sensor"},
		effect:    diag.TouchIDOff, worst: diag.TouchIDOff, documented: diag.AtRisk, risk: diag.RiskElevated,
		disagreement: []diag.Disagreement{diag.ByDevice},
	},
	{
		name:      "nobody has said anything",
		situation: situation{productType: "iPhone7,2", installed: rel("9.1", "13B143")},
		effect:    diag.EffectUnknown, worst: diag.Error53, documented: diag.Indeterminate, risk: diag.RiskUnknown,
		question: diag.AskRepair,
	},
	{
		name:      "an iPhone 7 loses its home button",
		situation: situation{productType: "iPhone9,1", installed: rel("15.8.8", "19H422"), repair: "third-party-sensor"},
		effect:    diag.HomeButtonDead, worst: diag.HomeButtonDead, documented: diag.Clear, risk: diag.RiskLow,
	},
	{
		name:      "an iPhone X has no sensor to lose",
		situation: situation{productType: "iPhone10,3", installed: rel("11.2", "15C114"), repair: "third-party-screen"},
		effect:    diag.EffectNone, worst: diag.EffectNone, documented: diag.Clear, risk: diag.RiskNone,
	},
	{
		name:      "one document counts every screen, a working sensor proves the pairing",
		situation: situation{productType: "iPad5,3", installed: rel("9.0", "13A344"), repair: "third-party-screen", touchID: "yes"},
		effect:    diag.EffectNone, worst: diag.EffectNone, documented: diag.AtRisk, risk: diag.RiskElevated,
		disagreement: []diag.Disagreement{diag.ByScreen},
	},
	{
		name:      "an iPhone 6 in DFU mode, damaged: restoring the newest revives it",
		situation: situation{productType: typeByChip(0x7000, 0x06), mode: "dfu", repair: "damaged"},
		effect:    diag.TouchIDOff, worst: diag.TouchIDOff, documented: diag.Clear, risk: diag.RiskLow,
	},
	{
		name:      "an iPhone 6 in recovery with a foreign button: the same",
		situation: situation{productType: "iPhone7,2", mode: "recovery", repair: "third-party-sensor"},
		effect:    diag.TouchIDOff, worst: diag.TouchIDOff, documented: diag.Clear, risk: diag.RiskLow,
	},
	{
		name:      "an iPhone 7 cannot run 9.2",
		situation: situation{productType: "iPhone9,1", installed: rel("9.2", "")},
		effect:    diag.EffectUnknown, worst: diag.EffectUnknown, documented: diag.Indeterminate, risk: diag.RiskUnknown,
	},
}

// typeByChip finds the type as a phone in DFU mode is found: by its iBoot string.
func typeByChip(cpid, bdid uint32) string {
	d, ok := diag.DeviceByChip(cpid, bdid)
	if !ok {
		return ""
	}
	return d.ProductType
}

func TestExamples(t *testing.T) {
	t.Parallel()
	for _, example := range examples {
		t.Run(example.name, func(t *testing.T) {
			t.Parallel()
			v := diag.Decide(example.facts())
			assert.Equal(t, example.effect, v.Prediction.Effect)
			assert.Equal(t, example.worst, v.Prediction.Worst)
			assert.Equal(t, example.documented, v.Check.Documented)
			assert.Equal(t, example.risk, v.Risk)
			assert.Equal(t, append([]diag.Disagreement{}, example.disagreement...), v.Check.Disagreement)
			if example.question == "" {
				assert.Nil(t, v.Question)
				return
			}
			require.NotNil(t, v.Question)
			assert.Equal(t, example.question, v.Question.Fact)
		})
	}
}

// TestExamplesAgreeOrSayWhy: where the documents and the evidence part, a reason
// is given; where they agree, none is.
func TestExamplesAgreeOrSayWhy(t *testing.T) {
	t.Parallel()
	for _, example := range examples {
		t.Run(example.name, func(t *testing.T) {
			t.Parallel()
			agrees := diag.Decide(example.facts()).Check.Agrees
			if example.documented == diag.Indeterminate || example.effect == diag.EffectUnknown {
				assert.Nil(t, agrees)
				return
			}
			require.NotNil(t, agrees)
			assert.Equal(t, len(example.disagreement) == 0, *agrees)
		})
	}
}

// TestOracleHoldsTheExamples: the oracle is worth nothing where it fails them.
func TestOracleHoldsTheExamples(t *testing.T) {
	t.Parallel()
	for _, example := range examples {
		t.Run(example.name, func(t *testing.T) {
			t.Parallel()
			r := rule(example.situation)
			assert.Equal(t, string(example.effect), r.effect)
			assert.Equal(t, string(example.worst), r.worst)
			assert.Equal(t, string(example.documented), r.documented)
			assert.Equal(t, string(example.risk), r.risk)
			assert.Equal(t, string(example.question), r.question)
			assert.Len(t, r.disagreement, len(example.disagreement))
		})
	}
}
