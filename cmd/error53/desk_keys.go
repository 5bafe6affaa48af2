package main

import (
	"strings"
	"unicode/utf8"

	"error53/diag"
)

// press does what a key stands for.
func (d *desk) press(key keyPressed) []any {
	switch key.name {
	case "ctrl+c":
		return []any{quit{}}
	case "ctrl+z":
		return []any{suspend{}}
	}
	switch {
	case d.prompt.kind == confirming:
		return d.confirm(key.name)
	case d.prompt.open():
		return d.edit(key)
	}
	if d.walk(key.name) {
		return nil
	}
	switch key.name {
	case "q":
		return []any{quit{}}
	case "?":
		d.toggle(help)
	case "enter":
		d.toggle(details)
	case "esc":
		d.escape()
	case "/":
		d.prompt = prompt{kind: filtering, text: d.filter}
	default:
		return d.pressFor(key.name)
	}
	return nil
}

// walk moves among rows, or within a pane.
func (d *desk) walk(key string) bool {
	page := max(d.rowsHeight()-1, 1)
	by, vertical := map[string]int{"up": -1, "k": -1, "down": 1, "j": 1, "pgup": -page, "pgdown": page, "home": -1 << 20, "end": 1 << 20}[key]
	beside, horizontal := map[string]int{"left": -1, "right": 1}[key]
	switch {
	case vertical && d.pane == rows:
		d.move(by)
	case vertical:
		d.scroll += by
	case horizontal && d.pane != help:
		d.move(beside)
	default:
		return false
	}
	return true
}

func (d *desk) toggle(p pane) {
	if d.pane == p {
		p = rows
	}
	d.pane, d.scroll = p, 0
}

// escape leaves what was entered last.
func (d *desk) escape() {
	switch {
	case d.pane != rows:
		d.pane, d.scroll = rows, 0
	default:
		d.filter = ""
	}
}

// answers are the keys that state a fact of the chosen phone.
var answers = map[string]struct {
	repair  diag.Repair
	touchID diag.TouchID
}{
	"n": {repair: diag.RepairNone},
	"a": {repair: diag.RepairApple},
	"t": {repair: diag.ThirdPartySensor},
	"s": {repair: diag.ThirdPartyScreen},
	"d": {repair: diag.Damaged},
	"u": {repair: diag.RepairUnknown, touchID: diag.TouchIDUnknown},
	"f": {touchID: diag.TouchIDYes},
	"g": {touchID: diag.TouchIDNo},
}

// pressFor does something with the chosen phone.
func (d *desk) pressFor(key string) []any {
	_, isAnswer := answers[key]
	if !isAnswer && key != "p" && key != "P" && key != "c" {
		return nil
	}
	s := d.seat()
	switch {
	case d.pane == help:
		return nil
	case s == nil || s.Phone == nil:
		d.say("There is no phone to say that of.")
		return nil
	case d.now.Sub(d.focus.jumped) < startling:
		d.say("This row was just chosen by itself, as its phone came: press the key again.")
		return nil
	}
	switch key {
	case "p":
		d.prompt = prompt{kind: planning, key: s.key()}
	case "P":
		d.offer(s)
	case "c":
		d.say("Copied for the ticket, if the terminal lets programs copy (OSC 52): " + d.nameOf(s))
		return []any{copyText(d.ticket(s))}
	default:
		return d.answer(s, key)
	}
	return nil
}

// answer takes the operator's word on the chosen phone.
func (d *desk) answer(s *seat, key string) []any {
	word, said := answers[key], d.said(s.key())
	var news []string
	if word.repair != "" {
		said.repair = string(word.repair)
		news = append(news, "repair "+said.repair)
	}
	if word.touchID != "" {
		said.touchID = string(word.touchID)
		news = append(news, "Touch ID works: "+said.touchID)
		d.replace(s.key(), func(s *seat) { s.asks = false })
	}
	d.say("Noted: " + strings.Join(append(news, d.nameOf(s)), " · "))
	return d.tell(s.key(), said)
}

// prompt is a line that somebody types.
type prompt struct {
	kind promptKind
	key  int // the phone it is about
	text string
}

type promptKind int

const (
	closed promptKind = iota
	filtering
	planning
	confirming // that a phone is to be asked for trust
)

// maxTyped bounds a typed or pasted line: the longest path is one.
const maxTyped = 4096

func (p prompt) open() bool { return p.kind != closed }

// edit takes a key into the line that is typed.
func (d *desk) edit(key keyPressed) []any {
	switch key.name {
	case "enter":
		return d.enter()
	case "esc":
		if d.prompt.kind == filtering {
			d.filter = ""
		}
		d.prompt = prompt{}
	case "backspace":
		_, last := utf8.DecodeLastRuneInString(d.prompt.text)
		d.prompt.text = d.prompt.text[:len(d.prompt.text)-last]
	case "ctrl+u":
		d.prompt.text = ""
	}
	d.typed(key.text)
	return nil
}

// typed takes text into the line that is typed.
func (d *desk) typed(text string) {
	text, _, _ = strings.Cut(text, "\n")
	text = strings.Map(func(r rune) rune {
		if acts(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	if d.prompt.open() && len(d.prompt.text)+len(text) <= maxTyped {
		d.prompt.text += text
	}
	if d.prompt.kind == filtering {
		d.filter = d.prompt.text
	}
}

func (d *desk) enter() []any {
	typed := d.prompt
	d.prompt = prompt{}
	if typed.kind == planning {
		return []any{readPlan{typed.key, d.parsePlan(typed.text)}}
	}
	return nil
}

// parsePlan takes "newest", "9.2.1:13D20", a path, and "ota" or another way in front of
// or instead of it. Nothing typed is the plan for all phones.
func (d *desk) parsePlan(text string) operator {
	text = strings.TrimSpace(text)
	if text == "" {
		return operator{target: d.plan.target, way: d.plan.way, images: d.plan.images}
	}
	first, rest, _ := strings.Cut(text, " ")
	if oneOf("", first, diag.Ways) == nil {
		return operator{way: first, target: strings.TrimSpace(rest)}
	}
	return operator{target: text}
}

// planned takes a plan whose files were read.
func (d *desk) planned(read planRead) []any {
	if read.err != nil {
		e := explain(read.err)
		d.say(join([]string{"Plan: " + e.message, e.hint}, "; "))
		return nil
	}
	said := d.said(read.key)
	said.target, said.way, said.images = read.said.target, read.said.way, read.said.images
	d.say("Plan: " + planText(said))
	return d.tell(read.key, said)
}

// planText is a plan in words.
func planText(said operator) string {
	if said.target == "" && said.way == "" {
		return "not said"
	}
	return clip(join([]string{said.target, said.way}, ", "), 60)
}
