package diag_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"error53/diag"
)

// TestDisagreement: each reason where it applies, and where it nearly does.
func TestDisagreement(t *testing.T) {
	t.Parallel()
	type reasons = []diag.Disagreement
	v91, v921, fix, v93, last := rel("9.1", ""), rel("9.2.1", "13D15"), rel("9.2.1", "13D20"), rel("9.3", ""), newest("iPhone7,2")
	const way, target, build, device = diag.ByWay, diag.ByTarget, diag.ByBuild, diag.ByDevice
	const screen, cause, working = diag.ByScreen, diag.ByCause, diag.ByWorking
	foreign := func(productType string, installed, target release) situation {
		return situation{productType: productType, installed: installed, target: target, repair: "third-party-sensor"}
	}
	with := func(s situation, change func(*situation)) situation { change(&s); return s }
	works := func(s *situation) { s.touchID = "yes" }
	ota := func(s *situation) { s.way = "ota" }
	for _, row := range []struct {
		name string
		situation
		want reasons
	}{
		{"agrees", foreign("iPhone7,2", v91, release{}), reasons{}},
		{"refused over the air", with(foreign("iPhone7,2", v91, release{}), ota), reasons{way}},
		{"refused, and the target on the other side", with(foreign("iPhone7,2", last, v91), ota), reasons{}}, // both say no Error 53
		{"refused from 9.3 down", with(foreign("iPhone7,2", v93, v91), ota), reasons{way, target, build}},

		{"target above the fix", foreign("iPhone7,2", v91, last), reasons{target}},
		{"target is the fix", foreign("iPhone7,2", v921, fix), reasons{target}},
		{"installed without its build", foreign("iPhone7,2", rel("9.2.1", ""), fix), reasons{target}},
		{"target below the fix", foreign("iPhone7,2", last, v91), reasons{target}},
		{"the rule read the target", with(foreign("iPhone7,2", release{}, fix), func(s *situation) { s.mode = "recovery" }), reasons{build}},
		{"the rule read the target below the fix", with(foreign("iPhone7,2", release{}, v91), func(s *situation) { s.mode = "recovery" }), reasons{}},
		{"a damaged one, nothing read", situation{productType: "iPhone7,2", repair: "damaged"}, reasons{cause}},

		{"on the fix", foreign("iPhone7,2", fix, release{}), reasons{build}},
		{"on 9.3", foreign("iPhone7,2", v93, release{}), reasons{build}},
		{"on 9.3 13E233", foreign("iPhone7,2", rel("9.3", "13E233"), last), reasons{build}},
		{"on a beta of 9.3, the newest as target", foreign("iPhone7,2", rel("9.3", "13E5181d"), last), reasons{build}},
		{"on 9.2.1 13D15, the newest as target", foreign("iPhone7,2", v921, last), reasons{target}},

		{"a 5s", foreign("iPhone6,1", v91, release{}), reasons{device}},
		{"a 5s on 7.1, the newest as target", foreign("iPhone6,1", rel("7.1", ""), newest("iPhone6,1")), reasons{target, device}},
		{"an SE on 9.3", foreign("iPhone8,4", v93, release{}), reasons{build, device}},
		{"an iPad Pro 9.7 on 9.3", foreign("iPad6,3", v93, release{}), reasons{build, device}},
		{"an iPhone 7 in recovery with a target it never had", with(foreign("iPhone9,1", release{}, v93), func(s *situation) { s.mode = "recovery" }), reasons{build, device}},

		{"a screen, and it works", with(foreign("iPhone7,2", v91, release{}), func(s *situation) { s.repair, s.touchID = "third-party-screen", "yes" }), reasons{screen}},
		{"a screen on a 5s, and it works", with(foreign("iPhone6,1", v91, release{}), func(s *situation) { s.repair, s.touchID = "third-party-screen", "yes" }), reasons{device, screen}},
		{"a screen, nobody knows", with(foreign("iPhone7,2", v91, release{}), func(s *situation) { s.repair = "third-party-screen" }), reasons{}},

		{"damaged", situation{productType: "iPhone7,2", installed: v91, repair: "damaged"}, reasons{cause}},
		{"damaged, past the fix", situation{productType: "iPhone7,2", installed: last, repair: "damaged"}, reasons{}},
		{"damaged, going back", situation{productType: "iPhone7,2", installed: last, target: v91, repair: "damaged"}, reasons{target, cause}},

		{"a foreign sensor that works", with(foreign("iPhone7,2", v91, release{}), works), reasons{working}},
		{"a foreign sensor that works, on 9.3", with(foreign("iPhone7,2", v93, release{}), works), reasons{build, working}},
		{"a foreign sensor that works, past 9.3.1", with(foreign("iPhone7,2", last, release{}), works), reasons{}},
		{"all that can come together", with(foreign("iPhone6,1", rel("9.3", ""), rel("9.2", "")), works), reasons{target, build, device, working}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, row.want, diag.Decide(row.facts()).Check.Disagreement)
			assert.Equal(t, rulingOf(diag.Decide(row.facts())).disagreement, disagreement(row.situation), "the oracle")
		})
	}
}

// TestContradictionsCiteTheirSources and stand in the order they are told in.
func TestContradictionsCiteTheirSources(t *testing.T) {
	t.Parallel()
	var ids []diag.Disagreement
	for _, each := range diag.Contradictions() {
		ids = append(ids, each.ID)
		assertText(t, each.Text)
		assert.NotEmpty(t, each.Source, each.ID)
	}
	assert.Equal(t, []diag.Disagreement{"way", "target", "build", "device", "screen", "cause", "working"}, ids)
}
