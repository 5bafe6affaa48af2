package main

import (
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/guide"
)

// turn is what the bus shows of a phone from some second of the clock on.
type turn struct {
	at   float64
	mode diag.Mode
}

// obedient presses Enter when asked to, so many times, and then is gone.
type obedient struct {
	strings.Builder
	lines chan string
	times int
}

func (o *obedient) Write(p []byte) (int, error) {
	switch asked := strings.Contains(string(p), "Press Enter"); {
	case asked && o.times > 0:
		o.times--
		o.lines <- ""
	case asked:
		close(o.lines)
	}
	return o.Builder.Write(p)
}

// coached runs the clock for a model while the bus shows the turns, once for each Enter.
// It must be called in a bubble of synctest.
func coached(t *testing.T, topic guide.Topic, productType string, tries ...[]turn) (shown string, took time.Duration, err error) {
	t.Helper()
	d, ok := diag.DeviceByType(productType)
	require.True(t, ok)
	out := &obedient{lines: make(chan string, 1), times: len(tries)}
	var start time.Time
	try := -1
	c := coach{lines: out.lines, out: out, width: defaultWidth, motion: true, begin: func() { start, try = time.Now(), try+1 }}
	c.look = func(context.Context) (mode diag.Mode, ok bool) {
		for _, turn := range tries[try] {
			if time.Since(start).Seconds() >= turn.at {
				mode, ok = turn.mode, turn.mode != "?"
			}
		}
		return mode, ok
	}
	err = c.lead(t.Context(), guide.For(topic, d))
	stop := time.Since(start)
	synctest.Wait() // no look at the bus outlives the clock
	return out.String(), stop, err
}

// The clock stops the moment the bus shows the new mode, or that the phone is elsewhere.
func TestCoach(t *testing.T) {
	t.Parallel()
	entersDFU := []turn{{0, diag.Normal}, {11, ""}, {14, diag.DFU}}
	tests := []struct {
		name        string
		topic       guide.Topic
		productType string
		tries       [][]turn
		seconds     float64 // of the last try
		entered     bool
		says        string
	}{
		{"an iPhone 6s into DFU mode", guide.DFU, "iPhone8,1", [][]turn{entersDFU}, 14, true, "The phone is in DFU mode, after 14 seconds."},
		{"an iPhone 7", guide.DFU, "iPhone9,1", [][]turn{entersDFU}, 14, true, "The phone is in DFU mode"},
		{"an iPhone 8", guide.DFU, "iPhone10,1", [][]turn{{{0, diag.Normal}, {14, ""}, {21, diag.DFU}}}, 21, true, "The phone is in DFU mode"},
		{"in the last of the seconds after the buttons", guide.DFU, "iPhone8,1", [][]turn{{{0, diag.Normal}, {11, ""}, {27.5, diag.DFU}}}, 27.5, true, "The phone is in DFU mode"},
		{"too late", guide.DFU, "iPhone8,1", [][]turn{{{0, diag.Normal}, {11, ""}, {28.5, diag.DFU}}}, 28, false, "It did not enter DFU mode: it is on no bus"},
		{"it never moved", guide.DFU, "iPhone8,1", [][]turn{{{0, diag.Normal}}}, 28, false, "It did not enter DFU mode: it is in normal mode"},
		{"it restarted", guide.DFU, "iPhone8,1", [][]turn{{{0, diag.Normal}, {11, ""}, {20, diag.Normal}}}, 20, false, "It did not enter DFU mode: it is in normal mode"},
		{"held too long", guide.DFU, "iPhone8,1", [][]turn{{{0, diag.Normal}, {11, ""}, {19, diag.Recovery}}}, 19, false, "It did not enter DFU mode: it is in recovery mode"},
		{"nobody saw it leave", guide.DFU, "iPhone8,1", [][]turn{{{0, diag.Normal}, {15, diag.Recovery}}}, 15, false, "it is in recovery mode"},
		{"back in the mode where it was", guide.DFU, "iPhone8,1", [][]turn{{{0, diag.Recovery}, {11, ""}, {15, diag.Recovery}}}, 15, false, "it is in recovery mode"},
		{"a restore began", guide.DFU, "iPhone8,1", [][]turn{{{0, diag.Normal}, {11, ""}, {15, diag.Restore}}}, 15, false, "it is in restore mode"},
		{"switched off at first", guide.DFU, "iPhone8,1", [][]turn{{{0, ""}, {12, diag.DFU}}}, 12, true, "The phone is in DFU mode"},
		{"there already", guide.DFU, "iPhone8,1", [][]turn{{{0, diag.DFU}}}, 0, true, "The phone is in DFU mode, after 0 seconds."},
		{"the daemon hung meanwhile", guide.DFU, "iPhone8,1", [][]turn{{{0, diag.Normal}, {5, "?"}, {14, diag.DFU}}}, 14, true, "The phone is in DFU mode"},
		{"at the second try", guide.DFU, "iPhone8,1", [][]turn{{{0, diag.Normal}, {9, ""}, {16, diag.Normal}}, entersDFU}, 14, true, "it is in normal mode.\n"},
		{"into recovery mode", guide.Recovery, "iPhone8,1", [][]turn{{{0, diag.Normal}, {11, ""}, {16, diag.Recovery}}}, 16, true, "The phone is in recovery mode, after 16 seconds."},
		{"out of it", guide.Exit, "iPhone10,1", [][]turn{{{0, diag.Recovery}, {13, ""}, {52, diag.Normal}}}, 52, true, "The phone is in normal mode"},
		{"it comes back to it", guide.Exit, "iPhone10,1", [][]turn{{{0, diag.Recovery}, {13, ""}, {20, diag.Recovery}}}, 20, false, "It did not enter normal mode: it is in recovery mode"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				shown, took, err := coached(t, test.topic, test.productType, test.tries...)
				assert.Equal(t, test.seconds, took.Seconds())
				assert.Contains(t, shown, test.says)
				failed := len(test.tries)
				if test.entered {
					assert.NoError(t, err)
					failed--
				} else {
					assert.ErrorIs(t, err, errNotEntered)
				}
				assert.Equal(t, failed, strings.Count(shown, "Press Enter to try again"))
				if test.topic == guide.DFU {
					assert.Equal(t, failed, strings.Count(shown, "take one from USB-A"), "the cable is the likeliest cause")
				}
			})
		})
	}
}

