package postmortem_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag/postmortem"
)

// specimens gives the folder of logs that people posted, which is not part of the
// repository, with INDEX.tsv about them.
func specimens(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("ERROR53_SPECIMENS")
	if dir == "" {
		t.Skip("ERROR53_SPECIMENS does not name the folder of specimens")
	}
	return dir
}

// finding is what a specimen's own lines support. Its code is that of INDEX.tsv unless
// byMessage gives another, which the lines tell in words.
type finding struct {
	step      string
	cause     postmortem.Cause
	byMessage string
	more      string // runs behind the first, in short
}

const (
	sensor      = postmortem.Sensor
	hostProxy   = postmortem.HostProxy
	fdrServer   = postmortem.FDRServer
	network     = postmortem.Network
	otherCode   = postmortem.OtherCode
	undecidable = postmortem.Undecidable
)

// findings are all specimens. Those of one line only begin, or are cut, before anything
// failed.
var findings = map[string]finding{
	"001": {cause: undecidable},
	"002": {step: "fdr_recover (0x0634)", cause: fdrServer},
	"006": {cause: undecidable},
	"007": {step: "fdr_auto_challenge_claim (0x067d)", cause: network, byMessage: "53"},
	"009": {step: "fdr_recover (0x0634)", cause: hostProxy},
	"011": {step: "fdr_recover (0x0634)", cause: undecidable},
	"012": {cause: undecidable},
	"014": {cause: undecidable},
	"016": {step: "update_firmware_post_sealing (0x0668)", cause: otherCode},
	"017": {cause: otherCode},
	"019": {cause: undecidable},
	"021": {cause: undecidable},
	"022": {cause: network},
	"024": {cause: otherCode, byMessage: "-1"}, // "Verification Error" is how idevicerestore prints -1
	"026": {step: "await_update_baseband_legacy (0x132a)", cause: otherCode},
	"027": {cause: otherCode, byMessage: "-1"},
	"029": {cause: undecidable},
	"031": {step: "cleanup_send_final_status (0x0648)", cause: otherCode},
	"032": {cause: undecidable},
	"034": {cause: undecidable},
	"036": {cause: undecidable},
	"037": {step: "fdr_create (0x0616)", cause: otherCode},
	"039": {cause: undecidable},
	"041": {cause: undecidable},
	"042": {cause: otherCode},
	"044": {cause: undecidable},
	"046": {cause: undecidable},
	"047": {step: "RestoredFDRRecover", cause: undecidable},
	"049": {step: "asr_and_invert_image (0x065b)", cause: otherCode},
	"051": {step: "asr_and_invert_image (0x065b)", cause: otherCode, more: "idevicerestore: ? ?/? to 14.4/18D5030e, code -, step -: undecidable low"},
	"052": {cause: otherCode},
	"054": {cause: undecidable},
	"056": {cause: otherCode},
	"057": {step: "is_host_compatible (0x0655)", cause: otherCode},
	"058": {step: "verify_fdr_data (0x063c)", cause: hostProxy},
}

// Every specimen gives the code that INDEX.tsv has for it, and the step and the cause that
// its lines support. The names of the files are no part of the logs.
func TestSpecimens(t *testing.T) {
	dir := specimens(t)
	index, err := os.ReadFile(filepath.Join(dir, "INDEX.tsv"))
	require.NoError(t, err)
	left, table := len(findings), new(strings.Builder)
	for line := range strings.Lines(string(index)) {
		row := strings.Split(line, "\t")
		if row[1] != "restorelog" {
			continue
		}
		number := strings.TrimPrefix(row[0], "restorelog/")[:3]
		want, ok := findings[number]
		require.True(t, ok, "%s has no finding", row[0])
		left--
		t.Run(number, func(t *testing.T) {
			run := readSpecimen(t, filepath.Join(dir, row[0]), want)
			assert.Equal(t, cmp.Or(want.byMessage, indexedCode(row[9])), codeOf(run), row[9])
			fmt.Fprintf(table, "| %s | %s | %s | %s | %s |\n", number, codeOf(run), stepName(run), run.Cause, run.Confidence)
		})
	}
	assert.Zero(t, left, "findings without a specimen")
	t.Logf("\n| file | code | step | cause | confidence |\n|---|---|---|---|---|\n%s", table)
}

func readSpecimen(t *testing.T, path string, want finding) postmortem.Run {
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	log, err := postmortem.Read(t.Context(), file)
	require.NoError(t, err)
	require.NotEmpty(t, log.Runs)
	run := log.Runs[0]
	assert.Equal(t, cmp.Or(want.step, "-"), stepName(run))
	assert.Equal(t, want.cause, run.Cause)
	more := ""
	for _, other := range log.Runs[1:] {
		more += inShort(other)
	}
	assert.Equal(t, want.more, more)
	return run
}

func codeOf(run postmortem.Run) string {
	if run.Code == nil {
		return "-"
	}
	return fmt.Sprint(*run.Code)
}

func stepName(run postmortem.Run) string {
	if run.Step == nil {
		return "-"
	}
	return run.Step.String()
}

var firstNumber = regexp.MustCompile(`^code=(-?[0-9]+)`)

// indexedCode reads the column of INDEX.tsv: the code of the excerpt, not of its thread,
// and 0 is none.
func indexedCode(column string) string {
	match := firstNumber.FindStringSubmatch(column)
	if match == nil || match[1] == "0" || strings.Contains(column, "not in this excerpt") {
		return "-"
	}
	return match[1]
}

// The one log that ties a broken sensor to a failed restore says no more than it can; one
// in which the sensor's driver merely starts says nothing of it.
func TestSpecimensOfTheSensor(t *testing.T) {
	dir := specimens(t)
	read := func(name string) postmortem.Run {
		return readSpecimen(t, filepath.Join(dir, "restorelog", name), findings[name[:3]])
	}
	broken := read("047-iPhone8,2-9.2.txt")
	assert.Contains(t, broken.Summary, "onsistent with a sensor fault, final code not in the log")
	_, texts := evidenceOf(broken)
	assert.Contains(t, strings.Join(texts, "\n"), "SEP returned error")

	healthy := read("054-iPhone7,2-na.txt")
	assert.NotContains(t, healthy.Summary, "sensor")
	assert.Empty(t, healthy.Evidence)
}

// With phone and target in the log, the same lines would name the sensor.
func TestSpecimenOfTheSensorWithItsHead(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(specimens(t), "restorelog", "047-iPhone8,2-9.2.txt"))
	require.NoError(t, err)
	run := read(t, logOf("iPhone8,2", "9.2:13C75", string(text))).Runs[0]
	assert.Equal(t, sensor, run.Cause)
	assert.Contains(t, run.Summary, "onsistent with a sensor fault, final code not in the log")
}
