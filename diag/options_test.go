package diag_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

func (s situation) option(t *testing.T, way diag.Way) diag.Option {
	t.Helper()
	for _, option := range diag.Options(s.facts(), diag.Ways) {
		if option.Way == way {
			return option
		}
	}
	require.Failf(t, "not offered", "%s", way)
	return diag.Option{}
}

func idsOf(cost []diag.Advice) []string {
	ids := make([]string, len(cost))
	for i, each := range cost {
		ids[i] = each.ID
	}
	return ids
}

// What each way costs, by what it does to the sensor and to the data.
func TestOptionCosts(t *testing.T) {
	t.Parallel()
	foreign := func(mode string, target release) situation {
		return situation{"iPhone7,2", mode, rel("9.1", "13B143"), "third-party-sensor", "unknown", target, ""}
	}
	newest := rel("12.5.8", "16H88")
	tests := []struct {
		name string
		of   situation
		way  diag.Way
		want []string
	}{
		{"update to the newest", foreign("normal", newest), diag.ComputerUpdate, []string{"touch-id-off", "keeps-data"}},
		{"restore to the newest", foreign("normal", newest), diag.ComputerRestore, []string{"touch-id-off", "erases"}},
		{"the newest over the air", foreign("normal", newest), diag.OTA, []string{"touch-id-off", "keeps-data", "by-itself"}},
		{"update below the fix", foreign("normal", rel("9.2", "13C75")), diag.ComputerUpdate, []string{"error-53", "not-signed"}},
		{"restore below the fix", foreign("normal", rel("9.2", "13C75")), diag.ComputerRestore, []string{"error-53", "erases", "not-signed"}},
		{"below the fix over the air", foreign("normal", rel("9.2", "13C75")), diag.OTA, []string{"update-refused", "not-by-usb", "not-offered"}},
		{"update in recovery", foreign("recovery", newest), diag.ComputerUpdate, []string{"touch-id-off", "may-keep-data"}},
		{"restore in recovery", foreign("recovery", newest), diag.ComputerRestore, []string{"touch-id-off", "erases"}},
		{"a beta", foreign("normal", rel("9.3", "13E5181d")), diag.ComputerUpdate, []string{"untested", "keeps-data", "not-signed", "unlisted-build"}},
		{"beyond the catalog", foreign("normal", rel("99.0", "")), diag.ComputerUpdate, []string{"touch-id-off", "keeps-data", "newer-than-catalog"}},
		{
			"a sensor that may be bad", situation{"iPhone7,2", "normal", rel("9.1", ""), "unknown", "unknown", rel("9.2", "13C75"), ""},
			diag.ComputerUpdate, []string{"maybe-error-53", "keeps-data", "not-signed"},
		},
		{"a good sensor", situation{"iPhone7,2", "normal", rel("9.1", ""), "none", "yes", newest, ""}, diag.ComputerUpdate, []string{"keeps-data"}},
		{"no sensor", situation{"iPhone10,3", "normal", rel("11.2", ""), "none", "unknown", rel("16.7.16", "20H392"), ""}, diag.ComputerUpdate, []string{"keeps-data"}},
		{"an iPhone 7", situation{"iPhone9,1", "normal", rel("12.0", ""), "damaged", "no", rel("15.8.8", "19H422"), ""}, diag.ComputerUpdate, []string{"home-button-dead", "keeps-data"}},
		{"a model nobody knows", situation{"iPhone99,1", "normal", rel("53.0", ""), "none", "yes", rel("54.0", ""), ""}, diag.ComputerUpdate, []string{"not-known", "keeps-data"}},
		{"a contradiction", situation{"iPhone9,1", "normal", rel("9.2", ""), "none", "yes", rel("15.8.8", "19H422"), ""}, diag.ComputerUpdate, []string{"not-known", "keeps-data"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, idsOf(test.of.option(t, test.way).Cost))
		})
	}
}

