package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The program with the tag man writes a page for each command, with its flags and its
// examples.
func TestManPages(t *testing.T) {
	t.Parallel()
	pages := filepath.Join(t.TempDir(), "man", "man1") // no folder of it is there yet
	runWithTagMan(t, "man", pages)
	root := newRoot(piped().streams)
	for _, cmd := range append(root.Commands(), root) {
		if cmd.IsAdditionalHelpTopicCommand() {
			continue
		}
		t.Run(cmd.CommandPath(), func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(pages, strings.ReplaceAll(cmd.CommandPath(), " ", "-")+".1"))
			require.NoError(t, err)
			assertManPage(t, strings.ReplaceAll(string(text), `\-`, "-"), cmd)
		})
	}
}

// assertManPage compares a page, its hyphens unescaped, with the command it is about.
func assertManPage(t *testing.T, page string, cmd *cobra.Command) {
	t.Helper()
	assert.Contains(t, page, `.TH "ERROR53" "1"`)
	assert.Contains(t, page, cmd.Short)
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		assert.Contains(t, page, "--"+f.Name)
		assert.Contains(t, page, f.Usage)
	})
	for line := range strings.Lines(cmd.Example) {
		assert.Contains(t, page, strings.TrimSpace(line))
	}
	assert.NotContains(t, page, "Auto generated", "a page is the same each day it is made")
}

// The command that writes the pages is not part of the program that people use.
func TestManIsApart(t *testing.T) {
	t.Parallel()
	if len(extra) > 0 {
		t.Skip("built with the tag man")
	}
	_, stderr, code := run(t, "man", t.TempDir())
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, stderr, `takes no argument "man"`)
}

// runWithTagMan runs the program as it is with the build tag man.
func runWithTagMan(t *testing.T, args ...string) {
	t.Helper()
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("the go tool is not in PATH: ", err)
	}
	command := exec.CommandContext(t.Context(), tool, append([]string{"run", "-tags", "man", "."}, args...)...)
	out, err := command.CombinedOutput()
	require.NoError(t, err, string(out))
}
