package plist

import (
	"encoding/binary"
	"math"
)

// The layout of a binary property list [CFBINARY]: header, objects, offset
// table, trailer. The trailer, big-endian: 6 bytes that say nothing here, the
// size of an offset, the size of a reference, then as 64 bit numbers the number
// of objects, the top object, and where the offset table starts.
const (
	headerSize  = 8
	trailerSize = 32
)

// The types of objects [CFBINARY]: the high half of an object's first byte. The
// low half is a size or a count.
const (
	typeSimple     = 0x0
	typeInteger    = 0x1
	typeReal       = 0x2
	typeDate       = 0x3
	typeData       = 0x4
	typeASCII      = 0x5
	typeUTF16      = 0x6
	typeUID        = 0x8
	typeArray      = 0xA
	typeDictionary = 0xD
)

// The first bytes of those objects of which there is but one size.
const (
	markFalse  = 0x08
	markTrue   = 0x09
	markReal32 = 0x22
	markReal64 = 0x23
	markDate   = 0x33
)

// Dates are seconds from the start of 2001. They reach from Foundation's
// distantPast, at the end of the year 0, to the end of the year 9999, the last
// that an XML date can name.
const (
	firstDate = -63114076800
	endOfDate = 252423993600
)

// bigEndian reads a number of 1 to 8 bytes.
func bigEndian(b []byte) uint64 {
	var n uint64
	for _, digit := range b {
		n = n<<8 | uint64(digit)
	}
	return n
}

// fits64 tells whether a 128 bit integer is a uint64 or an int64. The decoder
// would drop the high half without a word.
func fits64(b []byte) bool {
	high, low := binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])
	return high == 0 || high == math.MaxUint64 && low > math.MaxInt64
}

// fitsCalendar tells whether a date is one, which NaN is not.
func fitsCalendar(b []byte) bool {
	seconds := math.Float64frombits(binary.BigEndian.Uint64(b))
	return seconds >= firstDate && seconds < endOfDate
}
