package diag_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"error53/diag"
)

// The properties of the decision are tested over every combination of what
// decides. All of them take long, so an ordinary run takes the models that differ
// in class or releases and the releases around the edges. The whole, more than 700
// million cases and some ten minutes on two idle cores, is asked for by
//
//	ERROR53_ENUMERATE=all go test -run Properties -timeout 2h -v ./diag

var (
	allRepairs  = []string{"none", "apple", "third-party-sensor", "third-party-screen", "damaged", "unknown"}
	allTouchIDs = []string{"yes", "no", "unknown"}
	allWays     = []string{"", "computer-update", "computer-restore", "ota"}
	allModes    = []string{"normal", "restore", "recovery", "dfu", "wtf", "port-dfu", "kis"}
)

// scope is what an enumeration goes through.
type scope struct {
	types    []string
	modes    []string
	releases func(*model) []release // of those of the catalog
	sample   int                    // every so many cases the whole verdict is compared as well
}

// theScope is the whole or a part, as the environment says.
func theScope() scope {
	if os.Getenv("ERROR53_ENUMERATE") == "all" {
		return scope{productTypes(), allModes, func(m *model) []release { return m.releases }, 9973}
	}
	return scope{differingTypes(), []string{"normal", "recovery"}, edges, 307}
}

// differingTypes picks one model of each class, list of releases and membership
// in the documents' lists, and of those without a sensor one in twelve.
func differingTypes() []string {
	var types []string
	seen := map[string]bool{}
	for i, productType := range productTypes() {
		m := models()[productType]
		key := class(productType)
		if key == "no sensor" {
			key += m.biometric
			if i%12 != 0 {
				continue
			}
		}
		for _, r := range edges(m) {
			key += " " + r.String()
		}
		for _, list := range [][]string{coreDevices, screenDevices} {
			if slices.Contains(list, productType) {
				key += " documented"
			}
		}
		if !seen[key] {
			types = append(types, productType)
		}
		seen[key] = true
	}
	return types
}

// edges thins the releases of a model to the oldest, the newest, those around 8.2
// and the fix, and a few of the others.
func edges(m *model) []release {
	around := strings.Fields("8.0 8.2 8.3 9.2 9.2.1 9.3 9.3.1")
	var kept []release
	for i, r := range m.releases {
		if i%16 == 0 || i == len(m.releases)-1 || slices.Contains(around, r.version) {
			kept = append(kept, r)
		}
	}
	return kept
}

// installedOn lists what a phone may claim to run: nothing at all, a release of
// the catalog, and what the catalog does not list.
func installedOn(m *model, releases []release) []release {
	claims := []release{
		{},
		rel("9.3", "13E5181d"),                  // a beta
		rel("9.2.1", ""),                        // on either side of the fix
		rel("9.2.1", "13D6020"),                 // Apple's twin of 13D20
		rel(m.last.version, twin(m.last.build)), // a build nobody lists
		rel(m.last.version, m.first.build),      // most often another version's build
		rel("99.0", "99A100"),                   // newer than the catalog
		rel(versionPlus(m.first, 0, 97), ""),    // between floor and newest, and never was
	}
	if below := versionPlus(m.first, -1, 0); !strings.HasPrefix(below, "0") {
		claims = append(claims, rel(below, ""))
	}
	return distinct(slices.Concat(releases, claims))
}

// targetsOf lists what can be stated as a target, in ascending order, not stated
// first. What the device never had is refused before it comes to a decision.
func targetsOf(m *model, releases []release) []release {
	candidates := slices.Concat(releases, []release{newest(m.productType), rel("9.2.1", ""), rel("9.3", "13E5181d")})
	targets := []release{{}}
	for _, r := range candidates {
		switch listedAs(m, r) {
		case "listed", "unlisted build", "newer":
			targets = append(targets, r)
		}
	}
	slices.SortFunc(targets, func(a, b release) int {
		if c := compareVersions(a, b); c != 0 {
			return c
		}
		return slices.Compare(a.buildKey[:], b.buildKey[:])
	})
	return distinct(targets)
}

func distinct(releases []release) []release {
	var kept []release
	for _, r := range releases {
		if !slices.Contains(kept, r) {
			kept = append(kept, r)
		}
	}
	return kept
}

// twin is the build Apple lists beside a public one, 6000 higher.
func twin(build string) string {
	b, err := diag.ParseBuild(build)
	if err != nil {
		panic(err)
	}
	b.Number += 6000
	return b.String()
}

// versionPlus adds to the major and the minor number.
func versionPlus(r release, major, minor int) string {
	return fmt.Sprintf("%d.%d", r.versionKey[0]+major, r.versionKey[1]+minor)
}

// block is all cases that differ in repair, Touch ID and target only.
type block struct {
	base     situation
	targets  []release
	outcomes [][][]diag.Outcome // by repair, Touch ID and target
}

// blocks goes through the scope for one model.
func (sc scope) blocks(m *model, visit func(block)) {
	releases := sc.releases(m)
	targets := targetsOf(m, releases)
	for _, installed := range installedOn(m, releases) {
		for _, mode := range sc.modes {
			for _, way := range allWays {
				base := situation{productType: m.productType, mode: mode, installed: installed, way: way}
				visit(newBlock(base, targets))
			}
		}
	}
}

func newBlock(base situation, targets []release) block {
	b := block{base: base, targets: targets, outcomes: make([][][]diag.Outcome, len(allRepairs))}
	c := diag.NewCase(base.facts())
	parsed := make([]diag.Release, len(targets))
	for i, target := range targets {
		parsed[i] = diag.NewCase(situation{target: target}.facts()).Target
	}
	for i, repair := range allRepairs {
		b.outcomes[i] = make([][]diag.Outcome, len(allTouchIDs))
		for j, touchID := range allTouchIDs {
			row := make([]diag.Outcome, len(targets))
			c.Repair, c.TouchID = diag.Repair(repair), diag.TouchID(touchID)
			for k := range targets {
				c.Target = parsed[k]
				row[k] = c.Outcome()
			}
			b.outcomes[i][j] = row
		}
	}
	return b
}

// each visits the cases of a block.
func (b block) each(visit func(situation, diag.Outcome)) {
	s := b.base
	for i, repair := range allRepairs {
		for j, touchID := range allTouchIDs {
			for k, target := range b.targets {
				s.repair, s.touchID, s.target = repair, touchID, target
				visit(s, b.outcomes[i][j][k])
			}
		}
	}
}

// TestEnumerationReachesTheEdges: the properties prove little where the axes miss
// what they are about.
func TestEnumerationReachesTheEdges(t *testing.T) {
	t.Parallel()
	types := differingTypes()
	for _, kind := range []string{"no sensor", "affected", "never", "button is part of it"} {
		require.True(t, slices.ContainsFunc(types, func(p string) bool { return class(p) == kind }), kind)
	}
	m := models()["iPhone7,2"]
	var standings, targets []string
	for _, r := range installedOn(m, edges(m)) {
		standings = append(standings, listedAs(m, r))
	}
	for _, r := range targetsOf(m, edges(m)) {
		targets = append(targets, r.String())
	}
	require.Subset(t, standings, []string{"listed", "unlisted build", "newer", "below the floor", "never"})
	require.Subset(t, targets, []string{"", "8.0:12A365", "9.2.1", "9.2.1:13D15", "9.2.1:13D20", "9.3:13E5181d", "9.3:13E233", "12.5.8:16H88"})
	require.True(t, slices.IsSortedFunc(targets[2:5], strings.Compare), "%v", targets)
}
