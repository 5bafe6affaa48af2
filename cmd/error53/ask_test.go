package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

// decided is an iPhone of which the operator has said so much.
func decided(t *testing.T, productType, version string, said operator) phone {
	t.Helper()
	p := phone{facts: diag.Facts{
		Mode:             diag.Known(diag.Normal, diag.FromLockdown),
		ProductType:      diag.Known(productType, diag.FromLockdown),
		InstalledVersion: diag.Known(version, diag.FromLockdown),
	}}
	p.state(&said)
	require.NoError(t, p.err)
	return p
}

// interviewed types lines at the questions about a phone.
func interviewed(p *phone, input string) (dialogue string, learnt bool) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var out bytes.Buffer
	learnt = interviewer{ctx, typed(ctx, strings.NewReader(input)), &out, defaultWidth}.interview(p, "iPhone 6 …0001")
	return out.String(), learnt
}

func TestInterview(t *testing.T) {
	t.Parallel()
	const sensorNo = "third-party-sensor, Touch ID no"
	said := map[string]operator{
		"nothing": {},
		sensorNo:  {repair: "third-party-sensor", touchID: "no"},
		"screen":  {repair: "third-party-screen"},
		"9.2.1":   {repair: "damaged", touchID: "no", target: "9.2.1"},
		"9.2":     {repair: "damaged", touchID: "no", target: "9.2"},
	}
	tests := []struct {
		name   string
		said   string
		typed  string
		asked  int
		learnt bool
		risk   diag.Risk
	}{
		{"a third party's sensor that is off", "nothing", "t\nn\n", 2, true, diag.RiskHigh},
		{"a third party's sensor that works", "nothing", "t\ny\n", 2, true, diag.RiskElevated},
		{"Apple's repair leaves nothing to ask", "nothing", "a\n", 1, true, diag.RiskNone},
		{"the words of the flags are understood", "nothing", "third-party-sensor\nno\n", 2, true, diag.RiskHigh},
		{"in capitals as well", "nothing", "T\nNO\n", 2, true, diag.RiskHigh},
		{"with blanks around", "nothing", " t \n n \n", 2, true, diag.RiskHigh},
		{"Enter is not known", "nothing", "\n", 1, false, diag.RiskUnknown},
		{"so is u", "nothing", "u\n", 1, false, diag.RiskUnknown},
		{"Enter at the second question keeps the first answer", "nothing", "t\n\n", 2, true, diag.RiskHigh},
		{"nobody there", "nothing", "", 1, false, diag.RiskUnknown},
		{"nobody there any more", "nothing", "t\n", 2, true, diag.RiskHigh},
		{"nobody there after what is none", "nothing", "glue", 1, false, diag.RiskUnknown},
		{"an answer without its line end", "nothing", "a", 1, true, diag.RiskNone},
		{"a target that is the newest", sensorNo, "n\n", 1, true, diag.RiskElevated},
		{"a target by its version", sensorNo, "12.5.7\n", 1, true, diag.RiskElevated},
		{"a target by its build", sensorNo, "13D20\n", 1, true, diag.RiskElevated},
		{"a target by both", sensorNo, "9.2.1:13D20\n", 1, true, diag.RiskElevated},
		{"a target that is none, then a better one", sensorNo, "abc\nn\n", 2, true, diag.RiskElevated},
		{"twice a target that is none", sensorNo, "abc\n7.0\n", 2, false, diag.RiskHigh},
		{"the build without the fix", "9.2.1", "5\nc\n", 2, true, diag.RiskHigh},
		{"the build with the fix", "9.2.1", "2\n", 1, true, diag.RiskLow},
		{"over the air", "9.2", "o\n", 1, true, diag.RiskLow},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := decided(t, "iPhone7,2", "9.1", said[test.said])
			dialogue, learnt := interviewed(&p, test.typed)
			assert.Equal(t, test.asked, strings.Count(dialogue, "iPhone 6 …0001: "), dialogue)
			assert.Equal(t, test.learnt, learnt)
			assert.Equal(t, test.risk, p.verdict.Risk)
			assert.LessOrEqual(t, test.asked, questionsPerPhone)
		})
	}
}

// What is none of the answers is asked again, and does not count as a question.
func TestInterviewAsksAgain(t *testing.T) {
	t.Parallel()
	p := decided(t, "iPhone7,2", "9.1", operator{})
	dialogue, learnt := interviewed(&p, "perhaps\nx\nt\nn\n")
	assert.True(t, learnt)
	assert.Equal(t, diag.RiskHigh, p.verdict.Risk)
	assert.Equal(t, 2, strings.Count(dialogue, "that is none of the answers"))
	assert.Equal(t, 2, strings.Count(dialogue, "iPhone 6 …0001: "))
}

// An impossible target is refused with the reason, and the phone keeps its facts.
func TestInterviewRefusesTarget(t *testing.T) {
	t.Parallel()
	p := decided(t, "iPhone7,2", "9.1", operator{repair: "third-party-sensor", touchID: "no"})
	dialogue, _ := interviewed(&p, "7.0\n\n")
	assert.Contains(t, dialogue, "error: target 7.0: the first iOS of the iPhone 6 was 8.0")
	assert.False(t, p.facts.TargetVersion.Known())
}

