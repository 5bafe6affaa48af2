package diag_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

func resultOf(t *testing.T, s situation, id string) diag.Result {
	t.Helper()
	for _, result := range diag.Decide(s.facts()).Check.Rules {
		if result.ID == id {
			return result.Result
		}
	}
	require.Fail(t, "no rule "+id)
	return ""
}

// TestRuleDevices: for every model of the catalog, whether the rules are about it.
func TestRuleDevices(t *testing.T) {
	t.Parallel()
	for _, rule := range []struct {
		id      string
		devices []string
	}{{"core", coreDevices}, {"screen", screenDevices}} {
		t.Run(rule.id, func(t *testing.T) {
			t.Parallel()
			for _, productType := range append(productTypes(), "iPhone99,1") {
				want := diag.NotApplicable
				if slices.Contains(rule.devices, productType) {
					want = diag.AtRisk
				}
				s := situation{productType: productType, installed: rel("9.2", ""), repair: "third-party-sensor"}
				assert.Equal(t, want, resultOf(t, s, rule.id), productType)
			}
		})
	}
}

// TestRuleConditions: the three-valued AND of version and repair.
func TestRuleConditions(t *testing.T) {
	t.Parallel()
	const atRisk, clear, open = diag.AtRisk, diag.Clear, diag.Indeterminate
	for _, row := range []struct {
		repair                        string
		coreOld, coreNew, coreOpen    diag.Result // iOS before 9.3.1, from it on, not known
		screenOld, screenNew, screenX diag.Result
	}{
		{"none", clear, clear, clear, clear, clear, clear},
		{"apple", clear, clear, clear, clear, clear, clear},
		{"third-party-sensor", atRisk, clear, open, atRisk, clear, open},
		{"third-party-screen", clear, clear, clear, atRisk, clear, open},
		{"damaged", clear, clear, clear, clear, clear, clear},
		{"unknown", open, clear, open, open, clear, open},
		{"", open, clear, open, open, clear, open},
	} {
		t.Run("repair "+row.repair, func(t *testing.T) {
			t.Parallel()
			for version, want := range map[string][2]diag.Result{
				"8.0": {row.coreOld, row.screenOld}, "9.2.1": {row.coreOld, row.screenOld}, "9.3": {row.coreOld, row.screenOld},
				"9.3.1": {row.coreNew, row.screenNew}, "10.0.1": {row.coreNew, row.screenNew},
				"": {row.coreOpen, row.screenX}, "nine": {row.coreOpen, row.screenX},
			} {
				s := situation{productType: "iPhone7,2", repair: row.repair}
				s.installed.version = version
				assert.Equal(t, want[0], resultOf(t, s, "core"), "core on %q", version)
				assert.Equal(t, want[1], resultOf(t, s, "screen"), "screen on %q", version)
			}
		})
	}
}

// TestRulesIgnoreWhatTheyDoNotName: neither Touch ID nor way nor, on a phone that
// has said what it runs, the target makes a difference to a document.
func TestRulesIgnoreWhatTheyDoNotName(t *testing.T) {
	t.Parallel()
	for _, touchID := range allTouchIDs {
		for _, way := range allWays {
			for _, mode := range allModes {
				s := situation{productType: "iPhone7,2", mode: mode, installed: rel("9.1", ""), repair: "third-party-sensor", touchID: touchID, way: way, target: newest("iPhone7,2")}
				assert.Equal(t, diag.AtRisk, resultOf(t, s, "core"), "%s", s)
			}
		}
	}
}

