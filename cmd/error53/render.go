package main

import (
	"fmt"
	"io"
	"strings"

	"error53/diag"
)

// screen prints verdicts for people: what it is and how bad on the first line,
// then why, what is not known, and what to do.
type screen struct {
	w         io.Writer
	width     int
	color     bool
	simulated bool
	keys      bool // questions are answered by single keys, else by flags
}

// head is the column in which the words of a block begin.
const head = "  %-9s "

func (s screen) banner() {
	if s.simulated {
		writeWrapped(s.w, "", "SIMULATED: these phones are virtual. No phone was read, and no verdict below is about a real one.", s.width)
		fmt.Fprintln(s.w)
	}
}

// block prints all about one phone, and an empty line behind it.
func (s screen) block(p phone) {
	s.phone(p)
	fmt.Fprintln(s.w)
}

func (s screen) phone(p phone) {
	s.headline(p)
	if p.badTarget() {
		s.trouble(p.err)
		s.line("without", fmt.Sprintf("a target the verdict is %s.", strings.ToUpper(string(p.verdict.Risk))))
	}
	if p.hasVerdict() {
		s.line("target", targetText(p.facts))
		s.why(p)
		s.session(p)
		s.line("unknown", strings.Join(openFacts(p.facts), "; "))
	}
	for _, warning := range p.verdict.Warnings {
		s.line("warning", warning.Text)
	}
	if p.err != nil && !p.badTarget() {
		s.trouble(p.err)
		return
	}
	for i, step := range p.verdict.Next {
		writeWrapped(s.w, fmt.Sprintf(head+"%d. ", firstOnly("next", i), i+1), step.Text+s.howToAnswer(p, step), s.width)
	}
}

// trouble tells what went wrong, and what to do about it.
func (s screen) trouble(err error) {
	e := explain(err)
	s.line("error", e.message)
	s.line("hint", e.hint)
}

// firstOnly names the first line of several.
func firstOnly(name string, i int) string {
	if i > 0 {
		return ""
	}
	return name
}

// answerFlags are the flags that answer a question.
var answerFlags = map[diag.FactName]string{
	diag.AskRepair:      "--repair",
	diag.AskTouchID:     "--touch-id",
	diag.AskTarget:      "--target",
	diag.AskTargetBuild: "--target",
	diag.AskWay:         "--via",
}

// howToAnswer names the flag, or the keys, behind the step that asks.
func (s screen) howToAnswer(p phone, step diag.Advice) string {
	switch {
	case step.ID != diag.StepAsk:
		return ""
	case s.keys:
		return " (" + answerKeys[p.verdict.Question.Fact] + ")"
	}
	return " (" + answerFlags[p.verdict.Question.Fact] + ")"
}

// headlines are the words of the first lines, the gravest first.
var headlines = []string{"HIGH", "ELEVATED", "UNKNOWN", wrongTarget, noAnswer, "LOW", "NONE"}

// The headlines of a phone without a verdict, or without one on the stated target.
const (
	noAnswer    = "NO ANSWER"
	wrongTarget = "BAD TARGET"
)

func (p phone) headline() string {
	switch {
	case !p.hasVerdict():
		return noAnswer
	case p.badTarget():
		return wrongTarget
	}
	return strings.ToUpper(string(p.verdict.Risk))
}

// summary counts the headlines of several phones, for whoever looks up when all
// has scrolled by.
func (s screen) summary(phones []phone) {
	if len(phones) < 2 {
		return
	}
	s.line("in all", fmt.Sprintf("%d phones: %s", len(phones), countHeadlines(phones)))
}

func countHeadlines(phones []phone) string {
	count := map[string]int{}
	for _, p := range phones {
		count[p.headline()]++
	}
	var parts []string
	for _, word := range headlines {
		if count[word] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[word], word))
		}
	}
	return strings.Join(parts, ", ")
}

func (s screen) headline(p phone) { s.top(p.headline(), colors[p.verdict.Risk], s.who(p)) }

// who tells which phone it is, what runs on it, and where it was met.
func (s screen) who(p phone) string {
	parts := []string{p.title(), installed(p.facts), string(p.facts.Mode.Value), p.label()}
	if p.origin != "" && p.origin != p.label() {
		parts = append(parts, p.origin)
	}
	if s.simulated {
		parts = append(parts, "SIMULATED")
	}
	return join(parts, " · ")
}

// top prints a first line: the word that counts, and what it is about.
func (s screen) top(word, color, about string) {
	var b strings.Builder
	writeWrapped(&b, fmt.Sprintf("%-11s ", word), about, s.width)
	fmt.Fprint(s.w, strings.Replace(b.String(), word, s.paint(color, word), 1))
}

