package postmortem_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag/postmortem"
)

// inShort puts a run into a line: who wrote it, which phone, from which iOS to which, the
// code, the step, further codes, the cause and how sure it is.
func inShort(run postmortem.Run) string {
	code, step := "-", "-"
	if run.Code != nil {
		code = fmt.Sprint(*run.Code)
	}
	if run.Step != nil {
		step = run.Step.String()
	}
	for _, other := range run.Others {
		code += fmt.Sprintf(" and %d of %s in %s", other.Number, cmp.Or(other.Domain, "?"), other.Step)
	}
	release := func(version, build string) string { return cmp.Or(version, "?") + "/" + cmp.Or(build, "?") }
	return fmt.Sprintf("%s: %s %s to %s, code %s, step %s: %s %s", run.Tool, cmp.Or(run.ProductType, "?"),
		release(run.BaseVersion, run.BaseBuild), release(run.TargetVersion, run.TargetBuild), code, step, run.Cause, run.Confidence)
}

// fixtures are logs of our own in the forms of real ones, and what they hold: the runs in
// short, and the numbers of the lines of evidence.
var fixtures = []struct {
	file     string
	want     []string
	evidence []int // of the first run
}{
	{"itunes-sensor.log", []string{"itunes: iPhone7,2 8.4.1/12H321 to 9.1/13B143, code 53, step -: sensor medium"}, []int{1, 2, 7, 10}},
	{"finder-network.log", []string{"finder: iPhone13,2 ?/? to 18.6.2/22G100, code 53, step -: network medium"}, []int{5, 6, 9, 10}},
	{"configurator.log", []string{"configurator: iPad5,3 ?/? to 15.8.5/19H394, code 53, step -: undecidable low"}, []int{2, 3, 4}},
	{"idevicerestore-proxy.log", []string{"idevicerestore: iPhone9,1 15.3/19D50 to 15.5/19F77, code 53, step fdr_recover (0x0634): host-proxy high"}, []int{3, 5, 21, 25, 29}},
	{"idevicerestore-server.log", []string{"idevicerestore: iPhone10,4 16.7.10/20H350 to 16.7.12/20H364, code 53, step fdr_recover (0x0634): fdr-server high"}, []int{4, 5, 8, 11, 12, 15}},
	{"idevicerestore-sensor.log", []string{"idevicerestore: iPhone8,2 ?/? to 9.2/13C75, code 53, step RestoredFDRRecover: sensor high"}, []int{2, 4, 10, 11, 13}},
	{"futurerestore-disk.log", []string{"futurerestore: iPhone8,1 ?/? to 11.1.2/15B202, code 6, step -: other-code high"}, []int{4, 11, 15}},
	{"pymobiledevice3-network.log", []string{"pymobiledevice3: iPhone12,8 ?/? to 17.0.3/21A360, code 53, step fdr_recover (0x0634): network high"}, []int{2, 3, 6, 7, 10}},
	{"device-proxy.log", []string{"device: ? ?/? to ?/?, code 53 and 1004 of RamrodErrorDomain in 0x1303, step verify_fdr_data (0x063c): host-proxy high"}, []int{4, 5}},
	{"several-runs.log", []string{
		"idevicerestore: iPhone7,2 ?/? to 12.5.8/16H88, code 53, step -: network medium",
		"idevicerestore: iPhone7,2 ?/? to 12.5.8/16H88, code 14, step asr_and_invert_image (0x065b): other-code high",
		"idevicerestore: iPhone8,1 ?/? to 15.8.5/19H394, code -, step -: none high",
	}, []int{3, 4, 7, 8}},
	{"previous-log.log", []string{
		"idevicerestore: iPhone7,2 ?/? to 12.5.8/16H88, code -, step -: none high",
		"device: ? ?/? to ?/?, code 53, step fdr_recover (0x0634): network high",
	}, []int{2, 3, 13}},
	{"cut.log", []string{"device: ? ?/? to ?/?, code -, step fdr_recover (0x0634): undecidable low"}, []int{2, 3}},
	{"traps.log", []string{"itunes: iPhone7,2 ?/? to 9.1/13B143, code - and 53 of RamrodErrorDomain in 0x1503, step -: undecidable low"}, []int{2, 3}},
	{"traps-ended.log", []string{"finder: ? ?/? to ?/?, code 9, step -: other-code high"}, []int{2}},
	{"mesa-benign.log", []string{"device: ? ?/? to ?/?, code -, step -: undecidable low"}, nil},
	{"mesa-consistent.log", []string{"device: ? ?/? to ?/?, code -, step RestoredFDRRecover: undecidable low"}, []int{3, 4}},
	{"3utools.log", []string{"3utools: ? ?/? to 15.5/19F77, code -, step -: undecidable low"}, []int{3}},
	{"plist.log", []string{"idevicerestore: iPhone8,1 ?/? to ?/?, code 75, step -: other-code high"}, []int{2, 11}},
}

func fixture(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return string(text)
}

func read(t testing.TB, text string) postmortem.Log {
	t.Helper()
	log, err := postmortem.Read(t.Context(), strings.NewReader(text))
	require.NoError(t, err)
	return log
}

func allInShort(log postmortem.Log) []string {
	var short []string
	for _, run := range log.Runs {
		short = append(short, inShort(run))
	}
	return short
}

func evidenceOf(run postmortem.Run) (numbers []int, texts []string) {
	for _, e := range run.Evidence {
		numbers, texts = append(numbers, e.Line), append(texts, e.Text)
	}
	return numbers, texts
}

