package recording

import (
	"bytes"
	"encoding/binary"
	"iter"
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

// sysCfgParts gives the values of a factory record, and what stands behind its table.
// One that is none is one part.
func sysCfgParts(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if len(data) < sysCfgHeader || string(data[:4]) != "gfCS" {
			if len(data) >= minSecret {
				yield(data)
			}
			return
		}
		table := data[sysCfgHeader:]
		count := uint64(binary.LittleEndian.Uint32(data[sysCfgCount:]))
		for ; count > 0 && len(table) >= sysCfgEntry; count-- {
			value := table[4:sysCfgEntry]
			pointer := string(table[:4]) == "BTNC" // to a value behind the table
			if !pointer && len(bytes.TrimRight(value, "\x00")) >= sysCfgPlain && !yield(value) {
				return
			}
			table = table[sysCfgEntry:]
		}
		for part := range chunks(table) {
			if !yield(part) {
				return
			}
		}
	}
}

// chunks cuts what is behind the table into pieces of the size of a serial number.
func chunks(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for len(data) > 0 {
			n := min(16, len(data))
			if len(bytes.TrimRight(data[:n], "\x00")) >= minSecret/2 && !yield(data[:n]) {
				return
			}
			data = data[n:]
		}
	}
}
