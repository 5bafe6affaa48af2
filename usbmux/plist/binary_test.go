package plist_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux/plist"
)

// TestCheckBinaryTrailer: each number of the trailer can be wrong.
func TestCheckBinaryTrailer(t *testing.T) {
	t.Parallel()
	const objects, size = 3, 8 + 3 + 1 + 1 + 3*4 + 32
	tests := []struct {
		name   string
		change func(*layout)
		want   error
	}{
		{"as it should be", func(*layout) {}, nil},
		{"another top", func(l *layout) { l.top = 2 }, nil},
		{"offsets of no bytes", func(l *layout) { l.offsetSize = 0 }, plist.ErrSyntax},
		{"offsets of 9 bytes", func(l *layout) { l.offsetSize = 9 }, plist.ErrSyntax},
		{"offsets smaller than in the table", func(l *layout) { l.offsetSize = 2 }, plist.ErrSyntax},
		{"references of no bytes", func(l *layout) { l.refSize = 0 }, plist.ErrSyntax},
		{"references of 9 bytes", func(l *layout) { l.refSize = 9 }, plist.ErrSyntax},
		{"references of 255 bytes", func(l *layout) { l.refSize = 255 }, plist.ErrSyntax},
		{"references larger than in the objects", func(l *layout) { l.refSize = 8 }, plist.ErrSyntax},
		{"no objects", func(l *layout) { l.count = 0 }, plist.ErrSyntax},
		{"fewer objects than in the table", func(l *layout) { l.count = objects - 1 }, plist.ErrSyntax},
		{"more objects than in the table", func(l *layout) { l.count = objects + 1 }, plist.ErrSyntax},
		{"more objects than may be", func(l *layout) { l.count = plist.MaxNodes + 1 }, plist.ErrTooMany},
		{"a product that overflows", func(l *layout) { l.count = 1<<62 + objects }, plist.ErrTooMany},
		{"the greatest number of objects", func(l *layout) { l.count = math.MaxUint64 }, plist.ErrTooMany},
		{"a top beyond the objects", func(l *layout) { l.top = objects }, plist.ErrSyntax},
		{"the greatest top", func(l *layout) { l.top = math.MaxUint64 }, plist.ErrSyntax},
		{"table at the start", func(l *layout) { l.tableFrom = 0 }, plist.ErrSyntax},
		{"table in the header", func(l *layout) { l.tableFrom = 8 }, plist.ErrSyntax},
		{"table among the objects", func(l *layout) { l.tableFrom-- }, plist.ErrSyntax},
		{"table at the trailer", func(l *layout) { l.tableFrom = size - 32 }, plist.ErrSyntax},
		{"table behind the end", func(l *layout) { l.tableFrom = size }, plist.ErrSyntax},
		{"table far behind the end", func(l *layout) { l.tableFrom = math.MaxUint64 }, plist.ErrSyntax},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			data := binaryListWith(1, test.change, "\xA2\x01\x02", "\x08", "\x09")
			require.Len(t, data, size)
			assert.ErrorIs(t, plist.Check(data), test.want)
			_, err := plist.Decode(data)
			assert.ErrorIs(t, err, test.want)
		})
	}
}

// TestCheckBinaryCut: no beginning of a list is a list.
func TestCheckBinaryCut(t *testing.T) {
	t.Parallel()
	data := binaryList(1, "\xD1\x01\x02", "\x51k", "\x09")
	require.NoError(t, plist.Check(data))
	for size := len("bplist00"); size < len(data); size++ {
		assert.ErrorIs(t, plist.Check(data[:size]), plist.ErrSyntax, "%d bytes", size)
	}
}

