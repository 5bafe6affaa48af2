package main

import (
	"fmt"
	"strings"
	"time"

	"error53/diag"
	"error53/diag/watch"
)

// question is the fact to ask for; "" where no answer is wanted.
func (s *seat) question() diag.FactName {
	switch {
	case s.Phone == nil:
		return ""
	case s.asks:
		return diag.AskTouchID
	case s.Phone.Verdict != nil && s.phone.verdict.Question != nil:
		return s.phone.verdict.Question.Fact
	}
	return ""
}

// reading tells whether the phone is being read: neither its verdict nor a failure is
// there yet.
func (s *seat) reading() bool {
	return s.present() && s.Phone.Verdict == nil && s.Phone.Err == nil
}

// leg is the stay the phone is in.
func (s *seat) leg() watch.Leg {
	if n := len(s.Phone.Journey); n > 0 {
		return s.Phone.Journey[n-1]
	}
	return watch.Leg{Mode: s.Phone.Mode(), Since: s.Phone.Since}
}

// now says what to do with the phone at this moment: in full, and in few words.
func (d *desk) whatNow(s *seat) (full, short string) {
	switch {
	case s.Phone == nil:
		return "", ""
	case !s.Phone.Present:
		return both("unplugged " + ago(d.now.Sub(s.Phone.Since)))
	case d.pairing[s.key()].State != "":
		return pairingNow(d.pairing[s.key()])
	case s.reading():
		return both("being read, " + lasted(d.now.Sub(s.Phone.Since)))
	case s.Phone.Mode() == diag.Restore:
		wait := lasted(d.now.Sub(s.leg().Since))
		return "in a restore for " + wait + ": leave it connected and alone", "leave alone, " + wait
	case s.stranded():
		return "the restore did not finish: it stands in recovery mode", "restore unfinished"
	case s.asks:
		return "it was updated: does Touch ID work? (f g)", "Touch ID? (f g)"
	case s.Phone.Err != nil && !s.phone.hasVerdict(), s.phone.badTarget():
		return inTrouble(s.Phone.Err)
	}
	full, short = s.nextStep()
	if s.phone.facts.Trust.Value == diag.TrustWaiting && s.question() == "" {
		tap := "tap Trust, " + lasted(d.now.Sub(s.Phone.Since))
		return full + "; " + tap, tap
	}
	return full, short
}

func both(text string) (full, short string) { return text, text }

// stranded tells of a phone that came out of a restore in recovery mode, and is there still.
func (s *seat) stranded() bool {
	return s.Phone.Outcome != nil && s.Phone.Outcome.End == watch.InRecovery && s.Phone.Mode() == diag.Recovery
}

// nextStep is the question, or the step of the verdict that says most.
func (s *seat) nextStep() (full, short string) {
	if fact := s.question(); fact != "" {
		full = "ask: " + shortQuestions[fact] + " (" + answerKeys[fact] + ")"
		if s.phone.verdict.Risk == diag.RiskHigh {
			full = "do not install that iOS; " + full
		}
		return full, shortQuestions[fact] + " (" + strings.ReplaceAll(answerKeys[fact], " ", "") + ")"
	}
	for _, step := range shortSteps {
		for _, advice := range s.phone.verdict.Next {
			if advice.ID == step.id {
				return step.full, step.short
			}
		}
	}
	return "", ""
}

// shortQuestions are the questions of a row, and answerKeys what answers them.
var (
	shortQuestions = map[diag.FactName]string{
		diag.AskRepair:      "repaired?",
		diag.AskTouchID:     "Touch ID?",
		diag.AskTarget:      "which iOS?",
		diag.AskTargetBuild: "which build?",
		diag.AskWay:         "over the air?",
	}
	answerKeys = map[diag.FactName]string{
		diag.AskRepair:      "n a t s d",
		diag.AskTouchID:     "f g",
		diag.AskTarget:      "p",
		diag.AskTargetBuild: "p",
		diag.AskWay:         "p",
	}
)

// shortSteps are the steps of a verdict as a row has room for, those that matter most
// first.
var shortSteps = []struct{ id, full, short string }{
	{"leave-alone", "leave it connected and alone", "leave it alone"},
	{"do-not-install", "do not install that iOS", "do not install it"},
	{"not-by-usb", "back up; never by a computer after that", "not by a computer"},
	{"read-again", "read the model on the phone itself", "read it by hand"},
	{"identify", "read the model on the phone itself", "read it by hand"},
	{"leave-dfu", "force a restart, then choose Update", "restart, then Update"},
	{"update-first", "choose Update, not Restore", "Update, not Restore"},
	{"tell-owner", "tell the owner, back up, then update", "tell owner, back up"},
	{"go-on", "back up, then update", "back up, then update"},
	{"back-up", "back up first", "back up first"},
}

// inTrouble says what to do about an error.
func inTrouble(err error) (full, short string) {
	e := explain(err)
	if short, ok := shortTroubles[e.code]; ok {
		return short, short
	}
	if e.hint != "" {
		return e.hint, e.hint
	}
	return e.message, e.message
}

// shortTroubles are the errors of a phone as a row has room for: here it is read again
// by itself.
var shortTroubles = map[string]string{
	"timeout":       "no answer: replug it",
	"gone":          "lost: replug it",
	"garbage":       "nonsense: replug it",
	"refused":       "starting up",
	"not-served":    "usbmuxd has it not",
	"locked":        "enter the passcode",
	"trust-pending": "tap Trust on it",
	"trust-denied":  "replug it, tap Trust",
	"trust-stale":   "replug it, tap Trust",
	"trust-needed":  "unlock, replug it",
	"withheld":      "unlock, replug it",
	"bad-target":    "no such iOS (p)",
	"other-model":   "no such iOS (p)",
}

// ago and lasted put a time into words.
func ago(t time.Duration) string {
	if t < time.Second {
		return "just now"
	}
	return lasted(t) + " ago"
}

func lasted(t time.Duration) string {
	switch {
	case t < time.Minute:
		return fmt.Sprintf("%d s", int(max(t, 0).Seconds()))
	case t < time.Hour:
		return fmt.Sprintf("%d min", int(t.Minutes()))
	}
	return fmt.Sprintf("%d h %02d min", int(t.Hours()), int(t.Minutes())%60)
}

// wait is how long the desk stays as it is when nothing happens; 0 is for ever.
func (d *desk) wait() time.Duration {
	wait := time.Duration(0)
	sooner := func(applies bool, t time.Duration) {
		if applies && (wait == 0 || t < wait) {
			wait = t
		}
	}
	for _, s := range d.seats {
		if s.Phone == nil {
			continue
		}
		gone := d.now.Sub(s.Phone.Since)
		sooner(s.reading() && gone < time.Minute, 125*time.Millisecond)
		sooner(s.reading() || s.present() && s.Phone.Mode() == diag.Restore, time.Second)
		sooner(s.present() && s.phone.facts.Trust.Value == diag.TrustWaiting, time.Second)
		sooner(!s.Phone.Present && gone < time.Minute, time.Second)
		sooner(!s.Phone.Present, 30*time.Second)
	}
	if until := d.notice.until.Sub(d.now); until > 0 {
		sooner(true, until)
	}
	return wait
}
