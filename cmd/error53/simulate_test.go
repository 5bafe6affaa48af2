package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux"
)

// simulation is an error53 simulate that runs, and the hands in front of it.
type simulation struct {
	t       *testing.T
	address string // as it is exported
	keys    io.Writer
	shown   *bufio.Reader
	talk    *talk
	stop    func() int // interrupts it, and gives the exit code
}

// talk is what goes to standard error, by several goroutines.
type talk struct {
	mu   sync.Mutex
	text bytes.Buffer
	news chan struct{} // holds a token when there is more
}

func (s *talk) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.news <- struct{}{}:
	default:
	}
	return s.text.Write(p)
}

func (s *talk) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// simulate starts one, and gives it back once it serves.
func simulate(t *testing.T, args ...string) *simulation {
	t.Helper()
	in, keys := io.Pipe()
	shown, out := io.Pipe()
	s := &simulation{t: t, keys: keys, shown: bufio.NewReader(shown), talk: &talk{news: make(chan struct{}, 1)}}
	ctx, cancel := context.WithCancel(t.Context())
	code := make(chan int, 1)
	go func() {
		code <- execute(ctx, streams{in: in, out: out, err: s.talk, width: defaultWidth, getenv: func(string) string { return "" }}, append([]string{"simulate"}, args...))
		out.Close()
	}()
	s.stop = sync.OnceValue(func() int {
		cancel()
		keys.Close()
		go io.Copy(io.Discard, shown)
		return <-code
	})
	t.Cleanup(func() { assert.Equal(t, exitOK, s.stop(), s.talk) })
	line := s.line()
	address, found := strings.CutPrefix(line, "export "+usbmux.AddressVariable+"=")
	require.True(t, found, "%s\n%s", line, s.talk)
	s.address = address
	return s
}

// line reads one line from standard output.
func (s *simulation) line() string {
	s.t.Helper()
	line, err := s.shown.ReadString('\n')
	require.NoError(s.t, err, s.talk)
	return strings.TrimSuffix(line, "\n")
}

// types types a line.
func (s *simulation) types(line string) {
	s.t.Helper()
	_, err := fmt.Fprintln(s.keys, line)
	require.NoError(s.t, err)
}

// told waits until standard error holds a text.
func (s *simulation) told(text string) {
	s.t.Helper()
	for !strings.Contains(s.talk.String(), text) {
		select {
		case <-s.talk.news:
		case <-s.t.Context().Done():
			s.t.Fatalf("%q was never told: %s", text, s.talk)
		}
	}
}

// lists types list, and reads so many lines.
func (s *simulation) lists(phones int) (lines []string) {
	s.t.Helper()
	s.types("list")
	for range phones {
		lines = append(lines, s.line())
	}
	return lines
}

// runs executes a command against it.
func (s *simulation) runs(args ...string) (stdout, stderr string, code int) {
	s.t.Helper()
	p := piped()
	p.getenv = func(name string) string {
		return map[string]string{usbmux.AddressVariable: s.address}[name]
	}
	code = execute(s.t.Context(), p.streams, args)
	return p.stdout.String(), p.stderr.String(), code
}

// shortPath is short enough for every system; t.TempDir may not be.
func shortPath(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "e53")
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(folder) })
	return filepath.Join(folder, "mux")
}

// scenarioFile writes a scenario.
func scenarioFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "scenario.json")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

// The program itself works against it as against usbmuxd, and no trace stays.
func TestSimulate(t *testing.T) {
	t.Parallel()
	path := shortPath(t)
	s := simulate(t, "bench", "--socket", path)
	assert.Equal(t, "UNIX://"+path, s.address)
	s.told("note: SIMULATED: 11 virtual phones")
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "nobody else may connect")
	stdout, stderr, code := s.runs("list", "--json")
	require.Equal(t, exitOK, code, stderr)
	assert.Equal(t, 9, strings.Count(stdout, `"facts"`), "those that usbmuxd serves")
	require.Equal(t, exitOK, s.stop())
	assert.NoFileExists(t, path)
}

func TestSimulateOnTCP(t *testing.T) {
	t.Parallel()
	s := simulate(t, "one", "--tcp", "127.0.0.1:0")
	assert.Regexp(t, `^127\.0\.0\.1:\d+$`, s.address)
	stdout, stderr, code := s.runs("check", "--no-input")
	require.Equal(t, exitUnknown, code, stderr)
	assert.Contains(t, stdout, "iPhone 6")
}

