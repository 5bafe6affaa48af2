package main

import (
	"cmp"
	"strings"

	"error53/diag"
)

// shownTail is how many characters of an identifier stay visible.
const shownTail = 4

// masker hides identifiers but for their tail, and more of it where that is
// needed to tell the phones of this run apart. The zero value shows everything.
type masker struct {
	run   *register
	phone int // whose identifiers it shows, by its place in the run
}

// assignMasks gives each phone of a run its masker.
func assignMasks(phones []phone, showIDs bool) {
	if showIDs {
		return
	}
	run := &register{own: make([][]string, len(phones))}
	for i := range phones {
		phones[i].mask = masker{run, i}
		phones[i].mask.learn(phones[i].facts)
	}
}

// learn takes note of what else the phone can be named by, now that it was read.
func (m masker) learn(f diag.Facts) {
	if m.run != nil {
		m.run.add(m.phone, identifiers(f))
	}
}

// show gives the identifier as it may be seen: "…6d01".
func (m masker) show(id string) string {
	if m.run == nil {
		return id
	}
	if shown, kept := m.run.tails[id]; kept {
		return shown
	}
	runes := []rune(id)
	for n := shownTail; n < len(runes); n++ {
		tail := string(runes[len(runes)-n:])
		if !m.run.fitsAnother(m.phone, fold(tail)) {
			return "…" + tail
		}
	}
	return id
}

// keep has the identifiers of a phone shown from now on as they are shown now: phones
// that come later get longer tails, and nobody looks for a phone whose name has changed.
func (m masker) keep(f diag.Facts) {
	if m.run == nil {
		return
	}
	for _, known := range names(f) {
		m.run.tails[known] = m.show(known)
	}
}

// identifiers lists what a phone can be named by, folded for comparison.
func identifiers(f diag.Facts) []string {
	ids := names(f)
	for i := range ids {
		ids[i] = fold(ids[i])
	}
	return ids
}

// names lists what a phone can be named by, as it is shown.
func names(f diag.Facts) (names []string) {
	for _, known := range []diag.Fact[string]{f.UDID, ecidText(f.ECID), f.SerialNumber} {
		if known.Known() {
			names = append(names, known.Value)
		}
	}
	return names
}

// fold makes two spellings of one identifier equal: UDIDs come with and without a
// dash, ECIDs with and without 0x, all of them in either case.
func fold(id string) string {
	id = strings.ToLower(strings.ReplaceAll(id, "-", ""))
	return strings.TrimPrefix(id, "0x")
}

// label names the phone in a sentence by the first identifier it has, else by the
// file it was read from, else by the place it is at.
func (p phone) label() string {
	if p.called != "" {
		return p.called
	}
	if names := names(p.facts); len(names) > 0 {
		return visible(p.mask.show(names[0]))
	}
	return cmp.Or(p.origin, p.place)
}

// model names the kind of phone for people.
func (p phone) model() string {
	return visible(cmp.Or(p.facts.MarketingName.Value, p.facts.ProductType.Value, unknownModel))
}

const unknownModel = "unknown model"
