package main

import (
	"fmt"
	"slices"
	"strings"

	"error53/diag"
)

// planColumns are those of a row of the table. With the two columns in front of it a
// row fits 80 columns.
const planColumns = "%-17s %-17s %-17s %-9s %s"

const planWidth = 80

func (o *planOptions) print(p phone, ways []wayOn, refused []phone) {
	s := o.screen()
	s.banner()
	writeWrapped(s.w, "", s.who(p), s.width)
	fmt.Fprintln(s.w)
	if s.width >= planWidth {
		fmt.Fprintf(s.w, "  "+planColumns+"\n", "", "effect", "at worst", "risk", "documents")
	}
	for _, way := range ways {
		s.wayOn(way)
	}
	s.line("unknown", strings.Join(openOfPlan(p.facts), "; "))
	if p.verdict.Prediction.Worst == diag.EffectUnknown {
		s.line("why", p.verdict.Prediction.Reasons[0].Text)
	}
	for _, warning := range p.verdict.Warnings {
		s.line("warning", warning.Text)
	}
	o.reportRefused(p, refused)
}

// reportRefused tells on standard error what could not be read.
func (o *planOptions) reportRefused(p phone, refused []phone) {
	for _, r := range refused {
		report(o.err, r.err, r.origin)
	}
	if p.err != nil {
		report(o.err, p.err, p.label())
	}
	if o.daemon != nil {
		report(o.err, o.daemon, "")
	}
}

// openOfPlan lists what nobody has said or read, but for the target: it is compared.
func openOfPlan(f diag.Facts) []string {
	f.TargetVersion = diag.Known("", diag.FromDefault)
	return openFacts(f)
}

// wayOn prints something that can be done: a row for each way to do it, and what it
// costs, the costs of all the ways first.
func (s screen) wayOn(w wayOn) {
	writeWrapped(s.w, "", w.heading(), s.width)
	for _, option := range w.options {
		s.option(option)
	}
	for _, cost := range w.costs() {
		writeWrapped(s.w, "      ", cost, s.width)
	}
}

// costs lists the costs, each once: those of some ways begin with these.
func (w wayOn) costs() []string {
	var common, special []string
	seen := map[diag.Advice]bool{}
	for _, option := range w.options {
		for _, cost := range option.Cost {
			if seen[cost] {
				continue
			}
			seen[cost] = true
			if of := w.waysThatCost(cost); len(of) < len(w.options) {
				special = append(special, nameOf(of)+": "+cost.Text)
			} else {
				common = append(common, cost.Text)
			}
		}
	}
	return append(common, special...)
}

func (w wayOn) waysThatCost(cost diag.Advice) []string {
	var ways []string
	for _, option := range w.options {
		if slices.Contains(option.Cost, cost) {
			ways = append(ways, string(option.Way))
		}
	}
	return ways
}

// nameOf names some of the ways.
func nameOf(ways []string) string {
	if slices.Equal(ways, []string{string(diag.ComputerUpdate), string(diag.ComputerRestore)}) {
		return "by a computer"
	}
	return strings.Join(ways, ", ")
}

// heading says what would be installed, and from where that is known.
func (w wayOn) heading() string {
	release := withBuild(w.facts.TargetVersion.Value, w.facts.TargetBuild.Value)
	switch w.kind {
	case "stay":
		return join([]string{"stay as it is", withBuild(w.facts.InstalledVersion.Value, w.facts.InstalledBuild.Value)}, ": ")
	case "newest":
		return fmt.Sprintf("newest: %s, believed signed, releases known up to %s", release, diag.DataDate)
	case "ipsw":
		return "IPSW: " + targetText(w.facts)
	}
	return "stated: " + release
}

// option prints a row of the table; where that is too wide, its cells as text.
func (s screen) option(option diag.Option) {
	way, documented := string(option.Way), strings.ReplaceAll(string(option.Documented), "-", " ")
	if option.Way == diag.WayNotStated {
		way, documented = "stay", "-"
	}
	if s.width < planWidth {
		writeWrapped(s.w, fmt.Sprintf("  %-17s ", way), fmt.Sprintf("effect %s, at worst %s, risk %s, documents %s", option.Effect, option.Worst, option.Risk, documented), s.width)
		return
	}
	fmt.Fprintf(s.w, "  "+planColumns+"\n", way, option.Effect, option.Worst, option.Risk, documented)
}
