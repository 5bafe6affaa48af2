package main

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/clipperhouse/displaywidth"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"error53/mocks"
	"error53/usbmux"
)

func TestMain(m *testing.M) {
	testscript.Main(leakFree{m}, map[string]func(){"error53": main})
}

// leakFree fails the package when its tests leave goroutines behind.
type leakFree struct{ *testing.M }

func (l leakFree) Run() int {
	code := l.M.Run()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// TestScripts runs testdata/script: one file a behaviour, each as its user sees it.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("GORACE", "atexit_sleep_ms=0") // with -race every command would wait a second before it ends
			lists, err := filepath.Abs("../../diag/firmware/testdata")
			env.Setenv("LISTS", lists) // the property lists that IPSWs of the scripts are made of
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   scriptExits,
			"schema":  scriptSchema,
			"json":    scriptJSON,
			"bench":   scriptBench,
			"ipsw":    scriptIPSW,
			"columns": scriptColumns,
			"until":   scriptUntil,

			"listening": scriptListening,
		},
	})
}

// scriptExits runs a command and compares its exit code: exits 11 error53 check.
func scriptExits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARGUMENT…]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	if got := exitCodeOf(err); got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func exitCodeOf(err error) int {
	if err == nil {
		return 0
	}
	if coded, ok := err.(interface{ ExitCode() int }); ok {
		return coded.ExitCode()
	}
	return -1
}

// scriptCommand is a command in the surroundings of the script.
func scriptCommand(ctx context.Context, ts *testscript.TestScript, args []string) *exec.Cmd {
	command := exec.CommandContext(ctx, args[0], args[1:]...)
	for _, folder := range filepath.SplitList(ts.Getenv("PATH")) {
		if path, err := exec.LookPath(filepath.Join(folder, args[0])); err == nil {
			command.Path, command.Err = path, nil
			break
		}
	}
	for _, name := range []string{"PATH", "HOME", "WORK", "TZ", "GORACE", usbmux.AddressVariable} {
		command.Env = append(command.Env, name+"="+ts.Getenv(name))
	}
	command.Dir = ts.MkAbs(".")
	return command
}

// scriptSchema validates a file, such as stdout, against schema.json, or each line of it.
func scriptSchema(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: schema FILE")
	}
	decoder := json.NewDecoder(strings.NewReader(ts.ReadFile(args[0])))
	for decoder.More() {
		var document json.RawMessage
		ts.Check(decoder.Decode(&document))
		ts.Check(validate(document))
	}
}

// scriptUntil runs a command that does not end until a line of its output matches, and
// interrupts it: until 'event":"verdict' error53 watch --json.
func scriptUntil(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: until PATTERN COMMAND [ARGUMENT…]")
	}
	pattern, err := regexp.Compile(args[0])
	ts.Check(err)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	command := scriptCommand(ctx, ts, args[1:])
	command.Stderr = ts.Stderr()
	pipe, err := command.StdoutPipe()
	ts.Check(err)
	ts.Check(command.Start())
	interrupted := false
	for lines := bufio.NewScanner(pipe); lines.Scan(); {
		fmt.Fprintln(ts.Stdout(), lines.Text())
		if !interrupted && pattern.MatchString(lines.Text()) {
			interrupted = true
			ts.Check(command.Process.Signal(os.Interrupt))
		}
	}
	ts.Check(command.Wait())
	if !interrupted {
		ts.Fatalf("it ended by itself")
	}
}

// scriptJSON compares a value in a file: json stdout phones.0.risk high. A value
// that is no string is compared by its JSON.
func scriptJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: json FILE PATH VALUE")
	}
	got, err := lookUp([]byte(ts.ReadFile(args[0])), args[1])
	ts.Check(err)
	if (got == args[2]) == neg {
		ts.Fatalf("%s is %s, want %s", args[1], got, args[2])
	}
}

// scriptBench serves a scenario on a socket below $WORK and points the commands that
// follow to it: bench faults sock. A scenario of the script's own is a file, x.json.
func scriptBench(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: bench SCENARIO SOCKET")
	}
	scenario, err := mocks.LoadScenario(args[0])
	if strings.HasSuffix(args[0], ".json") {
		scenario, err = mocks.ParseScenario(args[0], []byte(ts.ReadFile(args[0])))
	}
	ts.Check(err)
	path := ts.MkAbs(args[1])
	listener, err := net.Listen("unix", path)
	ts.Check(err)
	bench := scenario.Bench()
	go bench.Serve(context.Background(), listener)
	ts.Defer(func() { bench.Close() })
	ts.Setenv("USBMUXD_SOCKET_ADDRESS", "UNIX:"+path)
}

// scriptIPSW packs an IPSW: ipsw new.ipsw BuildManifest.plist=$LISTS/iphone6-13D20.plist.
func scriptIPSW(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: ipsw FILE NAME=FILE…")
	}
	file, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	defer file.Close()
	archive := zip.NewWriter(file)
	for _, each := range args[1:] {
		name, from, _ := strings.Cut(each, "=")
		entry, err := archive.Create(name)
		ts.Check(err)
		_, err = entry.Write([]byte(ts.ReadFile(from)))
		ts.Check(err)
	}
	ts.Check(archive.Close())
}

// scriptListening waits until a program in the background listens: listening sock. The
// minute is for one that never does.
func scriptListening(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: listening SOCKET")
	}
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if conn, err := net.Dial("unix", ts.MkAbs(args[0])); err == nil {
			conn.Close()
			return
		}
	}
	ts.Fatalf("nobody listens on %s", args[0])
}

// scriptColumns fails where a line of a file is wider: columns stdout 80.
func scriptColumns(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: columns FILE MOST")
	}
	most, err := strconv.Atoi(args[1])
	ts.Check(err)
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if width := displaywidth.String(strings.TrimSuffix(line, "\n")); width > most {
			ts.Fatalf("%d columns: %s", width, line)
		}
	}
}

// TestScriptsValidateTheirJSON: a script that asks for JSON holds it against the
// schema right behind the command.
func TestScriptsValidateTheirJSON(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/script/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		script, _, _ := strings.Cut(string(text), "\n-- ")
		lines := strings.Split(script, "\n")
		for i, line := range lines {
			if strings.Contains(line, "error53 ") && strings.Contains(line, "--json") && !strings.HasPrefix(line, "#") {
				require.Less(t, i+1, len(lines), "%s: %s", file, line)
				require.Equal(t, "schema stdout", lines[i+1], "%s: behind %s", file, line)
			}
		}
	}
}
