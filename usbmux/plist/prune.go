package plist

import "bytes"

// Prune returns an XML property list without the entries of a key, in whichever of
// its dictionaries they stand. What nobody will look at costs nothing then: neither
// [Check] nor [Decode] sees it. A BuildManifest is such a list: all but a hundredth
// of it lies below a key "Manifest".
//
// It goes by the tags alone and judges nothing. What it cannot follow it leaves in
// its place, for Check to refuse, and a binary list as it is. data is never changed;
// where there is nothing to leave out, data itself is returned.
func Prune(data []byte, key string) []byte {
	if bytes.HasPrefix(data, binaryMagic) {
		return data
	}
	tag := []byte("<key>" + key + "</key>")
	var out []byte
	done := 0 // bytes of data that are in out or left out
	for {
		at := bytes.Index(data[done:], tag)
		if at < 0 {
			break
		}
		end := elementEnd(data, done+at+len(tag))
		if end < 0 {
			break
		}
		out = append(out, data[done:done+at]...)
		done = end
	}
	if done == 0 {
		return data
	}
	return append(out, data[done:]...)
}

// elementEnd gives the place behind the element that comes next, -1 where none does,
// or not the whole of it.
func elementEnd(data []byte, at int) int {
	for depth := 0; ; {
		next := bytes.IndexByte(data[at:], '<')
		if next < 0 {
			return -1
		}
		at += next
		kind, size := markup(data[at:])
		at += size
		switch kind {
		case startTag:
			depth++
		case endTag:
			depth--
		}
		switch {
		case kind == cutShort || depth < 0:
			return -1
		case depth == 0 && (kind == endTag || kind == emptyTag):
			return at
		}
	}
}

// The kinds of markup.
const (
	cutShort = iota // it does not end
	startTag
	endTag
	emptyTag
	noElement // a comment, a declaration, a section of text
)

// markup tells what data begins with, and its size in bytes.
func markup(data []byte) (kind, size int) {
	for _, other := range [...]struct{ start, end string }{{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}, {"<!", ">"}} {
		if bytes.HasPrefix(data, []byte(other.start)) {
			if end := bytes.Index(data[len(other.start):], []byte(other.end)); end >= 0 {
				return noElement, len(other.start) + end + len(other.end)
			}
			return cutShort, 0
		}
	}
	end := bytes.IndexByte(data, '>')
	switch {
	case end < 0:
		return cutShort, 0
	case data[1] == '/':
		return endTag, end + 1
	case data[end-1] == '/':
		return emptyTag, end + 1
	}
	return startTag, end + 1
}
