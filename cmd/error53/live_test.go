package main

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// stamped notes when each headline was written, by the fake clock of its bubble.
type stamped struct {
	start time.Time
	text  strings.Builder
	at    map[string]time.Duration
}

func (s *stamped) Write(p []byte) (int, error) {
	for line := range strings.Lines(string(p)) {
		if line[0] != ' ' && strings.Contains(line, " · ") {
			word, _, _ := strings.Cut(line, "  ")
			s.at[word] = time.Since(s.start)
		}
	}
	return s.text.Write(p)
}

// In front of a terminal each phone is shown as soon as it is read: the one that hangs
// comes last, after its five seconds, and the others at once. Each is shown once, with
// the words that a pipe gets in the end.
func TestTerminalNeedNotWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		piped, _, _ := run(t, "check", "--dry-run")
		s := terminal()
		out := &stamped{start: time.Now(), at: map[string]time.Duration{}}
		s.out = out
		assert.Equal(t, exitHigh, execute(t.Context(), s.streams, []string{"check", "--dry-run", "--no-color", "--no-input"}))
		assert.Equal(t, 5*time.Second, out.at["NO ANSWER"])
		for _, word := range []string{"HIGH", "ELEVATED", "LOW", "NONE", "UNKNOWN"} {
			require.Contains(t, out.at, word)
			assert.Zero(t, out.at[word], word)
		}
		assert.ElementsMatch(t, strings.Split(piped, "\n\n"), strings.Split(out.text.String(), "\n\n"))
	})
}

// terminal is a run in front of somebody who types nothing.
func terminal() surroundings {
	s := piped()
	s.inTTY, s.outTTY = true, true
	return s
}

// One phone, or one that was named, is shown when all is read: there is nothing to wait
// for, or to leave out.
func TestTerminalShowsTheNamedOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := terminal()
		assert.Equal(t, exitHigh, execute(t.Context(), s.streams, []string{"check", "--dry-run", "--no-color", "--no-input", "0001"}))
		assert.Equal(t, 1, strings.Count(s.stdout.String(), "SIMULATED\n"), s.stdout.String())
		assert.NotContains(t, s.stdout.String(), "iPad")
	})
}

// Whoever interrupts the run does not wait for the phone that hangs, and is told that
// it was not finished.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"check", "--dry-run"}, {"check", "--dry-run", "--json"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := piped()
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(time.Second, cancel)
				start := time.Now()
				assert.Equal(t, exitFailure, execute(ctx, s.streams, args))
				assert.Equal(t, time.Second, time.Since(start))
				assert.Contains(t, s.stderr.String(), "interrupted")
				if s.stdout.Len() > 0 {
					require.NoError(t, validate(s.stdout.Bytes()))
				}
			})
		})
	}
}
