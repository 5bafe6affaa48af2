package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

// lotsOfRows writes NDJSON rows of all kinds of phones and plans, the same for the
// same seed. It makes them as they are read: a million take no memory.
func lotsOfRows(n int, seed uint64) io.Reader {
	return &rowMaker{random: rand.New(rand.NewPCG(53, seed)), left: n}
}

type rowMaker struct {
	random *rand.Rand
	left   int
	text   bytes.Buffer
}

func (m *rowMaker) Read(p []byte) (int, error) {
	for m.text.Len() < len(p) && m.left > 0 {
		m.left--
		json.NewEncoder(&m.text).Encode(m.row())
	}
	return m.text.Read(p)
}

func (m *rowMaker) row() map[string]string {
	devices := diag.Devices()
	d := devices[m.random.IntN(len(devices))]
	row := map[string]string{
		"productType": d.ProductType,
		"mode":        oneWord(m, "", "normal", "normal", "recovery", "dfu"),
		"repair":      oneWord(m, "", "none", "apple", "third-party-sensor", "third-party-screen", "damaged", "unknown"),
		"touchId":     oneWord(m, "", "yes", "no", "unknown"),
		"way":         oneWord(m, "", "ota", "computer-update", "computer-restore"),
	}
	if releases := d.Releases(); len(releases) > 0 {
		installed, target := releases[m.random.IntN(len(releases))], releases[m.random.IntN(len(releases))]
		row["installedVersion"] = oneWord(m, "", installed.Version.String(), "9.2.1")
		row["installedBuild"] = oneWord(m, "", installed.Build.String())
		row["targetVersion"] = oneWord(m, "", "newest", target.Version.String())
		if row["targetVersion"] == target.Version.String() {
			row["targetBuild"] = oneWord(m, "", target.Build.String())
		}
	}
	return row
}

func oneWord(m *rowMaker, words ...string) string { return words[m.random.IntN(len(words))] }

// batchSize is how many rows are held against single calls: a few, or as many as
// the environment says.
func batchSize(t *testing.T) int {
	n, err := strconv.Atoi(cmp.Or(os.Getenv("ERROR53_BATCH"), "500"))
	require.NoError(t, err)
	return n
}

// TestBatchSaysWhatPredictSays: as many calls of predict as there are rows give the
// same verdicts. ERROR53_BATCH=1000000 takes some minutes.
func TestBatchSaysWhatPredictSays(t *testing.T) {
	t.Parallel()
	n := batchSize(t)
	s := piped()
	s.in = lotsOfRows(n, 1)
	execute(t.Context(), s.streams, []string{"predict", "--batch", "-"})
	answers := json.NewDecoder(s.stdout)
	rows := json.NewDecoder(lotsOfRows(n, 1))
	verdicts := 0
	for i := range n {
		var row map[string]string
		var answer map[string]any
		require.NoError(t, rows.Decode(&row))
		require.NoError(t, answers.Decode(&answer))
		require.EqualValues(t, i+1, answer["line"])
		delete(answer, "line")
		single, ok := predictRow(t, row)
		if !ok {
			require.Contains(t, answer, "error", "%v", row)
			continue
		}
		verdicts++
		require.Equal(t, single, answer, "%v", row)
	}
	assert.Greater(t, verdicts, n/2)
	t.Logf("%d rows, %d verdicts, the same", n, verdicts)
}

// predictRow asks predict about a row and keeps of its answer what a batch tells.
func predictRow(t *testing.T, row map[string]string) (map[string]any, bool) {
	args := []string{"predict", "--json", "--product-type", row["productType"]}
	target := strings.Trim(row["targetVersion"]+":"+row["targetBuild"], ":")
	for flag, value := range map[string]string{
		"mode": row["mode"], "ios": row["installedVersion"], "build": row["installedBuild"],
		"repair": row["repair"], "touch-id": row["touchId"], "target": target, "via": row["way"],
	} {
		if value != "" {
			args = append(args, "--"+flag, value)
		}
	}
	s := piped()
	if code := execute(t.Context(), s.streams, args); code == exitUsage {
		return nil, false
	}
	var whole struct {
		Prediction, Check, Question map[string]any
		Risk                        string
	}
	require.NoError(t, json.Unmarshal(s.stdout.Bytes(), &whole))
	keep(whole.Prediction, "effect", "worst", "confidence")
	keep(whole.Check, "documented", "agrees", "disagreement")
	return map[string]any{"prediction": whole.Prediction, "check": whole.Check, "risk": whole.Risk, "question": whole.Question["fact"]}, true
}

func keep(from map[string]any, keys ...string) {
	for key := range from {
		if !strings.Contains(strings.Join(keys, " "), key) {
			delete(from, key)
		}
	}
}

