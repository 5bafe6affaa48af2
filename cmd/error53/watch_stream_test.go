package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/inspect"
	"error53/diag/watch"
	"error53/mocks"
	"error53/usbmux"
)

// stream follows a bench while something happens there, and gives the lines printed.
// The test has to run in a bubble.
func stream(t *testing.T, o *watchOptions, bench *mocks.Bench, happens func()) []string {
	t.Helper()
	s := piped()
	o.streams, o.timeout = s.streams, inspect.DefaultTimeout
	b := &bus{inspector: inspect.Inspector{Mux: &usbmux.Client{Dial: bench.Dial}, USB: virtualUSB(bench)}, address: "the bench"}
	ctx, cancel := context.WithCancel(t.Context())
	followed := make(chan error, 1)
	go func() { followed <- o.follow(ctx, o.lookout(b)) }()
	time.Sleep(time.Second)
	happens()
	time.Sleep(5 * time.Minute)
	cancel()
	require.NoError(t, <-followed)
	bench.Close()
	return strings.Split(strings.TrimSuffix(s.stdout.String(), "\n"), "\n")
}

// told is what the lines of a stream of JSON say, in a word each.
func told(t *testing.T, lines []string) (events []string) {
	for i, line := range lines {
		require.NoError(t, validate([]byte(line)), line)
		var e struct {
			Seq   int
			Event string
		}
		require.NoError(t, json.Unmarshal([]byte(line), &e))
		assert.Equal(t, i+1, e.Seq)
		events = append(events, e.Event)
	}
	return events
}

// restoreOf walks a phone through a restore by another program.
func restoreOf(bench *mocks.Bench, port string) func() {
	return func() {
		for _, mode := range []diag.Mode{diag.Recovery, diag.Restore, diag.Normal} {
			bench.SetMode(port, mode)
			time.Sleep(10 * time.Second)
		}
	}
}

// A phone that is restored keeps its key and its label through all modes, and what
// became of it stands beside what was predicted.
func TestStreamOfJourney(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		bench := mocks.NewBench(attached(t, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.1", ECID: 0x5301}))
		lines := stream(t, &watchOptions{json: true}, bench, restoreOf(bench, "1-1"))
		assert.Equal(t, []string{
			"daemon", "attached", "facts", "verdict", "mode-changed", "facts", "verdict",
			"mode-changed", "facts", "verdict", "mode-changed", "facts", "verdict", "outcome",
		}, told(t, lines))
		for _, line := range lines[1:] {
			assert.Equal(t, "1", at(t, line, "phone.key"))
			assert.Equal(t, "…5301", at(t, line, "phone.label"))
			assert.Equal(t, "1-1", at(t, line, "phone.port"))
		}
		last := lines[len(lines)-1]
		assert.Equal(t, "unchanged", at(t, last, "outcome.end"))
		assert.JSONEq(t, `{"version":"9.1","build":"13B143"}`, at(t, last, "outcome.to"))
		assert.Equal(t, "unknown", at(t, last, "outcome.predicted.effect"))
		assert.Equal(t, "true", at(t, last, "outcome.askAgain"))
		assert.Equal(t, "recovery", at(t, last, "outcome.journey.1.mode"))
		assert.Equal(t, "10", at(t, last, "outcome.journey.1.seconds"))
	})
}

// at is a value of a line, which must be there.
func at(t *testing.T, line, path string) string {
	t.Helper()
	value, err := lookUp([]byte(line), path)
	require.NoError(t, err)
	return value
}

// The same as text, in whole.
func TestPlainJourney(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		bench := mocks.NewBench(attached(t, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.1", ECID: 0x5301}))
		said := operator{target: "newest"}
		lines := stream(t, &watchOptions{plain: true, operator: said, ports: portNames{{"1-1", "window"}}}, bench, restoreOf(bench, "1-1"))
		for i := range lines {
			_, lines[i], _ = strings.Cut(lines[i], "  ")
		}
		assert.Equal(t, "usbmuxd answers", lines[0])
		assert.Equal(t, "window · …5301: attached in normal mode", lines[1])
		assert.Equal(t, "window · iPhone 6 “iPhone 6” · …5301: read: iPhone 6, iOS 9.1 (13B143)", lines[2])
		assert.Contains(t, lines[3], "window · iPhone 6 “iPhone 6” · …5301: UNKNOWN. With iOS 12.5.8 (16H88): if the sensor")
		assert.Equal(t, "window · iPhone 6 · …5301: now in recovery mode", lines[4])
		assert.Equal(t, "window · …5301: now in restore mode", lines[7])
		assert.Equal(t, "window · iPhone 6 “iPhone 6” · …5301: Back on iOS 9.1 (13B143), as before. "+
			"Predicted: not known. Ask again: Does Touch ID work today?", lines[len(lines)-1])
	})
}

