package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const readme = "../../README.md"

// TestReadmeCommands runs every command of the README that begins with $, and
// compares its output where the README shows one. With -update it writes what the
// README should show.
func TestReadmeCommands(t *testing.T) {
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	t.Chdir("../..")
	blocks := strings.Split(string(text), "```")
	ran := 0
	for i, block := range blocks {
		body, isConsole := strings.CutPrefix(block, "console\n")
		if !isConsole {
			continue
		}
		rewritten, commands := runConsole(t, body)
		ran += commands
		blocks[i] = "console\n" + rewritten
		if !*update {
			assert.Equal(t, body, rewritten)
		}
	}
	assert.Greater(t, ran, 10, "the README shows its commands")
	if *update {
		require.NoError(t, os.WriteFile("README.md", []byte(strings.Join(blocks, "```")), 0o644))
	}
}

// runConsole runs the commands of one block. A block of a single command shows its
// output; one of several is a list of examples.
func runConsole(t *testing.T, body string) (rewritten string, commands int) {
	t.Helper()
	for line := range strings.Lines(body) {
		command, isCommand := strings.CutPrefix(line, "$ ")
		if !isCommand {
			continue
		}
		var out string
		synctest.Test(t, func(t *testing.T) { // phones that hang take no time
			inOurDays()
			out = runExample(t, strings.TrimSpace(command))
		})
		rewritten += line
		commands++
		if strings.Count(body, "$ ") == 1 {
			rewritten += out
		}
	}
	return rewritten, commands
}

// runExample runs a line such as: echo "…" | error53 check --from -.
func runExample(t *testing.T, line string) string {
	t.Helper()
	before, command, piped := strings.Cut(line, " | ")
	input := ""
	if piped {
		input = strings.Trim(strings.TrimPrefix(before, "echo "), `"`) + "\n"
	} else {
		command = line
	}
	words := strings.Fields(command)
	require.Equal(t, "error53", words[0], line)
	var out, errs bytes.Buffer
	s := streams{in: strings.NewReader(input), out: &out, err: &errs, width: defaultWidth, getenv: func(string) string { return "" }}
	code := execute(t.Context(), s, words[1:])
	assert.Contains(t, []int{exitOK, exitElevated, exitHigh, exitUnknown}, code, "%s\n%s", line, errs.String())
	assert.Empty(t, errs.String(), line)
	return out.String()
}
