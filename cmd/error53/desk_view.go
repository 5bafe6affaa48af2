package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
)

// The least terminal in which the screen makes sense.
const (
	minWidth  = 72
	minHeight = 16
)

// panelHeight is how many lines below the rows are about the chosen phone.
const panelHeight = 5

// view draws the desk, one line each of at most its width.
func (d desk) view() string {
	if d.width < minWidth || d.height < minHeight {
		return d.tooSmall()
	}
	lines := d.head()
	if d.pane == rows {
		lines = append(lines, d.columnHead())
		lines = append(lines, d.rowLines()...)
		lines = append(lines, d.panel()...)
	} else {
		lines = append(lines, d.paneView()...)
	}
	return strings.Join(append(lines, d.foot()), "\n")
}

func (d *desk) tooSmall() string {
	text := fmt.Sprintf("error53 watch needs %d×%d characters; this terminal has %d×%d. Make it larger, or use --plain. q quits.", minWidth, minHeight, d.width, d.height)
	lines := wrap(text, max(d.width, 1))
	lines = lines[:min(len(lines), max(d.height, 1))]
	for i := range lines {
		lines[i] = clip(lines[i], d.width)
	}
	return strings.Join(lines, "\n")
}

// head tells what is going on at all, and what is wrong below that.
func (d *desk) head() []string {
	parts := []string{"error53 watch", "", d.summary()}
	if d.simulated {
		parts[1] = "SIMULATED"
	}
	line := join(parts, " · ")
	if displaywidth.String(line) > d.width {
		line = join(parts[1:], " · ")
	}
	lines := []string{d.bold(clip(line, d.width))}
	for _, line := range d.trouble() {
		lines = append(lines, d.alarm(line))
	}
	return lines
}

// summary counts the phones that are there by their headlines.
func (d *desk) summary() string {
	var phones []phone
	for _, s := range d.seats {
		if s.present() && !s.reading() {
			phones = append(phones, s.phone)
		}
	}
	there := 0
	for _, s := range d.seats {
		if s.present() {
			there++
		}
	}
	switch {
	case !d.heard:
		return "looking for phones"
	case there == 0:
		return "plug a phone in"
	}
	return join([]string{plural(there, "phone"), countHeadlines(phones)}, ": ")
}

func plural(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}

// trouble is why phones may be missing and what to do about it, a line each; nothing where
// nothing is known to be wrong.
func (d *desk) trouble() []string {
	err := d.daemon
	if err == nil {
		err = d.unseen
	}
	if err == nil {
		return nil
	}
	e := explain(err)
	lines := []string{clip("! "+e.message, d.width)}
	if e.hint != "" {
		lines = append(lines, clip("  "+e.hint, d.width))
	}
	return lines
}

// foot is the last line: what is typed, what a key did, or the keys.
func (d *desk) foot() string {
	switch {
	case d.prompt.kind == confirming:
		return d.bold(clip(d.confirmLine(), d.width))
	case d.prompt.open():
		return d.promptLine()
	case d.notice.text != "":
		return d.bold(clip(d.notice.text, d.width))
	case d.pane == help:
		return d.dim(clip("↑↓ scroll · ? or esc back · q quit", d.width))
	case d.pane == details:
		return d.dim(clip("↑↓ scroll · ←→ other phones · enter or esc back · p plan · c copy · ? keys · q quit", d.width))
	}
	return d.dim(clip("↑↓ choose · enter details · p plan · c copy · / filter · ? keys · q quit", d.width))
}

// promptLine shows the end of what is typed.
func (d *desk) promptLine() string {
	head := "filter: "
	if d.prompt.kind == planning {
		head = "plan: "
	}
	room := d.width - displaywidth.String(head) - 1
	return head + lastOf(d.prompt.text, room) + "_"
}

// lastOf is the end of a text that fits into so many columns.
func lastOf(text string, room int) string {
	start := len(text)
	for start > 0 {
		r, size := utf8.DecodeLastRuneInString(text[:start])
		if room -= displaywidth.Rune(r); room < 0 {
			break
		}
		start -= size
	}
	return text[start:]
}

// rowsHeight is how many rows there is room for.
func (d *desk) rowsHeight() int {
	return d.height - 1 - len(d.trouble()) - 1 - panelHeight - 1
}

func (d *desk) rowLines() []string {
	shown, columns := d.shown(), d.columns()
	lines := make([]string, d.rowsHeight())
	chosen := d.index(shown)
	for i := range lines {
		if at := d.top + i; at < len(shown) {
			lines[i] = d.row(shown[at], columns, at == chosen)
		}
	}
	return lines
}

// How text stands out, where there is colour. It says the same without.
func (d *desk) bold(text string) string  { return d.paint("\x1b[1m", text) }
func (d *desk) dim(text string) string   { return d.paint("\x1b[2m", text) }
func (d *desk) alarm(text string) string { return d.paint("\x1b[1;31m", text) }

func (d *desk) paint(how, text string) string {
	if !d.color || text == "" {
		return text
	}
	return how + text + "\x1b[0m"
}
