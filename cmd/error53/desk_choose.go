package main

import (
	"slices"
	"strings"
)

// shown lists the seats that the filter lets through.
func (d *desk) shown() []*seat {
	if d.filter == "" {
		return d.seats
	}
	wanted := strings.ToLower(d.filter)
	return slices.DeleteFunc(slices.Clone(d.seats), func(s *seat) bool {
		return !strings.Contains(strings.ToLower(d.words(s)), wanted)
	})
}

// words is what the filter looks at.
func (d *desk) words(s *seat) string {
	if s.Phone == nil {
		return d.portOf(s)
	}
	return strings.Join([]string{d.portOf(s), s.phone.title(), installed(s.phone.facts), string(s.Phone.Mode()), s.phone.headline(), s.phone.label()}, " ")
}

// index is the place of the chosen seat among those that are shown; -1 where none is.
// Where its phone has left, whoever sits at the port now is meant.
func (d *desk) index(shown []*seat) int {
	at := -1
	if d.focus.key != 0 {
		at = slices.IndexFunc(shown, func(s *seat) bool { return s.key() == d.focus.key })
	}
	if at < 0 && d.focus.port != "" {
		at = slices.IndexFunc(shown, func(s *seat) bool { return s.port == d.focus.port })
	}
	if at < 0 && len(shown) > 0 {
		return 0
	}
	return at
}

// seat is the chosen one; nil where none is shown.
func (d *desk) seat() *seat {
	shown := d.shown()
	if at := d.index(shown); at >= 0 {
		return shown[at]
	}
	return nil
}

func (d *desk) choose(s *seat) { d.focus.key, d.focus.port = s.key(), s.port }

// move chooses by hand.
func (d *desk) move(by int) {
	shown := d.shown()
	if len(shown) == 0 {
		return
	}
	at := min(max(d.index(shown)+by, 0), len(shown)-1)
	d.choose(shown[at])
	d.focus.moved = d.now
	d.scroll = 0
}

// follow chooses a phone that was plugged in or has a question, so that it is on the
// screen without a key. It never leaves a phone that is being read or waits for an answer,
// nor a choice made by hand a moment ago, nor somebody who types.
func (d *desk) follow(key int) {
	before := d.seat()
	switch {
	case d.pane == help, d.prompt.open(), d.now.Sub(d.focus.moved) < choosing:
		return
	case before != nil && (before.key() == key || before.present() && (before.reading() || before.question() != "")):
		return
	}
	if at := slices.IndexFunc(d.shown(), func(s *seat) bool { return s.key() == key }); at >= 0 {
		d.choose(d.shown()[at])
		d.focus.jumped, d.scroll = d.now, 0
	}
}

// keepInView holds on to the chosen seat, and scrolls to where it is.
func (d *desk) keepInView() {
	shown, top := d.shown(), d.top
	d.top = 0
	if at := d.index(shown); at >= 0 {
		d.choose(shown[at])
		height := max(d.rowsHeight(), 1)
		d.top = min(max(top, at-height+1, 0), at, max(len(shown)-height, 0))
	}
	if d.pane == rows {
		return
	}
	d.scroll = max(min(d.scroll, len(d.paneLines())-d.paneHeight()), 0)
}
