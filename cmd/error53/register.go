package main

import (
	"cmp"
	"slices"
	"strings"
)

// register is what the phones of a run can be named by. It is sorted by the ends of
// the names, so that a thousand phones are told apart as quickly as two.
type register struct {
	own   [][]string        // the folded identifiers of each phone
	names []name            // all of them, by name.backwards
	tails map[string]string // what was shown of each name, where that may not change any more; else nil
}

// name is one identifier of one phone, by its place in the run.
type name struct {
	backwards string
	phone     int
}

// add takes the identifiers of a phone, those it has already included.
func (r *register) add(phone int, ids []string) {
	for len(r.own) <= phone {
		r.own = append(r.own, nil)
	}
	for _, id := range ids {
		if slices.Contains(r.own[phone], id) {
			continue
		}
		r.own[phone] = append(r.own[phone], id)
		n := name{backwards(id), phone}
		r.names = slices.Insert(r.names, r.find(n.backwards), n)
	}
}

// find gives the place of the first name that is not less.
func (r *register) find(backwards string) int {
	at, _ := slices.BinarySearchFunc(r.names, backwards, func(n name, wanted string) int { return cmp.Compare(n.backwards, wanted) })
	return at
}

// fitsAnother tells whether a name of another phone ends in the tail.
func (r *register) fitsAnother(phone int, tail string) bool {
	tail = backwards(tail)
	for _, n := range r.names[r.find(tail):] {
		if !strings.HasPrefix(n.backwards, tail) {
			return false
		}
		if !shareOne(r.own[phone], r.own[n.phone]) {
			return true
		}
	}
	return false
}

// shareOne tells whether two lists of identifiers are of one phone: itself, or the
// same one read twice. Nothing could tell it apart from itself.
func shareOne(ids, others []string) bool {
	return slices.ContainsFunc(ids, func(id string) bool { return slices.Contains(others, id) })
}

// backwards gives the bytes of a text from the last to the first.
func backwards(text string) string {
	reversed := []byte(text)
	slices.Reverse(reversed)
	return string(reversed)
}
