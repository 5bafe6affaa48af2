package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/clipperhouse/displaywidth"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The bench as it is printed, whole: what changes here changes for every user. The
// test's -update flag writes the file anew. The phone that hangs takes its five seconds
// by a fake clock.
func TestBenchGolden(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		inOurDays()
		testBenchGolden(t)
	})
}

func testBenchGolden(t *testing.T) {
	stdout, stderr, code := run(t, "check", "--dry-run")
	assert.Empty(t, stderr)
	assert.Equal(t, exitHigh, code)
	golden := filepath.Join("testdata", "bench.golden")
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(stdout), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), stdout)
}

// At any width from 40 columns on, no line of a verdict is wider, and nothing but line
// breaks and indents differs.
func TestScreenWidth(t *testing.T) {
	t.Parallel()
	phones := []phone{
		decided(t, "iPhone7,2", "9.1", operator{}),
		decided(t, "iPhone8,1", "12.4", operator{repair: "damaged", target: "9.1", way: "computer-update"}),
		decided(t, "iPhone9,1", "9.2", operator{}),
	}
	for i := range phones {
		phones[i].facts.DeviceName.Value = "田中さんのとてもながいなまえのiPhone 👩‍👩‍👧"
		phones[i].facts.DeviceName.Source = "lockdown"
	}
	words := func(width int) string {
		var b strings.Builder
		for _, p := range phones {
			screen{w: &b, width: width, simulated: true}.block(p)
		}
		for line := range strings.Lines(b.String()) {
			assert.LessOrEqual(t, displaywidth.String(strings.TrimSuffix(line, "\n")), width, line)
		}
		return strings.Join(strings.Fields(b.String()), " ")
	}
	for width := 40; width <= 200; width += 7 {
		assert.Equal(t, words(80), words(width), "%d columns", width)
	}
}

// Colours change nothing but the headline's word: without them the text is the same.
func TestScreenColors(t *testing.T) {
	t.Parallel()
	for risk, color := range colors {
		p := decided(t, "iPhone7,2", "9.1", operator{})
		p.verdict.Risk = risk
		var plain, colored strings.Builder
		screen{w: &plain, width: defaultWidth}.phone(p)
		screen{w: &colored, width: defaultWidth, color: true}.phone(p)
		word := strings.ToUpper(string(risk))
		assert.True(t, strings.HasPrefix(colored.String(), color+word+"\x1b[0m"), "%q", colored.String())
		assert.Equal(t, plain.String(), strings.NewReplacer(color, "", "\x1b[0m", "").Replace(colored.String()))
		assert.NotContains(t, plain.String(), "\x1b")
	}
}

func TestColorIsForTerminals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		outTTY   bool
		variable string
		value    string
		disabled bool
		want     bool
	}{
		{name: "a terminal", outTTY: true, want: true},
		{name: "a pipe"},
		{name: "--no-color", outTTY: true, disabled: true},
		{name: "NO_COLOR", outTTY: true, variable: "NO_COLOR", value: "1"},
		{name: "NO_COLOR, but empty", outTTY: true, variable: "NO_COLOR", want: true},
		{name: "a terminal that cannot", outTTY: true, variable: "TERM", value: "dumb"},
		{name: "a terminal that can", outTTY: true, variable: "TERM", value: "xterm-256color", want: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := piped()
			s.outTTY = test.outTTY
			s.getenv = func(name string) string {
				if name == test.variable {
					return test.value
				}
				return ""
			}
			assert.Equal(t, test.want, s.color(test.disabled))
		})
	}
}
