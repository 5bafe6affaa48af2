package diag_test

import (
	"slices"
	"strings"
)

var coreDevices = strings.Fields("iPhone6,1 iPhone6,2 iPhone7,1 iPhone7,2 iPhone8,1 iPhone8,2 iPhone8,4 " +
	"iPhone9,1 iPhone9,2 iPhone9,3 iPhone9,4 iPhone10,1 iPhone10,2 iPhone10,4 iPhone10,5")

var screenDevices = strings.Fields("iPhone6,1 iPhone6,2 iPhone7,1 iPhone7,2 iPhone8,1 iPhone8,2 " +
	"iPad4,7 iPad4,8 iPad4,9 iPad5,1 iPad5,2 iPad5,3 iPad5,4 iPad6,3 iPad6,4 iPad6,7 iPad6,8")

// versionRead is the release whose version the rules read; zero where not known.
func versionRead(s situation) release {
	switch {
	case s.installed.known():
		return s.installed
	case s.mode == "normal" || s.mode == "":
		return release{}
	case s.target.known():
		return s.target
	case models()[s.productType] != nil:
		return newest(s.productType)
	default:
		return release{}
	}
}

// and is the three-valued AND of conditions that are "yes", "no" or "unknown".
func and(conditions ...string) string {
	switch {
	case slices.Contains(conditions, "no"):
		return "clear"
	case slices.Contains(conditions, "unknown"):
		return "indeterminate"
	default:
		return "at-risk"
	}
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func before931(s situation) string {
	v := versionRead(s)
	if !v.known() {
		return "unknown"
	}
	return yesNo(compareVersions(v, v931) < 0)
}

func repairIs(s situation, repairs ...string) string {
	if orUnknown(s.repair) == "unknown" {
		return "unknown"
	}
	return yesNo(slices.Contains(repairs, s.repair))
}

// ruleOver applies a rule that is about certain devices. A type nobody knows may
// be one of them.
func ruleOver(devices []string, s situation, conditions ...string) string {
	switch {
	case s.productType == "":
		return and(append(conditions, "unknown")...)
	case !slices.Contains(devices, s.productType):
		return "not-applicable"
	default:
		return and(conditions...)
	}
}

func coreRule(s situation) string {
	return ruleOver(coreDevices, s, before931(s), repairIs(s, "third-party-sensor"))
}

func screenRule(s situation) string {
	return ruleOver(screenDevices, s, before931(s), repairIs(s, "third-party-sensor", "third-party-screen"))
}

func rules(s situation) map[string]string {
	results := map[string]string{
		"core":             coreRule(s),
		"screen":           screenRule(s),
		"face-id":          "not-applicable",
		"fixed":            "not-applicable",
		"update-of-19-feb": "not-applicable",
		"cable":            "not-applicable",
	}
	if m, ok := models()[s.productType]; ok && m.biometric == "face-id" {
		results["face-id"] = "clear"
	}
	if before931(s) == "no" {
		results["fixed"] = "clear"
	}
	return results
}

func documented(s situation) string {
	core, screen := coreRule(s), screenRule(s)
	for _, result := range []string{"at-risk", "indeterminate"} {
		if core == result || screen == result {
			return result
		}
	}
	return "clear"
}

func agrees(s situation) string {
	effect, _ := predict(s)
	switch {
	case documented(s) == "indeterminate" || effect == "unknown":
		return "null"
	case (documented(s) == "at-risk") == (effect == "error-53"):
		return "true"
	default:
		return "false"
	}
}

func disagreement(s situation) []string {
	reasons := []string{}
	if agrees(s) != "false" {
		return reasons
	}
	effect, _ := predict(s)
	read := versionRead(s)
	add := func(reason string, applies bool) {
		if applies {
			reasons = append(reasons, reason)
		}
	}
	add("way", effect == "update-refused")
	add("target", read.known() && (band(read) == "below the fix") != (targetBand(s) == "below the fix"))
	add("build", read.version == "9.3" || read.version == "9.2.1" && read.build == "13D20")
	add("device", class(s.productType) == "never" || class(s.productType) == "button is part of it")
	add("screen", s.repair == "third-party-screen" && sensor(s) == "good")
	add("cause", s.repair == "damaged" && effect == "error-53")
	add("working", s.repair == "third-party-sensor" && sensor(s) == "good")
	return reasons
}
