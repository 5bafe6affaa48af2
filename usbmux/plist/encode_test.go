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

// request is a message as a client would write it.
type request struct {
	Label   string
	Request string
	Key     string `plist:",omitempty"`
	Port    uint16 `plist:"PortNumber"`
	Info    *info  `plist:",omitempty"`
	Private string `plist:"-"`
}

type info struct{ Version int }

func TestEncodeXML(t *testing.T) {
	t.Parallel()
	data, err := plist.EncodeXML(request{Label: "error53 <&>", Request: "QueryType", Port: 32498, Private: "p"})
	require.NoError(t, err)
	assert.Equal(t, xmlHead+`<plist version="1.0">
	<dict>
		<key>Label</key>
		<string>error53 &lt;&amp;&gt;</string>
		<key>PortNumber</key>
		<integer>32498</integer>
		<key>Request</key>
		<string>QueryType</string>
	</dict>
</plist>`, string(data))
}

func TestEncodeBinary(t *testing.T) {
	t.Parallel()
	data, err := plist.EncodeBinary(plist.Dict{"a": true})
	require.NoError(t, err)
	assert.Equal(t, "bplist00\xD1\x01\x02\x51a\x09\x08\x0B\x0D"+
		"\x00\x00\x00\x00\x00\x00\x01\x01"+"\x00\x00\x00\x00\x00\x00\x00\x03"+
		"\x00\x00\x00\x00\x00\x00\x00\x00"+"\x00\x00\x00\x00\x00\x00\x00\x0E", string(data))
}

// TestEncodeTypes: what may be encoded, and as what it comes back.
func TestEncodeTypes(t *testing.T) {
	t.Parallel()
	noon := time.Date(2015, 10, 28, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name     string
		in, want any
	}{
		{"dictionary", plist.Dict{"a": plist.Dict{"b": "c"}}, plist.Dict{"a": plist.Dict{"b": "c"}}},
		{"no dictionary", plist.Dict(nil), plist.Dict{}},
		{"maps", map[string]any{"a": map[string]any{"b": 1}}, plist.Dict{"a": plist.Dict{"b": uint64(1)}}},
		{"map of strings", map[string]string{"a": "b"}, plist.Dict{"a": "b"}},
		{"lists", []any{plist.Dict{}, []any{}, []string{"a"}}, []any{plist.Dict{}, []any{}, []any{"a"}}},
		{"struct", request{Label: "l", Info: &info{Version: 3}},
			plist.Dict{"Label": "l", "Request": "", "PortNumber": uint64(0), "Info": plist.Dict{"Version": uint64(3)}}},
		{"pointer to a struct", &info{Version: -3}, plist.Dict{"Version": int64(-3)}},
		{"list of dictionaries", []plist.Dict{{"a": 1.5}}, []any{plist.Dict{"a": 1.5}}},
		{"integers", []any{int8(-1), uint16(2), int64(math.MinInt64), uint64(math.MaxUint64)},
			[]any{int64(-1), uint64(2), int64(math.MinInt64), uint64(math.MaxUint64)}},
		{"data", []any{[]byte{0, 255}, []byte{}}, []any{[]byte{0, 255}, []byte{}}},
		{"date", noon.In(time.FixedZone("", 3600)), noon},
		{"names", deviceName, deviceName},
		{"line ends", "a\r\nb\tc", "a\r\nb\tc"},
		{"reference of a keyed archive", []any{plist.UID(5)}, []any{plist.UID(5)}},
		{"a nil in a map is left out", plist.Dict{"a": nil, "b": true}, plist.Dict{"b": true}},
	}
	encoders := map[string]func(any) ([]byte, error){"XML": plist.EncodeXML, "binary": plist.EncodeBinary}
	for _, test := range tests {
		for format, encode := range encoders {
			t.Run(test.name+", "+format, func(t *testing.T) {
				t.Parallel()
				data, err := encode(test.in)
				require.NoError(t, err)
				v, err := plist.Decode(data)
				require.NoError(t, err)
				assert.Equal(t, test.want, v)
			})
		}
	}
}

// TestEncodeFailures: an error, never a panic, and never half a list.
func TestEncodeFailures(t *testing.T) {
	t.Parallel()
	deep := plist.Dict{}
	for range plist.MaxDepth {
		deep = plist.Dict{"a": deep}
	}
	tests := []struct {
		name string
		in   any
		want string
	}{
		{"nil", nil, "plist: encode: no root element to encode"},
		{"channel", plist.Dict{"a": make(chan int)}, "plist: encode: can't marshal value of type chan int"},
		{"function", func() {}, "plist: encode: can't marshal value of type func()"},
		{"complex number", 1i, "plist: encode: can't marshal value of type complex128"},
		{"map with other keys", map[int]string{1: "a"}, "plist: encode: can't marshal value of type map[int]string"},
		{"nil in a struct", struct{ A *info }{}, ""},
		{"too deep", deep, "plist: nested too deep: more than 64 levels"},
		{"too large", strings.Repeat("a", plist.MaxSize), "plist: too large"},
	}
	for _, test := range tests {
		for format, encode := range map[string]func(any) ([]byte, error){"XML": plist.EncodeXML, "binary": plist.EncodeBinary} {
			t.Run(test.name+", "+format, func(t *testing.T) {
				t.Parallel()
				data, err := encode(test.in)
				assert.ErrorContains(t, err, test.want)
				assert.Nil(t, data)
			})
		}
	}
	_, err := plist.EncodeBinary([]any{math.NaN()})
	assert.Error(t, err)
}
