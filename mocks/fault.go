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

	TLSServer        Side = "tls"               // of a phone: the handshakes of its sessions and services
	DiagnosticsRelay Side = "diagnostics_relay" // a service
)

// Sides lists every side.
var Sides = []Side{Usbmuxd, Lockdownd, Restored, OnBus, TLSServer, DiagnosticsRelay}

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

	// Of handshakes alone.
	Stranger Kind = "stranger" // the certificate is for a key that is not the phone's
	Alert    Kind = "alert"    // the handshake fails, and the phone goes on in TLS

	// Of the USB device alone.
	Stall    Kind = "stall"     // requests are turned down
	NoSerial Kind = "no-serial" // it has no serial number string
	Refuse   Kind = "refuse"    // this user may not open it
	Held     Kind = "held"      // another program has claimed it
)

// Kinds lists what can befall the answers of every side but TLSServer and OnBus.
var Kinds = []Kind{Silent, Slow, Cut, WrongLength, Garbage, WrongTag, WrongType, Vanish}

// TLSKinds lists what can befall the handshakes of TLSServer.
var TLSKinds = []Kind{Silent, Slow, Cut, WrongLength, Garbage, Vanish, Stranger, Alert}

// USBKinds lists what can befall a device on the bus: there WrongLength, Garbage and
// WrongType are of string descriptors, and Garbage is UTF-16 with a NUL and half a pair
// in it.
var USBKinds = []Kind{Silent, Slow, WrongLength, Garbage, WrongType, Vanish, Stall, NoSerial, Refuse, Held}

// kinds are those that can befall a side; none where there is no such side.
func (s Side) kinds() []Kind {
	switch s {
	case Usbmuxd, Lockdownd, Restored, DiagnosticsRelay:
		return Kinds
	case TLSServer:
		return TLSKinds
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
	// fault sets in: answers, or with Cut bytes. Each event is an answer. Of TLS it
	// counts the handshakes of the phone on all connections. On the USB bus so count
	// the strings that the kernel reads when the phone starts, the files of strings
	// read from the kernel, and the transfers of each opening, each apart; NoSerial,
	// Refuse and Held are there from the start.
	After int

	// Delay of every answer or handshake, for Slow.
	Delay time.Duration
}

// Validate tells why a fault means nothing; nil when it means something.
func (f Fault) Validate() error {
	switch {
	case f.Side.kinds() == nil:
		return fmt.Errorf("no side is called %q", f.Side)
	case !slices.Contains(f.Side.kinds(), f.Kind):
		return fmt.Errorf("no kind of fault of %s is called %q", f.Side, f.Kind)
	case f.Kind == WrongTag && f.Side != Usbmuxd && f.Side != Lockdownd:
		return fmt.Errorf("answers of %s carry no tag", f.Side)
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
