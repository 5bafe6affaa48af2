package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// maxSize is the size in bytes above which a file does not belong in the repository.
const maxSize = 1 << 20

// folders are the ones at the top of the tree; folders with a leading dot are free.
var folders = []string{"cmd", "usbmux", "lockdown", "diag", "mocks"}

// executables are the first bytes of compiled programs and libraries.
var executables = map[string]string{
	"\x7fELF":          "ELF",
	"MZ\x90\x00":       "PE", // what every linker of today puts after MZ
	"\xcf\xfa\xed\xfe": "Mach-O",
	"\xce\xfa\xed\xfe": "Mach-O",
	"\xca\xfe\xba\xbe": "Mach-O (universal) or Java",
	"!<arch>\n":        "ar archive",
	"\x00asm":          "WebAssembly",
}

// checkContents returns the files that are too large, compiled or in a folder
// that the map of the project does not have.
func checkContents(tree fs.FS, names []string) ([]string, error) {
	var problems []string
	for _, name := range names {
		if top, _, nested := strings.Cut(name, "/"); nested && top[0] != '.' && !slices.Contains(folders, top) {
			problems = append(problems, fmt.Sprintf("%s: no top-level folder %s is planned", name, top))
		}
		size, head, err := peek(tree, name)
		if err != nil {
			return nil, err
		}
		if size > maxSize {
			problems = append(problems, fmt.Sprintf("%s: %d bytes, more than %d", name, size, maxSize))
		}
		for magic, format := range executables {
			if bytes.HasPrefix(head, []byte(magic)) {
				problems = append(problems, fmt.Sprintf("%s: an executable (%s)", name, format))
			}
		}
	}
	return problems, nil
}

// peek returns the size of a file in bytes and its first bytes.
func peek(tree fs.FS, name string) (int64, []byte, error) {
	f, err := tree.Open(name)
	if err != nil {
		return 0, nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, nil, err
	}
	head, err := io.ReadAll(io.LimitReader(f, 8))
	return info.Size(), head, err
}