// A phone offers no update in DFU mode, none over the air but in normal mode, and none
// back to an older iOS. Where nothing that is asked about is offered, all of it is
// shown, with the reason.
func TestOptionsOffered(t *testing.T) {
	t.Parallel()
	at := func(mode, installed, target string) situation {
		return situation{"iPhone8,1", mode, rel(installed, ""), "none", "yes", rel(target, ""), ""}
	}
	all, usb, restore := diag.Ways, []diag.Way{diag.ComputerUpdate, diag.ComputerRestore}, []diag.Way{diag.ComputerRestore}
	tests := []struct {
		name  string
		of    situation
		asked []diag.Way
		want  []diag.Way
	}{
		{"forward", at("normal", "9.1", "12.4"), all, all},
		{"the same again", at("normal", "9.1", "9.1"), all, all},
		{"back", at("normal", "12.4", "9.1"), all, restore},
		{"in recovery", at("recovery", "", "12.4"), all, usb},
		{"in restore", at("restore", "", "12.4"), all, usb},
		{"in DFU", at("dfu", "", "12.4"), all, restore},
		{"in WTF", at("wtf", "", "12.4"), all, restore},
		{"of an image for restores", at("normal", "9.1", "12.4"), restore, restore},
		{"back, by an image for updates", at("normal", "12.4", "9.1"), []diag.Way{diag.ComputerUpdate}, []diag.Way{diag.ComputerUpdate}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			asked := slices.Clone(test.asked)
			var ways []diag.Way
			for _, option := range diag.Options(test.of.facts(), asked) {
				ways = append(ways, option.Way)
			}
			assert.Equal(t, test.want, ways)
			assert.Equal(t, test.asked, asked, "the question is changed")
		})
	}
	back := diag.Options(at("normal", "12.4", "9.1").facts(), []diag.Way{diag.ComputerUpdate})
	assert.Contains(t, idsOf(back[0].Cost), "unlikely-plan")
}

// An option is what the verdict on the same plan is, way by way.
func TestOptionsAreVerdicts(t *testing.T) {
	t.Parallel()
	for _, productType := range []string{"iPhone6,2", "iPhone7,2", "iPhone9,1", "iPhone10,3", "iPhone99,1"} {
		for s := range spoken(productType) {
			if s.way != "" || s.target.version == "" {
				continue
			}
			f := s.facts()
			for _, option := range diag.Options(f, diag.Ways) {
				f.Way = diag.Known(option.Way, diag.FromOperator)
				v := diag.Decide(f)
				want := diag.Outcome{Effect: v.Prediction.Effect, Worst: v.Prediction.Worst, Documented: v.Check.Documented, Risk: v.Risk}
				require.Equal(t, want, option.Outcome, "%v", s)
				require.Equal(t, v.Prediction.Confidence, option.Confidence, "%v", s)
				checkCost(t, s, option)
			}
		}
	}
}

// checkCost holds what is said against what must not mislead.
func checkCost(t *testing.T, s situation, option diag.Option) {
	t.Helper()
	require.NotEmpty(t, option.Cost, "%v", s)
	for _, each := range option.Cost {
		require.Regexp(t, `^[A-Z].*\.$`, each.Text)
		require.NotContains(t, each.Text, "%!")
		require.NotContains(t, each.Text, "will fail")
		if strings.Contains(strings.ToLower(each.Text), "back up first") {
			require.Equal(t, "normal", s.mode, "nothing else can be backed up: %s", each.Text)
		}
	}
	require.Equal(t, option.Way == diag.ComputerRestore, slices.Contains(idsOf(option.Cost), "erases"), "%v", s)
}

// To leave a phone alone is a way on too, and the documents say nothing of it.
func TestStay(t *testing.T) {
	t.Parallel()
	tests := []struct{ mode, want string }{
		{"normal", "nothing-changes"}, {"recovery", "unusable"}, {"dfu", "unusable"}, {"restore", "leave-alone"},
	}
	for _, test := range tests {
		t.Run(test.mode, func(t *testing.T) {
			t.Parallel()
			stay := diag.Stay(situation{"iPhone7,2", test.mode, rel("9.1", ""), "third-party-sensor", "no", rel("9.2", ""), ""}.facts())
			assert.Equal(t, diag.Outcome{Effect: diag.EffectNone, Worst: diag.EffectNone, Documented: diag.NotApplicable, Risk: diag.RiskNone}, stay.Outcome)
			assert.Equal(t, diag.WayNotStated, stay.Way)
			assert.Equal(t, []string{test.want}, idsOf(stay.Cost))
		})
	}
}
