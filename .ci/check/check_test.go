package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestImports(t *testing.T) {
	const ios = goIOS + "/ios"
	tests := []struct {
		name  string
		files map[string]string // file to the path it imports
		want  []string          // a part of each problem
	}{
		{name: "cmd may import all of ours", files: map[string]string{"cmd/error53/a.go": "error53/mocks", "cmd/error53/b.go": "github.com/spf13/cobra"}},
		{name: "cmd and the owned modules", files: map[string]string{"cmd/error53/a.go": plist}, want: []string{"only usbmux/plist may"}},
		{name: "cmd and go-ios", files: map[string]string{"cmd/error53/a.go": ios}, want: []string{"only usbmux and lockdown may"}},
		{name: "one adapter each", files: map[string]string{"usbmux/a.go": ios, "lockdown/a.go": ios}},
		{name: "two adapters in one package", files: map[string]string{"usbmux/a.go": ios, "usbmux/b.go": ios + "/golog"}, want: []string{"more than one file: usbmux/a.go, usbmux/b.go"}},
		{name: "a test is no adapter", files: map[string]string{"usbmux/a.go": ios, "usbmux/a_test.go": ios}},
		{name: "root of go-ios", files: map[string]string{"usbmux/a.go": goIOS}, want: []string{"too much comes with it"}},
		{name: "tunnel of go-ios", files: map[string]string{"lockdown/a_test.go": ios + "/tunnel"}, want: []string{"too much comes with it"}},
		{name: "signing of go-ios", files: map[string]string{"lockdown/a.go": ios + "/signing/x"}, want: []string{"too much comes with it"}},
		{name: "howett in its package", files: map[string]string{"usbmux/plist/a.go": plist, "usbmux/plist/a_test.go": plist}},
		{name: "howett in a test of mocks", files: map[string]string{"mocks/a_test.go": plist}, want: []string{"only usbmux/plist may"}},
		{name: "gousb in its package", files: map[string]string{"usbmux/usb/a.go": gousb}},
		{name: "gousb elsewhere", files: map[string]string{"usbmux/a_test.go": gousb}, want: []string{"only usbmux/usb may"}},
		{name: "diag and the standard library", files: map[string]string{"diag/a.go": "encoding/csv"}},
		{name: "diag and logrus", files: map[string]string{"diag/a.go": logrus}, want: []string{"not in the import table of diag"}},
		{name: "diag and ours", files: map[string]string{"diag/a.go": "error53/usbmux"}, want: []string{"not in the import table of diag"}},
		{name: "images and the catalog", files: map[string]string{"diag/firmware/a.go": "error53/diag", "diag/firmware/b.go": "error53/usbmux/plist"}},
		{name: "images and phones", files: map[string]string{"diag/firmware/a.go": "error53/usbmux"}, want: []string{"not in the import table of diag/firmware"}},
		{name: "postmortem and diag", files: map[string]string{"diag/postmortem/a.go": "error53/diag", "diag/postmortem/b.go": "bufio"}},
		{name: "postmortem and phones", files: map[string]string{"diag/postmortem/a.go": "error53/diag/inspect"}, want: []string{"not in the import table of diag/postmortem"}},
		{name: "diag/guide and diag", files: map[string]string{"diag/guide/a.go": "error53/diag"}},
		{name: "diag/guide and the bus", files: map[string]string{"diag/guide/a.go": "error53/diag/inspect"}, want: []string{"not in the import table of diag/guide"}},
		{name: "tests of diag are free", files: map[string]string{"diag/a_test.go": "error53/mocks"}},
		{name: "usbmux does not stand for usbmux/usb", files: map[string]string{"lockdown/a.go": "error53/usbmux/usb"}, want: []string{"not in the import table of lockdown"}},
		{name: "code on mocks", files: map[string]string{"diag/inspect/a.go": "error53/mocks"}, want: []string{"not in the import table of diag/inspect"}},
		{name: "cgo of our own", files: map[string]string{"usbmux/usb/a.go": "C"}, want: []string{"not in the import table of usbmux/usb"}},
		{name: "unknown package", files: map[string]string{"usbmux/util/a.go": "fmt"}, want: []string{"usbmux/util is not in the import table"}},
		{name: "testdata is no code", files: map[string]string{"diag/testdata/a.go": "error53/mocks"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tree := fstest.MapFS{}
			for file, imported := range tt.files {
				tree[file] = &fstest.MapFile{Data: fmt.Appendf(nil, "//go:build never\n\npackage p\n\nimport _ %q\n", imported)}
			}
			got, err := checkImports(tree, slices.Sorted(maps.Keys(tree)))
			require.NoError(t, err)
			requireEach(t, tt.want, got)
		})
	}
}

func TestContents(t *testing.T) {
	tests := []struct {
		name, file, data string
		want             []string
	}{
		{name: "a script", file: ".ci/run", data: "#!/bin/sh\n"},
		{name: "a file at the top", file: "README.md", data: "MZ is a word here"},
		{name: "a binary fixture", file: "mocks/testdata/a.plist", data: "bplist00\xd1"},
		{name: "an empty file", file: "diag/testdata/empty"},
		{name: "the largest", file: "diag/data/a.tsv", data: strings.Repeat("x", maxSize)},
		{name: "too large", file: "diag/data/a.tsv", data: strings.Repeat("x", maxSize+1), want: []string{"1048577 bytes"}},
		{name: "a program for Linux", file: "cmd/error53/error53", data: "\x7fELF\x02\x01", want: []string{"an executable (ELF)"}},
		{name: "a program for Windows", file: "error53.exe", data: "MZ\x90\x00\x03", want: []string{"an executable (PE)"}},
		{name: "a program for macOS", file: "bin", data: "\xcf\xfa\xed\xfe\x0c", want: []string{"an executable (Mach-O)"}},
		{name: "an unplanned folder", file: "pkg/a.txt", want: []string{"no top-level folder pkg"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tree := fstest.MapFS{tt.file: &fstest.MapFile{Data: []byte(tt.data)}}
			got, err := checkContents(tree, []string{tt.file})
			require.NoError(t, err)
			requireEach(t, tt.want, got)
		})
	}
}

// requireEach wants exactly the problems that contain the given texts, in order.
func requireEach(t *testing.T, want, got []string) {
	t.Helper()
	require.Len(t, got, len(want), "%q", got)
	for i := range want {
		assert.Contains(t, got[i], want[i])
	}
}
