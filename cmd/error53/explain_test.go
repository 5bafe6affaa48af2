package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/firmware"
	"error53/diag/inspect"
	"error53/diag/postmortem"
	"error53/lockdown"
	"error53/mocks"
	"error53/mocks/recording"
	"error53/usbmux"
	"error53/usbmux/usb"
)

// wordsWanted is what an error must turn into.
type wordsWanted struct {
	code string
	exit int
}

// The sentinels of each package that talks to a phone or reads a dump, by name, with
// what becomes of them where they are about one phone or one file.
var sentinels = map[string]map[string]struct {
	err  error
	want wordsWanted
}{
	"../../usbmux": {
		"ErrNoDaemon":   {usbmux.ErrNoDaemon, wordsWanted{"no-daemon", exitDaemon}},
		"ErrPermission": {usbmux.ErrPermission, wordsWanted{"permission", exitDaemon}},
		"ErrAddress":    {usbmux.ErrAddress, wordsWanted{"bad-address", exitUsage}},
		"ErrProtocol":   {usbmux.ErrProtocol, wordsWanted{"garbage", exitFailure}},
		"ErrTimeout":    {usbmux.ErrTimeout, wordsWanted{"timeout", exitLost}},
		"ErrGone":       {usbmux.ErrGone, wordsWanted{"gone", exitLost}},
		"ErrRefused":    {usbmux.ErrRefused, wordsWanted{"refused", exitLost}},
		"ErrNoRecord":   {usbmux.ErrNoRecord, wordsWanted{"no-record", exitTrust}},
	},
	"../../lockdown": {
		"ErrMissingValue":      {lockdown.ErrMissingValue, wordsWanted{"missing", exitFailure}},
		"ErrGetProhibited":     {lockdown.ErrGetProhibited, wordsWanted{"withheld", exitTrust}},
		"ErrPasswordProtected": {lockdown.ErrPasswordProtected, wordsWanted{"locked", exitTrust}},
		"ErrTrustPending":      {lockdown.ErrTrustPending, wordsWanted{"trust-pending", exitTrust}},
		"ErrTrustDenied":       {lockdown.ErrTrustDenied, wordsWanted{"trust-denied", exitTrust}},
		"ErrInvalidHostID":     {lockdown.ErrInvalidHostID, wordsWanted{"trust-stale", exitTrust}},
		"ErrSessionInactive":   {lockdown.ErrSessionInactive, wordsWanted{"trust-needed", exitTrust}},
		"ErrNotLockdown":       {lockdown.ErrNotLockdown, wordsWanted{"other-daemon", exitFailure}},
		"ErrUnusableRecord":    {lockdown.ErrUnusableRecord, wordsWanted{"record-unusable", exitTrust}},
		"ErrHandshake":         {lockdown.ErrHandshake, wordsWanted{"handshake", exitTrust}},
		"ErrStranger":          {lockdown.ErrStranger, wordsWanted{"stranger", exitTrust}},
		"ErrSupervised":        {lockdown.ErrSupervised, wordsWanted{"supervised", exitTrust}},
		"ErrPairingProhibited": {lockdown.ErrPairingProhibited, wordsWanted{"pairing-prohibited", exitTrust}},
		"ErrTrustTimeout":      {lockdown.ErrTrustTimeout, wordsWanted{"trust-timeout", exitTrust}},
		"ErrDeprecated":        {lockdown.ErrDeprecated, wordsWanted{"deprecated", exitFailure}},
		"ErrSysCfg":            {lockdown.ErrSysCfg, wordsWanted{"factory-record", exitFailure}},
	},
	"../../diag/firmware": {
		"ErrNotFirmware":  {firmware.ErrNotFirmware, wordsWanted{"not-firmware", exitFailure}},
		"ErrDamaged":      {firmware.ErrDamaged, wordsWanted{"firmware-damaged", exitFailure}},
		"ErrEncrypted":    {firmware.ErrEncrypted, wordsWanted{"firmware-encrypted", exitFailure}},
		"ErrTooLarge":     {firmware.ErrTooLarge, wordsWanted{"firmware-too-large", exitFailure}},
		"ErrInconsistent": {firmware.ErrInconsistent, wordsWanted{"firmware-inconsistent", exitFailure}},
		"ErrIncomplete":   {firmware.ErrIncomplete, wordsWanted{"firmware-incomplete", exitFailure}},
		"ErrOtherDevice":  {firmware.ErrOtherDevice, wordsWanted{"firmware-other-device", exitFailure}},
		"ErrNoImage":      {firmware.ErrNoImage, wordsWanted{"no-firmware", exitFailure}},
	},
	"../../diag/inspect": {
		"ErrNotADump":      {inspect.ErrNotADump, wordsWanted{"not-a-dump", exitFailure}},
		"ErrNoProductType": {inspect.ErrNoProductType, wordsWanted{"no-product-type", exitFailure}},
		"ErrOtherDevice":   {inspect.ErrOtherDevice, wordsWanted{"other-device", exitFailure}},
		"ErrNotServed":     {inspect.ErrNotServed, wordsWanted{"not-served", exitLost}},
	},
	"../../diag/postmortem": {
		"ErrNoLog": {postmortem.ErrNoLog, wordsWanted{"no-restore-log", exitFailure}},
	},
	"../../mocks/recording": {
		"ErrNotRecording": {recording.ErrNotRecording, wordsWanted{"not-a-recording", exitFailure}},
		"ErrNewer":        {recording.ErrNewer, wordsWanted{"recording-newer", exitFailure}},
		"ErrCut":          {recording.ErrCut, wordsWanted{"recording-cut", exitFailure}},
		"ErrEdited":       {recording.ErrEdited, wordsWanted{"recording-edited", exitFailure}},
		"ErrDeviates":     {recording.ErrDeviates, wordsWanted{"replay-deviates", exitFailure}},
		"ErrHeader":       {recording.ErrHeader, wordsWanted{"recording-head", exitFailure}},
		"ErrNotVirtual":   {recording.ErrNotVirtual, wordsWanted{"not-virtual", exitFailure}},
		"ErrUnmasked":     {recording.ErrUnmasked, wordsWanted{"unmasked", exitFailure}},
		"ErrIncomplete":   {recording.ErrIncomplete, wordsWanted{"recording-incomplete", exitFailure}},
	},
	"../../usbmux/usb": {
		"ErrUnsupported": {usb.ErrUnsupported, wordsWanted{"usb-unsupported", exitFailure}},
		"ErrPermission":  {usb.ErrPermission, wordsWanted{"usb-permission", exitFailure}},
		"ErrHeld":        {usb.ErrHeld, wordsWanted{"usb-held", exitFailure}},
		"ErrMode":        {usb.ErrMode, wordsWanted{"usb-mode", exitFailure}},
		"ErrRefused":     {usb.ErrRefused, wordsWanted{"usb-refused", exitFailure}},
		"ErrTimeout":     {usb.ErrTimeout, wordsWanted{"usb-timeout", exitLost}},
		"ErrGone":        {usb.ErrGone, wordsWanted{"usb-gone", exitLost}},
		"ErrMalformed":   {usb.ErrMalformed, wordsWanted{"usb-garbage", exitFailure}},
		"ErrNotIBoot":    {usb.ErrNotIBoot, wordsWanted{"not-iboot", exitFailure}},
	},
}

