//go:build unix

package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	tea "charm.land/bubbletea/v2"

	"error53/diag/inspect"
	"error53/mocks"
	"error53/usbmux"
)

// shell is a shell in a real terminal, which tmux stands in for.
type shell struct {
	t    *testing.T
	tmux func(args ...string) string
}

// openShell starts a shell that knows error53, in a terminal of 80 × 24.
func openShell(t *testing.T) *shell {
	t.Helper()
	program, err := exec.LookPath("tmux")
	if err != nil {
		t.Skip("tmux is not in PATH: ", err)
	}
	folder, err := os.MkdirTemp("", "tmux") // that of the test is too long for a socket
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(folder) })
	self, err := os.Executable()
	require.NoError(t, err)
	require.NoError(t, os.Symlink(self, filepath.Join(folder, "error53")))
	s := &shell{t: t, tmux: func(args ...string) string {
		command := exec.CommandContext(t.Context(), program, append([]string{"-S", filepath.Join(folder, "s"), "-f", "/dev/null"}, args...)...)
		command.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"), "HOME="+folder, "XDG_CONFIG_HOME="+filepath.Join(folder, "config"), "LC_ALL=C.UTF-8", "TERM=xterm", "NO_COLOR=1", "GORACE=atexit_sleep_ms=0")
		out, err := command.CombinedOutput()
		require.NoError(t, err, "%s", out)
		return string(out)
	}}
	s.tmux("new-session", "-d", "-x", "80", "-y", "24", "echo ready; exec sh -i")
	t.Cleanup(func() { _ = exec.Command(program, "-S", filepath.Join(folder, "s"), "kill-server").Run() })
	s.shows("ready")
	return s
}

// types types keys, each by tmux's name for it, or a text.
func (s *shell) types(keys ...string) { s.tmux(append([]string{"send-keys"}, keys...)...) }

// runs types a line.
func (s *shell) runs(line string) { s.types(line, "Enter") }

// shows waits until a text is on the screen, and gives the whole of it.
func (s *shell) shows(text string) (screen string) {
	s.t.Helper()
	return s.until("shows "+text, func(screen string) bool { return strings.Contains(screen, text) })
}

// until waits until the screen is as it should be.
func (s *shell) until(what string, is func(screen string) bool) (screen string) {
	s.t.Helper()
	for late := time.Now().Add(30 * time.Second); time.Now().Before(late); time.Sleep(20 * time.Millisecond) {
		if screen = s.tmux("capture-pane", "-p"); is(screen) {
			return screen
		}
	}
	require.Fail(s.t, "the screen never "+what, screen)
	return ""
}

// signal sends a signal to the program that runs.
func (s *shell) signal(signal syscall.Signal) {
	s.t.Helper()
	pid := strings.TrimSpace(s.tmux("display-message", "-p", "#{pane_pid}"))
	for range 2 { // the shell, and the one in brackets
		out, err := exec.Command("pgrep", "-P", pid).Output()
		require.NoError(s.t, err)
		pid = strings.TrimSpace(string(out))
	}
	number, err := strconv.Atoi(pid)
	require.NoError(s.t, err)
	require.NoError(s.t, syscall.Kill(number, signal))
}

// isAsBefore tells that the terminal is as it was when the shell began.
func (s *shell) isAsBefore(before string) {
	s.t.Helper()
	s.runs("stty -g | cksum; echo as-before")
	s.shows("\nas-before")
	s.runs("clear; stty -g | cksum; echo all")
	assert.Contains(s.t, s.shows("\nall"), before)
	assert.Equal(s.t, "0 0\n", s.tmux("display-message", "-p", "#{alternate_on} #{mouse_any_flag}"))
	assert.Equal(s.t, "1\n", s.tmux("display-message", "-p", "#{cursor_flag}"), "the cursor is there")
}

// settings is what stty tells, in few characters.
func (s *shell) settings() string {
	s.runs("stty -g | cksum; echo told")
	sum := regexp.MustCompile(`\d{3,} \d+`).FindString(s.shows("\ntold"))
	require.NotEmpty(s.t, sum)
	return sum
}

