package plist_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux/plist"
)

func TestPrune(t *testing.T) {
	t.Parallel()
	const a, z = "<key>a</key><true/>", "<key>z</key><true/>"
	tests := []struct {
		name string
		dict string
		want string
	}{
		{"no such key", a + z, a + z},
		{"a dictionary", a + "<key>M</key><dict><key>b</key><dict/></dict>" + z, a + z},
		{"blanks between", a + "<key>M</key>\n\t<dict>\n</dict>" + z, a + z},
		{"an empty element", a + "<key>M</key><true/>" + z, a + z},
		{"text", a + "<key>M</key><string>&lt;/dict></string>" + z, a + z},
		{"the same key below it", a + "<key>M</key><dict><key>M</key><dict></dict></dict>" + z, a + z},
		{"twice", "<key>M</key><dict/>" + a + "<key>M</key><array><dict/></array>" + z, a + z},
		{"deep within", a + "<key>i</key><array><dict>" + z + "<key>M</key><dict/></dict></array>", a + "<key>i</key><array><dict>" + z + "</dict></array>"},
		{"a tag in a comment", a + "<key>M</key><!-- </dict> --><dict><!-- <dict> --></dict>" + z, a + z},
		{"a tag in text", a + "<key>M</key><dict><key>b</key><string><![CDATA[<dict>]]></string></dict>" + z, a + z},
		{"a declaration", a + "<key>M</key><?x </dict> ?><dict><!x></dict>" + z, a + z},
		{"another key that begins so", "<key>Ma</key><dict/>", "<key>Ma</key><dict/>"},
		{"no value: for Check to refuse", a + "<key>M</key>", a + "<key>M</key>"},
		{"a value cut short", a + "<key>M</key><array><array><array>", a + "<key>M</key><array><array><array>"},
		{"a comment cut short", a + "<key>M</key><!-- ", a + "<key>M</key><!-- "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			data := xmlList("<dict>" + test.dict + "</dict>")
			before := bytes.Clone(data)
			assert.Equal(t, string(xmlList("<dict>"+test.want+"</dict>")), string(plist.Prune(data, "M")))
			assert.Equal(t, before, data, "the message is changed")
		})
	}
}

// What is pruned may be larger than anything that is decoded.
func TestPruneBringsWithinLimits(t *testing.T) {
	t.Parallel()
	data := xmlList("<dict><key>M</key><array>" + strings.Repeat("<true/>", plist.MaxSize/4) + "</array><key>a</key><true/></dict>")
	_, err := plist.Decode(data)
	require.ErrorIs(t, err, plist.ErrTooLarge)
	d, err := plist.DecodeDict(plist.Prune(data, "M"))
	require.NoError(t, err)
	assert.Equal(t, plist.Dict{"a": true}, d)
}

// A binary list has no tags, even where its text looks like some.
func TestPruneLeavesBinaryAlone(t *testing.T) {
	t.Parallel()
	data := binaryList(1, "\xD1\x01\x02", "\x51M", "\x5F\x10\x11<key>M</key><a/>")
	assert.Equal(t, data, plist.Prune(data, "M"))
}

// FuzzPrune: what is left is part of the document, in its order, without anything
// more to leave out; and where Check passed the whole, the rest of it reads the same.
func FuzzPrune(f *testing.F) {
	for _, seed := range xmlSeeds {
		f.Add(seed)
	}
	f.Add([]byte("<plist><dict><key>M</key><dict><key>b</key><true/></dict><key>a</key><true/></dict></plist>"))
	f.Add([]byte("<plist><dict><key>c</key><array><dict><key>M</key><array/></dict></array><key>M</key><false></false></dict></plist>"))
	f.Add([]byte("<key>M</key><!--<a>--><a><![CDATA[</a>]]><b/><?c?></a>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		pruned := plist.Prune(data, "M")
		require.True(t, bytes.Equal(before, data), "the message is changed")
		require.LessOrEqual(t, len(pruned), len(data))
		if len(pruned) == len(data) {
			require.True(t, bytes.Equal(pruned, data))
		}
		d, err := plist.DecodeDict(data)
		if err != nil || bytes.Contains(data, []byte("<!")) || bytes.Contains(data, []byte("<?")) || bytes.HasPrefix(data, []byte("bplist")) {
			return // a key of that name may stand in a comment, too
		}
		left, err := plist.DecodeDict(pruned)
		require.NoError(t, err)
		require.True(t, same(without(d, "M"), without(left, "M")), "%#v\n%#v", d, left) // the key may also be spelt &#77;
	})
}

// without gives the value without the entries of a key at any level.
func without(v any, key string) any {
	switch v := v.(type) {
	case plist.Dict:
		d := plist.Dict{}
		for k, value := range v {
			if k != key {
				d[k] = without(value, key)
			}
		}
		return d
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = without(v[i], key)
		}
		return list
	}
	return v
}
