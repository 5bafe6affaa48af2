package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// verifyCase is a recording or a dump, and where its expectation belongs.
type verifyCase struct {
	file   string
	expect string
	named  bool // the operator named this very file
}

const expectationEnding = ".expect.json"

// errNoCases: no file to verify.
var errNoCases = errors.New("no recording and no dump")

// findCases finds them, in the order of their names; in folders those that have one of
// the known endings.
func findCases(args []string) ([]verifyCase, error) {
	var cases []verifyCase
	for _, arg := range args {
		found, err := casesIn(arg)
		if err != nil {
			return nil, &fileError{arg, err}
		}
		cases = append(cases, found...)
	}
	slices.SortStableFunc(cases, func(a, b verifyCase) int { return strings.Compare(a.file, b.file) })
	cases = slices.CompactFunc(cases, func(a, b verifyCase) bool { return a.file == b.file })
	if len(cases) == 0 {
		return nil, fmt.Errorf("verify: %w is there", errNoCases)
	}
	return cases, nil
}

func casesIn(name string) (cases []verifyCase, err error) {
	name = filepath.Clean(name)
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []verifyCase{caseOf(name, true)}, nil
	}
	var expectations []string
	err = filepath.WalkDir(name, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() && isCase(path) {
			cases = append(cases, caseOf(path, false))
		}
		if err == nil && strings.HasSuffix(path, expectationEnding) {
			expectations = append(expectations, path)
		}
		return err
	})
	return append(cases, orphans(expectations, cases)...), err
}

// orphans are expectations of nothing, as where one of two names is misspelt.
func orphans(expectations []string, cases []verifyCase) (alone []verifyCase) {
	for _, name := range expectations {
		if !slices.ContainsFunc(cases, func(c verifyCase) bool { return c.expect == name }) {
			alone = append(alone, verifyCase{name, name, false})
		}
	}
	return alone
}

// isCase tells whether a file of a folder may be a recording or a dump.
func isCase(name string) bool {
	ending := strings.ToLower(filepath.Ext(name))
	return slices.Contains([]string{".e53", ".txt", ".plist", ".json"}, ending) && !strings.HasSuffix(name, expectationEnding)
}

func caseOf(name string, named bool) verifyCase {
	return verifyCase{name, strings.TrimSuffix(name, filepath.Ext(name)) + expectationEnding, named}
}
