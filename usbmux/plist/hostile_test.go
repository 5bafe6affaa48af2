package plist_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux/plist"
)

// hostile are messages that cost an unguarded decoder its memory, its time or,
// by a stack without end, the process.
var hostile = []struct {
	name string
	make func() []byte
	want error
}{
	{"XML of a million nested lists", func() []byte { return nestedXML(1_000_000) }, plist.ErrTooLarge},
	{"XML of nested lists below the size limit", func() []byte { return nestedXML(140_000) }, plist.ErrTooDeep},
	{"XML of nested dictionaries", func() []byte { return xmlList(strings.Repeat("<dict><key/>", 80_000)) }, plist.ErrTooDeep},
	{"XML of flat lists", func() []byte { return xmlList("<array>" + strings.Repeat("<array/>", 130_000) + "</array>") }, plist.ErrTooMany},
	{"XML of control characters in nested lists", func() []byte { return []byte(strings.ReplaceAll(string(nestedXML(120_000)), "><", ">\x01<")) }, plist.ErrTooDeep},
	{"binary of lists shared ten times each", func() []byte { return sharedLists(9, "\x09") }, plist.ErrTooMany},
	{"binary of 100,000 nested lists", func() []byte { return nestedBinary(100_000) }, plist.ErrTooMany},
	{"binary of as many nested lists as there may be objects", func() []byte { return nestedBinary(plist.MaxNodes) }, plist.ErrTooDeep},
	{"binary of shared text", func() []byte { return sharedLists(3, "\x5F\x12\x00\x01\x00\x00"+strings.Repeat("x", 1<<16)) }, plist.ErrTooLarge},
	{"binary of shared UTF-16", func() []byte { return sharedLists(3, "\x6F\x12\x00\x01\x00\x00"+strings.Repeat("\x30\x42", 1<<16)) }, plist.ErrTooLarge},
	{"binary of texts that overlap", overlappingTexts, plist.ErrTooLarge},
	{"binary of a list that holds itself ten times", func() []byte { return binaryList(1, "\xAA"+strings.Repeat("\x00", 10)) }, plist.ErrTooDeep},
}

// nestedXML opens lists and never closes them.
func nestedXML(levels int) []byte {
	return xmlList(strings.Repeat("<array>", levels))
}

// sharedLists makes lists of ten references to the next, the last one to an
// object: 10 to the power of levels, in 12 bytes a level and those for a frame.
func sharedLists(levels int, last string) []byte {
	objects := make([]string, levels, levels+1)
	for i := range objects {
		objects[i] = "\xAA" + strings.Repeat(string([]byte{byte(i + 1)}), 10)
	}
	return binaryList(1, append(objects, last)...)
}

// nestedBinary makes lists of one list each.
func nestedBinary(levels int) []byte {
	objects := make([]string, levels)
	for i := range objects {
		objects[i] = ref4(i + 1)
	}
	objects[levels-1] = "\xA0"
	return binaryList(4, objects...)
}

// overlappingTexts makes 10,000 objects that all start at the same UTF-16 text,
// so that each is read anew.
func overlappingTexts() []byte {
	const count = 10_000
	objects := make([]string, count+1)
	objects[0] = "\xAF\x11\x27\x10"
	for i := range count {
		objects[0] += string([]byte{byte((i + 1) >> 8), byte(i + 1)})
	}
	objects[1] = "\x6F\x11\x40\x00" + strings.Repeat("\x30\x42", 1<<14)
	data := binaryList(2, objects...)
	table := len(data) - 32 - 4*len(objects)
	for i := range objects[2:] {
		copy(data[table+4*(i+2):], data[table+4:table+8])
	}
	return data
}

// decodeCosts decodes and counts the bytes that are allocated meanwhile.
func decodeCosts(data []byte) (v any, cost uint64, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	v, err = plist.Decode(data)
	runtime.ReadMemStats(&after)
	return v, after.TotalAlloc - before.TotalAlloc, err
}

