package main

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestRequests(t *testing.T) {
	const verbs = "package lockdown\ntype verb string\ntype request struct{ Request verb }\ntype diagnostic string\nconst m diagnostic = \"MobileGestalt\"\n"
	tests := []struct {
		name, file, source string
		want               []string
	}{
		{name: "a request that reads", file: "lockdown/a.go", source: verbs + `const q verb = "GetValue"`},
		{name: "one more constant", file: "lockdown/a.go", source: verbs + `const q verb = "Unlock"`, want: []string{`"Unlock" is not among`}},
		{name: "a literal in a field", file: "lockdown/a.go", source: verbs + `var r = request{Request: "Unlock"}`, want: []string{`"Unlock" is not among`}},
		{name: "a literal as an argument", file: "lockdown/a.go", source: verbs + "func ask(v verb) {}\nfunc f() { ask(\"Unlock\") }", want: []string{`"Unlock" is not among`}},
		{name: "a literal assigned", file: "lockdown/a.go", source: verbs + `func f(r request) { r.Request = "Unlock" }`, want: []string{`"Unlock" is not among`}},
		{name: "put together", file: "lockdown/a.go", source: verbs + `const q = verb("Get" + "It")`, want: []string{`"GetIt" is not among`, `"GetIt" is not among`}},
		{name: "made at run time", file: "lockdown/a.go", source: verbs + `func f(s string) verb { return verb(s) }`, want: []string{"only constants may"}},
		{name: "the type is gone", file: "lockdown/a.go", source: "package lockdown", want: []string{"no type verb any more", "no type diagnostic any more"}},
		{name: "past the gate", file: "cmd/error53/a.go", source: "package main\nfunc f(c conn) { c.Exchange(nil) }", want: []string{"may call Exchange"}},
		{name: "through the gate", file: "usbmux/conn.go", source: "package usbmux\ntype messageType string\nconst l messageType = \"ListDevices\"\nfunc f(c conn) { c.Exchange(nil) }"},
		{name: "Pair where it belongs", file: "lockdown/pairing.go", source: verbs + `const q verb = "Pair"`},
		{name: "Pair elsewhere", file: "lockdown/a.go", source: verbs + `const q verb = "Pair"`, want: []string{`"Pair" may stand in lockdown/pairing.go only`}},
		{name: "one more diagnosis", file: "lockdown/a.go", source: verbs + `const q diagnostic = "GasGauge"`, want: []string{`"GasGauge" is not among`}},
		{name: "pairing where it was not asked for", file: "diag/inspect/a.go", source: "package inspect\nfunc f(p pairing) { p.Pair(nil) }", want: []string{"only cmd/error53/pairing.go may call Pair"}},
		{name: "a record saved by somebody else", file: "cmd/error53/pair.go", source: "package main\nfunc f(c client) { c.SavePairRecord(nil) }", want: []string{"only lockdown/pairing.go may call SavePairRecord"}},
		{name: "a record deleted", file: "lockdown/pairing.go", source: verbs + "func f(c client) { c.DeletePairRecord(nil) }", want: []string{"only nothing may call DeletePairRecord"}},
		{name: "Pair past the machine", file: "lockdown/open.go", source: verbs + "func f(p made) { p.offerTrust(nil) }", want: []string{"only lockdown/trusting.go may call offerTrust"}},
		{name: "TLS past the gate", file: "lockdown/open.go", source: verbs + "func f(c conn) { c.StartTLS(nil) }", want: []string{"only lockdown/conn.go may call StartTLS"}},
		{name: "in another package, of no matter", file: "diag/a.go", source: "package diag\nconst x = \"GetValue\""},
		{name: "a changing request anywhere", file: "cmd/error53/a.go", source: "package main\nconst x = \"StartRestore\"", want: []string{`"StartRestore" changes a phone`}},
		{name: "an iBoot command with its argument", file: "cmd/error53/a.go", source: "package main\nconst x = \"setenv auto-boot true\"", want: []string{`"setenv auto-boot true" changes a phone`}},
		{name: "a sentence that begins like one", file: "diag/a.go", source: "package diag\nconst x = \"Restart the phone\""},
		{name: "virtual phones refuse it by name", file: "mocks/a.go", source: "package mocks\nconst x = \"StartRestore\""},
		{name: "a build tag hides nothing", file: "lockdown/a.go", source: "//go:build libusb\n\n" + verbs + `const q verb = "Unlock"`, want: []string{`"Unlock" is not among`}},
		{name: "what is imported need not be there", file: "lockdown/a.go", source: "package lockdown\nimport \"example.org/x\"\ntype verb string\ntype diagnostic string\nvar d diagnostic\nvar q verb = \"Unlock\"\nvar y = x.Y", want: []string{`"Unlock" is not among`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tree := fstest.MapFS{tt.file: &fstest.MapFile{Data: fmt.Append(nil, tt.source)}}
			got, err := checkRequests(tree, []string{tt.file})
			require.NoError(t, err)
			requireEach(t, tt.want, got)
		})
	}
}
