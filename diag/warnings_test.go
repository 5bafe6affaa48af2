package diag_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

func warned(s situation, id string) bool {
	return slices.ContainsFunc(diag.Decide(s.facts()).Warnings, func(a diag.Advice) bool { return a.ID == id })
}

// TestWarnings: each where it applies, and not where it does not.
func TestWarnings(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		id string
		situation
		want bool
	}{
		{"button-needed", situation{productType: "iPhone10,1", repair: "third-party-sensor"}, true},
		{"button-needed", situation{productType: "iPhone10,2", repair: "damaged"}, true},
		{"button-needed", situation{productType: "iPhone10,4"}, true},
		{"button-needed", situation{productType: "iPhone10,5", repair: "damaged"}, true},
		{"button-needed", situation{productType: "iPhone10,1", touchID: "yes"}, false},
		{"button-needed", situation{productType: "iPhone10,3", repair: "damaged"}, false},
		{"button-needed", situation{productType: "iPhone9,1", repair: "damaged"}, false},

		{"newer-than-catalog", situation{productType: "iPhone7,2", installed: rel("12.6", "")}, true},
		{"newer-than-catalog", situation{productType: "iPhone7,2", target: rel("12.6", "")}, true},
		{"newer-than-catalog", situation{productType: "iPhone7,2", installed: rel("12.5.8", "")}, false},
		{"unlisted-build", situation{productType: "iPhone7,2", installed: rel("9.3", "13E5181d")}, true},
		{"unlisted-build", situation{productType: "iPhone7,2", target: rel("12.5.8", "16H6088")}, true},
		{"unlisted-build", situation{productType: "iPhone7,2", target: rel("9.2.1", "13D20")}, false},
		{"unlisted-build", situation{productType: "iPhone7,2", target: rel("9.2.1", "")}, false},
		{"contradiction", situation{productType: "iPhone9,1", installed: rel("9.2", "")}, true},
		{"contradiction", situation{productType: "iPhone9,1", installed: rel("10.0.1", "")}, false},

		{"unlikely-plan", situation{productType: "iPhone7,2", mode: "dfu", way: "ota"}, true},
		{"unlikely-plan", situation{productType: "iPhone7,2", mode: "recovery", way: "ota"}, true},
		{"unlikely-plan", situation{productType: "iPhone7,2", way: "ota"}, false},
		{"unlikely-plan", situation{productType: "iPhone7,2", installed: rel("12.4", ""), target: rel("9.1", ""), way: "ota"}, true},
		{"unlikely-plan", situation{productType: "iPhone7,2", installed: rel("12.4", ""), target: rel("9.1", ""), way: "computer-update"}, true},
		{"unlikely-plan", situation{productType: "iPhone7,2", installed: rel("12.4", ""), target: rel("9.1", ""), way: "computer-restore"}, false},
		{"unlikely-plan", situation{productType: "iPhone7,2", installed: rel("9.1", ""), target: rel("12.4", ""), way: "computer-update"}, false},
		{"unlikely-plan", situation{productType: "iPhone7,2", installed: rel("9.1", ""), target: rel("9.1", ""), way: "computer-update"}, false},

		{"sensor-surprise", situation{productType: "iPhone7,2", repair: "third-party-sensor", touchID: "yes"}, true},
		{"sensor-surprise", situation{productType: "iPhone7,2", repair: "third-party-screen", touchID: "yes"}, false},
	} {
		t.Run(fmt.Sprintf("%s %s", row.id, row.situation), func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, row.want, warned(row.situation, row.id))
		})
	}
}

// TestUnlikelyPlansAreComputedAsStated: the warning changes nothing else.
func TestUnlikelyPlansAreComputedAsStated(t *testing.T) {
	t.Parallel()
	s := situation{productType: "iPhone7,2", mode: "dfu", way: "ota", target: rel("9.1", ""), repair: "third-party-sensor"}
	require.True(t, warned(s, "unlikely-plan"))
	assert.Equal(t, diag.UpdateRefused, diag.Decide(s.facts()).Prediction.Effect)
}
