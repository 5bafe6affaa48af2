package plist_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux/plist"
)

func TestDecodeTypes(t *testing.T) {
	t.Parallel()
	noon := time.Date(2015, 10, 28, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name   string
		xml    string
		binary []string
		want   any
	}{
		{"text", "<string>N61AP</string>", []string{"\x55N61AP"}, "N61AP"},
		{"no text", "<string/>", []string{"\x50"}, ""},
		{"text in UTF-16", "<string>é🦉</string>", []string{"\x63\x00\xE9\xD8\x3E\xDD\x89"}, "é🦉"},
		{"true", "<true/>", []string{"\x09"}, true},
		{"false", "<false></false>", []string{"\x08"}, false},
		{"zero", "<integer>0</integer>", []string{"\x10\x00"}, uint64(0)},
		{"hexadecimal", "<integer>0x35</integer>", []string{"\x10\x35"}, uint64(53)},
		{"negative", "<integer>-1</integer>", []string{"\x13" + strings.Repeat("\xFF", 8)}, int64(-1)},
		{"least", "<integer>-9223372036854775808</integer>", []string{"\x13\x80" + strings.Repeat("\x00", 7)}, int64(math.MinInt64)},
		{"greatest", "<integer>18446744073709551615</integer>",
			[]string{"\x14" + strings.Repeat("\x00", 8) + strings.Repeat("\xFF", 8)}, uint64(math.MaxUint64)},
		{"real", "<real>-0.5</real>", []string{"\x23\xBF\xE0" + strings.Repeat("\x00", 6)}, -0.5},
		{"short real", "<real>1.5</real>", []string{"\x22\x3F\xC0\x00\x00"}, 1.5},
		{"infinity", "<real>inf</real>", []string{"\x22\x7F\x80\x00\x00"}, math.Inf(1)},
		{"date", "<date>2015-10-28T12:00:00Z</date>", []string{"\x33\x41\xBB\xE0\xF0\x40\x00\x00\x00"}, noon},
		{"data", "<data>\n\tAAEC\n\t</data>", []string{"\x43\x00\x01\x02"}, []byte{0, 1, 2}},
		{"no data", "<data/>", []string{"\x40"}, []byte{}},
		{"list", "<array><true/><string>a</string></array>", []string{"\xA2\x01\x02", "\x09", "\x51a"}, []any{true, "a"}},
		{"no list", "<array/>", []string{"\xA0"}, []any{}},
		{"dictionary", "<dict><key>a</key><dict/></dict>", []string{"\xD1\x01\x02", "\x51a", "\xD0"}, plist.Dict{"a": plist.Dict{}}},
		{"dictionary in lists", "<array><array><dict/></array></array>", []string{"\xA1\x01", "\xA1\x02", "\xD0"}, []any{[]any{plist.Dict{}}}},
		{"the last of equal keys", "<dict><key>a</key><true/><key>a</key><false/></dict>",
			[]string{"\xD2\x01\x01\x02\x03", "\x51a", "\x09", "\x08"}, plist.Dict{"a": false}},
		{"reference of a keyed archive", "<dict><key>CF$UID</key><integer>5</integer></dict>", []string{"\x80\x05"}, plist.UID(5)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			v, err := plist.Decode(xmlList(test.xml))
			require.NoError(t, err)
			assert.Equal(t, test.want, v)
			v, err = plist.Decode(binaryList(1, test.binary...))
			require.NoError(t, err)
			assert.Equal(t, test.want, v)
		})
	}
}

// TestDecodeUnreadableValues: the guard looks at structure; the decoder refuses
// the value, and the whole message with it.
func TestDecodeUnreadableValues(t *testing.T) {
	t.Parallel()
	for _, inside := range []string{
		"<integer/>", "<integer>-</integer>", "<integer>1.5</integer>", "<integer> 1</integer>", "<integer>0x</integer>",
		"<integer>18446744073709551616</integer>", "<integer>-9223372036854775809</integer>",
		"<real/>", "<real>1,5</real>", "<real>1e999</real>",
		"<date/>", "<date>2015-10-28</date>", "<date>2015-13-28T12:00:00Z</date>",
		"<data>A</data>", "<data>%%%%</data>",
	} {
		data := xmlList("<dict><key>k</key>" + inside + "</dict>")
		assert.NoError(t, plist.Check(data), inside)
		_, err := plist.Decode(data)
		assert.ErrorIs(t, err, plist.ErrSyntax, inside)
	}
}

// TestDecodeInvalidText: binary text is claimed to be ASCII or UTF-16.
func TestDecodeInvalidText(t *testing.T) {
	t.Parallel()
	v, err := plist.Decode(binaryList(1, "\xD3\x01\x02\x03\x04\x05\x06",
		"\x52a\xFF", "\x52\xC3\xA9", "\x51c", "\x53\xFF\x00b", "\x53a\xC3\xA9", "\x61\xD8\x00"))
	require.NoError(t, err)
	assert.Equal(t, plist.Dict{"a\uFFFD": "\uFFFD\x00b", "é": "aé", "c": "\uFFFD"}, v)
}

// TestDecodeSharesNoMemory: neither with the message nor between values. The
// decoder's own data and text lie in one buffer.
func TestDecodeSharesNoMemory(t *testing.T) {
	t.Parallel()
	message := binaryList(1, "\xA3\x01\x01\x02", "\x43abc", "\x53def")
	v, err := plist.Decode(message)
	require.NoError(t, err)
	list := v.([]any)
	clear(message)
	first := list[0].([]byte)
	first[0] = 'X'
	_ = append(first, "YYYYYYYY"...)
	assert.Equal(t, []any{[]byte("Xbc"), []byte("abc"), "def"}, list)
}

func TestDecodeDict(t *testing.T) {
	t.Parallel()
	d, err := plist.DecodeDict(lockdownAnswer)
	require.NoError(t, err)
	values, ok := d.Dict("Value")
	require.True(t, ok)
	assert.Len(t, values, 27)
	name, _ := values.String("DeviceName")
	assert.Equal(t, deviceName, name)
	die, _ := values.Uint64("DieID")
	assert.Equal(t, uint64(1<<63+1), die)

	_, err = plist.DecodeDict(xmlList("<array/>"))
	require.ErrorIs(t, err, plist.ErrSyntax)
	assert.EqualError(t, err, "plist: malformed: the value is of type []interface {}, not a dictionary")
	_, err = plist.DecodeDict(nil)
	assert.ErrorIs(t, err, plist.ErrEmpty)
}
