package diag_test

import (
	"slices"
	"strings"
)

// affected are the models that really ended in Error 53.
var affected = strings.Fields("iPhone7,1 iPhone7,2 iPhone8,1 iPhone8,2 " +
	"iPad4,7 iPad4,8 iPad4,9 iPad5,1 iPad5,2 iPad5,3 iPad5,4 iPad6,7 iPad6,8")

// solidButton are the never affected ones whose home button dies with its sensor.
var solidButton = strings.Fields("iPhone9,1 iPhone9,2 iPhone9,3 iPhone9,4")

func class(productType string) string {
	if m, ok := models()[productType]; ok {
		return m.class
	}
	return "unknown"
}

func classOf(productType, biometric string) string {
	switch {
	case biometric != "touch-id":
		return "no sensor"
	case slices.Contains(affected, productType):
		return "affected"
	case slices.Contains(solidButton, productType):
		return "button is part of it"
	default:
		return "never"
	}
}

// sensorTable: repair, then Touch ID yes, no, unknown.
var sensorTable = map[string][3]string{
	"none":               {"good", "maybe", "good"},
	"apple":              {"good", "maybe", "good"},
	"third-party-screen": {"good", "maybe", "maybe"},
	"third-party-sensor": {"good", "bad", "bad"},
	"damaged":            {"good", "bad", "bad"},
	"unknown":            {"good", "maybe", "maybe"},
}

func sensor(s situation) string {
	row := sensorTable[orUnknown(s.repair)]
	switch s.touchID {
	case "yes":
		return row[0]
	case "no":
		return row[1]
	default:
		return row[2]
	}
}

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}

// The releases that something hangs on.
var (
	v80, v82   = rel("8.0", ""), rel("8.2", "")
	v921, v931 = rel("9.2.1", ""), rel("9.3.1", "")
)

// band of a release. Nothing older than 8.0 exists for an affected device; what is
// older still is older than the fix as well.
func band(r release) string {
	switch {
	case compareVersions(r, v921) < 0:
		return "below the fix"
	case r.version == "9.2.1" && r.build != "13D20":
		return "below the fix"
	case r.version == "9.3" && r.isBeta():
		return "beta"
	default:
		return "fixed"
	}
}

// targetBand is the band of the target, or the worst of all that it may be.
func targetBand(s situation) string {
	switch {
	case s.target.known():
		return band(s.target)
	case s.mode != "normal" && s.mode != "":
		return band(newest(s.productType))
	}
	worst := "fixed"
	for _, r := range mayCome(s) {
		switch b := band(r); {
		case b == "below the fix":
			worst = b
		case b == "beta" && worst == "fixed":
			worst = b
		}
	}
	return worst
}

// mayCome lists what may be installed on a running phone whose target nobody has
// stated: every release at or above the installed one, and the installed one.
func mayCome(s situation) []release {
	all := models()[s.productType].releases
	if !s.installed.known() {
		return all
	}
	installed := s.installed
	if installed.version == "9.2.1" && installed.build == "" {
		installed = rel("9.2.1", "13D15")
	}
	set := []release{installed}
	for _, r := range all {
		if atOrAbove(r, installed) {
			set = append(set, r)
		}
	}
	return set
}

// listedAs tells how the catalog knows a release of a device: "listed",
// "unlisted build", "newer", "before the table", "below the floor" or "never".
// The table of releases begins with 7.0: it has no say about older versions.
func listedAs(m *model, r release) string {
	floor, top := m.first, m.last
	for _, l := range m.releases {
		if compareVersions(l, floor) < 0 {
			floor = l
		}
		if compareVersions(l, top) > 0 {
			top = l
		}
	}
	switch {
	case compareVersions(r, floor) < 0:
		return "below the floor"
	case compareVersions(r, top) > 0:
		return "newer"
	}
	versionListed, buildElsewhere := false, false
	for _, l := range slices.Concat(m.releases, []release{m.first, m.last}) {
		sameVersion := compareVersions(l, r) == 0
		if sameVersion && (r.build == "" || l.build == r.build) {
			return "listed"
		}
		versionListed = versionListed || sameVersion
		buildElsewhere = buildElsewhere || l.build == r.build
	}
	switch {
	case versionListed && !buildElsewhere:
		return "unlisted build"
	case !versionListed && compareVersions(r, rel("7.0", "")) < 0:
		return "before the table"
	default:
		return "never"
	}
}

// contradictory tells whether the phone cannot be running what it claims. The
// answer is kept: the enumeration asks the same many times.
func contradictory(s situation) bool {
	m, ok := models()[s.productType]
	if !ok || !s.installed.known() {
		return false
	}
	how, ok := m.standing.Load(s.installed)
	if !ok {
		how = listedAs(m, s.installed)
		m.standing.Store(s.installed, how)
	}
	return how == "below the floor" || how == "never"
}

// predict gives effect and worst.
func predict(s situation) (effect, worst string) {
	class, sensor := class(s.productType), sensor(s)
	if class == "unknown" || contradictory(s) {
		return "unknown", "unknown"
	}
	sure := func(effect string) (string, string) { return effect, effect }
	maybe := func(worst string) (string, string) { return "unknown", worst }
	ota := s.way == "ota"
	switch band := targetBand(s); {
	case class == "no sensor", sensor == "good":
		return sure("none")
	case class == "affected" && band == "below the fix" && sensor == "bad" && ota:
		return sure("update-refused")
	case class == "affected" && band == "below the fix" && sensor == "bad":
		return sure("error-53")
	case class == "affected" && band == "below the fix" && ota:
		return maybe("update-refused")
	case class == "affected" && band == "below the fix":
		return maybe("error-53")
	case class == "affected" && band == "beta":
		return maybe("error-53")
	case class == "button is part of it" && sensor == "bad":
		return sure("home-button-dead")
	case class == "button is part of it":
		return maybe("home-button-dead")
	case sensor == "bad": // affected by a fixed release, or never
		return sure("touch-id-off")
	default:
		return maybe("touch-id-off")
	}
}
