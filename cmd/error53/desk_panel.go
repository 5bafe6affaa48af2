package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/clipperhouse/displaywidth"

	"error53/diag"
)

// panel tells below the rows what matters most of the chosen phone: the question with
// its keys, or why the verdict is what it is, and what to do.
func (d *desk) panel() []string {
	s := d.seat()
	lines := []string{d.rule(d.panelTitle(s), d.hidden())}
	for _, line := range d.panelText(s) {
		lines = append(lines, wrap(line, d.width)...)
	}
	for i := range lines[1:] {
		lines[i+1] = clip(lines[i+1], d.width)
	}
	for len(lines) < panelHeight {
		lines = append(lines, "")
	}
	return lines[:panelHeight]
}

func (d *desk) panelTitle(s *seat) string {
	switch {
	case s == nil:
		return ""
	case s.Phone == nil:
		return d.portOf(s)
	}
	return d.nameOf(s)
}

// hidden tells which of the rows are not on the screen; "" where all are.
func (d *desk) hidden() string {
	shown, height := len(d.shown()), d.rowsHeight()
	var parts []string
	if d.filter != "" {
		parts = append(parts, fmt.Sprintf("%d of %d fit %q", shown, len(d.seats), clip(d.filter, 12)))
	}
	if shown > height {
		parts = append(parts, fmt.Sprintf("rows %d–%d of %d", d.top+1, min(d.top+height, shown), shown))
	}
	return strings.Join(parts, ", ")
}

// rule is a line across the screen with a title in it, and something at its end.
func (d *desk) rule(title, end string) string {
	if end != "" {
		end = " " + end + " ──"
	}
	if title != "" {
		title = " " + clip(title, d.width-6-displaywidth.String(end)) + " "
	}
	line := "──" + title
	return d.dim(line + strings.Repeat("─", max(d.width-displaywidth.String(line+end), 0)) + end)
}

func (d *desk) panelText(s *seat) []string {
	switch {
	case s == nil && d.filter != "":
		return []string{"No phone fits the filter. Esc shows all of them."}
	case s == nil || s.Phone == nil:
		return []string{"Plug a phone in: its row appears at once, and its verdict as soon as it is read."}
	case s.question() != "":
		return []string{d.questionText(s), menuOf(s.question())}
	case s.Phone.Err != nil && !s.phone.hasVerdict():
		e := explain(s.Phone.Err)
		return []string{e.message, e.hint}
	case s.Phone.Verdict == nil:
		return nil
	}
	return d.verdictText(s)
}

// questionText puts the question, and after an update what it is asked for.
func (d *desk) questionText(s *seat) string {
	if s.asks {
		return outcomeText(s.Phone.Outcome) + askAgain(s.Phone.Outcome)
	}
	return s.phone.verdict.Question.Text
}

// menuOf lists the keys that answer a question.
func menuOf(fact diag.FactName) string {
	switch fact {
	case diag.AskRepair:
		var answers []string
		for _, c := range choices[fact] {
			answers = append(answers, fmt.Sprintf("[%s] %s", c.key, c.label))
		}
		return strings.Join(append(answers, "[u] not known"), " · ")
	case diag.AskTouchID:
		return "[f] a finger unlocks it · [g] it does not · [u] not known"
	}
	return "[p] state the plan: newest, 12.5.8, 9.2.1:13D20, an IPSW, ota"
}

func (d *desk) verdictText(s *seat) []string {
	lines := []string{s.phone.verdict.Prediction.Reasons[0].Text}
	if outcome := s.Phone.Outcome; outcome != nil {
		lines = []string{outcomeText(outcome)}
	}
	if full, _ := d.whatNow(s); full != "" {
		lines = append(lines, "Now: "+full+".")
	}
	return lines
}

// paneView is what covers the rows, from its first visible line on.
func (d *desk) paneView() []string {
	lines := d.paneLines()
	height := d.paneHeight()
	shown := make([]string, height)
	copy(shown, lines[min(d.scroll, len(lines)):])
	if d.pane == help {
		return append([]string{d.rule("the keys", d.more(lines))}, shown...)
	}
	return append([]string{d.rule(d.panelTitle(d.seat()), d.more(lines))}, shown...)
}

// more tells how far a pane was scrolled; "" where all of it is on the screen.
func (d *desk) more(lines []string) string {
	if len(lines) <= d.paneHeight() {
		return ""
	}
	return fmt.Sprintf("lines %d–%d of %d", d.scroll+1, min(d.scroll+d.paneHeight(), len(lines)), len(lines))
}

