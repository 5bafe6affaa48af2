package main

import (
	"fmt"

	"error53/diag"
)

// journey is what the bus showed of a phone on its way from one mode to another.
type journey struct {
	to   diag.Mode
	from diag.Mode
	last diag.Mode // "" while it is on no bus
	gone bool      // it was away from the bus
	seen bool      // from is known
	over bool      // it has arrived, or came back elsewhere
}

// see takes note of a look at the bus. A phone that was away and is back has arrived
// wherever it is now.
func (j *journey) see(mode diag.Mode) {
	if !j.seen {
		j.seen, j.from = true, mode
	}
	j.last = mode
	j.gone = j.gone || mode == ""
	j.over = mode == j.to || mode != "" && (j.gone || mode != j.from)
}

// whereabouts puts into words where a phone is that went elsewhere.
func whereabouts(mode diag.Mode) string {
	if mode == "" {
		return "it is on no bus (switched off, or still starting)"
	}
	return fmt.Sprintf("it is in %s mode", modeName(mode))
}

// modeName spells a mode as it stands in a sentence.
func modeName(mode diag.Mode) string {
	if mode == diag.DFU {
		return "DFU"
	}
	return string(mode)
}