// countingLine takes the counting lines apart.
var countingLine = regexp.MustCompile(`\r\x1b\[K  ([^:\n]+): (\d+) `)

// Each step counts down to 1 in its turn, under the names of the buttons, and the line is
// gone in the end.
func TestCoachCounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shown, _, _ := coached(t, guide.DFU, "iPhone8,1", []turn{{0, diag.Normal}})
		var steps []string
		for _, match := range countingLine.FindAllStringSubmatch(shown, -1) {
			steps = append(steps, match[1]+" "+match[2])
		}
		assert.Equal(t, []string{
			"Get ready 3", "Get ready 2", "Get ready 1",
			"Hold Home and Side 10", "Hold Home and Side 9", "Hold Home and Side 8", "Hold Home and Side 7", "Hold Home and Side 6",
			"Hold Home and Side 5", "Hold Home and Side 4", "Hold Home and Side 3", "Hold Home and Side 2", "Hold Home and Side 1",
			"Let go of Side, hold Home 10", "Let go of Side, hold Home 9", "Let go of Side, hold Home 8", "Let go of Side, hold Home 7",
			"Let go of Side, hold Home 6", "Let go of Side, hold Home 5", "Let go of Side, hold Home 4", "Let go of Side, hold Home 3",
			"Let go of Side, hold Home 2", "Let go of Side, hold Home 1",
			"Let go; waiting for the phone 5", "Let go; waiting for the phone 4", "Let go; waiting for the phone 3",
			"Let go; waiting for the phone 2", "Let go; waiting for the phone 1",
		}, steps)
		last := strings.LastIndex(shown, "\x1b[K")
		assert.NotContains(t, shown[last:], ": 1 ", "the counting line is gone")
	})
}

// A terminal that cannot go back gets a line a step.
func TestCoachWithoutMotion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, _ := diag.DeviceByType("iPhone9,1")
		var out strings.Builder
		c := coach{lines: typed(t.Context(), strings.NewReader("\n")), out: &out, begin: func() {},
			look: func(context.Context) (diag.Mode, bool) { return diag.Normal, true }}
		assert.ErrorIs(t, c.lead(t.Context(), guide.For(guide.DFU, d)), errNotEntered)
		assert.NotContains(t, out.String(), "\x1b")
		assert.NotContains(t, out.String(), "\r")
		for _, line := range []string{"  Hold Volume Down and Side: 10 seconds\n", "  Let go of Side, hold Volume Down: 10 seconds\n"} {
			assert.Equal(t, 1, strings.Count(out.String(), line), out.String())
		}
	})
}

// Nobody who presses no Enter has failed.
func TestCoachNobodyThere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shown, _, err := coached(t, guide.DFU, "iPhone8,1")
		assert.NoError(t, err)
		assert.Contains(t, shown, "Press Enter to start the clock")
		assert.True(t, strings.HasSuffix(shown, "\n"))
	})
}

// Whoever stops it, at a prompt or while it counts, is at the beginning of an empty line,
// and hears that it was stopped; no goroutine is left, nor is any look at the bus.
func TestCoachInterrupted(t *testing.T) {
	t.Parallel()
	for name, input := range map[string]io.Reader{"at the prompt": neverRead{}, "while it counts": io.MultiReader(strings.NewReader("\n"), neverRead{})} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, _ := diag.DeviceByType("iPhone8,1")
			ctx, cancel := context.WithCancel(t.Context())
			var out strings.Builder
			began := make(chan struct{}, 1)
			c := coach{lines: typed(ctx, input), out: &out, motion: true, begin: func() { began <- struct{}{} },
				look: func(context.Context) (diag.Mode, bool) { return diag.Normal, true }}
			if name == "at the prompt" {
				cancel()
			} else {
				go func() { <-began; cancel() }()
			}
			assert.ErrorIs(t, c.lead(ctx, guide.For(guide.DFU, d)), context.Canceled)
			assert.Regexp(t, `(\n|\r\x1b\[K)$`, out.String())
			cancel()
		})
	}
}

// neverRead is a keyboard that nobody touches, and that is gone with the test.
type neverRead struct{}

func (neverRead) Read([]byte) (int, error) { return 0, errors.New("nobody types") }