// paneHeight is how many lines a pane has room for.
func (d *desk) paneHeight() int { return d.rowsHeight() + panelHeight }

func (d *desk) paneLines() []string {
	if d.pane == help {
		return helpLines(d.width)
	}
	return d.detailLines(d.seat())
}

// detailLines are all that is known of a phone.
func (d *desk) detailLines(s *seat) []string {
	if s == nil || s.Phone == nil {
		return []string{"Nothing is plugged in here."}
	}
	var b strings.Builder
	out := screen{w: &b, width: d.width, color: d.color, simulated: d.simulated, keys: true}
	out.phone(s.phone)
	d.writeJourney(out, s)
	out.rules(s.phone)
	out.facts(s.phone)
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}

// writeJourney tells where the phone was, and what became of it.
func (d *desk) writeJourney(out screen, s *seat) {
	journey := s.Phone.Journey
	if o := s.Phone.Outcome; o != nil {
		journey = o.Journey
		out.line("outcome", outcomeText(o))
	}
	if len(journey) < 2 {
		return
	}
	for i, leg := range journey {
		text := fmt.Sprintf("%s  %-8s %s", leg.Since.Format("15:04:05"), leg.Mode, stay(journey, i, d.now).Round(time.Second))
		if leg.Version != "" {
			text += ", " + withBuild("iOS "+visible(leg.Version), visible(leg.Build))
		}
		out.line(firstOnly("journey", i), text)
	}
}

// rules tells what each documented rule says.
func (s screen) rules(p phone) {
	if !p.hasVerdict() {
		return
	}
	for i, rule := range p.verdict.Check.Rules {
		s.line(firstOnly("rules", i), rule.ID+": "+strings.ReplaceAll(string(rule.Result), "-", " "))
	}
}

// facts tells what is known, each with its source, and of the rest why it is not.
func (s screen) facts(p phone) {
	for i, f := range factsOf(p.facts, p.mask) {
		text := "not known: " + f.reason
		if f.source != "" {
			text = fmt.Sprintf("%s (%s)", clip(f.value, 2*s.width), f.source)
		}
		s.line(firstOnly("facts", i), f.name+" "+text)
	}
}

// ticket is the phone in the words for a repair ticket: the verdict as check prints it.
func (d *desk) ticket(s *seat) string {
	var b strings.Builder
	out := screen{w: &b, width: defaultWidth, simulated: d.simulated}
	fmt.Fprintf(&b, "error53 %s, %s\n", d.now.Format("2006-01-02 15:04"), d.nameOf(s))
	out.phone(s.phone)
	d.writeJourney(out, s)
	return b.String()
}

// helpLines are the keys and what they do.
func helpLines(width int) []string {
	var b strings.Builder
	for _, key := range keysHelp {
		writeWrapped(&b, pad("  "+key[0], 14), key[1], width)
	}
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}

var keysHelp = [][2]string{
	{"↑ ↓ j k", "choose a phone, or scroll; Page Up, Page Down, Home and End as well"},
	{"Enter", "details of the chosen phone, and back; ← → show the other phones"},
	{"n", "repaired: none, or nothing near the sensor"},
	{"a", "repaired by Apple or an authorised provider"},
	{"t", "repaired by a third party: button, sensor, its cable, or the logic board exchanged"},
	{"s", "repaired by a third party: the screen only, with the original button"},
	{"d", "damaged: button, sensor or cable hurt, and not repaired"},
	{"f", "a finger unlocks it: Touch ID works"},
	{"g", "it does not: Touch ID fails"},
	{"u", "not known: takes back what was said of repair and Touch ID"},
	{"p", "the plan for this phone: newest, 12.5.8, 13D20, 9.2.1:13D20, the path of an IPSW; ota, computer-update or computer-restore, alone or in front; nothing: as for all phones"},
	{"P", "make the phone trust this computer: it shows the Trust dialog, once you have said yes"},
	{"c", "copy the verdict for the ticket (the terminal has to allow it: OSC 52)"},
	{"/", "show only rows that contain a text; Esc shows all again"},
	{"q, Ctrl-C", "quit; Ctrl-Z puts it aside, fg brings it back"},
	{"", "A phone that is plugged in is chosen by itself, unless the chosen one waits for an answer. A row stays at its port; one whose phone has gone is shown for ten minutes. Phones are only read: P alone has one show a dialog."},
}
