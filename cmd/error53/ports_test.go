package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParsePorts(t *testing.T) {
	t.Parallel()
	many := strings.Builder{}
	for i := range maxPorts + 1 {
		fmt.Fprintf(&many, "%d-%d = p%d\n", i/1000, i%1000, i)
	}
	tests := []struct {
		name, text string
		want       portNames
		err        string
	}{
		{name: "nothing"},
		{name: "names", text: "1-2.3 = left hub, 3\n1-1=right\n", want: portNames{{"1-2.3", "left hub, 3"}, {"1-1", "right"}}},
		{name: "comments and empty lines", text: "# the left one\n\n  1-2 = a = b  \n#", want: portNames{{"1-2", "a = b"}}},
		{name: "written on Windows", text: "\ufeff1-2 = links\r\n1-3 = rechts\r\n", want: portNames{{"1-2", "links"}, {"1-3", "rechts"}}},
		{name: "no =", text: "1-2 = a\n1-3 b", err: `ports:2: there is no = in "1-3 b"`},
		{name: "no port", text: "hub 1 = a", err: `ports:1: "hub 1" is no port such as 1-2.3`},
		{name: "seven hubs deep", text: "1-1.2.3.4.5.6.7.8 = a", err: `"1-1.2.3.4.5.6.7.8" is no port`},
		{name: "no name", text: "\n\n1-2 =", err: "ports:3: port 1-2 is given no name"},
		{name: "a port twice", text: "1-2 = a\n1-2 = b", err: "ports:2: port 1-2 has a name already: a"},
		{name: "a name twice", text: "1-2 = a\n1-3 = a", err: `ports:2: port 1-2 is called "a" already`},
		{name: "an escape sequence", text: "1-2 = a\x1b[2J", err: `ports:1: the name "a\x1b[2J" has control characters`},
		{name: "Latin-1", text: "1-2 = T\xfcr", err: "ports:1: this is not UTF-8"},
		{name: "too many", text: many.String(), err: "ports:1025: more than 1024 ports"},
		{name: "too large", text: strings.Repeat("#", maxPortsFile+1), err: "ports:1: the file is larger than 65536 bytes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := parsePorts("ports", test.text)
			if test.err != "" {
				require.ErrorContains(t, err, test.err)
				assert.Equal(t, exitUsage, explain(err).exit)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
}

// The file in the folder of the settings may be missing, one that was named may not.
func TestReadPorts(t *testing.T) {
	t.Parallel()
	config := t.TempDir()
	got, err := readPorts("", config)
	require.NoError(t, err)
	assert.Empty(t, got)
	_, err = readPorts(filepath.Join(config, "ports"), config)
	assert.Equal(t, "no-file", explain(err).code)

	file := filepath.Join(config, "error53", "ports")
	require.NoError(t, os.Mkdir(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte("1-2 = window"), 0o644))
	got, err = readPorts("", config)
	require.NoError(t, err)
	assert.Equal(t, portNames{{"1-2", "window"}}, got)

	_, err = readPorts(config, "")
	assert.ErrorContains(t, err, "is a folder")
}

func TestPortOrder(t *testing.T) {
	t.Parallel()
	names := portNames{{"3-1", "window"}, {"1-10", "door"}}
	ports := []string{"", "1-2", "1-10", "1-9", "2-1", "1-2.10", "1-2.9", "3-1", "1-2.9.1"}
	slices.SortFunc(ports, names.compare)
	assert.Equal(t, []string{"3-1", "1-10", "1-2", "1-2.9", "1-2.9.1", "1-2.10", "1-9", "2-1", ""}, ports)
	assert.Equal(t, "window", names.named("3-1"))
	assert.Empty(t, names.named("1-2"))
}
