package diag_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

// TestWordsDoNotMislead reads every text of many verdicts. Technicians act on
// these words, so what they must never say is checked, not hoped for.
func TestWordsDoNotMislead(t *testing.T) {
	t.Parallel()
	for _, productType := range []string{"iPhone5,1", "iPhone6,2", "iPhone7,2", "iPhone9,1", "iPhone10,1", "iPhone10,3", "iPad5,3", "iPhone99,1", ""} {
		t.Run("model "+productType, func(t *testing.T) {
			t.Parallel()
			for s := range spoken(productType) {
				v := diag.Decide(s.facts())
				checkTexts(t, s, v)
				checkReasons(t, s, v)
				checkWayOut(t, s, v)
				checkSteps(t, s, v)
				if t.Failed() {
					t.FailNow()
				}
			}
		})
	}
}

// spoken yields the situations of a model that are put into different words.
func spoken(productType string) func(yield func(situation) bool) {
	claims := []release{{}, rel("9.1", "13B143"), rel("9.3", "13E5181d"), rel("99.0", "")}
	targets := []release{{}, rel("9.2.1", ""), rel("9.3", "13E5181d"), rel("12.4", "")}
	return func(yield func(situation) bool) {
		for _, mode := range []string{"normal", "restore", "recovery", "dfu"} {
			for _, installed := range claims {
				for _, target := range targets {
					for _, repair := range allRepairs {
						for _, touchID := range allTouchIDs {
							for _, way := range []string{"", "computer-update", "ota"} {
								if !yield(situation{productType, mode, installed, repair, touchID, target, way}) {
									return
								}
							}
						}
					}
				}
			}
		}
	}
}

// text is anything a verdict says.
type text struct{ kind, id, text string }

func textsOf(v diag.Verdict) []text {
	var texts []text
	for _, r := range v.Prediction.Reasons {
		texts = append(texts, text{"reason", r.ID, r.Text})
	}
	for _, a := range v.Next {
		texts = append(texts, text{"step", a.ID, a.Text})
	}
	for _, a := range v.Warnings {
		texts = append(texts, text{"warning", a.ID, a.Text})
	}
	if v.Question != nil {
		texts = append(texts, text{"question", "q", v.Question.Text})
	}
	return texts
}

var kebab = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// checkTexts: form, and what is never said at all.
func checkTexts(t *testing.T, s situation, v diag.Verdict) {
	seen := map[string]bool{}
	for _, each := range textsOf(v) {
		fault := faultOf(each.text)
		key := each.kind + " " + each.id
		if each.kind == "warning" { // of one kind for the phone, one for the target
			key, _, _ = strings.Cut(key+each.text, ",")
		}
		if seen[key] || !kebab.MatchString(each.id) {
			fault = "an id that is no id, or stands twice"
		}
		seen[key] = true
		if says(each.text, "paired") && !(s.touchID == "yes" && each.kind == "reason") {
			fault = "nobody but the operator knows what is paired"
		}
		if says(each.text, "back up") && s.mode != "normal" {
			fault = "it cannot be backed up in this mode"
		}
		if fault != "" {
			require.Fail(t, fault, "%s %s on %s: %s", each.kind, each.id, s, each.text)
		}
	}
}

// faultOf tells what is wrong with a text in itself.
func faultOf(text string) string {
	switch {
	case !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?"):
		return "no full stop"
	case utf8.RuneCountInString(text) > 300:
		return "too long to be read"
	case says(text, "this update will fail"):
		return "an assumption sold as a finding"
	case says(strings.ReplaceAll(text, "believed signed", ""), "signed"):
		return "nobody here knows what Apple signs"
	case says(text, "do not experience"):
		return "a document's claim made our own"
	case strings.Contains(text, "  "), strings.Contains(text, "%!"), strings.Contains(text, ".."), strings.Contains(text, "()"):
		return "a slip in putting it together"
	default:
		return ""
	}
}

func says(text, words string) bool { return strings.Contains(strings.ToLower(text), words) }

// assertText checks what every sentence of the package has in common.
func assertText(t *testing.T, text string) {
	t.Helper()
	assert.Empty(t, faultOf(text), text)
}