// A technician reads a verdict, says which iOS it will be, looks at the details, copies
// them and goes home.
func TestTerminalOfTechnician(t *testing.T) {
	t.Parallel()
	s := openShell(t)
	before := s.settings()
	s.runs("error53 watch --dry-run; echo it gave $?")
	s.shows("1-11 ")
	s.shows("HIGH ")
	s.types("Home")
	s.shows("> 1-1 ")
	s.types("p")
	s.shows("plan: _")
	s.types("newest", "Enter")
	s.shows("Plan: newest")
	s.shows("ELEVATED  tell owner, back up")
	s.types("Enter")
	s.shows("\nELEVATED    iPhone 6 “Anna’s iPhone” · iOS 9.1 (13B143)")
	s.types("c")
	s.shows("Copied for the ticket")
	s.types("q")
	s.shows("it gave 0")
	s.isAsBefore(before)
}

// Somebody has a phone trust this computer, and sees what it tells then.
func TestTerminalOfTrust(t *testing.T) {
	t.Parallel()
	s := openShell(t)
	s.runs("error53 watch --dry-run")
	s.shows("1-11 ")
	s.types("/", "1-3", "Enter")
	s.shows(" no     LOW ")
	s.types("P")
	s.shows("Show the Trust dialog? [y] yes")
	s.types("y")
	s.shows("tap Trust, ")
	s.shows("It trusts this computer, and is read again: 1-3 · iPhone 6 Plus")
	s.shows(" yes    LOW ")
	s.types("q")
}

// Whatever ends it, the terminal is left as it was found.
func TestTerminalIsRestored(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			s := openShell(t)
			before := s.settings()
			s.runs("(error53 watch --dry-run; echo it gave $?)")
			s.shows("1-11 ")
			s.signal(signal)
			s.shows("it gave 0")
			s.isAsBefore(before)
		})
	}
}

// Put aside with Ctrl-Z the terminal belongs to the shell, and fg brings all back.
func TestTerminalPutAside(t *testing.T) {
	t.Parallel()
	s := openShell(t)
	before := s.settings()
	s.runs("error53 watch --dry-run")
	s.shows("1-11 ")
	s.types("C-z")
	s.shows("topped")
	s.isAsBefore(before)
	s.runs("fg")
	s.shows("1-11 ")
	s.types("?")
	s.shows("── the keys ")
	s.types("C-c")
	s.until("is given back", func(screen string) bool { return !strings.Contains(screen, "the keys") })
	s.isAsBefore(before)
}

// A terminal that is made smaller and larger while phones come is drawn anew.
func TestTerminalResized(t *testing.T) {
	t.Parallel()
	s := openShell(t)
	s.runs("error53 watch --dry-run")
	s.tmux("resize-window", "-x", "50", "-y", "10")
	s.shows("error53 watch needs 72×16 characters")
	s.tmux("resize-window", "-x", "130", "-y", "40")
	screen := s.shows(" NAME ")
	assert.NotContains(t, screen, "needs 72")
	s.tmux("resize-window", "-x", "80", "-y", "24")
	s.until("is small again", func(screen string) bool { return !strings.Contains(screen, " NAME ") })
	s.types("q")
}

// drawn closes a channel as soon as a text is written.
type drawn struct {
	bytes.Buffer
	text string
	once sync.Once
	seen chan struct{}
}

func (d *drawn) Write(p []byte) (int, error) {
	n, err := d.Buffer.Write(p)
	if bytes.Contains(d.Bytes(), []byte(d.text)) {
		d.once.Do(func() { close(d.seen) })
	}
	return n, err
}

// A panic leaves the terminal as it was found as well, and is no success.
func TestTerminalAfterPanic(t *testing.T) {
	const takes, givesBack = "\x1b[?1049h", "\x1b[?1049l"
	keys, typing := io.Pipe()
	out := &drawn{text: takes, seen: make(chan struct{})}
	s := terminal()
	s.in, s.out = keys, out
	o := &watchOptions{streams: s.streams}
	bench := mocks.NewBench()
	defer bench.Close()
	look := o.lookout(&bus{inspector: inspect.Inspector{Mux: &usbmux.Client{Dial: bench.Dial}}})
	look.called = nil // to name a phone is a fault now
	go func() {
		<-out.seen
		bench.Attach(attached(t, mocks.Profile{ProductType: "iPhone7,2"}))
	}()
	err := o.fill(t.Context(), look)
	typing.Close()
	require.ErrorIs(t, err, tea.ErrProgramPanic)
	assert.Contains(t, out.String(), givesBack)
	assert.Equal(t, exitFailure, explain(err).exit)
}
