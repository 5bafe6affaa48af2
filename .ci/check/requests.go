package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// sender is a package that sends requests: what it asks is a constant of one
// type, and that type is the only way to name a request.
type sender struct {
	folder string
	verb   string            // the name of the type
	may    []string          // its values
	only   map[string]string // values that may stand in one file alone
}

// senders is all that the program can ask of a phone or of its daemon. A name is
// added here only for a request that reads. SavePairRecord and DeletePairRecord
// change what this computer keeps, never a phone. Pair alone changes something on a
// phone, whose owner has to agree to it there.
var senders = []sender{
	{folder: "usbmux", verb: "messageType", may: []string{
		"ListDevices", "Connect", "Listen", "ReadBUID", "ReadPairRecord", "SavePairRecord", "DeletePairRecord",
	}},
	{
		folder: "lockdown", verb: "verb",
		may:  []string{"QueryType", "GetValue", "QueryValue", "StartSession", "StartService", "Pair"},
		only: map[string]string{"Pair": "lockdown/pairing.go"},
	},
	{folder: "lockdown", verb: "diagnostic", may: []string{"MobileGestalt", "IORegistry"}},
	{folder: "usbmux/usb", verb: "command", may: []string{"getenv build-version"}},
}

// changing are the names of requests and iBoot commands that change a phone. They
// may stand in no code but that of the virtual phones, which refuse them.
var changing = []string{
	"StartRestore", "EnterRecovery", "Reboot", "Obliterate", "SetValue", "RemoveValue", "ResetPairing", "Activate",
	"Deactivate", "Restart", "Shutdown", "Sleep", "Unpair", "setenv", "saveenv", "setpicture", "bootx", "fsboot",
}

// gates are the methods through which bytes reach a phone or the daemon, or from
// them a decoder without another look, and those through which a computer gets
// trusted; with the files that may call them.
var gates = map[string][]string{
	"Exchange":         {"usbmux/conn.go", "lockdown/conn.go"},
	"StartTLS":         {"lockdown/conn.go"},
	"Control":          {"usbmux/usb/libusb.go"}, // gousb's control transfer
	"DecodeChecked":    {"usbmux/conn.go", "lockdown/conn.go"},
	"SavePairRecord":   {"lockdown/pairing.go"},
	"DeletePairRecord": nil,
	"offerTrust":       {"lockdown/trusting.go"}, // sends Pair
	"saveTrust":        {"lockdown/trusting.go"},
	"Pair":             {"cmd/error53/pairing.go"}, // lockdown.Pairing's, which begins all that
}

// checkRequests returns the requests that could be sent beyond those listed.
func checkRequests(tree fs.FS, names []string) ([]string, error) {
	var problems []string
	code := slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") ||
			strings.HasPrefix(name, "mocks/") || strings.HasPrefix(name, ".")
	})
	for _, name := range code {
		found, err := lookInto(tree, name)
		if err != nil {
			return nil, err
		}
		problems = append(problems, found...)
	}
	for _, s := range senders {
		found, err := s.check(tree, code)
		if err != nil {
			return nil, err
		}
		problems = append(problems, found...)
	}
	return problems, nil
}

// lookInto finds the literals in a file that name a changing request, and the
// calls that go past the gates.
func lookInto(tree fs.FS, name string) ([]string, error) {
	fset := token.NewFileSet()
	file, err := parse(fset, tree, name)
	if err != nil {
		return nil, err
	}
	var problems []string
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if value, changes := changingName(n); changes {
				problems = append(problems, fmt.Sprintf("%s: %q changes a phone", fset.Position(n.Pos()), value))
			}
		case *ast.SelectorExpr:
			if files, gate := gates[n.Sel.Name]; gate && !slices.Contains(files, name) {
				who := cmp.Or(strings.Join(files, ", "), "nothing")
				problems = append(problems, fmt.Sprintf("%s: only %s may call %s", fset.Position(n.Pos()), who, n.Sel.Name))
			}
		}
		return true
	})
	return problems, nil
}

// changingName tells whether a literal is a changing request, or an iBoot command
// that begins with one.
func changingName(literal *ast.BasicLit) (value string, changes bool) {
	if literal.Kind != token.STRING {
		return "", false
	}
	value = constant.StringVal(constant.MakeFromLiteral(literal.Value, token.STRING, 0))
	first, _, _ := strings.Cut(value, " ")
	return value, slices.Contains(changing, first) && (first == value || strings.ToLower(first) == first)
}

// check type-checks the sender's package and looks at every expression of the
// type: a constant must be listed, and nothing may be converted to it.
func (s sender) check(tree fs.FS, code []string) ([]string, error) {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range code {
		if path.Dir(name) != s.folder {
			continue
		}
		file, err := parse(fset, tree, name)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	info := types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	// What is imported does not matter here, so that it is missing is no error; nor
	// is a name declared once for each build tag.
	config := types.Config{Importer: importer.ForCompiler(fset, "gc", nothing), Error: func(error) {}}
	config.Check(s.folder, fset, files, &info)
	if len(files) == 0 {
		return nil, nil
	}
	return s.judge(fset, info), nil
}

func (s sender) judge(fset *token.FileSet, info types.Info) []string {
	var problems []string
	seen := false
	complain := func(at ast.Expr, what string) {
		problems = append(problems, fmt.Sprintf("%s: %s", fset.Position(at.Pos()), what))
	}
	for e, typed := range info.Types {
		if named, ok := typed.Type.(*types.Named); !ok || named.Obj().Name() != s.verb {
			continue
		}
		seen = true
		switch call, isCall := e.(*ast.CallExpr); {
		case typed.IsType():
		case typed.Value != nil && typed.Value.Kind() == constant.String:
			value := constant.StringVal(typed.Value)
			if !slices.Contains(s.may, value) {
				complain(e, fmt.Sprintf("%q is not among the requests that may be sent", value))
			}
			if file, bound := s.only[value]; bound && file != fset.Position(e.Pos()).Filename {
				complain(e, fmt.Sprintf("%q may stand in %s only", value, file))
			}
		case isCall && info.Types[call.Fun].IsType():
			complain(e, "a text becomes the name of a request; only constants may")
		}
	}
	if !seen {
		return []string{fmt.Sprintf("%s: no type %s any more, by which this check knows the requests", s.folder, s.verb)}
	}
	slices.Sort(problems)
	return problems
}

func nothing(string) (io.ReadCloser, error) { return nil, fs.ErrNotExist }

func parse(fset *token.FileSet, tree fs.FS, name string) (*ast.File, error) {
	source, err := fs.ReadFile(tree, name)
	if err != nil {
		return nil, err
	}
	return parser.ParseFile(fset, name, source, parser.SkipObjectResolution)
}
