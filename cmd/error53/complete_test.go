package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/guide"
	"error53/mocks"
)

// The last line of what a shell is told, cobra's ShellCompDirective: files may be
// completed as well, or may not.
const (
	orFiles = ":0"
	noFiles = ":4"
)

// completed gives what a shell would offer behind the words, the last of which it
// completes, and its directive.
func completed(t *testing.T, s surroundings, words ...string) (offered []string, directive string) {
	t.Helper()
	code := execute(t.Context(), s.streams, append([]string{"__complete"}, words...))
	require.Equal(t, exitOK, code, s.stderr.String())
	require.NotContains(t, s.stderr.String(), "error:")
	lines := strings.Split(strings.TrimSpace(s.stdout.String()), "\n")
	for _, line := range lines[:len(lines)-1] {
		word, _, _ := strings.Cut(line, "\t") // what is behind it is its description
		offered = append(offered, word)
	}
	return offered, lines[len(lines)-1]
}

func stringsOf[T ~string](of []T) []string { return strings.Split(words(of), ", ") }

// A flag that takes words of its own offers all of them, and no file.
func TestCompleteWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		command, flag string
		want          []string
	}{
		{"check", "--repair", stringsOf(diag.Repairs)},
		{"check", "--touch-id", stringsOf(diag.TouchIDs)},
		{"check", "--via", stringsOf(diag.Ways)},
		{"check", "--log-format", stringsOf(logFormats)},
		{"list", "--log-format", stringsOf(logFormats)},
		{"predict", "--mode", stringsOf(diag.Modes)},
		{"predict", "--repair", stringsOf(diag.Repairs)},
		{"predict", "--touch-id", stringsOf(diag.TouchIDs)},
		{"predict", "--via", stringsOf(diag.Ways)},
		{"plan", "--repair", stringsOf(diag.Repairs)},
		{"plan", "--mode", stringsOf(diag.Modes)},
	}
	for _, test := range tests {
		t.Run(test.command+" "+test.flag, func(t *testing.T) {
			t.Parallel()
			offered, directive := completed(t, piped(), test.command, test.flag, "")
			assert.Equal(t, test.want, offered)
			assert.Equal(t, noFiles, directive)
		})
	}
}

// A target is the newest, or a file, or a version that nobody can guess.
func TestCompleteTarget(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"check", "predict", "plan"} {
		offered, directive := completed(t, piped(), command, "--target", "")
		assert.Equal(t, []string{diag.Newest}, offered)
		assert.Equal(t, orFiles, directive)
	}
}

// Scenarios are offered by name, or else files.
func TestCompleteScenarios(t *testing.T) {
	t.Parallel()
	for _, words := range [][]string{{"check", "--scenario", ""}, {"list", "--scenario", ""}, {"doctor", "--scenario", ""}, {"simulate", ""}, {"simulate", "one", ""}} {
		offered, directive := completed(t, piped(), words...)
		assert.Equal(t, mocks.Scenarios(), offered, words)
		assert.Equal(t, orFiles, directive, words)
	}
}

// Rules are offered by the ids that showRule knows, each once.
func TestCompleteRules(t *testing.T) {
	t.Parallel()
	offered, directive := completed(t, piped(), "rules", "")
	assert.Equal(t, noFiles, directive)
	assert.Greater(t, len(offered), 10)
	seen := map[string]bool{}
	for _, id := range offered {
		assert.False(t, seen[id], id)
		seen[id] = true
		_, stderr, code := run(t, "rules", id)
		assert.Equal(t, exitOK, code, stderr)
	}
}

