package main

import (
	"context"
	"errors"

	"error53/diag"
	"error53/diag/inspect"
	"error53/usbmux"
)

// follower finds one phone again while it goes from mode to mode.
type follower struct {
	bus    *bus
	own    diag.Facts
	others []phone // what else was there when it was found
}

// look tells in which mode the phone is now, "" where it is in none: switched off, or
// about to start. ok is false where that cannot be told. Nothing is sent to any phone.
func (f follower) look(ctx context.Context) (mode diag.Mode, ok bool) {
	listed, err := f.bus.inspector.List(ctx)
	if p, found := f.find(listed); found {
		return p.Facts.Mode.Value, true
	}
	// Debian's usbmuxd ends with the last phone in normal mode.
	return "", err == nil || errors.Is(err, usbmux.ErrNoDaemon)
}

// find gives the phone that has an identifier of ours, else the only one that was not
// there before and may be it: an old phone shows no ECID in normal mode.
func (f follower) find(listed []inspect.Phone) (inspect.Phone, bool) {
	var perhaps []inspect.Phone
	for _, p := range listed {
		if p.Device.ConnectionType == usbmux.Network {
			continue // it stays on the list for a while after the phone has gone
		}
		same, known := compare(f.own, p.Facts)
		switch {
		case same:
			return p, true
		case !known && !f.isOther(p):
			perhaps = append(perhaps, p)
		}
	}
	if len(perhaps) == 1 {
		return perhaps[0], true
	}
	return inspect.Phone{}, false
}

func (f follower) isOther(p inspect.Phone) bool {
	for _, other := range f.others {
		if same, known := compare(other.facts, p.Facts); same || !known && other.place == place(p) {
			return true
		}
	}
	return false
}

// compare tells whether two readings are of one phone by the first identifier that both
// have; known is false where there is none.
func compare(a, b diag.Facts) (same, known bool) {
	for _, pair := range [][2]diag.Fact[string]{{ecidText(a.ECID), ecidText(b.ECID)}, {a.UDID, b.UDID}, {a.SerialNumber, b.SerialNumber}} {
		if pair[0].Known() && pair[1].Known() {
			return fold(pair[0].Value) == fold(pair[1].Value), true
		}
	}
	return false, false
}