// The lists above are whole: a sentinel that somebody adds needs a row.
func TestSentinelsAreAllListed(t *testing.T) {
	t.Parallel()
	for folder, listed := range sentinels {
		assert.ElementsMatch(t, exportedSentinels(t, folder), slices.Collect(maps.Keys(listed)), folder)
	}
}

// exportedSentinels reads the names of a package's variables that begin with Err.
func exportedSentinels(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	require.NoError(t, err)
	var names []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		for name, object := range parsed.Scope.Objects { //nolint:staticcheck // enough for names of one file
			if object.Kind == ast.Var && strings.HasPrefix(name, "Err") {
				names = append(names, name)
			}
		}
	}
	require.NotEmpty(t, names, folder)
	return names
}

// Every sentinel has its words, wrapped as its package wraps it. The daemon's own
// trouble reaches explain by a daemonError.
func TestExplainSentinels(t *testing.T) {
	t.Parallel()
	ofDaemon := []error{usbmux.ErrNoDaemon, usbmux.ErrPermission, usbmux.ErrAddress}
	for _, listed := range sentinels {
		for name, sentinel := range listed {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				err := error(&usbmux.OpError{Op: "connect", Err: fmt.Errorf("%w: details", sentinel.err)})
				if slices.Contains(ofDaemon, sentinel.err) {
					err = &daemonError{address: "UNIX:///run/mux", err: err}
				}
				assertExplained(t, err, sentinel.want)
			})
		}
	}
}

