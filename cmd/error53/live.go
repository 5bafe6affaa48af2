package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"error53/lockdown"
)

// live tells of phones that are waited for: on a terminal each has a line that is
// written anew, elsewhere it gets a line for each thing that happens.
type live struct {
	w     io.Writer
	inTTY bool // it can move the cursor
	width int

	rows  []liveRow // in the order in which they came up
	drawn int       // lines on the screen
}

type liveRow struct {
	phone int // its place in the run
	text  string
	state lockdown.State
}

func newLive(s streams) *live {
	return &live{w: s.err, inTTY: s.errTTY && s.getenv("TERM") != "dumb", width: s.width}
}

// tell shows how the pairing of a phone stands.
func (l *live) tell(phone int, who string, p lockdown.Progress) {
	at := slices.IndexFunc(l.rows, func(r liveRow) bool { return r.phone == phone })
	if at < 0 {
		at = len(l.rows)
		l.rows = append(l.rows, liveRow{phone: phone})
	}
	before, now := l.rows[at], liveRow{phone, who + ": " + progressWords(p), p.State}
	l.rows[at] = now
	switch {
	case l.inTTY && before.text != now.text:
		l.redraw()
	case !l.inTTY && before.state != now.state:
		fmt.Fprintln(l.w, now.text)
	}
}

// done takes the row of a phone away: its result stands elsewhere.
func (l *live) done(phone int) {
	l.erase()
	l.rows = slices.DeleteFunc(l.rows, func(r liveRow) bool { return r.phone == phone })
	l.redraw()
}

// aside lets something else be printed, on the screen that the rows are on.
func (l *live) aside(print func()) {
	l.erase()
	print()
	l.redraw()
}

// erase and redraw move the cursor as ECMA-48 has it: CPL, EL, ED.
func (l *live) erase() {
	if l.drawn > 0 {
		fmt.Fprintf(l.w, "\x1b[%dF\x1b[J", l.drawn)
		l.drawn = 0
	}
}

func (l *live) redraw() {
	if !l.inTTY {
		return
	}
	var b strings.Builder
	if l.drawn > 0 {
		fmt.Fprintf(&b, "\x1b[%dF", l.drawn)
	}
	for _, row := range l.rows {
		fmt.Fprintf(&b, "%s\x1b[K\n", clip(row.text, l.width-1))
	}
	io.WriteString(l.w, b.String())
	l.drawn = len(l.rows)
}

// progressWords say what a person with the phone in hand has to do, or what is going on.
func progressWords(p lockdown.Progress) string {
	switch p.State {
	case lockdown.Checking:
		return "looking whether it trusts this computer already"
	case lockdown.AlreadyTrusted:
		return "it trusts this computer already, and nothing was written"
	case lockdown.MakingKeys:
		return "making keys"
	case lockdown.WaitingForTrust:
		return "unlock the phone and tap Trust" + waitClause(p)
	case lockdown.PasscodeNeeded:
		return "enter the passcode on the phone" + waitClause(p)
	case lockdown.Reconnecting:
		return "the phone has left, and should be back in a moment" + waitClause(p)
	case lockdown.Proving:
		return "trying the new pairing"
	case lockdown.Paired:
		return "paired"
	default:
		return string(p.State)
	}
}

// waitClause is "(12 s of 60)".
func waitClause(p lockdown.Progress) string {
	if p.Waited+p.Left <= 0 {
		return ""
	}
	return fmt.Sprintf(" (%d s of %d)", wholeSeconds(p.Waited), wholeSeconds(p.Waited+p.Left))
}

func wholeSeconds(d time.Duration) int { return int(d.Round(time.Second) / time.Second) }
