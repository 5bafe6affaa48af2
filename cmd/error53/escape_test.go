package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func containsActing(s string) bool { return strings.ContainsFunc(s, acts) }

func TestVisible(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"plain", "Anna’s iPhone", "Anna’s iPhone"},
		{"empty", "", ""},
		{"other scripts", "田中のiPhone آيفون ليلى Планшет", "田中のiPhone آيفون ليلى Планшет"},
		{"emoji made of several", "👩\u200d👩\u200d👧 🏳️\u200d🌈", "👩\u200d👩\u200d👧 🏳️\u200d🌈"},
		{"the joiner that Persian is spelt with", "می\u200cخواهم", "می\u200cخواهم"},
		{"a colour", "\x1b[31mred", `\x1b[31mred`},
		{"a bell", "ding\a", `ding\x07`},
		{"line ends", "one\r\ntwo", `one\x0d\x0atwo`},
		{"a tab", "one\ttwo", `one\x09two`},
		{"delete", "\x7f", `\x7f`},
		{"a control sequence of eight bits", "\u009b2J", `\u009b2J`},
		{"text turned round", "\u202egnp.exe", `\u202egnp.exe`},
		{"isolates", "\u2066x\u2069", `\u2066x\u2069`},
		{"marks of direction", "\u200e\u200f\u061c", `\u200e\u200f\u061c`},
		{"line and paragraph separators", "a\u2028b\u2029c", `a\u2028b\u2029c`},
		{"a byte order mark", "\ufeffx", `\ufeffx`},
		{"a soft hyphen", "a\u00adb", `a\u00adb`},
		{"invisible tags", "x\U000e0041", `x\ue0041`},
		{"broken UTF-8", "a\xffb\xc3", `a\xffb\xc3`},
		{"a replacement character that is one", "a\ufffdb", "a\ufffdb"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, visible(test.text))
		})
	}
}

// Whatever a phone is called, nothing acts: neither in a sentence, nor in JSON, whose
// reader still gets the very same text.
func FuzzVisible(f *testing.F) {
	for _, seed := range []string{"", "Anna’s iPhone", "\x1b[31mred\a", "\u202egnp.exe", "a\xffb", "👩\u200d👧", "\u2028\ufffd", `\u202e <b>&"`, "\U000e0041"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		shown := visible(text)
		require.True(t, utf8.ValidString(shown))
		require.False(t, containsActing(shown), "%q", shown)
		require.Equal(t, shown, visible(shown), "what is visible stays as it is")
		if utf8.ValidString(text) && !containsActing(text) {
			require.Equal(t, text, shown)
		}

		var b bytes.Buffer
		require.NoError(t, writeJSON(&b, map[string]string{"name": text}))
		document := strings.TrimSuffix(b.String(), "\n")
		require.False(t, containsActing(strings.ReplaceAll(document, "\n", "")), "%q", document)
		var read map[string]string
		require.NoError(t, json.Unmarshal(b.Bytes(), &read))
		require.Equal(t, string([]rune(text)), read["name"], "all but broken bytes, which JSON cannot hold")
	})
}
