package diag_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

// outcomeOf decides a situation without words.
func outcomeOf(s situation) diag.Outcome { return diag.NewCase(s.facts()).Outcome() }

// TestEveryModelHasItsClass: what a foreign sensor and an iOS below the fix do
// tells the classes apart. Those that are bricked must be those that Apple made
// restore images of the fix for.
func TestEveryModelHasItsClass(t *testing.T) {
	t.Parallel()
	offered := map[string]string{}
	for _, row := range readTable("testdata/touchid_builds.tsv") {
		offered[row["product_type"]] = row["offered_13D20"]
	}
	count := map[diag.Effect]int{}
	for _, productType := range productTypes() {
		o := outcomeOf(situation{productType: productType, repair: "third-party-sensor", target: rel("9.1", "")})
		count[o.Effect]++
		switch {
		case offered[productType] == "":
			assert.Equal(t, diag.EffectNone, o.Effect, productType)
		case offered[productType] == "yes":
			assert.Equal(t, diag.Error53, o.Effect, productType)
		case productType == "iPhone9,1", productType == "iPhone9,2", productType == "iPhone9,3", productType == "iPhone9,4":
			assert.Equal(t, diag.HomeButtonDead, o.Effect, productType)
		default:
			assert.Equal(t, diag.TouchIDOff, o.Effect, productType)
		}
	}
	assert.Equal(t, map[diag.Effect]int{diag.EffectNone: 105, diag.Error53: 13, diag.HomeButtonDead: 4, diag.TouchIDOff: 53}, count)
}

// TestUnknownModelIsNeverGuessed: of a model the catalog lacks nothing is
// predicted, whatever else is known.
func TestUnknownModelIsNeverGuessed(t *testing.T) {
	t.Parallel()
	for _, productType := range []string{"", "iPhone99,1", "iPhone7", "iphone7,2", "HomePod1,1"} {
		for _, mode := range allModes {
			for _, repair := range allRepairs {
				for _, touchID := range allTouchIDs {
					for _, installed := range []release{{}, rel("9.1", "13B143"), rel("12.5.8", "")} {
						for _, target := range []release{{}, rel("9.1", ""), rel("9.3", "")} {
							s := situation{productType: productType, mode: mode, repair: repair, touchID: touchID, installed: installed, target: target}
							v := diag.Decide(s.facts())
							require.Equal(t, rule(s), rulingOf(v), "the oracle differs on %s", s)
							require.Equal(t, diag.EffectUnknown, v.Prediction.Worst)
							require.Equal(t, diag.RiskUnknown, v.Risk)
							require.Nil(t, v.Question)
							require.Empty(t, v.Prediction.Assumed)
						}
					}
				}
			}
		}
	}
}
