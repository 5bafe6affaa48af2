package diag_test

// ruling is what the oracle makes of a situation.
type ruling struct {
	effect, worst string
	confidence    string
	assumed       []string
	rules         map[string]string
	documented    string
	agrees        string // "true", "false", "null"
	disagreement  []string
	risk          string
	question      string // "" for none
}

// rule decides the whole situation.
func rule(s situation) ruling {
	r := ruling{
		confidence:   confidence(s),
		assumed:      []string{},
		rules:        rules(s),
		documented:   documented(s),
		agrees:       agrees(s),
		disagreement: disagreement(s),
		risk:         risk(s),
		question:     question(s),
	}
	r.effect, r.worst = predict(s)
	if r.worst != "unknown" && !s.target.known() {
		r.assumed = append(r.assumed, "target")
	}
	return r
}

func risk(s situation) string {
	effect, worst := predict(s)
	return headline(effect, worst, documented(s))
}

// headline is that of a prediction and a check. A worst that is not known stands
// for a contradictory reading, or a type the catalog lacks.
func headline(effect, worst, documented string) string {
	switch {
	case worst == "unknown":
		return "unknown"
	case effect == "error-53":
		return "high"
	case effect == "unknown" && worst == "error-53" && documented == "at-risk":
		return "elevated"
	case effect == "unknown" && worst == "error-53":
		return "unknown"
	case documented == "at-risk":
		return "elevated"
	case documented == "indeterminate":
		return "unknown"
	case worst == "touch-id-off", worst == "home-button-dead", worst == "update-refused":
		return "low"
	default:
		return "none"
	}
}

// confidence is the lowest that applies.
func confidence(s situation) string {
	effect, worst := predict(s)
	is5s := s.productType == "iPhone6,1" || s.productType == "iPhone6,2"
	switch {
	case s.repair == "third-party-sensor" && s.touchID == "yes", contradictory(s):
		return "low"
	case s.target.known() && compareVersions(s.target, v80) >= 0 && compareVersions(s.target, v82) <= 0,
		effect == "update-refused",
		is5s && sensor(s) == "bad",
		s.repair == "damaged" && sensor(s) == "bad",
		effect == "unknown":
		return "medium"
	}
	for _, answers := range openFacts(s) {
		for _, answered := range answers {
			if e, w := predict(answered); e != effect || w != worst {
				return "medium"
			}
		}
	}
	return "high"
}