// What is typed happens to the phone that is meant: by its port, by its tail, or as the
// only one.
func TestSimulateByHand(t *testing.T) {
	t.Parallel()
	s := simulate(t, "one", "--socket", shortPath(t))
	only := s.lists(1)[0]
	assert.Equal(t, "1-1\t…0001\tnormal\tiPhone 6\t9.1\tAnna’s iPhone\tnot trusting", only)
	s.types("unplug")
	assert.Contains(t, s.lists(1)[0], "\tnot plugged in")
	_, _, code := s.runs("list")
	assert.Equal(t, exitNoPhone, code)
	s.types("plug 1-1")
	s.types("update …0001 newest")
	assert.Contains(t, s.lists(1)[0], "\t12.5.8\t")
	s.types("plug day")
	lines := s.lists(5)
	assert.Contains(t, lines[1], "1-2\t…0002\tnormal\tiPhone 6s\t9.3.5\t")
	assert.Contains(t, lines[3], "1-4\t…0004\tnormal\tiPad Air 2 Wi-Fi\t15.8.8\tПланшет Ольги\tnot plugged in")
	s.types("mode 0002 dfu")
	assert.Contains(t, s.lists(5)[1], "\tdfu\t")
	assert.Contains(t, s.lists(5)[4], "\tlocked")
	s.types("unlock 1-5")
	assert.Contains(t, s.lists(5)[4], "\tnot trusting")
	stdout, _, _ := s.runs("list")
	assert.Equal(t, 3, strings.Count(stdout, "\n"), stdout)
	s.types("quit")
	_, err := s.shown.ReadString('\n')
	require.ErrorIs(t, err, io.EOF, "it has ended")
}

// What makes no sense is said, and all goes on.
func TestSimulateErrors(t *testing.T) {
	t.Parallel()
	s := simulate(t, "one", "one", "--socket", shortPath(t))
	faulty := scenarioFile(t, `{"title": "t", "phones": [], "faults": [{"side": "usbmuxd", "kind": "silent"}]}`)
	same := scenarioFile(t, `{"title": "t", "phones": [{"productType": "iPhone7,2", "ecid": "0x535300000001"}]}`)
	for typed, want := range map[string]string{
		"dance":              `error: "dance" is none of the words`,
		"unplug":             "error: unplug happens to one phone\nhint: name exactly one: …0001 (iPhone 6) · …0002 (iPhone 6)",
		"unplug zzz":         `error: no phone goes by "zzz"`,
		"unplug 000":         "error: no phone goes by",
		"unplug 1-1 now":     `error: unplug: nothing may follow, but "now" does`,
		"mode 1-1":           "error: mode: it lacks one of normal, restore",
		"mode 1-1 recovry":   `error: mode: "recovry" is none of normal, restore`,
		"update 1-1 7.0":     "error: update: target 7.0: the first iOS of the iPhone 6 was 8.0",
		"update 1-1 \x1b[2J": `error: update: target \x1b[2J: neither a version`,
		"plug 1-1":           "error: 1-1 plug: the phone is plugged in already",
		"plug nonsense":      `error: there is no scenario "nonsense", and no such file`,
		"plug " + faulty:     "has faults of usbmuxd, which is running",
		"plug " + same:       "has the UDID of another",
		"restart now":        "error: restart stands alone",
		"plug":               "error: plug happens to one phone",
	} {
		s.types(typed)
		s.told(want)
	}
	s.types("")
	s.types("help")
	for _, w := range consoleWords {
		line := s.line()
		assert.True(t, strings.HasPrefix(line, w.name+" "), line)
		assert.LessOrEqual(t, utf8.RuneCountInString(line), defaultWidth, line)
	}
	assert.Len(t, s.lists(2), 2)
}

// The timeline happens by itself, and is told.
func TestSimulatePlays(t *testing.T) {
	t.Parallel()
	s := simulate(t, scenarioFile(t, `{"title": "t", "phones": [{"productType": "iPhone7,2", "timeline": ["after 1ms mode recovery", "after 1ms mode dfu"]}]}`), "--socket", shortPath(t))
	s.told("note: at 1ms: 1-1 mode recovery\nnote: at 2ms: 1-1 mode dfu\n")
	assert.Contains(t, s.lists(1)[0], "\tdfu\t")
}

// A step that cannot be by now is said as well.
func TestSimulatePlaysOn(t *testing.T) {
	t.Parallel()
	s := simulate(t, scenarioFile(t, `{"title": "t", "phones": [{"productType": "iPhone7,2", "timeline": ["after 1ms plug"]}]}`), "--socket", shortPath(t))
	s.told("1-1 plug\n")
	d := &console{streams: streams{err: s.talk}}
	d.tell(happening{step: mocks.Step{}, err: &mocks.StepError{Step: mocks.Step{Port: "1-1", Act: mocks.ActPlug}, Reason: "the phone is plugged in already"}})
	s.told("error: 1-1 plug: the phone is plugged in already")
}

