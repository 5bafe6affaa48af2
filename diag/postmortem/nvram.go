package postmortem

import "strings"

// variable reads an NVRAM variable that the ramdisk sets. What it finds there when it starts
// is of the run before.
func variable(read func(*recorder, hit)) func(*recorder, hit) {
	return func(r *recorder, h hit) {
		if !strings.Contains(h.before(), "Pre-existing NVRAM") {
			read(r, h)
		}
	}
}

// entry is one of a dictionary that the ramdisk keeps in NVRAM, {0x11070634:{0:53}}: which
// step, and what stands behind it. In the key, 03 in the second byte means begun and 07
// failed; the low half is the checkpoint.
type entry struct{ key, value string }

// maxEntries is how many entries are read; a restore has some 150 steps.
const maxEntries = 64

// dictIn reads a dictionary; what does not look like one gives none.
func dictIn(s string) []entry {
	s, found := strings.CutPrefix(strings.TrimLeft(s, " ="), "{0x")
	var entries []entry
	for found && len(entries) < maxEntries {
		var key string
		if key, s, found = strings.Cut(s, ":"); !found || len(key) != 8 {
			return entries
		}
		end := strings.Index(s, ";0x")
		if end < 0 {
			return append(entries, entry{key, s})
		}
		entries = append(entries, entry{key, s[:end]})
		s = s[end+len(";0x"):]
	}
	return entries
}

func (e entry) step() uint16 {
	id, _ := hexNumber(e.key)
	return uint16(id)
}

// code gives the code of the last attempt: 1004 of {0:0;1:1004}.
func (e entry) code() (int64, bool) {
	value := strings.TrimRight(e.value, "}")
	return number(value[strings.LastIndexByte(value, ':')+1:])
}

// results takes all failures so far, which the ramdisk lists with the newest first.
func (r *recorder) results(h hit) {
	entries := dictIn(h.behind())
	if len(entries) < len(r.failures) {
		return
	}
	told := map[uint16]failure{}
	for _, f := range r.failures {
		told[f.step] = f
	}
	r.failures = nil
	for i := len(entries) - 1; i >= 0; i-- {
		f := failure{step: entries[i].step(), line: r.mark(h)}
		if before, ok := told[f.step]; ok {
			f = before
		}
		if code, ok := entries[i].code(); ok {
			f.code, f.said = code, code != 0
			r.failed(f)
		}
	}
	if len(entries) > 0 {
		if code, ok := entries[0].code(); ok {
			r.found(code, byPhone, h)
		}
	}
}

// readOpen keeps the steps that are under way once the ramdisk clears up: the last of them
// did not come to its end.
func readOpen(r *recorder, h hit) {
	if strings.Contains(h.behind(), ":cleanup_") {
		r.open, r.openLine = h.behind(), r.mark(h)
	}
}