// Rows are answered as they come, not when all have come: whoever writes one and
// waits for its verdict gets it.
func TestBatchAnswersAtOnce(t *testing.T) {
	t.Parallel()
	in, rows := io.Pipe()
	answers, out := io.Pipe()
	s := piped()
	s.in, s.out = in, out
	done := make(chan int)
	go func() { done <- execute(t.Context(), s.streams, []string{"predict", "--batch", "-"}) }()
	lines := json.NewDecoder(answers)
	for i := range 3 {
		fmt.Fprintln(rows, `{"productType":"iPhone10,3"}`)
		var answer struct{ Line int }
		require.NoError(t, lines.Decode(&answer))
		assert.Equal(t, i+1, answer.Line)
	}
	rows.Close()
	assert.Equal(t, exitOK, <-done)
}

// What goes wrong with the file or the pipe ends the run, and says so.
func TestBatchFails(t *testing.T) {
	t.Parallel()
	row := "{\"productType\":\"iPhone10,3\"}\n"
	t.Run("reading", func(t *testing.T) {
		t.Parallel()
		s := piped()
		s.in = io.MultiReader(strings.NewReader(row), iotest.ErrReader(io.ErrUnexpectedEOF))
		assert.Equal(t, exitFailure, execute(t.Context(), s.streams, []string{"predict", "--batch", "-"}))
		assert.Contains(t, s.stdout.String(), `{"line":1,`)
		assert.Contains(t, s.stderr.String(), "read the batch: unexpected EOF")
	})
	t.Run("writing", func(t *testing.T) {
		t.Parallel()
		s := piped()
		s.in, s.out = strings.NewReader(strings.Repeat(row, 10_000)), failingWriter{}
		assert.Equal(t, exitFailure, execute(t.Context(), s.streams, []string{"predict", "--batch", "-"}))
		assert.Contains(t, s.stderr.String(), "write the answers")
	})
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// A row that is far too long costs itself and no memory.
func TestBatchSkipsWhatIsTooLong(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, text, message string }{
		{"a cell of 10 MB", strings.Repeat("x", 10<<20) + ",none\n", "longer than 65,536 bytes"},
		{"quotes that never close", `"iPhone10,3` + "\n", "a quoted cell is not closed"},
		{"quotes that never close, and much behind", `"iPhone10,3` + "\n" + strings.Repeat("\n", maxRecord), "a quoted cell is not closed"},
		{"quotes that never close before a long line", `"iPhone10,3` + "\n" + strings.Repeat("x", maxRecord+1) + "\n", "a quoted cell is not closed"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := piped()
			s.in = strings.NewReader("productType,repair\n" + row.text + "\"iPhone10,3\",none\n")
			assert.Equal(t, exitFailure, execute(t.Context(), s.streams, []string{"predict", "--batch", "-"}))
			answers := strings.Split(strings.TrimSpace(s.stdout.String()), "\n")
			assert.Contains(t, answers[0], row.message)
			assert.Contains(t, answers[len(answers)-1], `"risk":"none"`)
		})
	}
}

// On a terminal the user sees how far it is; elsewhere stderr stays silent.
func TestBatchShowsItsProgress(t *testing.T) {
	t.Parallel()
	s := piped()
	s.in, s.errTTY = lotsOfRows(5000, 2), true
	execute(t.Context(), s.streams, []string{"predict", "--batch", "-"})
	assert.Regexp(t, `\r5000 rows, \d+ a second\n$`, s.stderr.String())
}

// FuzzBatch: whatever the file holds, each answer is JSON or CSV of the right form,
// lines ascend, and nothing panics.
func FuzzBatch(f *testing.F) {
	f.Add([]byte(`{"productType":"iPhone7,2","installedVersion":"9.1"}`+"\n"), false)
	f.Add([]byte("productType,repair\n\"iPhone7,2\",none\n\"x\n"), true)
	f.Add([]byte("\xef\xbb\xbfproductType;way\r\niPhone7,2;ota\r\n"), false)
	f.Fuzz(func(t *testing.T, text []byte, asCSV bool) {
		s := piped()
		s.in = bytes.NewReader(text)
		args := []string{"predict", "--batch", "-"}
		if asCSV {
			args = append(args, "--format", "csv")
		}
		require.Contains(t, []int{exitOK, exitFailure, exitUsage}, execute(t.Context(), s.streams, args))
		assertAscending(t, s.stdout.String(), asCSV)
	})
}

func assertAscending(t *testing.T, answers string, asCSV bool) {
	last := 0
	for i, line := range strings.Split(strings.TrimSuffix(answers, "\n"), "\n") {
		number, _, _ := strings.Cut(line, ",")
		if !asCSV && line != "" {
			require.NoError(t, validate([]byte(line)), line)
			number = strings.TrimPrefix(number, `{"line":`)
		}
		if line == "" || asCSV && i == 0 {
			continue
		}
		at, err := strconv.Atoi(number)
		require.NoError(t, err, line)
		require.Greater(t, at, last)
		last = at
	}
}

func BenchmarkBatch(b *testing.B) {
	const rows = 10_000
	text, err := io.ReadAll(lotsOfRows(rows, 3))
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		s := piped()
		s.in, s.out = bytes.NewReader(text), io.Discard
		execute(b.Context(), s.streams, []string{"predict", "--batch", "-"})
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
}