// installed tells the iOS on the phone, "" where nothing is known of it.
func installed(f diag.Facts) string {
	switch {
	case f.InstalledVersion.Known():
		return withBuild("iOS "+f.InstalledVersion.Value, f.InstalledBuild.Value)
	case f.InstalledRange.Known():
		return fmt.Sprintf("iOS %s by its iBoot", f.InstalledRange.Value)
	}
	return ""
}

// title is the model, and the name its owner gave the phone.
func (p phone) title() string {
	name := p.facts.DeviceName.Value
	if name == "" {
		return p.model()
	}
	return p.model() + " \u201c" + clip(name, nameWidth) + "\u201d"
}

// name is the model, and what tells it from others of the run.
func (s screen) name(p phone) string { return p.title() + " " + p.label() }

// nameWidth is how much of a phone's name is shown: it is free text.
const nameWidth = 24

func withBuild(version, build string) string {
	if build == "" {
		return version
	}
	return version + " (" + build + ")"
}

func join(parts []string, separator string) string {
	var kept []string
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, separator)
}

// why gives the reasons and what the documents say, each with its id.
func (s screen) why(p phone) {
	for i, reason := range p.verdict.Prediction.Reasons {
		s.line(firstOnly("why", i), fmt.Sprintf("%s [%s]", reason.Text, reason.ID))
	}
	s.line("documents", documents(p.verdict))
}

// documents puts the check into one line.
func documents(v diag.Verdict) string {
	var by []string
	for _, rule := range v.Check.Rules {
		if rule.Result == v.Check.Documented && rule.Result != diag.Clear {
			by = append(by, rule.ID)
		}
	}
	said := strings.ReplaceAll(string(v.Check.Documented), "-", " ")
	if len(by) > 0 {
		said += " by " + strings.Join(by, ", ")
	}
	switch {
	case v.Check.Agrees == nil:
		said += "; not comparable with the evidence yet"
	case *v.Check.Agrees:
		said += "; the evidence agrees"
	default:
		said += "; the evidence disagrees: " + disagreements(v.Check.Disagreement)
	}
	return fmt.Sprintf("%s. Confidence %s.", said, v.Prediction.Confidence)
}

func disagreements(ids []diag.Disagreement) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = string(id)
	}
	return strings.Join(names, ", ") + " (error53 rules " + names[0] + ")"
}

// openFacts lists in words what nobody has said or read.
func openFacts(f diag.Facts) []string {
	var open []string
	add := func(known bool, words string) {
		if !known {
			open = append(open, words)
		}
	}
	add(f.ProductType.Known(), "which model it is")
	add(f.InstalledVersion.Known(), openInstalled(f))
	if d, ok := diag.DeviceByType(f.ProductType.Value); !ok || d.Biometric == diag.TouchIDHardware {
		add(f.Repair.Value != diag.RepairUnknown && f.Repair.Known(), "what was repaired")
		add(f.TouchID.Value != diag.TouchIDUnknown && f.TouchID.Known(), "whether Touch ID works")
	}
	add(f.TargetVersion.Known(), "which iOS will be installed")
	return open
}

// openInstalled puts the missing iOS into words. Of a phone in recovery mode it says why
// iBoot did not help: often that can be helped.
func openInstalled(f diag.Facts) string {
	switch {
	case f.InstalledRange.Known():
		return "which of these iOS is on it"
	case f.Mode.Value == diag.Recovery && f.IBoot.Known():
		return "which iOS is on it (" + f.InstalledRange.Reason + ")"
	case f.Mode.Value == diag.Recovery:
		return "which iOS is on it (" + f.IBoot.Reason + ")"
	}
	return "which iOS is on it"
}

// line prints text behind the name of its block, nothing where there is no text.
func (s screen) line(name, text string) {
	if text != "" {
		writeWrapped(s.w, fmt.Sprintf(head, name), text, s.width)
	}
}

// The colours of the headlines; the word itself says the same without them.
var colors = map[diag.Risk]string{
	diag.RiskHigh:     "\x1b[1;31m",
	diag.RiskElevated: "\x1b[1;33m",
	diag.RiskUnknown:  "\x1b[1;35m",
	diag.RiskLow:      "\x1b[1;36m",
	diag.RiskNone:     "\x1b[1;32m",
}

func (s screen) paint(color, word string) string {
	if !s.color {
		return word
	}
	return color + word + "\x1b[0m"
}
