package diag_test

// question names the fact whose answers give the most different headlines, among
// those of which one answer gives another headline than the present one.
func question(s situation) string {
	present := risk(s)
	if present != "unknown" && present != "elevated" && present != "high" {
		return ""
	}
	best, most := "", 0
	open := openFacts(s)
	for _, fact := range askable {
		headlines := map[string]bool{}
		changes := false
		for _, answered := range open[fact] {
			headlines[risk(answered)] = true
			changes = changes || risk(answered) != present
		}
		if changes && len(headlines) > most {
			best, most = fact, len(headlines)
		}
	}
	return best
}

// askable are the facts that can be asked for, in the order of ties.
var askable = []string{"repair", "touchId", "target", "targetBuild", "way"}

// openFacts gives, for every fact that is not known, the situation as each of its
// answers would make it.
func openFacts(s situation) map[string][]situation {
	open := map[string][]situation{}
	try := func(fact string, change func(*situation)) {
		answered := s
		change(&answered)
		open[fact] = append(open[fact], answered)
	}
	if orUnknown(s.repair) == "unknown" {
		for _, v := range []string{"none", "apple", "third-party-sensor", "third-party-screen", "damaged"} {
			try("repair", func(s *situation) { s.repair = v })
		}
	}
	if orUnknown(s.touchID) == "unknown" {
		for _, v := range []string{"yes", "no"} {
			try("touchId", func(s *situation) { s.touchID = v })
		}
	}
	if m, ok := models()[s.productType]; ok && !s.target.known() {
		for _, r := range m.releases {
			if !s.installed.known() || atOrAbove(r, s.installed) {
				try("target", func(s *situation) { s.target = r })
			}
		}
	}
	if s.target.version == "9.2.1" && s.target.build == "" {
		for _, v := range []string{"13D15", "13D20"} {
			try("targetBuild", func(s *situation) { s.target = rel("9.2.1", v) })
		}
	}
	if s.way == "" {
		for _, v := range []string{"ota", "computer-update"} {
			try("way", func(s *situation) { s.way = v })
		}
	}
	return open
}