// Whatever is offered for a DEVICE names that phone and no other, also where the tails
// have to be longer.
func TestCompleteDevices(t *testing.T) {
	t.Parallel()
	s := piped()
	s.onBench(t, mocks.NewBench(
		attached(t, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "12.5.8", ECID: 0x1100a1}),
		attached(t, mocks.Profile{ProductType: "iPhone8,1", ProductVersion: "15.8.8", ECID: 0x2200a1}),
		attached(t, mocks.Profile{ProductType: "iPhone12,1", ProductVersion: "17.0", ECID: 0x3300a1}),
	))
	offered, directive := completed(t, s, "check", "")
	assert.Equal(t, []string{"100a1", "200a1", "300A1"}, offered)
	assert.Equal(t, noFiles, directive)
	for _, device := range offered {
		s.stdout.Reset()
		execute(t.Context(), s.streams, []string{"check", "--json", "--show-ids", device})
		udid := shownAt(t, s.stdout.String(), "phones.0.facts.udid.value")
		assert.True(t, strings.HasSuffix(udid, device), "%s names %s", device, udid)
	}
}

// To complete is to list: no phone hears of it.
func TestCompleteAsksNoPhone(t *testing.T) {
	t.Parallel()
	s := piped()
	b := mocks.NewBench(attached(t, mocks.Profile{ProductType: "iPhone7,2", ECID: 1}))
	s.onBench(t, b)
	offered, _ := completed(t, s, "check", "")
	assert.Len(t, offered, 1)
	assert.Equal(t, map[mocks.Side][]string{mocks.Usbmuxd: {"ListDevices"}}, askedOf(t, b))
}

// A daemon that hangs keeps no shell waiting, whatever --timeout says. The minute is
// for a run that fails.
func TestCompleteIsBounded(t *testing.T) {
	t.Parallel()
	s := piped()
	b := mocks.NewBench(attached(t, mocks.Profile{ProductType: "iPhone7,2", ECID: 1}))
	b.Faults = []mocks.Fault{{Side: mocks.Usbmuxd, Kind: mocks.Silent}}
	s.onBench(t, b)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	assert.Equal(t, exitOK, execute(ctx, s.streams, []string{"__complete", "check", "--timeout", "1h", ""}))
	assert.NoError(t, ctx.Err(), "it ends by itself")
	assert.Equal(t, noFiles+"\n", s.stdout.String())
	assert.NotContains(t, s.stderr.String(), "error:")
}

// Files are offered where a file is taken, and nowhere else.
func TestCompleteFiles(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		words []string
		want  string
	}{
		{"a dump", []string{"check", "--from", ""}, orFiles},
		{"a further dump", []string{"check", "--from", "a.txt", ""}, orFiles},
		{"a log", []string{"postmortem", ""}, orFiles},
		{"a further log", []string{"postmortem", "a.log", ""}, orFiles},
		{"a phone", []string{"check", "--dry-run", ""}, noFiles},
		{"a phone to plan for", []string{"plan", "--dry-run", ""}, noFiles},
		{"a list takes nothing", []string{"list", ""}, noFiles},
		{"a prediction takes nothing", []string{"predict", ""}, noFiles},
		{"a version takes nothing", []string{"version", ""}, noFiles},
		{"one rule is enough", []string{"rules", "core", ""}, noFiles},
		{"a guide", []string{"guide", ""}, noFiles},
		{"one phone is enough", []string{"guide", "dfu", "0005", ""}, noFiles},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, directive := completed(t, piped(), test.words...)
			assert.Equal(t, test.want, directive)
		})
	}
}

// The guides are offered first, and behind one of them the phones.
func TestCompleteGuide(t *testing.T) {
	t.Parallel()
	s := piped()
	s.onBench(t, mocks.NewBench(attached(t, mocks.Profile{ProductType: "iPhone7,2", ECID: 0x1100a1})))
	offered, _ := completed(t, s, "guide", "")
	assert.Equal(t, stringsOf(guide.Topics), offered)
	s.stdout.Reset()
	offered, directive := completed(t, s, "guide", "dfu", "")
	assert.Equal(t, []string{"00a1"}, offered)
	assert.Equal(t, noFiles, directive)
	for _, words := range [][]string{{"guide", "dfu", "00a1", ""}, {"guide", "--product-type", "iPhone8,1", "dfu", ""}} {
		s.stdout.Reset()
		offered, _ = completed(t, s, words...)
		assert.Empty(t, offered, words)
	}
}
