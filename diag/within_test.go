package diag_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

// ranged gives the facts of a situation with a range of releases instead of an
// installed one.
func ranged(s situation, lowest, highest string) diag.Facts {
	f := s.facts()
	f.InstalledRange = diag.Known(diag.Range{Lowest: lowest, Highest: highest}, diag.FromIBoot)
	return f
}

// TestDecideWithinRange: a range that lies on one side of what the documents read
// counts like a version on that side; one that lies on both is no version.
func TestDecideWithinRange(t *testing.T) {
	t.Parallel()
	recovery := situation{productType: "iPhone7,2", mode: "recovery", repair: "third-party-sensor"}
	dead := situation{productType: "iPhone7,2", mode: "recovery", repair: "third-party-sensor", touchID: "no"}
	unsaid := situation{productType: "iPhone7,2", mode: "recovery"}
	old := situation{productType: "iPhone7,2", mode: "recovery", repair: "third-party-sensor", target: rel("9.1", "")}
	normal := situation{productType: "iPhone7,2", mode: "normal", repair: "third-party-sensor"}
	for _, row := range []struct {
		name string
		situation
		lowest, highest string
		documented      diag.Result
		risk            diag.Risk
		warned          bool
	}{
		{"nothing known: the documents read the newest", recovery, "", "", diag.Clear, diag.RiskLow, false},
		{"wholly before 9.3.1", recovery, "9.0", "9.2.1", diag.AtRisk, diag.RiskElevated, true},
		{"one release more certain than the others", dead, "9.0", "9.2.1", diag.AtRisk, diag.RiskElevated, true},
		{"from before to after", recovery, "9.2.1", "9.3.2", diag.Clear, diag.RiskLow, false},
		{"up to 9.3.1 itself", recovery, "9.0", "9.3.1", diag.Clear, diag.RiskLow, false},
		{"from 9.3.1 on: as the newest", recovery, "9.3.1", "9.3.5", diag.Clear, diag.RiskLow, false},
		{"wholly after: as the newest", recovery, "12.3.1", "12.5.8", diag.Clear, diag.RiskLow, false},
		{"the repair is the question then", unsaid, "9.0", "9.2.1", diag.Indeterminate, diag.RiskUnknown, true},
		{"the target decides the effect", old, "12.3.1", "12.5.8", diag.Clear, diag.RiskHigh, true},
		{"without a range its version would be read", old, "", "", diag.AtRisk, diag.RiskHigh, false},
		{"a running phone, by its iBoot alone", normal, "12.3.1", "12.5.8", diag.Clear, diag.RiskLow, true},
		{"a running phone, one that parts", normal, "9.0", "9.3.5", diag.Indeterminate, diag.RiskHigh, false},
		{"a range that is none", recovery, "9.2.1", "9.0", diag.Clear, diag.RiskLow, false},
		{"garbage", recovery, "nine", "9.2.1", diag.Clear, diag.RiskLow, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			f := row.facts()
			if row.lowest != "" {
				f = ranged(row.situation, row.lowest, row.highest)
			}
			v := diag.Decide(f)
			assert.Equal(t, row.documented, v.Check.Documented)
			assert.Equal(t, row.risk, v.Risk)
			at := slices.IndexFunc(v.Warnings, func(a diag.Advice) bool { return a.ID == "installed-by-iboot" })
			require.Equal(t, row.warned, at >= 0)
			if row.warned {
				assertText(t, v.Warnings[at].Text)
				assert.Contains(t, v.Warnings[at].Text, row.lowest+" to "+row.highest)
				assert.Equal(t, row.mode != "normal", says(v.Warnings[at].Text, "restores"), "what answers may be loaded")
			}
		})
	}
}

// TestInstalledVersionGoesBeforeRange: where the phone says what it runs, its iBoot
// does not count.
func TestInstalledVersionGoesBeforeRange(t *testing.T) {
	t.Parallel()
	s := situation{productType: "iPhone7,2", mode: "normal", repair: "third-party-sensor", installed: rel("12.4", "")}
	assert.Equal(t, diag.Decide(s.facts()), diag.Decide(ranged(s, "9.0", "9.2.1")))
}

