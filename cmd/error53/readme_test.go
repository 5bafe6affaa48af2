package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
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

// blocks gives the blocks of one language that hold a word.
func blocks(t *testing.T, language, word string) (found []string) {
	t.Helper()
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	for i, block := range strings.Split(string(text), "```") {
		body, is := strings.CutPrefix(block, language+"\n")
		if is && i%2 == 1 && strings.Contains(body, word) {
			found = append(found, body)
		}
	}
	require.NotEmpty(t, found)
	return found
}

// The scenario of the README can be served.
func TestReadmeScenario(t *testing.T) {
	t.Parallel()
	for _, text := range blocks(t, "json", `"phones"`) {
		scenario, err := mocks.ParseScenario("README.md", []byte(text))
		require.NoError(t, err)
		assert.Len(t, scenario.Phones, 102)
	}
}

// The recipe for other people's tests works as it stands.
func TestReadmeRecipe(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"sh", "idevice_id"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(err)
		}
	}
	folder := filepath.Dir(shortPath(t))
	program, err := os.Executable() // which acts as error53 where it is called so
	require.NoError(t, err)
	require.NoError(t, os.Symlink(program, filepath.Join(folder, "error53")))
	for _, recipe := range blocks(t, "sh", "error53 simulate") {
		cmd := exec.CommandContext(t.Context(), "sh", "-e", "-c", recipe+"wait $!")
		cmd.Dir = folder
		cmd.Env = append(cmd.Environ(), "PATH="+folder+string(os.PathListSeparator)+os.Getenv("PATH"))
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
		assert.Contains(t, string(out), "\n5353535353535353535353530000535300000001\n")
		assert.NoFileExists(t, filepath.Join(folder, "usbmuxd"))
	}
}