// The errors that are types, and those that only this program makes.
func TestExplainTypes(t *testing.T) {
	t.Parallel()
	_, _, badTarget := diag.ParseTarget(nil, "abc")
	tests := []struct {
		name string
		err  error
		want wordsWanted
	}{
		{"usage", &usageError{"--x is wrong", "see error53 --help"}, wordsWanted{"usage", exitUsage}},
		{"ambiguous", &ambiguousError{"fits 2 phones", []string{"…0001", "…0002"}}, wordsWanted{"ambiguous", exitUsage}},
		{"no match", &noMatchError{"zzzz", []string{"…0001"}}, wordsWanted{"no-match", exitNoPhone}},
		{"target", fmt.Errorf("check: %w", badTarget), wordsWanted{"bad-target", exitUsage}},
		{"an image for another model", wrongModelError{&diag.TargetError{Target: "a.ipsw", Reason: "it is for another"}}, wordsWanted{"wrong-model", exitUsage}},
		{"a file that is named", &fileError{"a.ipsw", fmt.Errorf("%w: it ends early", firmware.ErrDamaged)}, wordsWanted{"firmware-damaged", exitFailure}},
		{"no expectation", &expectationError{2, "unknown field"}, wordsWanted{"bad-expectation", exitFailure}},
		{"a file that is there", &fileError{"a.e53", errExists}, wordsWanted{"file-exists", exitFailure}},
		{"a device for a file", &fileError{"null", errSpecial}, wordsWanted{"special-file", exitFailure}},
		{"nothing to verify", fmt.Errorf("verify: %w", errNoCases), wordsWanted{"no-cases", exitFailure}},
		{"an expectation of several phones", fmt.Errorf("verify: %w: 2", errSeveral), wordsWanted{"several-phones", exitFailure}},
		{"an expectation of nothing", errNoCase, wordsWanted{"no-case", exitFailure}},
		{"no phone", errNoPhone, wordsWanted{"no-phone", exitNoPhone}},
		{"not entered", errNotEntered, wordsWanted{"not-entered", exitFailure}},
		{"result of a Connect, no such device", &usbmux.ResultError{Request: "Connect", Number: 2}, wordsWanted{"gone", exitLost}},
		{"result of a Connect, refused", &usbmux.ResultError{Request: "Connect", Number: 3}, wordsWanted{"refused", exitLost}},
		{"result of a Connect, any other", &usbmux.ResultError{Request: "Connect", Number: 6}, wordsWanted{"garbage", exitFailure}},
		{"lockdownd says locked", &lockdown.OpError{Op: "GetValue", Err: &lockdown.Error{Code: "PasswordProtected"}}, wordsWanted{"locked", exitTrust}},
		{"nobody tapped Trust", fmt.Errorf("%w: %w", lockdown.ErrTrustTimeout, lockdown.ErrTrustPending), wordsWanted{"trust-timeout", exitTrust}},
		{"lockdownd says something else", &lockdown.OpError{Op: "GetValue", Err: &lockdown.Error{Code: "MCProtected"}}, wordsWanted{"failure", exitFailure}},
		{"no daemon, and a phone on the bus", &daemonError{"UNIX:///run/mux", usbmux.ErrNoDaemon, true}, wordsWanted{"no-daemon", exitDaemon}},
		{"the daemon is silent", &daemonError{address: "UNIX:///run/mux", err: usbmux.ErrTimeout}, wordsWanted{"daemon-silent", exitDaemon}},
		{"the daemon talks garbage", &daemonError{address: "UNIX:///run/mux", err: usbmux.ErrProtocol}, wordsWanted{"daemon-garbage", exitDaemon}},
		{"the daemon will not list", &daemonError{address: "UNIX:///run/mux", err: &usbmux.ResultError{Request: "ListDevices", Number: 1}}, wordsWanted{"daemon-garbage", exitDaemon}},
		{"the daemon hangs up", &daemonError{address: "UNIX:///run/mux", err: usbmux.ErrGone}, wordsWanted{"daemon-gone", exitDaemon}},
		{"interrupted while listing", &daemonError{address: "UNIX:///run/mux", err: context.Canceled}, wordsWanted{"interrupted", exitFailure}},
		{"interrupted while reading", &lockdown.OpError{Op: "QueryType", Err: context.Canceled}, wordsWanted{"interrupted", exitFailure}},
		{"no log anywhere", &noLogsError{[]string{"/home/restore_*.log"}}, wordsWanted{"no-logs", exitFailure}},
		{"a full disk", &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, wordsWanted{"disk-full", exitFailure}},
		{"no such file", &fs.PathError{Op: "open", Path: "x", Err: fs.ErrNotExist}, wordsWanted{"no-file", exitFailure}},
		{"a file of somebody else", &fs.PathError{Op: "open", Path: "x", Err: fs.ErrPermission}, wordsWanted{"unreadable-file", exitFailure}},
		{"the place is taken", &placeError{"/run/mux", errTaken}, wordsWanted{"taken", exitFailure}},
		{"the port is taken", &placeError{"127.0.0.1:1", &net.OpError{Op: "listen", Err: os.NewSyscallError("bind", syscall.EADDRINUSE)}}, wordsWanted{"taken", exitFailure}},
		{"the port is taken on Windows", &placeError{"127.0.0.1:1", &net.OpError{Op: "listen", Err: os.NewSyscallError("bind", windowsInUse)}}, wordsWanted{"taken", exitFailure}},
		{"no socket", &placeError{"/run/mux", errNoSocket}, wordsWanted{"taken", exitFailure}},
		{"a place for everybody", &placeError{":1", errFar}, wordsWanted{"far", exitUsage}},
		{"no place", &placeError{"mux", errBadPlace}, wordsWanted{"bad-place", exitUsage}},
		{"a path that is too long", &placeError{"/run/mux", &net.OpError{Op: "listen", Err: os.NewSyscallError("bind", syscall.EINVAL)}}, wordsWanted{"bad-place", exitUsage}},
		{"no folder for a socket", &placeError{"/run/mux", fs.ErrNotExist}, wordsWanted{"no-folder", exitFailure}},
		{"a folder of somebody else", &placeError{"/run/mux", fs.ErrPermission}, wordsWanted{"permission", exitDaemon}},
		{"a file of no use", &fileError{"x", inspect.ErrNotADump}, wordsWanted{"not-a-dump", exitFailure}},
		{"a scenario with a typo", &mocks.ScenarioError{File: "x", Line: 1, Column: 2, Err: errors.New("y")}, wordsWanted{"bad-scenario", exitFailure}},
		{"a step that cannot be", &mocks.StepError{Reason: "x"}, wordsWanted{"impossible-step", exitFailure}},
		{"anything else", errors.New("the disk is on fire"), wordsWanted{"failure", exitFailure}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assertExplained(t, test.err, test.want)
		})
	}
}

