package postmortem_test

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/postmortem"
)

// FuzzRead: whatever a file holds, reading it ends, and what comes out keeps the promises
// of the package.
func FuzzRead(f *testing.F) {
	for _, test := range fixtures {
		text := fixture(f, test.file)
		f.Add([]byte(text))
		f.Add([]byte(units(text, binary.LittleEndian)))
		f.Add([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		log, err := postmortem.Read(t.Context(), strings.NewReader(string(data)))
		if err != nil {
			require.ErrorIs(t, err, postmortem.ErrNoLog)
			require.Empty(t, log.Runs)
			return
		}
		for _, run := range log.Runs {
			checkRun(t, log, run)
		}
	})
}

func checkRun(t *testing.T, log postmortem.Log, run postmortem.Run) {
	require.Contains(t, postmortem.Causes, run.Cause)
	require.Contains(t, postmortem.Tools, run.Tool)
	require.Contains(t, []diag.Confidence{diag.Low, diag.Medium, diag.High}, run.Confidence)
	require.NotEmpty(t, run.Summary)
	require.LessOrEqual(t, 1, run.FirstLine)
	require.LessOrEqual(t, run.FirstLine, run.LastLine)
	require.LessOrEqual(t, run.LastLine, log.Lines)
	for _, e := range run.Evidence {
		require.LessOrEqual(t, run.FirstLine, e.Line)
		require.LessOrEqual(t, e.Line, run.LastLine)
		require.LessOrEqual(t, len(e.Text), 320)
		require.NotEmpty(t, e.Text)
	}
	for _, version := range []string{run.BaseVersion, run.TargetVersion} {
		if _, err := diag.ParseVersion(version); version != "" {
			require.NoError(t, err)
		}
	}
	for _, build := range []string{run.BaseBuild, run.TargetBuild} {
		if _, err := diag.ParseBuild(build); build != "" {
			require.NoError(t, err)
		}
	}
	if run.Step != nil {
		assert.Regexp(t, `^\w*( \(0x[0-9a-f]{4}\))?$|^0x[0-9a-f]{4}$`, run.Step.String())
	}
	require.True(t, utf8.ValidString(run.ProductType+run.Summary))
	if run.Code != nil && *run.Code == 53 {
		checkFiftyThree(t, run)
	}
	if run.Cause == postmortem.Sensor {
		require.NotEmpty(t, run.ProductType)
		require.NotEmpty(t, run.TargetVersion+run.TargetBuild)
	}
	run.Next()
}

// checkFiftyThree: a line of the evidence has the number, or the words for it.
func checkFiftyThree(t *testing.T, run postmortem.Run) {
	for _, e := range run.Evidence {
		if strings.Contains(e.Text, "53") || strings.Contains(e.Text, "35") || strings.Contains(strings.ToLower(e.Text), "recover fdr data") {
			return
		}
	}
	require.Fail(t, "53 without a line that says so", "%+v", run)
}
