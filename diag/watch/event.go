package watch

import (
	"slices"
	"time"

	"error53/diag"
	"error53/diag/inspect"
)

// Kind is what an Event tells.
type Kind string

// The kinds of event.
const (
	Attached    Kind = "attached"     // the phone is there, for the first time or again
	FactsRead   Kind = "facts"        // it was read
	Decided     Kind = "verdict"      // the verdict on what was read and said
	ModeChanged Kind = "mode-changed" // it is in another mode than before
	Detached    Kind = "detached"     // it is away
	Outcame     Kind = "outcome"      // a journey through an update ended
	Failed      Kind = "error"        // it could not be read
	Daemon      Kind = "daemon"       // usbmuxd answers (Err is nil), or does not
)

// Kinds lists every kind of event.
var Kinds = []Kind{Attached, FactsRead, Decided, ModeChanged, Detached, Outcame, Failed, Daemon}

// Event is one thing that happened.
type Event struct {
	Seq   uint64 // counted from 1
	Time  time.Time
	Kind  Kind
	Phone *Phone // as it is after the event; nil for Daemon
	Err   error  // of Failed and Daemon
}

// Phone is what is known of one phone, whether it is there or away.
type Phone struct {
	Key     int    // of its row, from 1: the same as long as the phone is remembered
	Port    string // where its cable is or was, "1-2.3"; "" = not known
	Present bool
	Since   time.Time // when it came, or went
	Busy    bool      // it is being read, or something else is done with it

	Facts diag.Facts // of its present mode, or of the last one it was in
	Err   error      // why they are not whole

	// NoSession is why the phone did not tell what it tells only a computer that it
	// trusts, as of inspect.Reading.
	NoSession error

	Verdict *diag.Verdict
	Journey []Leg
	Outcome *Outcome // of its last journey

	at inspect.Phone // as it was listed last
}

// Mode is the mode the phone stands in, or stood in last.
func (p *Phone) Mode() diag.Mode { return p.Facts.Mode.Value }

// Leg is a stay in one mode.
type Leg struct {
	Mode    diag.Mode
	Since   time.Time
	Version string // in normal mode; "" = not read
	Build   string
}

// snapshot is the row as an event tells it: what changes later does not change it.
func (r *row) snapshot() *Phone {
	p := r.Phone
	p.Busy = r.work != nil
	p.Journey = slices.Clone(r.Journey)
	p.at = inspect.Phone{}
	return &p
}
