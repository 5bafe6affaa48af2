package plist

import (
	"bytes"
	"fmt"
)

// The limits of what is decoded. A full value list of lockdownd, the largest
// answer there is to ask for, has some 100 values in less than 20 KB.
const (
	MaxSize  = 1 << 20 // bytes of a message
	MaxDepth = 64      // levels; the top value is on the first
	MaxNodes = 1 << 16 // values, keys of dictionaries included
)

// maxPayload limits the bytes of text and data in a binary list, counted as often
// as they are referred to.
const maxPayload = 4 * MaxSize

var (
	byteOrderMark = []byte("\uFEFF")
	binaryMagic   = []byte("bplist00") // [CFBINARY]; other versions are not in use
	xmlMagics     = [][]byte{[]byte("<?xml"), []byte("<!DOCTYPE plist"), []byte("<plist")}
)

// blanks is the white space of XML.
const blanks = " \t\r\n"

// Check tells whether a message may be decoded: whether it is one XML or binary
// property list within [MaxSize], [MaxDepth] and [MaxNodes]. XML is judged as
// [Clean] leaves it. The error wraps one of the sentinels of this package.
//
// A nil error does not promise that each value can be read (a date may be no
// date); [Decode] tells.
func Check(data []byte) error {
	_, err := admit(data)
	return err
}

// admit checks a message and returns the bytes to be decoded.
func admit(data []byte) ([]byte, error) {
	if len(data) > MaxSize {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrTooLarge, len(data), MaxSize)
	}
	if bytes.HasPrefix(data, binaryMagic) {
		return data, checkBinary(data)
	}
	text := trimmed(data)
	if len(text) == 0 {
		return nil, ErrEmpty
	}
	for _, magic := range xmlMagics {
		if bytes.HasPrefix(text, magic) {
			text = Clean(text)
			return text, checkXML(text)
		}
	}
	return nil, ErrFormat
}

// document gives the bytes to be decoded of a message that admit admits.
func document(data []byte) []byte {
	if bytes.HasPrefix(data, binaryMagic) {
		return data
	}
	return Clean(trimmed(data))
}

// trimmed takes away what may stand in front of XML.
func trimmed(data []byte) []byte {
	return bytes.TrimLeft(bytes.TrimPrefix(data, byteOrderMark), blanks)
}

// budget counts what a document unfolds to.
type budget struct {
	nodes, payload int
}

// node counts a value on a level, the first level being 1.
func (b *budget) node(depth int) error {
	if depth > MaxDepth {
		return fmt.Errorf("%w: more than %d levels", ErrTooDeep, MaxDepth)
	}
	if b.nodes++; b.nodes > MaxNodes {
		return fmt.Errorf("%w: more than %d", ErrTooMany, MaxNodes)
	}
	return nil
}

// bytes counts the text or data of a value.
func (b *budget) bytes(n int) error {
	if b.payload += n; b.payload > maxPayload {
		return fmt.Errorf("%w: more than %d bytes when unfolded", ErrTooLarge, maxPayload)
	}
	return nil
}
