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
	OnBus     Side = "usb" // the device itself: its descriptors, and its control endpoint
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

	// Of the USB device alone.
	Stall    Kind = "stall"     // requests are turned down
	NoSerial Kind = "no-serial" // it has no serial number string
	Refuse   Kind = "refuse"    // this user may not open it
	Held     Kind = "held"      // another program has claimed it
)

// Kinds lists every kind of fault that can befall usbmuxd, lockdownd and restored.
var Kinds = []Kind{Silent, Slow, Cut, WrongLength, Garbage, WrongTag, WrongType, Vanish}

// USBKinds lists every kind of fault that can befall a device on the bus: there
// WrongLength, Garbage and WrongType are of string descriptors, and Garbage is UTF-16
// with a NUL and half a pair in it.
var USBKinds = []Kind{Silent, Slow, WrongLength, Garbage, WrongType, Vanish, Stall, NoSerial, Refuse, Held}

// kinds are those that can befall a side; none where there is no such side.
func (s Side) kinds() []Kind {
	switch s {
	case Usbmuxd, Lockdownd, Restored:
		return Kinds
	case OnBus:
		return USBKinds
	}
	return nil
}

// Fault spoils the answers of one side, on every connection, from some point on.
type Fault struct {
	Side Side
	Kind Kind

	// After counts what the side still does well on each connection before the
	// fault sets in: answers, or with Cut bytes. Each event is an answer. On the USB
	// bus so count the strings that the kernel reads when the phone starts, the files
	// of strings read from the kernel, and the transfers of each opening, each apart;
	// NoSerial, Refuse and Held are there from the start.
	After int

	// Delay of every answer, for Slow.
	Delay time.Duration
}

// Validate tells why a fault means nothing; nil when it means something.
func (f Fault) Validate() error {
	switch {
	case f.Side.kinds() == nil:
		return fmt.Errorf("no side is called %q", f.Side)
	case !slices.Contains(f.Side.kinds(), f.Kind):
		return fmt.Errorf("no kind of fault of %s is called %q", f.Side, f.Kind)
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