// TestHostile: each is refused, for less than 10 MB; the benchmark has the time.
// It does not run in parallel with others, which would be counted with it.
func TestHostile(t *testing.T) {
	const limit = 10 << 20
	for _, test := range hostile {
		t.Run(test.name, func(t *testing.T) {
			data := test.make()
			v, cost, err := decodeCosts(data)
			require.ErrorIs(t, err, test.want)
			assert.Nil(t, v)
			assert.Less(t, cost, uint64(limit))
			assert.ErrorIs(t, plist.Check(data), test.want)
		})
	}
}

// TestHostileSizes pins what makes these messages so cheap to send.
func TestHostileSizes(t *testing.T) {
	t.Parallel()
	assert.Greater(t, len(nestedXML(1_000_000)), 7_000_000)
	assert.Less(t, len(nestedXML(140_000)), plist.MaxSize)
	assert.Less(t, len(sharedLists(9, "\x09")), 200)
	assert.Less(t, len(nestedBinary(100_000)), plist.MaxSize)
}

// TestCostliest: nothing found so far costs more than what doc.go says. The
// dictionaries are let through, and the decoder makes room for 32 entries in each
// of them; the attributes are refused, but only when they have all been read.
func TestCostliest(t *testing.T) {
	const limit = 128 << 20
	attributes := "<plist " + strings.Repeat(`a="" `, 190_000) + "><true/></plist>"
	tests := []struct {
		name string
		data []byte
		want error
	}{
		{"empty dictionaries", costliest(), nil},
		{"attributes", []byte(attributes), plist.ErrSyntax},
		{"bytes that are not UTF-8", xmlList("<string>" + strings.Repeat("\xFFa", 500_000) + "</string>"), nil},
		{"a long number", xmlList("<real>" + strings.Repeat("1", 1_000_000) + "</real>"), plist.ErrSyntax},
		{"shared text within the limit", sharedLists(3, "\x6F\x11\x08\x00"+strings.Repeat("\x30\x42", 1<<11)), nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, cost, err := decodeCosts(test.data)
			require.ErrorIs(t, err, test.want)
			assert.Less(t, cost, uint64(limit))
		})
	}
}

// costliest is an array of as many empty dictionaries as there may be.
func costliest() []byte {
	return xmlList("<array>" + strings.Repeat("<dict/>", plist.MaxNodes-1) + "</array>")
}

func BenchmarkHostile(b *testing.B) {
	for _, test := range hostile {
		data := test.make()
		b.Run(strings.ReplaceAll(test.name, " ", "-"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if plist.Check(data) == nil {
					b.Fatal("let through")
				}
			}
		})
	}
}

// BenchmarkAnswer is the ordinary case: the full answer of an unpaired phone.
func BenchmarkAnswer(b *testing.B) {
	d, err := plist.DecodeDict(lockdownAnswer)
	require.NoError(b, err)
	binaryAnswer, err := plist.EncodeBinary(d)
	require.NoError(b, err)
	steps := []struct {
		name string
		data []byte
		do   func([]byte) error
	}{
		{"Clean/XML", lockdownAnswer, func(data []byte) error { plist.Clean(data); return nil }},
		{"Check/XML", lockdownAnswer, plist.Check},
		{"Decode/XML", lockdownAnswer, func(data []byte) error { _, err := plist.Decode(data); return err }},
		{"DecodeChecked/XML", lockdownAnswer, func(data []byte) error { _, err := plist.DecodeChecked(data); return err }},
		{"Check/binary", binaryAnswer, plist.Check},
		{"Decode/binary", binaryAnswer, func(data []byte) error { _, err := plist.Decode(data); return err }},
		{"Decode/costliest", costliest(), func(data []byte) error { _, err := plist.Decode(data); return err }},
		{"Encode/XML", nil, func([]byte) error { _, err := plist.EncodeXML(d); return err }},
	}
	for _, step := range steps {
		b.Run(step.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(step.data)))
			for b.Loop() {
				if err := step.do(step.data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