// TestRangeNeverDecidesMoreThanItsReleases: over many situations, a verdict by a range
// is either that of each of its releases stated, with the reasons of all of them for a
// disagreement and with the question of the lowest, or the one without.
func TestRangeNeverDecidesMoreThanItsReleases(t *testing.T) {
	t.Parallel()
	ranges := [][2]string{{"9.0", "9.2.1"}, {"9.2", "9.3.2"}, {"9.3.2", "9.3.5"}, {"12.5.6", "12.5.8"}}
	taken := map[bool]int{}
	for _, productType := range []string{"iPhone6,2", "iPhone7,2", "iPad5,3"} {
		for _, mode := range []string{"normal", "recovery"} {
			for _, repair := range allRepairs {
				for _, touchID := range allTouchIDs {
					for _, target := range []release{{}, rel("9.1", ""), rel("9.2.1", ""), rel("12.4", "")} {
						s := situation{productType: productType, mode: mode, repair: repair, touchID: touchID, target: target}
						for _, r := range ranges {
							taken[checkRange(t, s, r[0], r[1])]++
						}
					}
				}
			}
		}
	}
	assert.Positive(t, taken[true], "some ranges decide")
	assert.Positive(t, taken[false], "some do not")
}

// checkRange tells whether the range decided.
func checkRange(t *testing.T, s situation, lowest, highest string) bool {
	t.Helper()
	var stated []string
	var lowestOne diag.Verdict
	least := diag.High
	reasons := map[diag.Disagreement]bool{}
	from, to := rel(lowest, ""), rel(highest, "")
	for _, each := range models()[s.productType].releases {
		if compareVersions(each, from) >= 0 && compareVersions(each, to) <= 0 {
			with := s
			with.installed = each
			v := diag.Decide(with.facts())
			for _, reason := range v.Check.Disagreement {
				reasons[reason] = true
			}
			if v.Prediction.Confidence == diag.Low || least == diag.High {
				least = v.Prediction.Confidence
			}
			if len(stated) == 0 {
				lowestOne = v
			}
			stated = append(stated, told(v))
		}
	}
	got := diag.Decide(ranged(s, lowest, highest))
	got.Warnings = slices.DeleteFunc(got.Warnings, func(a diag.Advice) bool { return a.ID == "installed-by-iboot" })
	slices.Sort(stated)
	if stated = slices.Compact(stated); len(stated) == 1 {
		require.Equal(t, stated[0], told(got), "%s within %s to %s", s, lowest, highest)
		require.Equal(t, lowestOne.Question, got.Question, "%s within %s to %s", s, lowest, highest)
		require.Equal(t, least, got.Prediction.Confidence, "%s within %s to %s", s, lowest, highest)
		require.Equal(t, lowestOne.Next, got.Next, "%s within %s to %s", s, lowest, highest)
		require.Len(t, got.Check.Disagreement, len(reasons), "%s within %s to %s", s, lowest, highest)
		for _, reason := range got.Check.Disagreement {
			require.True(t, reasons[reason], "%s within %s to %s: %s", s, lowest, highest, reason)
		}
		return true
	}
	require.Equal(t, diag.Decide(s.facts()), got, "%s within %s to %s", s, lowest, highest)
	return false
}

// told is what all releases of a range must agree on.
func told(v diag.Verdict) string {
	v.Check.Disagreement, v.Question, v.Next, v.Prediction.Confidence = nil, nil, nil, ""
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// TestOptionsWithinRange: the ways on are weighed by a range as the verdict is, so that
// both tell the same of a phone.
func TestOptionsWithinRange(t *testing.T) {
	t.Parallel()
	newest := rel("12.5.8", "16H88")
	for _, row := range []struct {
		name            string
		lowest, highest string
		target          release
		like            release // whose installation gives the same options
	}{
		{"wholly before 9.3.1", "9.0", "9.2.1", newest, rel("9.0", "")},
		{"from before to after", "9.2.1", "9.3.2", newest, release{}},
		{"wholly after", "9.3.2", "9.3.5", newest, rel("9.3.2", "")},
		{"back to an older iOS", "9.3.2", "9.3.5", rel("9.1", ""), rel("9.3.2", "")},
		{"back to an older iOS, or forward", "8.4", "9.2", rel("9.1", ""), release{}},
		{"a range that is none", "9.2.1", "9.0", newest, release{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := situation{productType: "iPhone7,2", mode: "recovery", repair: "third-party-sensor", target: row.target}
			like := s
			like.installed = row.like
			assert.Equal(t, diag.Options(like.facts(), diag.Ways), diag.Options(ranged(s, row.lowest, row.highest), diag.Ways))
		})
	}
}