var (
	codeForm = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	// somethingToDo is a command to type, or a hand to lay on.
	somethingToDo = regexp.MustCompile(`error53 (check|list|pair|rules|record|verify|version|help|--help)|make build| -v\b|sudo |net st|: ls|unset |echo |ideviceinfo >|--target|\b(correct|take|list tells|plug|tap|enter|check|restart|wait|run it|name|there is)\b`)
)

func assertExplained(t *testing.T, err error, want wordsWanted) {
	t.Helper()
	e := explain(err)
	assert.Equal(t, want, wordsWanted{e.code, e.exit})
	assert.Regexp(t, codeForm, e.code)
	assert.NotEmpty(t, e.message)
	assert.Regexp(t, somethingToDo, e.hint)
	assert.NotRegexp(t, `%[a-z]|%!`, e.message+e.hint, "nothing is left to fill in")
}

// Where the daemon is meant, the message says which one: its address.
func TestExplainNamesTheDaemon(t *testing.T) {
	t.Parallel()
	for _, err := range []error{usbmux.ErrNoDaemon, usbmux.ErrPermission, usbmux.ErrTimeout, usbmux.ErrProtocol, usbmux.ErrGone} {
		assert.Contains(t, explain(&daemonError{address: "192.0.2.1:27015", err: err}).message, "192.0.2.1:27015", "%v", err)
	}
}