// What is shown of a phone stays as it was shown first: the tail of one that comes later
// is as long as it has to be.
func TestTailsStay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		bench := mocks.NewBench(attached(t, mocks.Profile{ProductType: "iPhone7,2", ECID: 0x15301}))
		lines := stream(t, &watchOptions{json: true}, bench, func() {
			bench.Attach(attached(t, mocks.Profile{ProductType: "iPhone7,2", ECID: 0x25301}))
			time.Sleep(time.Second)
			bench.Replug(1)
			time.Sleep(time.Minute)
			bench.Unplug("1-1")
		})
		labels := map[string][]string{}
		for _, line := range lines[1:] {
			key := at(t, line, "phone.key")
			labels[key] = append(labels[key], at(t, line, "phone.label"))
		}
		require.Len(t, labels, 2)
		for _, label := range labels["1"] {
			assert.Equal(t, "…5301", label)
		}
		for _, label := range labels["2"] {
			assert.Equal(t, "…25301", label)
		}
	})
}

// Whole identifiers appear where they were asked for, and nowhere else.
func TestStreamMasks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := attached(t, mocks.Profile{ProductType: "iPhone7,2", ECID: 0x5301})
		for _, o := range []*watchOptions{{json: true}, {plain: true}, {json: true, showIDs: true}} {
			bench := mocks.NewBench(p)
			lines := stream(t, o, bench, restoreOf(bench, "1-1"))
			all := strings.Join(lines, "\n")
			for _, id := range []string{p.UDID, "0x0000000000005301"} {
				assert.Equal(t, o.showIDs, strings.Contains(all, id), id)
			}
		}
	})
}

// A name of a phone acts on nobody's terminal, and breaks no line.
func TestStreamOfHostileName(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		name := "\x1b[2J\u202e\r\n" + strings.Repeat("x", 10000)
		for _, o := range []*watchOptions{{json: true}, {plain: true}} {
			bench := mocks.NewBench(attached(t, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.1", Name: name}))
			lines := stream(t, o, bench, func() {})
			assert.Len(t, lines, 4)
			assert.NotContains(t, strings.Join(lines, ""), "\x1b")
			assert.NotContains(t, strings.Join(lines, ""), "\u202e")
			if o.plain {
				assert.Less(t, len(lines[2]), 200)
			}
		}
	})
}

// failing takes some writes and then fails.
type failing struct {
	after int
	err   error
}

func (f *failing) Write(p []byte) (int, error) {
	if f.after--; f.after < 0 {
		return 0, f.err
	}
	return len(p), nil
}

// A pipe that is closed ends the run in silence, a disk that is full does not.
func TestStreamEnds(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"--json", "--plain"} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := piped()
				s.out = &failing{7, syscall.EPIPE}
				assert.Equal(t, exitOK, execute(t.Context(), s.streams, []string{"watch", "--dry-run", form}))
				assert.Empty(t, s.stderr.String())
				s.out = &failing{7, errors.New("no space left")}
				assert.Equal(t, exitFailure, execute(t.Context(), s.streams, []string{"watch", "--dry-run", form}))
				assert.Contains(t, s.stderr.String(), "no space left")
			})
		})
	}
}

// Every end of a journey has its words, in JSON and as text.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	held := map[*bool]string{nil: ".", &yes: ", which fits what is seen.", &no: ", which did not come true."}
	for _, end := range watch.Ends {
		for effect := range effects {
			for h, words := range held {
				s := outcomeSighting(&watch.Outcome{End: end, Predicted: diag.Prediction{
					Effect: effect, Worst: diag.Error53, Confidence: diag.High, Assumed: []diag.FactName{},
					Reasons: []diag.Reason{{ID: "a", Text: "b", Source: "c"}},
				}, Held: h, Journey: []watch.Leg{{Mode: diag.Normal}}})
				var out bytes.Buffer
				o := &watchOptions{streams: streams{out: &out}}
				require.NoError(t, o.tellJSON(s))
				require.NoError(t, validate(out.Bytes()), out.String())
				text := outcomeText(s.Phone.Outcome)
				assert.Contains(t, text, words)
				assert.NotContains(t, text, "%")
			}
		}
	}
}

func outcomeSighting(o *watch.Outcome) sighting {
	l := (&watchOptions{}).lookout(&bus{})
	facts := diag.Facts{Mode: diag.Known(diag.Normal, diag.FromUSB)}
	fillUnstated(&facts)
	facts.ProductType, facts.InstalledVersion, facts.InstalledBuild = facts.MarketingName, facts.MarketingName, facts.MarketingName
	return l.see(watch.Event{Kind: watch.Outcame, Phone: &watch.Phone{Key: 1, Facts: facts, Outcome: o}})
}

// In a dry run the scenario's day goes by: one phone comes back from its update, one stands
// in recovery mode when enough time has passed, one is plugged and pulled.
func TestDayOfDryRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		inOurDays()
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		s := piped()
		assert.Equal(t, exitOK, execute(ctx, s.streams, []string{"watch", "--dry-run", "--scenario", "day", "--json"}))
		ends := map[string]string{}
		for line := range strings.Lines(s.stdout.String()) {
			require.NoError(t, validate([]byte(line)), line)
			if at(t, line, "event") == "outcome" {
				ends[at(t, line, "phone.port")] = at(t, line, "outcome.end") + " " + at(t, line, "outcome.held")
			}
		}
		assert.Equal(t, map[string]string{"1-1": "on-other true", "1-2": "in-recovery true"}, ends)
	})
}