func TestCheckBinaryObjects(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		objects []string
		want    error
	}{
		{"integers of each size", []string{"\xA5\x01\x02\x03\x04\x05", "\x10\x01", "\x11\x01\x02", "\x12\x01\x02\x03\x04",
			"\x13\x01\x02\x03\x04\x05\x06\x07\x08", "\x14" + strings.Repeat("\x00", 8) + strings.Repeat("\xFF", 8)}, nil},
		{"a negative integer of 16 bytes", []string{"\x14" + strings.Repeat("\xFF", 16)}, nil},
		{"an integer beyond 64 bits", []string{"\x14\x00\x00\x00\x00\x00\x00\x00\x01" + strings.Repeat("\x00", 8)}, plist.ErrSyntax},
		{"a negative integer beyond 64 bits", []string{"\x14" + strings.Repeat("\xFF", 8) + strings.Repeat("\x00", 8)}, plist.ErrSyntax},
		{"an integer of 32 bytes", []string{"\x15" + strings.Repeat("\x00", 32)}, plist.ErrSyntax},
		{"an integer of 32768 bytes", []string{"\x1F" + strings.Repeat("\x00", 32768)}, plist.ErrSyntax},
		{"an integer that is cut", []string{"\x13\x01\x02"}, plist.ErrSyntax},
		{"real numbers", []string{"\xA2\x01\x02", "\x22\x3F\x80\x00\x00", "\x23\x3F\xF0" + strings.Repeat("\x00", 6)}, nil},
		{"a real number of 2 bytes", []string{"\x21\x00\x00"}, plist.ErrSyntax},
		{"a real number that is cut", []string{"\x23\x3F\xF0"}, plist.ErrSyntax},
		{"a date", []string{"\x33" + strings.Repeat("\x00", 8)}, nil},
		{"a date of 4 bytes", []string{"\x32" + strings.Repeat("\x00", 8)}, plist.ErrSyntax},
		{"a date that is no number", []string{"\x33\x7F\xF8" + strings.Repeat("\x00", 6)}, plist.ErrSyntax},
		{"a date without end", []string{"\x33\x7F\xF0" + strings.Repeat("\x00", 6)}, plist.ErrSyntax},
		{"the first date", []string{"\x33\xC2\x2D\x63\xC8\xC5\x00\x00\x00"}, nil},
		{"a date before it", []string{"\x33\xC2\x2D\x63\xC8\xC5\x02\x00\x00"}, plist.ErrSyntax},
		{"the last second of the year 9999", []string{"\x33\x42\x4D\x62\xD2\x3C\x7F\x80\x00"}, nil},
		{"the year 10000", []string{"\x33\x42\x4D\x62\xD2\x3C\x80\x00\x00"}, plist.ErrSyntax},
		{"a UID of 1 byte", []string{"\x80\x05"}, nil},
		{"a UID of 3 bytes", []string{"\x82\x00\x00\x05"}, nil},
		{"a UID of 8 bytes", []string{"\x87" + strings.Repeat("\x00", 8)}, nil},
		{"a UID of 9 bytes", []string{"\x88" + strings.Repeat("\x00", 9)}, plist.ErrSyntax},
		{"null", []string{"\x00"}, plist.ErrSyntax},
		{"a filler", []string{"\x0F"}, plist.ErrSyntax},
		{"a set", []string{"\xC1\x01", "\x09"}, plist.ErrSyntax},
		{"an unknown type", []string{"\xF0"}, plist.ErrSyntax},

		{"text of no length", []string{"\x50"}, nil},
		{"text with a count of its own", []string{"\x5F\x10\x10" + strings.Repeat("a", 16)}, nil},
		{"text with a count of 8 bytes", []string{"\x5F\x13\x00\x00\x00\x00\x00\x00\x00\x01a"}, nil},
		{"text longer than the list", []string{"\x53ab"}, plist.ErrSyntax},
		{"UTF-16 longer than the list", []string{"\x62\x00a\x00"}, plist.ErrSyntax},
		{"data of 2 GB", []string{"\x4F\x12\x7F\xFF\xFF\xFF"}, plist.ErrSyntax},
		{"data whose length overflows", []string{"\x4F\x13\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xF8"}, plist.ErrSyntax},
		{"UTF-16 whose length overflows", []string{"\x6F\x13\x80\x00\x00\x00\x00\x00\x00\x00"}, plist.ErrSyntax},
		{"a count that is text", []string{"\x5F\x50\x00"}, plist.ErrSyntax},
		{"a count of 16 bytes", []string{"\x5F\x14" + strings.Repeat("\x00", 15) + "\x01a"}, plist.ErrSyntax},
		{"a count that is missing", []string{"\x5F"}, plist.ErrSyntax},
		{"a count that is cut", []string{"\x5F\x12\x00"}, plist.ErrSyntax},

		{"a list longer than the file", []string{"\xA3\x01\x01", "\x09"}, plist.ErrSyntax},
		{"a list of 2^63 values", []string{"\xAF\x13\x80\x00\x00\x00\x00\x00\x00\x00"}, plist.ErrSyntax},
		{"a dictionary of 2^63 keys", []string{"\xDF\x13\x80\x00\x00\x00\x00\x00\x00\x00"}, plist.ErrSyntax},
		{"a dictionary without its values", []string{"\xD1\x01", "\x51k"}, plist.ErrSyntax},
		{"a key that is no text", []string{"\xD1\x01\x01", "\x09"}, plist.ErrSyntax},
		{"a reference to nothing", []string{"\xA1\x07"}, plist.ErrSyntax},
		{"a list within itself", []string{"\xA1\x00"}, plist.ErrTooDeep},
		{"a circle of three", []string{"\xA1\x01", "\xA1\x02", "\xD1\x03\x00", "\x51k"}, plist.ErrTooDeep},
		{"a list twice within another", []string{"\xA2\x01\x01", "\xA1\x02", "\x09"}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := plist.Decode(binaryList(1, test.objects...))
			assert.ErrorIs(t, err, test.want)
		})
	}
}

// TestCheckBinaryOffsets: an object may start anywhere among the objects, and
// nowhere else.
func TestCheckBinaryOffsets(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		offset byte
		want   error
	}{
		{"in the header, which could be read as text", 0, plist.ErrSyntax},
		{"the last byte of the header", 7, plist.ErrSyntax},
		{"the first object", 8, nil},
		{"in the middle of an object", 9, nil},
		{"in the offset table", 10, plist.ErrSyntax},
		{"behind the end", 255, plist.ErrSyntax},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			data := binaryList(1, "\x10\x09")
			data[len(data)-32-1] = test.offset
			_, err := plist.Decode(data)
			assert.ErrorIs(t, err, test.want)
		})
	}
}

// TestDecodeBinaryOffsetSizes: writers take as many bytes for an offset as the
// file needs.
func TestDecodeBinaryOffsetSizes(t *testing.T) {
	t.Parallel()
	for size := 1; size <= 8; size++ {
		offset := strings.Repeat("\x00", size-1) + "\x08"
		trailer := strings.Repeat("\x00", 6) + string([]byte{byte(size), 1}) +
			"\x00\x00\x00\x00\x00\x00\x00\x01" + strings.Repeat("\x00", 8) + "\x00\x00\x00\x00\x00\x00\x00\x0A"
		v, err := plist.Decode([]byte("bplist00\x10\x35" + offset + trailer))
		require.NoError(t, err, "offsets of %d bytes", size)
		assert.Equal(t, uint64(53), v)
	}
}
