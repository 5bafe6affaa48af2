package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

const (
	module  = "error53"
	goIOS   = "github.com/danielpaulus/go-ios"
	gousb   = "github.com/google/gousb"
	plist   = "howett.net/plist"
	logrus  = "github.com/sirupsen/logrus"
	anyPath = "*"
)

// allowed says what the code of each package, tests aside, may import beside
// the standard library. A module stands for its packages; a package of our own
// stands for itself alone. Tests may import what they like, owners excepted.
var allowed = map[string][]string{
	"cmd/error53":     {anyPath},
	"usbmux":          {"error53/usbmux/plist", goIOS, logrus},
	"usbmux/plist":    {plist},
	"usbmux/usb":      {gousb, logrus},
	"lockdown":        {"error53/usbmux", "error53/usbmux/plist", goIOS, logrus},
	"diag":            {},
	"diag/firmware":   {"error53/usbmux/plist", "error53/diag"},
	"diag/guide":      {"error53/diag"},
	"diag/inspect":    {"error53/usbmux", "error53/usbmux/usb", "error53/usbmux/plist", "error53/lockdown", "error53/diag"},
	"diag/postmortem": {"error53/diag"},
	"diag/watch":      {"error53/usbmux", "error53/usbmux/usb", "error53/diag/inspect", "error53/diag"},
	"mocks":           {"error53/usbmux", "error53/usbmux/plist", "error53/diag"},
	"mocks/recording": {"error53/usbmux", "error53/usbmux/usb", "error53/usbmux/plist", "error53/lockdown", "error53/diag", "error53/diag/inspect", "error53/mocks"},
}

// owners are the only packages that import a module, tests and cmd included.
var owners = map[string]string{
	plist: "usbmux/plist", // nothing from outside reaches it unguarded
	gousb: "usbmux/usb",   // it needs cgo
}

// adapters carry go-ios: one file each, so that it can be replaced.
var adapters = []string{"usbmux", "lockdown"}

// banned are the parts of go-ios that bring user-space networking and code
// signing into the program, or start them.
var banned = []string{goIOS + "/ios/tunnel", goIOS + "/ios/signing"}

// checkImports returns the imports that break the tables above.
func checkImports(tree fs.FS, names []string) ([]string, error) {
	var problems []string
	carriers := map[string][]string{}
	for _, name := range names {
		if !ours(name) {
			continue
		}
		imports, err := importsOf(tree, name)
		if err != nil {
			return nil, err
		}
		for _, imported := range imports {
			if why := refuse(name, imported); why != "" {
				problems = append(problems, fmt.Sprintf("%s: imports %s: %s", name, imported, why))
			}
		}
		if !isTest(name) && slices.ContainsFunc(imports, func(p string) bool { return within(p, goIOS) }) {
			carriers[path.Dir(name)] = append(carriers[path.Dir(name)], name)
		}
	}
	return append(problems, tooMany(carriers)...), nil
}

// refuse says why a file may not import a path; empty when it may.
func refuse(name, imported string) string {
	pkg := path.Dir(name)
	for part, owner := range owners {
		if within(imported, part) && pkg != owner {
			return "only " + owner + " may"
		}
	}
	if imported == goIOS || slices.ContainsFunc(banned, func(p string) bool { return within(imported, p) }) {
		return "too much comes with it"
	}
	if isTest(name) {
		return ""
	}
	if within(imported, goIOS) && !slices.Contains(adapters, pkg) {
		return "only " + strings.Join(adapters, " and ") + " may"
	}
	list, known := allowed[pkg]
	if !known {
		return "the package " + pkg + " is not in the import table"
	}
	if !standard(imported) && !slices.ContainsFunc(list, func(entry string) bool { return covers(entry, imported) }) {
		return "not in the import table of " + pkg
	}
	return ""
}

// tooMany returns the adapters that import go-ios in more than one file.
func tooMany(carriers map[string][]string) []string {
	var problems []string
	for _, pkg := range adapters {
		if files := carriers[pkg]; len(files) > 1 {
			problems = append(problems, fmt.Sprintf("%s: go-ios is imported in more than one file: %s", pkg, strings.Join(files, ", ")))
		}
	}
	return problems
}

// covers reports whether an entry of the table permits an import.
func covers(entry, imported string) bool {
	if entry == anyPath || entry == imported {
		return true
	}
	return !within(entry, module) && within(imported, entry)
}

// within reports whether an import path is a root or lies below it.
func within(imported, root string) bool {
	return imported == root || strings.HasPrefix(imported, root+"/")
}

// standard reports whether a path is the standard library's: no dot in its
// first element. "C" is none of it: cgo stays inside gousb.
func standard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".") && first != module && first != "C"
}

// ours reports whether a file is Go code of the module: the go command passes
// over folders named testdata and those with a leading dot or underscore.
func ours(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if part[0] == '.' || part[0] == '_' || part == "testdata" {
			return false
		}
	}
	return path.Ext(name) == ".go"
}

func isTest(name string) bool { return strings.HasSuffix(name, "_test.go") }

// importsOf reads a file's imports, whatever its build tags.
func importsOf(tree fs.FS, name string) ([]string, error) {
	source, err := fs.ReadFile(tree, name)
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var imports []string
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		imports = append(imports, imported)
	}
	return imports, nil
}
