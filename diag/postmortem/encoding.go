package postmortem

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// headSize is how much of a log is looked at to find its encoding, in bytes.
const headSize = 4096

// packed are the first bytes of archives, and what they are.
var packed = map[string]string{"\x1f\x8b": "gzip", "PK\x03\x04": "zip"}

// decode gives a log as UTF-8, whatever its encoding; archive names what it is packed
// with, "" for a log.
func decode(r io.Reader) (text *bufio.Reader, archive string) {
	in := bufio.NewReaderSize(r, bufferSize)
	head, _ := in.Peek(headSize) // an error comes again with the next read
	for magic, name := range packed {
		if bytes.HasPrefix(head, []byte(magic)) {
			return in, name
		}
	}
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		in.Discard(3)
		return in, ""
	}
	if order := utf16Order(head); order != nil {
		return bufio.NewReaderSize(&utf16Reader{in: in, order: order, start: true}, bufferSize), ""
	}
	return in, ""
}

// utf16Order tells in which order the bytes of UTF-16 come: by the byte order mark, or by
// where the zeros stand in text that is mostly ASCII. It is nil for anything else.
func utf16Order(head []byte) binary.ByteOrder {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return binary.LittleEndian
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return binary.BigEndian
	}
	var zeros [2]int // at even and at odd places
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	most := len(head) / 2
	switch {
	case most == 0:
		return nil
	case zeros[1]*10 > most*7 && zeros[0]*10 < most:
		return binary.LittleEndian
	case zeros[0]*10 > most*7 && zeros[1]*10 < most:
		return binary.BigEndian
	default:
		return nil
	}
}

// utf16Reader turns UTF-16 into UTF-8.
type utf16Reader struct {
	in    *bufio.Reader
	order binary.ByteOrder
	start bool // nothing was read yet: a byte order mark may come
	held  rune // a unit that was read too far, 0 for none
}

// Read implements [io.Reader]. A last odd byte is left out.
func (u *utf16Reader) Read(p []byte) (int, error) {
	if len(p) < utf8.UTFMax {
		return 0, io.ErrShortBuffer
	}
	n := 0
	for n+utf8.UTFMax <= len(p) {
		r, err := u.rune()
		if err != nil {
			return n, err
		}
		n += utf8.EncodeRune(p[n:], r)
	}
	return n, nil
}

func (u *utf16Reader) rune() (rune, error) {
	high, err := u.unit()
	if err != nil {
		return 0, err
	}
	if u.start {
		if u.start = false; high == '\ufeff' {
			return u.rune()
		}
	}
	if !utf16.IsSurrogate(high) {
		return high, nil
	}
	low, err := u.unit()
	if err != nil {
		return utf8.RuneError, nil // the error comes again with the next read
	}
	r := utf16.DecodeRune(high, low)
	if r == utf8.RuneError {
		u.held = low
	}
	return r, nil
}

func (u *utf16Reader) unit() (rune, error) {
	if u.held != 0 {
		held := u.held
		u.held = 0
		return held, nil
	}
	pair, err := u.in.Peek(2)
	if err != nil {
		return 0, err
	}
	unit := rune(u.order.Uint16(pair))
	u.in.Discard(2)
	return unit, nil
}