// A target is typed by the operator, the name of a device by a phone: neither may act
// on a terminal through an error.
func TestExplainIsVisible(t *testing.T) {
	t.Parallel()
	_, _, badTarget := diag.ParseTarget(nil, "\x1b[2J\u202e")
	for _, err := range []error{
		badTarget,
		&fileError{"\x1b[2J\u202e", fs.ErrNotExist},
		wrongModelError{&diag.TargetError{Target: "\x1b[2J\u202e", Reason: "\u202e"}},
		fmt.Errorf("%w: \x1b[2J\u202e", inspect.ErrNotADump),
		errors.New("\x1b[2J\u202e"),
	} {
		assert.False(t, strings.ContainsFunc(explain(err).message, acts), "%q", explain(err).message)
	}
}

// The hints for the daemon name this system's own command.
func TestDaemonCommands(t *testing.T) {
	t.Parallel()
	tests := []struct{ goos, start, restart string }{
		{"linux", "sudo systemctl start usbmuxd", "sudo systemctl restart usbmuxd"},
		{"darwin", "plug the phone in", "sudo killall usbmuxd"},
		{"windows", `net start "Apple Mobile Device Service"`, `net stop "Apple Mobile Device Service"`},
	}
	for _, test := range tests {
		t.Run(test.goos, func(t *testing.T) {
			t.Parallel()
			assert.Contains(t, startDaemon(test.goos), test.start)
			assert.Contains(t, restartDaemon(test.goos), test.restart)
		})
	}
	assert.Contains(t, explain(&daemonError{address: "x", err: usbmux.ErrTimeout}).hint, restartDaemon(runtime.GOOS))
}

// A socket of another user ends the run with 5, in words and in JSON. (Whoever runs
// the tests may be allowed to open every socket, so the refusal is made up.)
func TestPermission(t *testing.T) {
	t.Parallel()
	refused := &daemonError{address: "UNIX:///run/mux", err: &usbmux.OpError{Op: "list devices", Err: fmt.Errorf("%w: %w", usbmux.ErrPermission, fs.ErrPermission)}}
	s := piped()
	code := exitCode(s.streams, inJSON(s.streams, true, false, refused))
	assert.Equal(t, exitDaemon, code)
	assert.Equal(t, "error: this user may not open usbmuxd's socket UNIX:///run/mux\n", firstLine(s.stderr))
	assert.Contains(t, s.stderr.String(), "hint: ")
	require.NoError(t, validate(s.stdout.Bytes()))
	assert.Equal(t, "permission", shownAt(t, s.stdout.String(), "errors.0.code"))
}

func firstLine(b *bytes.Buffer) string {
	line, _, _ := strings.Cut(b.String(), "\n")
	return line + "\n"
}

// A file that the operator named is named back.
func TestExplainNamesTheFile(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("check: %w", &fileError{"images/a.ipsw", fmt.Errorf("%w: it ends early", firmware.ErrDamaged)})
	assert.Equal(t, "images/a.ipsw: damaged: it ends early", explain(err).message)
}

// An error that is about one file, or one phone, says which.
func TestReportNamesTheSubject(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	report(&b, usbmux.ErrGone, "…0001")
	e := explain(usbmux.ErrGone)
	assert.Equal(t, "error: …0001: "+e.message+"\nhint: "+e.hint+"\n", b.String())
}
