package diag_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"error53/diag"
)

// TestQuestion: the fact whose answers matter most, each of the five once, and
// which comes first where two matter as much.
func TestQuestion(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		situation
		want diag.FactName
	}{
		{"nothing said: the repair comes first", situation{productType: "iPhone7,2", installed: rel("9.1", "")}, diag.AskRepair},
		{"unknown said aloud is as open", situation{productType: "iPhone7,2", installed: rel("9.1", ""), repair: "unknown", touchID: "unknown"}, diag.AskRepair},
		{"a foreign sensor: does it work", situation{productType: "iPhone7,2", installed: rel("9.1", ""), repair: "third-party-sensor"}, diag.AskTouchID},
		{"a foreign sensor that is dead: which target", situation{productType: "iPhone7,2", installed: rel("9.1", ""), repair: "third-party-sensor", touchID: "no"}, diag.AskTarget},
		{"9.2.1: which build", situation{productType: "iPhone7,2", installed: rel("9.1", ""), repair: "third-party-sensor", touchID: "no", target: rel("9.2.1", "")}, diag.AskTargetBuild},
		{"9.2.1 13D15: which way", situation{productType: "iPhone7,2", installed: rel("9.1", ""), repair: "third-party-sensor", touchID: "no", target: rel("9.2.1", "13D15")}, diag.AskWay},
		{"everything said", situation{productType: "iPhone7,2", installed: rel("9.1", ""), repair: "third-party-sensor", touchID: "no", target: rel("9.2.1", "13D15"), way: "computer-restore"}, ""},
		{"a damaged one, Touch ID gives none or high", situation{productType: "iPhone7,2", installed: rel("9.1", ""), repair: "damaged", target: rel("9.1", "")}, diag.AskTouchID},
		{"repair before Touch ID", situation{productType: "iPhone7,2", installed: rel("9.3.1", ""), target: rel("9.3", "13E5181d")}, diag.AskRepair},
		{"repair before build", situation{productType: "iPhone7,2", installed: rel("9.3.1", ""), touchID: "no", target: rel("9.2.1", ""), way: "computer-update"}, diag.AskRepair},
		{"repair before way", situation{productType: "iPhone7,2", installed: rel("9.3.1", ""), touchID: "no", target: rel("9.1", "")}, diag.AskRepair},
		{"Touch ID before target", situation{productType: "iPhone7,2", installed: rel("9.1", ""), repair: "damaged", way: "computer-update"}, diag.AskTouchID},
		{"Touch ID before build", situation{productType: "iPhone7,2", installed: rel("9.1", ""), repair: "third-party-sensor", target: rel("9.2.1", "")}, diag.AskTouchID},
		{"target before way", situation{productType: "iPhone7,2", installed: rel("9.1", ""), repair: "none", touchID: "no"}, diag.AskTarget},
		{"build before way", situation{productType: "iPhone7,2", installed: rel("9.1", ""), repair: "none", touchID: "no", target: rel("9.2.1", "")}, diag.AskTargetBuild},
		{"nothing to ask about none", situation{productType: "iPhone7,2", installed: rel("9.1", ""), repair: "none"}, ""},
		{"nothing to ask about low", situation{productType: "iPhone7,2", installed: rel("12.5.8", "")}, ""},
		{"no answer helps a contradiction", situation{productType: "iPhone9,1", installed: rel("9.1", "")}, ""},
		{"the installed version is never asked", situation{productType: "iPhone7,2", repair: "third-party-sensor", target: newest("iPhone7,2"), touchID: "no", way: "ota"}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, string(row.want), question(row.situation), "the oracle")
			v := diag.Decide(row.facts())
			if row.want == "" {
				assert.Nil(t, v.Question)
				return
			}
			if assert.NotNil(t, v.Question) {
				assert.Equal(t, row.want, v.Question.Fact)
				assert.NotEmpty(t, v.Question.Text)
			}
		})
	}
}
