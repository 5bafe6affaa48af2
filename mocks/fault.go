package mocks

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Side is one of the programs that answer.
type Side string

// The sides.
const (
	Usbmuxd   Side = "usbmuxd"
	Lockdownd Side = "lockdownd"
	Restored  Side = "restored"
)

// Kind is what goes wrong with an answer.
type Kind string

// The kinds of fault.
const (
	Silent      Kind = "silent"       // no answer; the connection stays open
	Slow        Kind = "slow"         // the answer comes after Delay
	Cut         Kind = "cut"          // the connection ends after so many bytes
	WrongLength Kind = "wrong-length" // the frame claims 4,294,967,295 bytes
	Garbage     Kind = "garbage"      // a good frame around bytes that are no plist
	WrongTag    Kind = "wrong-tag"    // usbmuxd: another tag; lockdownd: another Request
	WrongType   Kind = "wrong-type"   // a plist, but an array where a dictionary belongs
	Vanish      Kind = "vanish"       // the phone is gone: connections end, no list has it
)

// Kinds lists every kind of fault.
var Kinds = []Kind{Silent, Slow, Cut, WrongLength, Garbage, WrongTag, WrongType, Vanish}

// Fault spoils the answers of one side, on every connection, from some point on.
type Fault struct {
	Side Side
	Kind Kind

	// After counts what the side still does well on each connection before the
	// fault sets in: answers, or with Cut bytes. Each event is an answer.
	After int

	// Delay of every answer, for Slow.
	Delay time.Duration
}

// Validate tells why a fault means nothing; nil when it means something.
func (f Fault) Validate() error {
	switch {
	case f.Side != Usbmuxd && f.Side != Lockdownd && f.Side != Restored:
		return fmt.Errorf("no side is called %q", f.Side)
	case !slices.Contains(Kinds, f.Kind):
		return fmt.Errorf("no kind of fault is called %q", f.Kind)
	case f.Side == Restored && f.Kind == WrongTag:
		return errors.New("answers of restored carry no tag")
	case f.After < 0 || f.Delay < 0:
		return errors.New("after and delay cannot be negative")
	case (f.Delay > 0) != (f.Kind == Slow):
		return errors.New("a delay belongs to slow, and to nothing else")
	}
	return nil
}

// faultsOf picks the faults of one side.
func faultsOf(side Side, lists ...[]Fault) []Fault {
	var picked []Fault
	for _, f := range slices.Concat(lists...) {
		if f.Side == side {
			picked = append(picked, f)
		}
	}
	return picked
}
