package plist_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux/plist"
)

// TestClean: text a phone may send, and what is left of it after decoding.
func TestClean(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text, want string
	}{
		{"nothing to do", "iPhone ü 电话 🦉", "iPhone ü 电话 🦉"},
		{"tab, newline", "a\tb\nc", "a\tb\nc"},
		{"carriage return by reference", "a&#13;b&#xD;c", "a\rb\rc"},
		{"control characters", "a\x00b\x01\x1Fc\x0B\x0C", "a b  c  "},
		{"delete and C1 are allowed", "a\x7F\u0085b", "a\x7F\u0085b"},
		{"a reference to a control character", "a&#0;b&#x1f;c&#x0001F;d", "a b c d"},
		{"a reference to a surrogate", "a&#xD800;b", "a b"},
		{"a reference to a noncharacter", "a&#xFFFE;b&#65535;c", "a b c"},
		{"a reference beyond Unicode", "a&#x110000;b&#99999999999999999999;c", "a b c"},
		{"allowed references", "&#38;&#x1F989;&#x9;&#233;", "&🦉\té"},
		{"named references", "&lt;&amp;&gt;", "<&>"},
		{"bytes that are not UTF-8", "a\xFFb\xC3\x28c", "a\uFFFDb\uFFFD(c"},
		{"a run of such bytes", "a\xFF\xFE\xFDb", "a\uFFFDb"},
		{"a surrogate in UTF-8", "a\xED\xA0\x80b", "a\uFFFDb"},
		{"noncharacters", "a\uFFFEb\uFFFFc", "a\uFFFDb\uFFFDc"},
		{"the replacement character itself", "a\uFFFDb", "a\uFFFDb"},
		{"all at once", "\x02&#2;\xFF\uFFFF", "  \uFFFD\uFFFD"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			data := xmlList("<dict><key>" + test.text + "</key><string>" + test.text + "</string></dict>")
			before := string(data)
			d, err := plist.DecodeDict(data)
			require.NoError(t, err)
			assert.Equal(t, plist.Dict{test.want: test.want}, d)
			assert.Equal(t, before, string(data), "the message is changed")
		})
	}
}

// TestCleanLeavesTheRest: what is broken otherwise stays so, and is refused.
func TestCleanLeavesTheRest(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"&#;", "&#x;", "&#5", "&#x", "&#", "&#-1;", "&#X9;", "&#1 ;", "&#&#;"} {
		data := xmlList("<string>" + text + "</string>")
		assert.Equal(t, string(data), string(plist.Clean(data)), text)
		assert.ErrorIs(t, plist.Check(data), plist.ErrSyntax, text)
	}
	for _, end := range []string{"&", "&#", "&#x", "&#1", "&#xF"} {
		data := []byte("<plist><string>" + end)
		assert.Equal(t, string(data), string(plist.Clean(data)), end)
		assert.ErrorIs(t, plist.Check(data), plist.ErrSyntax, end)
	}
}

// TestCleanControlCharactersInMarkup: they count as blanks there, too.
func TestCleanControlCharactersInMarkup(t *testing.T) {
	t.Parallel()
	v, err := plist.Decode([]byte("<?xml\x01version=\"1.0\"?>\x02<plist\x03version=\"1.0\">\x04<true\x05/>\x06</plist>\x00"))
	require.NoError(t, err)
	assert.Equal(t, true, v)
	assert.ErrorIs(t, plist.Check(xmlList("<tr\x01ue/>")), plist.ErrSyntax)
}

// TestCleanKeepsSize: a control character becomes one byte, so that a message
// keeps its length.
func TestCleanKeepsSize(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "<a>   \t\r\n </a>", string(plist.Clean([]byte("<a>\x00\x01\x1F\t\r\n\x0B</a>"))))
}

func TestCleanWithoutCopy(t *testing.T) {
	message := append([]byte(nil), lockdownAnswer...)
	references := xmlList(strings.Repeat("<string>&#38;</string>", 10))
	assert.Zero(t, testing.AllocsPerRun(10, func() { plist.Clean(message) }))
	assert.Same(t, &message[0], &plist.Clean(message)[0])
	assert.Same(t, &references[0], &plist.Clean(references)[0])
}
