package plist_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"error53/usbmux/plist"
)

// TestCheckFormat: what is neither XML nor binary never reaches the decoder,
// which would take it for OpenStep text and make a value of it.
func TestCheckFormat(t *testing.T) {
	t.Parallel()
	list := string(xmlList("<true/>"))
	tests := []struct {
		name string
		data string
		want error
	}{
		{"nothing", "", plist.ErrEmpty},
		{"blanks", " \t\r\n", plist.ErrEmpty},
		{"a byte order mark", "\uFEFF", plist.ErrEmpty},
		{"a byte order mark and blanks", "\uFEFF \n", plist.ErrEmpty},

		{"a word", "garbage", plist.ErrFormat},
		{"OpenStep dictionary", `{ ProductType = "iPhone7,2"; }`, plist.ErrFormat},
		{"OpenStep list", "(((((1)))))", plist.ErrFormat},
		{"OpenStep data", "<0101>", plist.ErrFormat},
		{"strings file", `"a" = "b";`, plist.ErrFormat},
		{"JSON", `{"ProductType":"iPhone7,2"}`, plist.ErrFormat},
		{"HTML", "<!DOCTYPE html><html></html>", plist.ErrFormat},
		{"another XML element", "<string>a</string>", plist.ErrFormat},
		{"text before the XML", "x" + list, plist.ErrFormat},
		{"XML in UTF-16, little-endian", "\xFF\xFE<\x00?\x00x\x00m\x00l\x00", plist.ErrFormat},
		{"XML in UTF-16, big-endian", "\xFE\xFF\x00<\x00?\x00x\x00m\x00l", plist.ErrFormat},
		{"TLS record", "\x16\x03\x01\x02\x00", plist.ErrFormat},
		{"one zero byte", "\x00", plist.ErrFormat},
		{"binary list of another version", "bplist01" + strings.Repeat("\x00", 40), plist.ErrFormat},
		{"binary list behind a blank", " bplist00" + strings.Repeat("\x00", 40), plist.ErrFormat},

		{"XML", list, nil},
		{"XML from its document type on", list[strings.Index(list, "<!DOCTYPE"):], nil},
		{"XML from <plist> on", list[strings.Index(list, "<plist"):], nil},
		{"XML behind a byte order mark", "\uFEFF" + list, nil},
		{"XML behind blanks", "\r\n\t " + list, nil},
		{"XML behind both", "\uFEFF\n" + list, nil},
		{"binary list", string(binaryList(1, "\x09")), nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			data := []byte(test.data)
			assert.ErrorIs(t, plist.Check(data), test.want)
			v, err := plist.Decode(data)
			assert.ErrorIs(t, err, test.want)
			assert.Equal(t, test.want == nil, v == true)
		})
	}
}

// TestCheckLimits stands on either side of each limit, in both formats.
func TestCheckLimits(t *testing.T) {
	t.Parallel()
	nested := func(levels int) []byte {
		return xmlList(strings.Repeat("<array>", levels-1) + "<true/>" + strings.Repeat("</array>", levels-1))
	}
	nestedBinary := func(levels int) []byte {
		objects := make([]string, levels)
		for i := range objects {
			objects[i] = ref4(i + 1)
		}
		objects[levels-1] = "\x09"
		return binaryList(4, objects...)
	}
	many := func(values int) []byte { // an array and what is in it
		return xmlList("<array>" + strings.Repeat("<true/>", values-1) + "</array>")
	}
	manyBinary := func(values int) []byte { // the same value again and again
		count := string(binary.BigEndian.AppendUint32(nil, uint32(values-1)))
		return binaryList(1, "\xAF\x12"+count+strings.Repeat("\x01", values-1), "\x09")
	}
	sized := func(size int) []byte {
		frame := len(xmlList("<string></string>"))
		return xmlList("<string>" + strings.Repeat("x", size-frame) + "</string>")
	}
	tests := []struct {
		name string
		data []byte
		want error
	}{
		{"XML of the greatest depth", nested(plist.MaxDepth), nil},
		{"XML one level deeper", nested(plist.MaxDepth + 1), plist.ErrTooDeep},
		{"binary of the greatest depth", nestedBinary(plist.MaxDepth), nil},
		{"binary one level deeper", nestedBinary(plist.MaxDepth + 1), plist.ErrTooDeep},
		{"XML of the most values", many(plist.MaxNodes), nil},
		{"XML of one value more", many(plist.MaxNodes + 1), plist.ErrTooMany},
		{"binary of the most values", manyBinary(plist.MaxNodes), nil},
		{"binary of one value more", manyBinary(plist.MaxNodes + 1), plist.ErrTooMany},
		{"the greatest size", sized(plist.MaxSize), nil},
		{"one byte more", sized(plist.MaxSize + 1), plist.ErrTooLarge},
		{"keys count as values", xmlList("<dict>" + strings.Repeat("<key>a</key><true/>", plist.MaxNodes/2) + "</dict>"), plist.ErrTooMany},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.ErrorIs(t, plist.Check(test.data), test.want)
			_, err := plist.Decode(test.data)
			assert.ErrorIs(t, err, test.want)
		})
	}
}

// TestErrorsSayWhereAndQuoteNothing: a message may hold a serial number.
func TestErrorsSayWhereAndQuoteNothing(t *testing.T) {
	t.Parallel()
	const secret = "F17E53SECRET"
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"unknown element", xmlList("<" + secret + "/>"), "plist: malformed: an element that is not of a property list, before byte 178"},
		{"end tag of another element", xmlList("<string></" + secret + ">"), "plist: malformed: an end tag of another element, before byte 186"},
		{"unknown entity", xmlList("<string>&" + secret + ";</string>"), "plist: malformed: not well-formed XML in UTF-8, before byte 185"},
		{"integer", xmlList("<integer>" + secret + "</integer>"), "plist: malformed: error parsing XML property list: strconv.ParseUint: parsing"},
		{"real", xmlList("<real>" + secret + "</real>"), "plist: malformed: error parsing XML property list: strconv.ParseFloat: parsing"},
		{"date", xmlList("<date>" + secret + "</date>"), "plist: malformed: error parsing XML property list: parsing time"},
		{"data", xmlList("<data>*" + secret + "</data>"), "plist: malformed: error parsing XML property list: illegal base64 data at input byte 0"},
		{"text", xmlList(secret), "plist: malformed: text outside of a value, before byte 175"},
		{"format", []byte(secret), "plist: neither an XML nor a binary property list"},
		{"size", bytes.Repeat([]byte(secret), 1<<17), "plist: too large: 1572864 bytes, at most 1048576"},
		{"binary", binaryList(1, "\x5F"+secret), "plist: malformed: an object without its count, at byte 8"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := plist.Decode(test.data)
			assert.EqualError(t, err, test.want)
		})
	}
}
