package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// verdictWanted is what a row of the decision's examples says. Lists are JSON.
type verdictWanted struct {
	effect, worst    string
	documented, risk string
	agrees           string
	disagreement     string
	assumed          string
	confidence       string
	question         string // the fact asked for; "" = none
}

// The examples of the decision, row by row, as predict gives them.
func TestDecisionExamples(t *testing.T) {
	t.Parallel()
	const assumesTarget = `["target"]`
	tests := []struct {
		name string
		args string
		code int
		want verdictWanted
	}{
		{
			"an iPhone 6 on 9.1 with a third-party sensor",
			"--product-type iPhone7,2 --ios 9.1 --repair third-party-sensor", exitHigh,
			verdictWanted{"error-53", "error-53", "at-risk", "high", "true", `[]`, assumesTarget, "medium", "touchId"},
		},
		{
			"the same, to the newest",
			"--product-type iPhone7,2 --ios 9.1 --repair third-party-sensor --target newest", exitElevated,
			verdictWanted{"touch-id-off", "touch-id-off", "at-risk", "elevated", "false", `["target"]`, `[]`, "medium", ""},
		},
		{
			"on Apple's fix",
			"--product-type iPhone7,2 --ios 9.2.1 --build 13D20 --repair third-party-sensor", exitElevated,
			verdictWanted{"touch-id-off", "touch-id-off", "at-risk", "elevated", "false", `["build"]`, assumesTarget, "medium", ""},
		},
		{
			"on the newest",
			"--product-type iPhone7,2 --ios 12.5.8 --repair third-party-sensor", exitOK,
			verdictWanted{"touch-id-off", "touch-id-off", "clear", "low", "true", `[]`, assumesTarget, "medium", ""},
		},
		{
			"an iPhone 6s with a damaged cable, back to 9.1",
			"--product-type iPhone8,1 --ios 12.4 --target 9.1 --repair damaged", exitHigh,
			verdictWanted{"error-53", "error-53", "clear", "high", "false", `["target","cause"]`, `[]`, "medium", "touchId"},
		},
		{
			"an iPhone 5s on 9.2 with a third-party sensor",
			"--product-type iPhone6,2 --ios 9.2 --repair third-party-sensor", exitElevated,
			verdictWanted{"touch-id-off", "touch-id-off", "at-risk", "elevated", "false", `["device"]`, assumesTarget, "medium", ""},
		},
		{
			"an iPhone 6 on 9.1 of which nothing was said",
			"--product-type iPhone7,2 --ios 9.1", exitUnknown,
			verdictWanted{"unknown", "error-53", "indeterminate", "unknown", "null", `[]`, assumesTarget, "medium", "repair"},
		},
		{
			"an iPhone 7 with a third-party sensor",
			"--product-type iPhone9,1 --ios 15.8.8 --repair third-party-sensor", exitOK,
			verdictWanted{"home-button-dead", "home-button-dead", "clear", "low", "true", `[]`, assumesTarget, "medium", ""},
		},
		{
			"an iPhone X with a third-party screen",
			"--product-type iPhone10,3 --ios 11.2 --repair third-party-screen", exitOK,
			verdictWanted{"none", "none", "clear", "none", "true", `[]`, assumesTarget, "high", ""},
		},
		{
			"an iPad Air 2 with a third-party screen and Touch ID that works",
			"--product-type iPad5,3 --ios 9.0 --repair third-party-screen --touch-id yes", exitElevated,
			verdictWanted{"none", "none", "at-risk", "elevated", "false", `["screen"]`, assumesTarget, "high", ""},
		},
		{
			"an iPhone 6 in recovery with a third-party sensor",
			"--product-type iPhone7,2 --mode recovery --repair third-party-sensor", exitOK,
			verdictWanted{"touch-id-off", "touch-id-off", "clear", "low", "true", `[]`, assumesTarget, "medium", ""},
		},
		{
			"an iPhone 7 that claims 9.2",
			"--product-type iPhone9,1 --ios 9.2", exitUnknown,
			verdictWanted{"unknown", "unknown", "indeterminate", "unknown", "null", `[]`, `[]`, "low", ""},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			stdout, stderr, code := run(t, strings.Fields("predict --json "+test.args)...)
			require.NoError(t, validate([]byte(stdout)))
			assert.Empty(t, stderr)
			assert.Equal(t, test.code, code)
			assert.Equal(t, test.want, verdictShown(t, stdout, ""))
		})
	}
}

// The example in DFU mode comes by the string that iBoot gives: chip 7000 on board
// 06 is an iPhone 6.
func TestDecisionExampleInDFU(t *testing.T) {
	t.Parallel()
	s := piped()
	s.in = strings.NewReader("CPID:7000 CPRV:11 CPFM:03 SCEP:01 BDID:06 ECID:00005353000000A1 IBFL:1C SRTG:[iBoot-1992.0.0.1.19]\n")
	code := execute(t.Context(), s.streams, []string{"check", "--json", "--from", "-", "--repair", "damaged"})
	stdout := s.stdout.String()
	require.NoError(t, validate([]byte(stdout)))
	assert.Equal(t, exitOK, code)
	assert.Equal(t, "iPhone7,2", shownAt(t, stdout, "phones.0.facts.productType.value"))
	assert.Equal(t, "dfu", shownAt(t, stdout, "phones.0.facts.mode.value"))
	assert.Equal(t,
		verdictWanted{"touch-id-off", "touch-id-off", "clear", "low", "true", `[]`, `["target"]`, "medium", ""},
		verdictShown(t, stdout, "phones.0."))
}

// verdictShown collects a phone's verdict out of JSON.
func verdictShown(t *testing.T, document, below string) verdictWanted {
	t.Helper()
	at := func(path string) string { return shownAt(t, document, below+path) }
	shown := verdictWanted{
		effect: at("prediction.effect"), worst: at("prediction.worst"),
		documented: at("check.documented"), risk: at("risk"), agrees: at("check.agrees"),
		disagreement: at("check.disagreement"), assumed: at("prediction.assumed"), confidence: at("prediction.confidence"),
	}
	if at("question") != "null" {
		shown.question = at("question.fact")
	}
	return shown
}

func shownAt(t *testing.T, document, path string) string {
	t.Helper()
	value, err := lookUp([]byte(document), path)
	require.NoError(t, err)
	return value
}