// The log tells what clients ask, and nothing that a phone could be known by.
func TestSimulateLog(t *testing.T) {
	t.Parallel()
	file := scenarioFile(t, `{"title": "t", "phones": [{"productType": "iPhone12,8", "productVersion": "17.4.1", "trust": {"state": "paired"}}]}`)
	for _, format := range logFormats {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			s := simulate(t, file, "--socket", shortPath(t), "-v", "--log-format", string(format))
			_, _, code := s.runs("check", "--no-input")
			require.Equal(t, exitOK, code)
			_, _, code = s.runs("doctor")
			require.Contains(t, []int{exitOK, exitFailure, exitDaemon}, code)
			for _, want := range []string{"ListDevices", "Connect", "QueryType", "ReadPairRecord", "…0001", "1-1"} {
				s.told(want)
			}
			phone := attached(t, mocks.Profile{ProductType: "iPhone12,8", ProductVersion: "17.4.1"})
			_, log, _ := strings.Cut(s.talk.String(), "\n") // behind the note
			assertUntold(t, log, phone)
		})
	}
}

// A dump is a phone that says what it said, to everybody what everybody may read.
func TestSimulateDumps(t *testing.T) {
	t.Parallel()
	const dumps = "../../diag/inspect/testdata/"
	s := simulate(t, dumps+"ideviceinfo.txt", dumps+"go-ios-info.json", dumps+"labels.txt", "one", "--socket", shortPath(t))
	lines := s.lists(4)
	assert.Contains(t, lines[0], "\tiPhone 6\t9.1\t测试 “Workshop” phone: 6\ttrusts this computer")
	assert.Contains(t, lines[1], "\tiPhone 12\t18.4.1\tTést’s iPhone\t")
	assert.Contains(t, lines[2], "\tiPhone 5s (CDMA)\t12.5.8\t")
	stdout, stderr, code := s.runs("check", "--json", "--show-ids")
	require.Equal(t, exitUnknown, code, stderr)
	require.NoError(t, validate([]byte(stdout)))
	assert.Equal(t, "00112233445566778899aabbccddeeff00112233", shownAt(t, stdout, "phones.0.facts.udid.value"))
	assert.Equal(t, "18.4.1", shownAt(t, stdout, "phones.1.facts.installedVersion.value"))
	assert.Equal(t, "iPhone6,2", shownAt(t, stdout, "phones.2.facts.productType.value"))
}

// A dry run looks at a scenario's file, and at a dump, by the same protocols; of a dump it
// finds what --from reads in it.
func TestDryRunOfFiles(t *testing.T) {
	t.Parallel()
	const dump = "../../diag/inspect/testdata/ideviceinfo-x.plist"
	played, stderr, code := run(t, "check", "--dry-run", "--scenario", dump, "--json")
	require.Equal(t, exitUnknown, code, stderr)
	read, stderr, code := run(t, "check", "--from", dump, "--json")
	require.Equal(t, exitUnknown, code, stderr)
	for _, fact := range []string{"productType", "installedVersion", "installedBuild", "udid", "ecid", "hardwareModel", "deviceName"} {
		path := "phones.0.facts." + fact + ".value"
		assert.Equal(t, shownAt(t, read, path), shownAt(t, played, path), fact)
	}
	assert.Equal(t, shownAt(t, read, "phones.0.risk"), shownAt(t, played, "phones.0.risk"))
}

// A thousand phones in one simulation, all checked by one check: nothing is lost.
func TestThousandPhonesAreChecked(t *testing.T) {
	t.Parallel()
	s := simulate(t, scenarioFile(t, `{"title": "t", "phones": [{"productType": "iPhone7,2", "productVersion": "9.1", "count": 1000}]}`), "--socket", shortPath(t))
	stdout, stderr, code := s.runs("check", "--json", "--show-ids", "--timeout", "5m") // for a machine that is busy
	require.Equal(t, exitUnknown, code)
	assert.Empty(t, stderr)
	var got struct {
		Phones []struct {
			Facts struct{ UDID struct{ Value string } }
			Risk  string
		}
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &got))
	udids := map[string]bool{}
	for _, p := range got.Phones {
		assert.Equal(t, "unknown", p.Risk)
		udids[p.Facts.UDID.Value] = true
	}
	assert.Len(t, udids, 1000)
}