// TestVersionRead: the installed version; the target's only where that is not
// known and the phone is not running.
func TestVersionRead(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		mode              string
		installed, target release
		want              diag.Result
	}{
		{"normal", rel("9.1", ""), release{}, diag.AtRisk},
		{"normal", rel("9.1", ""), rel("12.0", ""), diag.AtRisk},
		{"normal", rel("12.0", ""), rel("9.1", ""), diag.Clear},
		{"normal", release{}, rel("9.1", ""), diag.Indeterminate},
		{"normal", release{}, release{}, diag.Indeterminate},
		{"recovery", release{}, rel("9.1", ""), diag.AtRisk},
		{"recovery", release{}, rel("9.3", "13E5181d"), diag.AtRisk},
		{"recovery", release{}, rel("12.0", ""), diag.Clear},
		{"recovery", release{}, release{}, diag.Clear},
		{"recovery", rel("9.1", ""), rel("12.0", ""), diag.AtRisk},
		{"recovery", rel("12.0", ""), rel("9.1", ""), diag.Clear},
		{"restore", release{}, rel("9.1", ""), diag.AtRisk},
		{"dfu", release{}, rel("9.1", ""), diag.AtRisk},
		{"wtf", release{}, rel("9.1", ""), diag.AtRisk},
		{"port-dfu", release{}, rel("9.1", ""), diag.AtRisk},
		{"kis", release{}, rel("9.1", ""), diag.AtRisk},
	} {
		t.Run(fmt.Sprintf("%s installed %s target %s", row.mode, row.installed, row.target), func(t *testing.T) {
			t.Parallel()
			s := situation{productType: "iPhone7,2", mode: row.mode, installed: row.installed, target: row.target, repair: "third-party-sensor"}
			assert.Equal(t, row.want, resultOf(t, s, "core"))
		})
	}
}

// TestRulesThatAreNeverAtRisk lend their text only.
func TestRulesThatAreNeverAtRisk(t *testing.T) {
	t.Parallel()
	for _, productType := range append(productTypes(), "", "iPhone99,1") {
		for _, version := range []string{"", "9.2.1", "9.3", "9.3.1", "15.0"} {
			s := situation{productType: productType, installed: rel(version, ""), repair: "damaged"}
			faceID, since931 := diag.NotApplicable, diag.NotApplicable
			if m := models()[productType]; m != nil && m.biometric == "face-id" {
				faceID = diag.Clear
			}
			if version == "9.3.1" || version == "15.0" {
				since931 = diag.Clear
			}
			require.Equal(t, faceID, resultOf(t, s, "face-id"), "%s", s)
			require.Equal(t, since931, resultOf(t, s, "fixed"), "%s", s)
			require.Equal(t, diag.NotApplicable, resultOf(t, s, "update-of-19-feb"), "%s", s)
			require.Equal(t, diag.NotApplicable, resultOf(t, s, "cable"), "%s", s)
		}
	}
}

// TestDocumented: the graver of core and screen, and no other rule.
func TestDocumented(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		situation
		want diag.Result
	}{
		{"both at risk", situation{productType: "iPhone7,2", installed: rel("9.1", ""), repair: "third-party-sensor"}, diag.AtRisk},
		{"core alone", situation{productType: "iPhone8,4", installed: rel("9.3", ""), repair: "third-party-sensor"}, diag.AtRisk},
		{"screen alone", situation{productType: "iPad5,3", installed: rel("9.1", ""), repair: "third-party-sensor"}, diag.AtRisk},
		{"core clear, screen at risk", situation{productType: "iPhone7,2", installed: rel("9.1", ""), repair: "third-party-screen"}, diag.AtRisk},
		{"core clear, screen open", situation{productType: "iPhone7,2", repair: "third-party-screen"}, diag.Indeterminate},
		{"core open alone", situation{productType: "iPhone8,4", installed: rel("9.3", "")}, diag.Indeterminate},
		{"both clear", situation{productType: "iPhone7,2", installed: rel("9.3.1", ""), repair: "third-party-sensor"}, diag.Clear},
		{"neither is about it", situation{productType: "iPad11,1", installed: rel("13.1", ""), repair: "third-party-sensor"}, diag.Clear},
		{"a type the catalog lacks", situation{productType: "iPhone99,1", installed: rel("9.1", "")}, diag.Clear},
		{"no type at all", situation{installed: rel("9.1", "")}, diag.Indeterminate},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, row.want, diag.Decide(row.facts()).Check.Documented)
		})
	}
}

// TestRulesCiteTheirDocument: a rule without its source is hearsay.
func TestRulesCiteTheirDocument(t *testing.T) {
	t.Parallel()
	var ids []string
	for _, rule := range diag.Rules() {
		ids = append(ids, rule.ID)
		assertStatement(t, rule.Statement)
		assert.NotEmpty(t, rule.Later, rule.ID)
	}
	assert.Equal(t, []string{"core", "screen", "face-id", "fixed", "update-of-19-feb", "cable"}, ids)
}
