package plist

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// Clean returns XML without the characters that XML forbids but phones send:
// a control character becomes a space, as does a numeric reference to a
// forbidden character; a run of bytes that is not UTF-8, or one of the two
// noncharacters, becomes U+FFFD. [LIMD] does so to control characters, from iOS
// 4.3 on.
//
// Where there is nothing to replace, data itself is returned; it is never
// changed. Clean is for XML only: it would break a binary list.
func Clean(data []byte) []byte {
	if hasForbidden(data) {
		data = bytes.ToValidUTF8(data, []byte(string(utf8.RuneError)))
		data = bytes.Map(allowed, data)
	}
	return cleanReferences(data)
}

// hasForbidden looks for characters to replace, and for bytes that are not UTF-8,
// which show as U+FFFD; a rightful U+FFFD costs a needless copy. Plain ASCII, the
// common case, is passed over byte by byte.
func hasForbidden(data []byte) bool {
	for i, b := range data {
		if b >= utf8.RuneSelf || allowed(rune(b)) != rune(b) {
			return bytes.ContainsFunc(data[i:], func(r rune) bool {
				return r == utf8.RuneError || allowed(r) != r
			})
		}
	}
	return false
}

// allowed gives the character to stand for r. The characters allowed are those of
// [XML] 2.2; surrogates do not occur in UTF-8.
func allowed(r rune) rune {
	switch {
	case r < ' ' && r != '\t' && r != '\n' && r != '\r':
		return ' '
	case r == 0xFFFE || r == 0xFFFF:
		return utf8.RuneError
	}
	return r
}

// cleanReferences puts a space in the place of references such as "&#0;". It
// does not spare the text of a CDATA section; no property list writer makes one.
func cleanReferences(data []byte) []byte {
	var out []byte
	done := 0 // bytes of data that are in out or replaced
	for at := 0; ; {
		next := bytes.Index(data[at:], []byte("&#"))
		if next < 0 {
			break
		}
		at += next
		size, forbidden := reference(data[at:])
		if forbidden {
			out = append(append(out, data[done:at]...), ' ')
			done = at + size
		}
		at += size
	}
	if done == 0 {
		return data
	}
	return append(out, data[done:]...)
}

// reference measures the numeric character reference that data starts with, in
// bytes, and tells whether [XML] forbids its character. What is no reference
// after all is left to the scanner to refuse.
func reference(data []byte) (size int, forbidden bool) {
	size, base := len("&#"), 10
	if size < len(data) && data[size] == 'x' {
		size, base = size+1, 16
	}
	first := size
	for size < len(data) && isDigit(data[size], base) {
		size++
	}
	if size == first || size == len(data) || data[size] != ';' {
		return size, false
	}
	n, err := strconv.ParseUint(string(data[first:size]), base, 31) // as many bits as a rune has
	known := err == nil && utf8.ValidRune(rune(n)) && allowed(rune(n)) == rune(n)
	return size + 1, !known
}

func isDigit(b byte, base int) bool {
	return '0' <= b && b <= '9' ||
		base == 16 && ('a' <= b && b <= 'f' || 'A' <= b && b <= 'F')
}
