package plist_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux/plist"
)

var xmlSeeds = [][]byte{
	lockdownAnswer,
	xmlList("<dict><key>a</key><array><date>2015-10-28T12:00:00Z</date><data>AAEC</data><real>nan</real></array></dict>"),
	xmlList("<dict><key>CF$UID</key><integer>-0x35</integer></dict>"),
	xmlList("<string>&#0;&#xFFFE;\x01\xFF&amp;<![CDATA[<]]><!-- - --></string>"),
	[]byte("\uFEFF <plist><dict><key/><true/></dict></plist>\x00"),
	[]byte("<?xml version='1.0' encoding='utf-8'?><plist><integer>18446744073709551615</integer></plist>"),
}

var binarySeeds = [][]byte{
	binaryList(1, "\xD2\x01\x02\x03\x04", "\x51a", "\x62\x00\xE9\x30\x42", "\xA5\x05\x06\x07\x08\x09", "\x13"+strings.Repeat("\xFF", 8),
		"\x22\x3F\x80\x00\x00", "\x33"+strings.Repeat("\x00", 8), "\x43abc", "\x82\x00\x00\x01", "\x14"+strings.Repeat("\x00", 16)),
	binaryList(2, "\xDF\x10\x01\x00\x01\x00\x02", "\x5F\x10\x01a", "\x09"),
	sharedLists(3, "\x08"),
	nestedBinary(20),
	binaryList(1, "\xA1\x00"),
}

// FuzzDecodeXML: whatever the message, Decode gives a value within the limits
// or one of the errors.
func FuzzDecodeXML(f *testing.F) {
	for _, seed := range xmlSeeds {
		f.Add(seed)
	}
	f.Fuzz(decodes)
}

// FuzzDecodeXMLTokens is the same with a token for each byte, since random bytes
// seldom make a tag.
func FuzzDecodeXMLTokens(f *testing.F) {
	tokens := strings.Fields(`<plist> </plist> <plist/> <dict> </dict> <dict/> <array> </array> <array/>
		<key> </key> <key/> <string> </string> <string/> <integer> </integer> <real> </real> <date> </date>
		<data> </data> <true> </true> <true/> <false/> <null/> <x:true/> </x:true> <a a='b'/> CF$UID 1 -1 AAEC
		2015-10-28T12:00:00Z nan &amp; &#0; &x; <!--c--> <![CDATA[c]]> ]]> <?xml?> <?p?> <!D> <!D[<!E>]> < >`)
	tokens = append(tokens, " ", "\n", "\x00", "\xFF", "\uFEFF", "\uFFFE")
	write := func(text string) []byte { // the bytes that stand for a text
		var codes []byte
		for text != "" {
			i := slices.IndexFunc(tokens, func(token string) bool { return strings.HasPrefix(text, token) })
			text, codes = text[len(tokens[i]):], append(codes, byte(i))
		}
		return codes
	}
	f.Add(write("<dict><key>CF$UID</key><integer>1</integer></dict></plist>"))
	f.Add(write("<array><dict><key/><string>&amp;</string></dict><true/></array></plist>\n<!--c-->"))
	f.Fuzz(func(t *testing.T, codes []byte) {
		document := []byte("<plist>")
		for _, code := range codes {
			document = append(document, tokens[int(code)%len(tokens)]...)
		}
		decodes(t, document)
	})
}

// FuzzDecodeBinary is the same with binary seeds; half of a random message has to
// agree with the other half before anything is looked at.
func FuzzDecodeBinary(f *testing.F) {
	for _, seed := range binarySeeds {
		f.Add(seed)
	}
	f.Fuzz(decodes)
}

func decodes(t *testing.T, data []byte) {
	before := bytes.Clone(data)
	refused := plist.Check(data)
	v, err := plist.Decode(data)
	require.True(t, bytes.Equal(before, data), "the message is changed")
	if refused != nil {
		require.EqualError(t, err, refused.Error())
	} else if d, isDict := v.(plist.Dict); isDict {
		again, err := plist.DecodeChecked(data)
		require.NoError(t, err)
		require.True(t, same(d, again), "%#v\n%#v", d, again)
	}
	if err != nil {
		require.Nil(t, v)
		require.NotContains(t, err.Error(), "panicked")
		requireTyped(t, err)
		return
	}
	nodes, depth := measure(v)
	assert.LessOrEqual(t, nodes, plist.MaxNodes)
	assert.LessOrEqual(t, depth, plist.MaxDepth)
}

// FuzzClean: what Clean gives is text that XML allows, and stays as it is.
func FuzzClean(f *testing.F) {
	for _, seed := range xmlSeeds {
		f.Add(seed)
	}
	f.Add([]byte("&#&#1;&#x&#xD800;;&#12"))
	f.Fuzz(func(t *testing.T, data []byte) {
		clean := plist.Clean(data)
		assert.True(t, utf8.Valid(clean))
		assert.NotContains(t, string(clean), "\x00")
		assert.Equal(t, string(clean), string(plist.Clean(clean)))
	})
}

// FuzzRoundTrip: a dictionary that was read can be written in both forms, and
// reads the same then.
func FuzzRoundTrip(f *testing.F) {
	for _, seed := range slices.Concat(xmlSeeds, binarySeeds) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := plist.DecodeDict(data)
		if err != nil {
			return
		}
		if !contains(d, lostInXML) {
			roundTrip(t, d, plist.EncodeXML)
		}
		if !contains(d, lostInBinary) {
			roundTrip(t, d, plist.EncodeBinary)
		}
	})
}

func roundTrip(t *testing.T, d plist.Dict, encode func(any) ([]byte, error)) {
	t.Helper()
	data, err := encode(d)
	if err != nil { // it has grown beyond what may be decoded
		limits := []error{plist.ErrTooLarge, plist.ErrTooDeep, plist.ErrTooMany}
		require.True(t, slices.ContainsFunc(limits, func(limit error) bool { return errors.Is(err, limit) }), err)
		return
	}
	again, err := plist.Decode(data)
	require.NoError(t, err)
	require.True(t, same(d, again), "%#v\n%#v", d, again)
}
