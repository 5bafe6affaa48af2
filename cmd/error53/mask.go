package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"error53/diag"
)

// shownTail is how many characters of an identifier stay visible.
const shownTail = 4

// masker hides identifiers but for their tail, and more of it where that is
// needed to tell the phones of this run apart. The zero value shows everything.
type masker struct {
	hide  bool
	known []string // the folded identifiers of the other phones
}

// assignMasks gives each phone of a run its masker.
func assignMasks(phones []phone, showIDs bool) {
	if showIDs {
		return
	}
	for i := range phones {
		m := masker{hide: true}
		own := identifiers(phones[i].facts)
		for _, other := range phones {
			if theirs := identifiers(other.facts); !shareOne(own, theirs) {
				m.known = append(m.known, theirs...)
			}
		}
		phones[i].mask = m
	}
}

// shareOne tells whether two lists of identifiers are of one phone: itself, or the
// same one read twice. Nothing could tell it apart from itself.
func shareOne(ids, others []string) bool {
	return slices.ContainsFunc(ids, func(id string) bool { return slices.Contains(others, id) })
}

// show gives the identifier as it may be seen: "…6d01".
func (m masker) show(id string) string {
	if !m.hide {
		return id
	}
	runes := []rune(id)
	for n := shownTail; n < len(runes); n++ {
		tail := string(runes[len(runes)-n:])
		if !slices.ContainsFunc(m.known, func(other string) bool { return strings.HasSuffix(other, fold(tail)) }) {
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
// file it was read from, else by the number usbmuxd has for it.
func (p phone) label() string {
	for _, known := range []diag.Fact[string]{p.facts.UDID, ecidText(p.facts.ECID), p.facts.SerialNumber} {
		if known.Known() {
			return visible(p.mask.show(known.Value))
		}
	}
	if p.origin == "" && p.number != 0 {
		return fmt.Sprintf("usbmuxd's no. %d", p.number)
	}
	return p.origin
}

// model names the kind of phone for people.
func (p phone) model() string {
	return visible(cmp.Or(p.facts.MarketingName.Value, p.facts.ProductType.Value, unknownModel))
}

const unknownModel = "unknown model"