// Nobody is asked about a phone whose headline no answer would change.
func TestInterviewOfNothing(t *testing.T) {
	t.Parallel()
	for _, productType := range []string{"iPhone10,3", "iPhone99,1"} {
		p := decided(t, productType, "16.7.12", operator{})
		dialogue, learnt := interviewed(&p, "t\nn\n")
		assert.Empty(t, dialogue)
		assert.False(t, learnt)
	}
}

// Every fact that can be asked for has a menu, whose words the operator's flags take.
func TestChoices(t *testing.T) {
	t.Parallel()
	p := decided(t, "iPhone7,2", "9.1", operator{})
	for _, fact := range []diag.FactName{diag.AskRepair, diag.AskTouchID, diag.AskTarget, diag.AskTargetBuild, diag.AskWay} {
		require.NotEmpty(t, choices[fact], fact)
		assert.Contains(t, answerFlags, fact)
		keys := map[string]bool{}
		for _, c := range choices[fact] {
			assert.False(t, keys[c.key], "%s: key %s twice", fact, c.key)
			keys[c.key] = true
			assert.Contains(t, menu(fact), "["+c.key+"] "+c.label)
			facts := p.facts
			assert.NoError(t, answered(&facts, fact, c.word), "%s %s", fact, c.word)
			assert.NotEqual(t, p.facts, facts, "%s %s", fact, c.word)
		}
		assert.False(t, keys["u"], "u is not known")
	}
}

// A question is put only where somebody can answer it.
func TestMayAsk(t *testing.T) {
	t.Parallel()
	terminal := streams{inTTY: true, outTTY: true}
	tests := []struct {
		name    string
		options checkOptions
		want    bool
	}{
		{"at a terminal", checkOptions{streams: terminal}, true},
		{"about a dump in a file", checkOptions{streams: terminal, from: []string{"dump.txt"}}, true},
		{"input from a pipe", checkOptions{streams: streams{outTTY: true}}, false},
		{"output to a pipe", checkOptions{streams: streams{inTTY: true}}, false},
		{"--no-input", checkOptions{streams: terminal, noInput: true}, false},
		{"the dump comes by the terminal", checkOptions{streams: terminal, from: []string{"-"}}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, test.options.mayAsk())
		})
	}
}

// At a terminal the run shows the verdict, asks, and shows it anew; the code of the
// run is that of what it learnt. JSON never asks.
func TestCheckAtATerminal(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		args  []string
		typed string
		code  int
		shown []string // in this order
	}{
		{"answered", nil, "t\nn\n", exitHigh, []string{"UNKNOWN", "[t] third party", "[y] yes", "HIGH"}},
		{"not known", nil, "\n", exitUnknown, []string{"UNKNOWN", "[Enter] not known"}},
		{"--json", []string{"--json"}, "t\nn\n", exitUnknown, []string{`"risk": "unknown"`}},
		{"--no-input", []string{"--no-input"}, "t\nn\n", exitUnknown, []string{"UNKNOWN"}},
		{"the flags leave one question", []string{"--repair", "third-party-sensor", "--target", "9.1"}, "n\n\n", exitHigh, []string{"HIGH", "[y] yes", "HIGH"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := piped()
			s.in, s.inTTY, s.outTTY = strings.NewReader(test.typed), true, true
			args := append([]string{"check", "--no-color", "--from", "testdata/iphone6.txt"}, test.args...)
			assert.Equal(t, test.code, execute(t.Context(), s.streams, args))
			rest := s.stdout.String()
			for _, text := range test.shown {
				_, after, found := strings.Cut(rest, text)
				require.True(t, found, "%q in %s", text, rest)
				rest = after
			}
			assert.Equal(t, strings.HasPrefix(test.name, "--"), !strings.Contains(s.stdout.String(), "[Enter]"))
		})
	}
}

// Of several phones those are asked about whose headline hangs on the answer, in the
// order of the list, and the exit code is that of all answers.
func TestInterviewOfSeveral(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := terminal()
		s.in = strings.NewReader("n\na\nn\n")
		assert.Equal(t, exitElevated, execute(t.Context(), s.streams, []string{"check", "--dry-run", "--no-color"}))
		stdout := s.stdout.String()
		assert.Equal(t, 3, strings.Count(stdout, "[Enter]"), stdout)
		_, stdout, found := strings.Cut(stdout, "iPhone 6 “Anna’s iPhone” …0001: Which iOS")
		require.True(t, found)
		_, stdout, found = strings.Cut(stdout, "iPhone 6s “🦉 Eule” …0005: Was the home button")
		require.True(t, found)
		answered, last, found := strings.Cut(stdout, "iPhone 6 …000a: Which iOS")
		require.True(t, found)
		assert.Contains(t, answered, "\nNONE ")
		assert.Contains(t, last, "\nELEVATED ")
	})
}
