package main

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"
	"github.com/stretchr/testify/assert"
)

func TestWrap(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		text  string
		width int
		want  []string
	}{
		{"nothing", "", 10, nil},
		{"blanks only", " \t\n ", 10, nil},
		{"fits", "one two", 10, []string{"one two"}},
		{"fits to the column", "one two", 7, []string{"one two"}},
		{"one column short", "one two", 6, []string{"one", "two"}},
		{"blanks of any kind are one", "one  two\n\tthree", 20, []string{"one two three"}},
		{"a word that is too long stands alone", "a incomprehensibilities b", 10, []string{"a", "incomprehensibilities", "b"}},
		{"wide characters count two", "田中 さん だ", 7, []string{"田中", "さん だ"}},
		{"an emoji counts two", "🦉 🦉 🦉", 5, []string{"🦉 🦉", "🦉"}},
		{"a family of joined emoji counts two", "👩‍👩‍👧 👩‍👩‍👧", 5, []string{"👩‍👩‍👧 👩‍👩‍👧"}},
		{"an accent set on afterwards counts none", "e\u0301e\u0301e\u0301 x", 5, []string{"e\u0301e\u0301e\u0301 x"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, wrap(test.text, test.width))
		})
	}
}

// No word is lost and no line too wide, except by a single word.
func TestWrapProperties(t *testing.T) {
	t.Parallel()
	vocabulary := []string{"a", "of", "Touch", "restored", "incomprehensibilities", "田中", "アイフォーン", "🦉", "👩‍👩‍👧", "“Анна”", "e\u0301"}
	random := rand.New(rand.NewPCG(53, 53))
	for range 500 {
		words := make([]string, random.IntN(30))
		for i := range words {
			words[i] = vocabulary[random.IntN(len(vocabulary))]
		}
		width := 5 + random.IntN(40)
		lines := wrap(strings.Join(words, " "), width)
		assert.Equal(t, strings.Join(words, " "), strings.Join(lines, " "))
		for _, line := range lines {
			assert.True(t, displaywidth.String(line) <= width || !strings.Contains(line, " "), "%q in %d columns", line, width)
		}
	}
}

func TestClip(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"fits", "12345678", "12345678"},
		{"cut", "123456789", "1234567…"},
		{"wide characters fit", "田中さん", "田中さん"},
		{"wide characters are never cut in half", "田中さんだ", "田中さ…"},
		{"nor is an emoji", "12345🦉🦉", "12345🦉…"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := clip(test.text, 8)
			assert.Equal(t, test.want, got)
			assert.LessOrEqual(t, displaywidth.String(got), 8)
		})
	}
}

func TestWriteWrapped(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		head  string
		width int
		want  string
	}{
		{"further lines stand below the text", "  why ", 26, "  why one two three four\n      five six seven\n"},
		{"a wide head counts its columns", "  田 ", 25, "  田 one two three four\n     five six seven\n"},
		{"no narrower than is legible", "  why ", 3, "  why one two three four\n      five six seven\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			writeWrapped(&b, test.head, "one two three four five six seven", test.width)
			assert.Equal(t, test.want, b.String())
		})
	}
}

func TestChop(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"words that fit", "1234 56789 1", "1234 56789 1"},
		{"a word that is too wide", "12345678901 2", "12345 67890 1 2"},
		{"behind one that fits", "123 1234567", "123 12345 67"},
		{"wide characters", "田中さん", "田中 さん"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, chop(test.text, 5))
		})
	}
}
