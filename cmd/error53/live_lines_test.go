package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"error53/lockdown"
)

// What is said in each state is something to do, or says what is going on. Nothing is
// left for a new state to be shown by its bare name.
func TestProgressWords(t *testing.T) {
	t.Parallel()
	waiting := func(s lockdown.State) lockdown.Progress {
		return lockdown.Progress{State: s, Waited: 12 * time.Second, Left: 48 * time.Second}
	}
	for _, row := range []struct {
		progress lockdown.Progress
		want     string
	}{
		{lockdown.Progress{State: lockdown.Checking}, "looking whether it trusts this computer already"},
		{lockdown.Progress{State: lockdown.AlreadyTrusted}, "it trusts this computer already, and nothing was written"},
		{lockdown.Progress{State: lockdown.MakingKeys}, "making keys"},
		{waiting(lockdown.WaitingForTrust), "unlock the phone and tap Trust (12 s of 60)"},
		{waiting(lockdown.PasscodeNeeded), "enter the passcode on the phone (12 s of 60)"},
		{waiting(lockdown.Reconnecting), "the phone has left, and should be back in a moment (12 s of 60)"},
		{lockdown.Progress{State: lockdown.Reconnecting}, "the phone has left, and should be back in a moment"},
		{lockdown.Progress{State: lockdown.Proving}, "trying the new pairing"},
		{lockdown.Progress{State: lockdown.Paired}, "paired"},
	} {
		assert.Equal(t, row.want, progressWords(row.progress))
	}
}

// In a pipe a phone gets a line for each state, not for each second, and no cursor moves.
func TestLiveInAPipe(t *testing.T) {
	t.Parallel()
	s := piped()
	l := newLive(s.streams)
	for second := range 3 {
		l.tell(0, "Anna", lockdown.Progress{State: lockdown.WaitingForTrust, Waited: time.Duration(second) * time.Second, Left: time.Minute})
		l.tell(1, "Berta", lockdown.Progress{State: lockdown.PasscodeNeeded, Waited: time.Duration(second) * time.Second, Left: time.Minute})
	}
	l.tell(0, "Anna", lockdown.Progress{State: lockdown.Paired})
	l.done(0)
	l.aside(func() { s.err.Write([]byte("something else\n")) })
	assert.Equal(t, "Anna: unlock the phone and tap Trust (0 s of 60)\n"+
		"Berta: enter the passcode on the phone (0 s of 60)\n"+
		"Anna: paired\nsomething else\n", s.stderr.String())
}

// On a terminal each phone has one line, which is written anew; what is printed between
// is not in its way, and in the end nothing is left of it.
func TestLiveOnATerminal(t *testing.T) {
	t.Parallel()
	s := piped()
	s.errTTY, s.width = true, 40
	l := newLive(s.streams)
	say := func(phone int, who string, p lockdown.Progress) []string {
		l.tell(phone, who, p)
		return screenOf(s.stderr)
	}
	assert.Equal(t, []string{"Anna: making keys"}, say(0, "Anna", lockdown.Progress{State: lockdown.MakingKeys}))
	assert.Equal(t, []string{"Anna: making keys", "Berta: trying the new pairing"}, say(1, "Berta", lockdown.Progress{State: lockdown.Proving}))
	assert.Equal(t, []string{"Anna: unlock the phone and tap Trust (…", "Berta: trying the new pairing"},
		say(0, "Anna", lockdown.Progress{State: lockdown.WaitingForTrust, Waited: time.Second, Left: 59 * time.Second}))
	l.aside(func() { s.err.Write([]byte("a verdict\n")) })
	assert.Equal(t, []string{"a verdict", "Anna: unlock the phone and tap Trust (…", "Berta: trying the new pairing"}, screenOf(s.stderr))
	l.done(1)
	assert.Equal(t, []string{"a verdict", "Anna: unlock the phone and tap Trust (…"}, screenOf(s.stderr))
	l.done(0)
	assert.Equal(t, []string{"a verdict"}, screenOf(s.stderr))
}

// A terminal that cannot move its cursor is a pipe.
func TestLiveOnADumbTerminal(t *testing.T) {
	t.Parallel()
	s := piped()
	s.errTTY, s.getenv = true, func(string) string { return "dumb" }
	l := newLive(s.streams)
	l.tell(0, "Anna", lockdown.Progress{State: lockdown.Paired})
	l.done(0)
	assert.Equal(t, "Anna: paired\n", s.stderr.String())
}

// screenOf is what a terminal shows of what was written to it: lines, EL, ED, CPL.
func screenOf(written *bytes.Buffer) []string {
	var lines []string
	at, line := 0, ""
	put := func() {
		lines = append(lines[:min(at, len(lines))], append([]string{line}, lines[min(at+1, len(lines)):]...)...)
		at, line = at+1, ""
	}
	for text := written.String(); text != ""; {
		switch {
		case text[0] == '\n':
			put()
			text = text[1:]
		case strings.HasPrefix(text, "\x1b[K"):
			text = text[3:]
		case strings.HasPrefix(text, "\x1b[J"):
			lines = lines[:at]
			text = text[3:]
		case strings.HasPrefix(text, "\x1b["):
			at -= int(text[2] - '0') // up to nine lines up, and to the left
			text = text[4:]
		default:
			line += text[:1]
			text = text[1:]
		}
	}
	return lines
}
