package mocks

import (
	"strings"
	"time"

	"error53/diag"
)

// Act is what happens to a phone, or to usbmuxd.
type Act string

// The acts.
const (
	ActPlug    Act = "plug"    // in at its port
	ActUnplug  Act = "unplug"  // pull the cable
	ActReplug  Act = "replug"  // pull it, and plug it in again at once
	ActMode    Act = "mode"    // start anew in a mode: "mode recovery"
	ActUpdate  Act = "update"  // start anew in normal mode, on a release: "update 12.5.8"
	ActTrust   Act = "trust"   // tap Trust, and enter the passcode where one is due
	ActDeny    Act = "deny"    // tap Don't Trust
	ActUnlock  Act = "unlock"  // enter the passcode
	ActRestart Act = "restart" // end usbmuxd, and start it anew
)

// PhoneActs lists those that happen to a phone.
var PhoneActs = []Act{ActPlug, ActUnplug, ActReplug, ActMode, ActUpdate, ActTrust, ActDeny, ActUnlock}

// Step is one thing that happens on a bench.
type Step struct {
	At      time.Duration // since the timeline began
	Port    string        // the phone's; "" = it happens to usbmuxd
	Act     Act
	Mode    diag.Mode    // for ActMode
	Release diag.Release // for ActUpdate
}

// String gives the step in the words in which it is written, and where.
func (s Step) String() string {
	words := []string{s.Port, string(s.Act)}
	switch s.Act {
	case ActMode:
		words = append(words, string(s.Mode))
	case ActUpdate:
		words = append(words, s.Release.String())
	}
	return strings.TrimSpace(strings.Join(words, " "))
}

// StepError says why a step cannot be.
type StepError struct {
	Step   Step
	Reason string
}

func (e *StepError) Error() string { return "mocks: " + e.Step.String() + ": " + e.Reason }

// Do lets a step happen at once. Every error is a [*StepError].
func (b *Bench) Do(s Step) error {
	if s.Act == ActRestart {
		b.Restart()
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	seat := b.seats[s.Port]
	switch {
	case seat == nil:
		return &StepError{s, "no phone belongs to this port"}
	case s.Act == ActPlug && seat.plugged != nil:
		return &StepError{s, "the phone is plugged in already"}
	case s.Act == ActPlug:
		b.join(seat)
		return nil
	case seat.plugged == nil:
		return &StepError{s, "the phone is not plugged in"}
	}
	return b.do(s, seat.plugged)
}

// do does something to a phone that is plugged in. Bench.mu is held.
func (b *Bench) do(s Step, a *attachment) error {
	p := a.phone
	switch s.Act {
	case ActUnplug:
		b.leave(a)
	case ActReplug:
		b.restart(a, p)
	case ActMode:
		p.Mode = s.Mode
		b.restart(a, p)
	case ActUpdate:
		b.restart(a, p.updated(s.Release))
	case ActTrust, ActDeny, ActUnlock:
		if p.Mode != "" && p.Mode != diag.Normal {
			return &StepError{s, "a phone in " + string(p.Mode) + " mode asks nothing"}
		}
		b.touch(s.Act, a)
	default:
		return &StepError{s, "nothing of that name happens to a phone"}
	}
	return nil
}
