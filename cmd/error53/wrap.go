package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// wrap breaks text at blanks into lines of at most width columns. A word that is
// wider than that stands alone on its line, unless it is cut by clip first.
func wrap(text string, width int) []string {
	var lines []string
	line, used := "", 0
	for word := range strings.FieldsSeq(text) {
		w := displaywidth.String(word)
		if line != "" && used+1+w > width {
			lines, line, used = append(lines, line), "", 0
		}
		if line != "" {
			line, used = line+" ", used+1
		}
		line, used = line+word, used+w
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// clip makes phone-supplied text visible and shortens it to at most width columns,
// with an ellipsis where it was cut. It never cuts within an escape.
func clip(text string, width int) string {
	if shown := visible(text); displaywidth.String(shown) <= width {
		return shown
	}
	var b strings.Builder
	room := width - displaywidth.String("…")
	for graphemes := displaywidth.StringGraphemes(text); graphemes.Next(); {
		shown := visible(graphemes.Value())
		if room -= displaywidth.String(shown); room < 0 {
			break
		}
		b.WriteString(shown)
	}
	return b.String() + "…"
}

// chop puts a blank into words that are wider than width columns, so that wrap can break
// them.
func chop(text string, width int) string {
	var b strings.Builder
	used := 0
	for graphemes := displaywidth.StringGraphemes(text); graphemes.Next(); {
		w := displaywidth.String(graphemes.Value())
		switch used += w; {
		case graphemes.Value() == " ":
			used = 0
		case used > width:
			b.WriteByte(' ')
			used = w
		}
		b.WriteString(graphemes.Value())
	}
	return b.String()
}

// writeWrapped prints text behind a head, its further lines below the first.
func writeWrapped(w io.Writer, head, text string, width int) {
	indent := displaywidth.String(head)
	for _, line := range wrap(text, max(width-indent, minTextWidth)) {
		fmt.Fprintf(w, "%s%s\n", head, line)
		head = strings.Repeat(" ", indent)
	}
}

// minTextWidth keeps text legible on a very narrow terminal.
const minTextWidth = 20