func TestRead(t *testing.T) {
	t.Parallel()
	for _, test := range fixtures {
		t.Run(test.file, func(t *testing.T) {
			t.Parallel()
			text := fixture(t, test.file)
			log := read(t, text)
			assert.Equal(t, test.want, allInShort(log))
			numbers, texts := evidenceOf(log.Runs[0])
			assert.Equal(t, test.evidence, numbers)
			lines := strings.Split(text, "\n")
			for i, number := range numbers {
				assert.Contains(t, lines[number-1], strings.Trim(texts[i], "…"), "line %d", number)
			}
		})
	}
}

// Every fixture is in the table, so that none is forgotten.
func TestFixturesAreAllListed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.log")
	require.NoError(t, err)
	var listed []string
	for _, test := range fixtures {
		listed = append(listed, filepath.Join("testdata", test.file))
	}
	assert.ElementsMatch(t, listed, files)
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"nothing", "", "empty"},
		{"a letter", "Dear Sir,\nmy telephone shows error 53.\n", "none of its lines"},
		{"a program", "\x7fELF\x02\x01\x01" + strings.Repeat("\x00\x53\xff\xfe", 1000), "none of its lines"},
		{"zeros", strings.Repeat("\x00", 10000), "none of its lines"},
		{"gzip", "\x1f\x8b\x08\x00Got status message\n", "gzip"},
		{"a zip", "PK\x03\x04Got status message\n", "zip"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			log, err := postmortem.Read(t.Context(), strings.NewReader(test.text))
			require.ErrorIs(t, err, postmortem.ErrNoLog)
			assert.Contains(t, err.Error(), test.want)
			assert.Empty(t, log.Runs)
		})
	}
}

// A log of which a part cannot be read gives what was read.
func TestReadError(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is on fire")
	log, err := postmortem.Read(t.Context(), io.MultiReader(strings.NewReader("Got status message\nStatus: Fail"), iotest.ErrReader(broken)))
	require.ErrorIs(t, err, broken)
	require.Len(t, log.Runs, 1)
	assert.Equal(t, int64(14), *log.Runs[0].Code)
	assert.True(t, log.Unfinished)
}

func TestReadEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	endless := &stream{block: []byte("Got status message\n"), left: 1 << 60, each: func() { cancel() }}
	_, err := postmortem.Read(ctx, endless)
	assert.ErrorIs(t, err, context.Canceled)
}

// Long lines are read to a length, and counted.
func TestLongLines(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", postmortem.MaxLine)
	log := read(t, "Got status message\n"+long+"\n"+long+"Status: Failed to recover FDR data.\nStatus: Fail "+long+"\nStatus: Fail\n")
	assert.Equal(t, 5, log.Lines)
	assert.Equal(t, 2, log.CutLines, "the second fits")
	assert.Equal(t, []postmortem.Evidence{{Line: 5, Text: "Status: Fail"}}, log.Runs[0].Evidence)
}

// A line of evidence is short, and shows what it is there for.
func TestEvidenceIsCut(t *testing.T) {
	t.Parallel()
	log := read(t, strings.Repeat("é", 5000)+" CHECKPOINT FAILURE:(FAILURE:53) RESTORED:[0x0634] fdr_recover "+strings.Repeat("é", 5000))
	text := log.Runs[0].Evidence[0].Text
	assert.Less(t, len(text), 320)
	assert.Contains(t, text, "(FAILURE:53)")
	assert.True(t, strings.HasPrefix(text, "…") && strings.HasSuffix(text, "…"))
	assert.NotContains(t, text, "\ufffd")
}

// Where a long line tells two things, both are shown.
func TestEvidenceOfOneLine(t *testing.T) {
	t.Parallel()
	log := read(t, "got http failures "+strings.Repeat("x", 1000)+" Restore completed, status: 53\n")
	numbers, texts := evidenceOf(log.Runs[0])
	assert.Equal(t, []int{1, 1}, numbers)
	assert.Contains(t, strings.Join(texts, ""), "got http failures")
	assert.Contains(t, strings.Join(texts, ""), "status: 53")
}

// More runs than are kept are counted.
func TestManyRuns(t *testing.T) {
	t.Parallel()
	log := read(t, strings.Repeat("Found device in Recovery mode\nGot status message\nStatus: Fail\n", postmortem.MaxRuns+7))
	assert.Len(t, log.Runs, postmortem.MaxRuns)
	assert.Equal(t, 7, log.MoreRuns)
	assert.False(t, log.Unfinished)
	assert.Equal(t, [2]int{4, 6}, [2]int{log.Runs[1].FirstLine, log.Runs[1].LastLine})
}

// Where a log ends in the middle of a line, that is said.
func TestUnfinished(t *testing.T) {
	t.Parallel()
	assert.True(t, read(t, fixture(t, "cut.log")).Unfinished)
	assert.False(t, read(t, fixture(t, "plist.log")).Unfinished)
}

// stream is a log of any length that was never written anywhere.
type stream struct {
	block []byte
	left  int64
	each  func() // called with every piece
	at    int
}

func (s *stream) Read(p []byte) (int, error) {
	if s.left <= 0 {
		return 0, io.EOF
	}
	s.each()
	n := 0
	for n < len(p) && s.left > 0 {
		m := copy(p[n:min(len(p), n+int(min(s.left, int64(len(p)))))], s.block[s.at:])
		s.at = (s.at + m) % len(s.block)
		s.left -= int64(m)
		n += m
	}
	return n, nil
}
