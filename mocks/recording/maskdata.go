package recording

import (
	"bytes"
	"encoding/binary"
	"iter"
	"slices"
)

// minSecret is how many bytes under an unknown key are taken for a key or a token.
const minSecret = 8

// factoryRecord is the key of a record of its own layout: its parts are masked one by
// one, so that it can still be read.
const factoryRecord = "SysCfgData"

// findData takes note of bytes that are, or look like, an identifier.
func (m *masker) findData(key string, data []byte) {
	for _, part := range parts(key, data) {
		m.learnData(key, part)
	}
}

// parts gives the bytes that are masked, each as a whole.
func parts(key string, data []byte) [][]byte {
	switch {
	case key == factoryRecord:
		var all [][]byte
		for part := range sysCfgParts(data) {
			all = append(all, part)
		}
		return all
	case len(data) > 0 && kindOfKey(key) != none, len(data) >= minSecret && !ordinary[key]:
		return [][]byte{data}
	}
	return nil
}

// learnData makes a stand-in for bytes. That of a text is that of the text, filled up
// as the bytes are.
func (m *masker) learnData(key string, data []byte) {
	text := string(bytes.TrimRight(data, "\x00"))
	if _, known := m.texts[text]; known || text == "" || isUniform(text) {
		return
	}
	k := kindOfKey(key)
	if k == none || k == udid || k == ecid {
		k = formOf(text)
	}
	m.kinds[orKey(k)] = true
	m.texts[text] = m.unused(func() string {
		if isPrintable([]byte(text)) {
			return m.fake.text(orKey(k), text)
		}
		return string(m.fake.data([]byte(text)))
	})
}

func orKey(k kind) kind {
	if k == none {
		return key
	}
	return k
}

// data gives bytes with their identifiers replaced.
func (m *masker) data(key string, data []byte) []byte {
	masked := bytes.Clone(data)
	whole := false
	if key == factoryRecord {
		for part := range sysCfgParts(masked) {
			m.overwrite(part)
		}
		return masked
	}
	for range parts(key, masked) {
		m.overwrite(masked)
		whole = true
	}
	if whole {
		return masked
	}
	return m.within(masked)
}

// overwrite puts the stand-in in the place of bytes.
func (m *masker) overwrite(data []byte) {
	text := bytes.TrimRight(data, "\x00")
	copy(text, m.texts[string(text)])
}

// The layout of a factory record: see lockdown.ParseSysCfg.
const (
	sysCfgHeader = 24
	sysCfgEntry  = 20
	sysCfgCount  = 20
	sysCfgPlain  = 6 // bytes of a value that say nothing of one phone: its region, its color
)

// sysCfgParts gives the values of a factory record, those that stand behind its table as
// well, and what else stands there. One that is none is one part.
func sysCfgParts(data []byte) iter.Seq[[]byte] {
	if len(data) < sysCfgHeader || string(data[:4]) != "gfCS" {
		return slices.Values(atLeast(minSecret, data))
	}
	table := data[sysCfgHeader:]
	entries := min(uint64(binary.LittleEndian.Uint32(data[sysCfgCount:])), uint64(len(table)/sysCfgEntry))
	behind := sysCfgHeader + int(entries)*sysCfgEntry
	var all [][]byte
	known := make([]bool, len(data)) // bytes behind the table that an entry points to
	for entry := range slices.Chunk(table[:behind-sysCfgHeader], sysCfgEntry) {
		if string(entry[:4]) != "BTNC" {
			all = append(all, atLeast(sysCfgPlain, entry[4:])...)
		} else if length, offset := pointer(entry); offset >= uint64(behind) && offset+length <= uint64(len(data)) {
			all = append(all, atLeast(sysCfgPlain, data[offset:offset+length])...)
			for i := range length {
				known[offset+i] = true
			}
		}
	}
	return slices.Values(append(all, unknown(data, known, behind)...))
}

// pointer reads an entry that says where a longer value stands.
func pointer(entry []byte) (length, offset uint64) {
	return uint64(binary.LittleEndian.Uint32(entry[8:])), uint64(binary.LittleEndian.Uint32(entry[12:]))
}

// atLeast gives the value, unless it is too short to say anything.
func atLeast(n int, value []byte) [][]byte {
	if len(bytes.TrimRight(value, "\x00")) < n {
		return nil
	}
	return [][]byte{value}
}

// unknown gives the rest from an offset on, in pieces of the size of a serial number.
func unknown(data []byte, known []bool, from int) (all [][]byte) {
	for from < len(data) {
		to := from
		for to < len(data) && to < from+16 && !known[to] {
			to++
		}
		all = append(all, atLeast(sysCfgPlain, data[from:to])...)
		from = max(to, from+1)
	}
	return all
}
