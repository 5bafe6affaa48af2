package main

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// column is one of those that every row has.
type column struct {
	title    string
	min, max int // columns of the terminal
	wide     int // from which width of the terminal on it is there
	text     func(*desk, *seat) string
}

// columns are all but the last, which tells what to do now and takes what is left.
var allColumns = []column{
	{"PORT", 4, 16, 0, (*desk).portOf},
	{"MODEL", 8, 18, 0, (*desk).modelOf},
	{"NAME", 4, 20, 120, (*desk).ownerOf},
	{"ID", 5, 9, 100, (*desk).labelOf},
	{"iOS", 6, 7, 0, (*desk).versionOf},
	{"MODE", 8, 8, 0, (*desk).modeOf},
	{"TRUST", 6, 6, 0, (*desk).trustOf},
	{"RISK", 9, 9, 0, (*desk).riskOf},
}

// nowWidth is what the last column needs.
const nowWidth = 20

func (d *desk) portOf(s *seat) string {
	if name := d.ports.named(s.port); name != "" {
		return name
	}
	if s.port == "" {
		return "?"
	}
	return s.port
}

func (d *desk) modelOf(s *seat) string {
	if s.Phone == nil {
		return "–"
	}
	if model := s.phone.model(); model != unknownModel {
		return model
	}
	return s.phone.label()
}

func (d *desk) ownerOf(s *seat) string { return s.phone.facts.DeviceName.Value }

func (d *desk) labelOf(s *seat) string {
	if s.Phone == nil || s.phone.label() == s.phone.place {
		return ""
	}
	return s.phone.label()
}

func (d *desk) versionOf(s *seat) string { return s.phone.facts.InstalledVersion.Value }

func (d *desk) modeOf(s *seat) string {
	switch {
	case s.Phone == nil:
		return ""
	case !s.Phone.Present:
		return "away"
	}
	return string(s.Phone.Mode())
}

// riskOf is the headline, or a wheel that turns while the phone is read.
func (d *desk) riskOf(s *seat) string {
	switch {
	case s.Phone == nil:
		return ""
	case s.reading():
		return spinner[int(d.now.UnixMilli()/125)%len(spinner)]
	case s.Phone.Verdict == nil && s.Phone.Err == nil:
		return "" // it went before it was read
	}
	return s.phone.headline()
}

var spinner = []string{"|", "/", "-", `\`}

// fitted is a column as wide as it is on this screen.
type fitted struct {
	column
	width int
}

// columns fits the columns into the width of the terminal. What is wanted by the longest
// text is given as far as there is room for it.
func (d *desk) columns() []fitted {
	var fit []fitted
	room := d.width - len(marker) - nowWidth
	for _, c := range allColumns {
		if d.width >= c.wide {
			fit = append(fit, fitted{c, c.min})
			room -= c.min + 1
		}
	}
	for i := range fit {
		c := &fit[i]
		wanted := c.min
		for _, s := range d.seats {
			wanted = max(wanted, displaywidth.String(clip(c.text(d, s), c.max)))
		}
		more := max(min(wanted-c.min, room), 0)
		c.width += more
		room -= more
	}
	return fit
}

// marker is in front of every row; the chosen one has an arrow there.
const marker = "  "

func (d *desk) columnHead() string {
	line := marker
	for _, c := range d.columns() {
		line += pad(c.title, c.width) + " "
	}
	return d.dim(clip(line+"WHAT TO DO NOW", d.width))
}

func (d *desk) row(s *seat, columns []fitted, chosen bool) string {
	var line strings.Builder
	used := len(marker)
	for _, c := range columns {
		text := pad(clip(c.text(d, s), c.width), c.width)
		if c.title == "RISK" && s.present() && !s.reading() {
			text = strings.Replace(text, s.phone.headline(), d.paint(colors[s.phone.verdict.Risk], s.phone.headline()), 1)
		}
		line.WriteString(text + " ")
		used += c.width + 1
	}
	full, short := d.whatNow(s)
	room := d.width - used
	if displaywidth.String(full) > room {
		full = short
	}
	line.WriteString(clip(full, room))
	switch {
	case chosen:
		return d.bold("> ") + line.String()
	case s.Phone == nil || !s.Phone.Present:
		return d.dim(marker + line.String())
	}
	return marker + line.String()
}

// pad fills a text with blanks up to a width.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(width-displaywidth.String(text), 0))
}

// nameOf names the phone of a seat in a sentence.
func (d *desk) nameOf(s *seat) string {
	return who(s.sighting, d.ports)
}
