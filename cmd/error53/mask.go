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
	runes := []rune(id)
	for n := shownTail; n < len(runes); n++ {
		tail := string(runes[len(runes)-n:])
		if !m.run.fitsAnother(m.phone, fold(tail)) {
			return "…" + tail
		}
	}
	return id
}

// identifiers lists what a phone can be named by, folded for comparison.
func identifiers(f diag.Facts) []string {
	var ids []string
	for _, known := range []diag.Fact[string]{f.UDID, ecidText(f.ECID), f.SerialNumber} {
		if known.Known() {
			ids = append(ids, fold(known.Value))
		}
	}
	return ids
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
	for _, known := range []diag.Fact[string]{p.facts.UDID, ecidText(p.facts.ECID), p.facts.SerialNumber} {
		if known.Known() {
			return visible(p.mask.show(known.Value))
		}
	}
	return cmp.Or(p.origin, p.place)
}

// model names the kind of phone for people.
func (p phone) model() string {
	return visible(cmp.Or(p.facts.MarketingName.Value, p.facts.ProductType.Value, unknownModel))
}

const unknownModel = "unknown model"