// checkReasons: what the prediction rests on, the assumption named first.
func checkReasons(t *testing.T, s situation, v diag.Verdict) {
	reasons := v.Prediction.Reasons
	require.NotEmpty(t, reasons, "%s", s)
	for _, r := range reasons {
		require.NotEmpty(t, r.Source, "%s on %s", r.ID, s)
	}
	switch {
	case v.Prediction.Worst == diag.EffectUnknown:
		require.Len(t, reasons, 1, "%s", s)
	case class(s.productType) == "no sensor":
		require.Contains(t, reasons[0].Text, "can still show code 53", "%s", s)
	}
}

// checkWayOut: whoever hears of Error 53 hears of the newest release next, and on
// a phone that runs what is known of it.
func checkWayOut(t *testing.T, s situation, v diag.Verdict) {
	reasons := v.Prediction.Reasons
	band := ""
	if class(s.productType) == "affected" && sensor(s) != "good" && !contradictory(s) {
		band = targetBand(s)
	}
	if band != "below the fix" && band != "beta" {
		return
	}
	if !s.target.known() && band == "below the fix" {
		require.True(t, strings.HasPrefix(reasons[0].Text, "If anything older than 9.2.1 (13D20) is installed: "), "%s: %s", s, reasons[0].Text)
	}
	require.Len(t, reasons, 2, "%s", s)
	require.Equal(t, "newest", reasons[1].ID)
	require.Contains(t, reasons[1].Text, newest(s.productType).version)
	if s.mode == "normal" {
		all := fmt.Sprint(textsOf(v))
		require.Contains(t, all, "believed signed, releases known up to "+diag.DataDate, "%s", s)
	}
}

// checkSteps: what Restore costs, and what comes before it.
func checkSteps(t *testing.T, s situation, v diag.Verdict) {
	require.NotEmpty(t, v.Next, "%s", s)
	var ids []string
	for _, step := range v.Next {
		ids = append(ids, step.ID)
		if says(step.Text, "restore") {
			require.True(t, says(step.Text, "erase"), "a Restore that does not say it erases: %s on %s", step.Text, s)
		}
	}
	require.Equal(t, v.Question != nil, ids[0] == "ask", "the question is the first step: %v on %s", ids, s)
	switch s.mode {
	case "normal":
		require.Contains(t, ids, "back-up", "%s", s)
	case "recovery":
		checkRecovery(t, s, v.Next, ids)
	case "restore":
		require.Equal(t, "leave-alone", ids[len(ids)-1], "a restore may be running: %v on %s", ids, s)
	}
}

// checkRecovery: Update first, then Restore with the owner's consent.
func checkRecovery(t *testing.T, s situation, steps []diag.Advice, ids []string) {
	update, restore := slices.Index(ids, "update-first"), slices.Index(ids, "restore-erases")
	require.GreaterOrEqual(t, update, 0, "%v on %s", ids, s)
	require.Greater(t, restore, update, "%v on %s", ids, s)
	for _, before := range ids[:update] {
		require.Contains(t, []string{"ask", "do-not-install"}, before, "%v on %s", ids, s)
	}
	require.Contains(t, steps[update].Text, "may keep the data, which nobody promises")
	require.Contains(t, steps[restore].Text, "consent")
	require.Contains(t, steps[restore].Text, "Apple Account password")
}

// TestHostileModel: a phone may call itself anything; its name never reaches the
// texts raw.
func TestHostileModel(t *testing.T) {
	t.Parallel()
	v := diag.Decide(situation{productType: "\x1b[2JiPhone\n7,2\u202e"}.facts())
	for _, each := range textsOf(v) {
		assert.NotRegexp(t, "[\x00-\x1f\u202e]", each.text)
	}
}

// TestWhatNotToInstall names the release that the doubt is about.
func TestWhatNotToInstall(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ version, build, target, want string }{
		{"9.1", "13B143", "", "Do not install anything older than 9.2.1 (13D20)."},
		{"12.4", "16G77", "9.1", "Do not install iOS 9.1."},
		{"9.3", "13E5181d", "", "Until that is known, do not install iOS 9.3 (13E5181d)."},
	} {
		s := situation{productType: "iPhone7,2", repair: "damaged"}
		s.installed.version, s.installed.build = row.version, row.build
		s.target.version = row.target
		var got string
		for _, step := range diag.Decide(s.facts()).Next {
			if step.ID == "do-not-install" {
				got = step.Text
			}
		}
		assert.Equal(t, row.want, got)
	}
}
