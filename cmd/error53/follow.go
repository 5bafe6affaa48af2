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
	bus *bus
	own inspect.Identity // as far as it is known by now

	missed int // looks in a row that did not show it
}

// look tells in which mode the phone is now, "" where it is in none: switched off, or
// about to start. ok is false where that cannot be told: by a single look that misses it
// neither, since on a busy computer a look at the bus may run out of time, which the list
// does not tell. Nothing is sent to any phone.
func (f *follower) look(ctx context.Context) (mode diag.Mode, ok bool) {
	listed, err := f.bus.inspector.List(ctx)
	var ids []inspect.Identity
	var modes []diag.Mode
	for _, p := range listed {
		if p.Device.ConnectionType == usbmux.Network && p.Port == "" {
			continue // it stays on the list for a while after the phone has gone
		}
		ids, modes = append(ids, p.Identity()), append(modes, p.Facts.Mode.Value)
	}
	if at, by := f.own.Find(ids); by != inspect.NoEvidence {
		f.own, f.missed = f.own.With(ids[at]), 0
		return modes[at], true
	}
	f.missed++
	// Debian's usbmuxd ends with the last phone in normal mode.
	return "", f.missed > 1 && (err == nil || errors.Is(err, usbmux.ErrNoDaemon))
}
