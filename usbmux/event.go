package usbmux

import (
	"fmt"

	"error53/usbmux/plist"
)

// EventKind is what an Event tells.
type EventKind string

// The kinds of event. The first three are spelt as the daemon spells them; the others
// are of our own making.
const (
	Attached EventKind = "Attached" // Device has come
	Detached EventKind = "Detached" // Device has gone; where Err is set, because its daemon has
	Paired   EventKind = "Paired"   // a pair record was saved for Device, which is there
	Changed  EventKind = "Changed"  // Device is still there, by another attachment or with other properties
	Daemon   EventKind = "Daemon"   // Err is nil: the daemon tells us of its phones; else: it does not, and why
)

// Event is one thing that Listen tells.
type Event struct {
	Kind   EventKind
	Device Device // as it is after the event, or was before Detached; zero for Daemon
	Err    error  // of Daemon, and of each Detached that follows from it; an OpError
}

// newEvent reads what the daemon says on a listening connection: {MessageType,
// DeviceID} and, for Attached, Properties ([MUXD] notify_device_add and those that
// follow it). What it says besides these, or about no DeviceID, is an Event without a
// Kind.
func newEvent(message plist.Dict) (Event, error) {
	name, ok := message.String("MessageType")
	if !ok {
		return Event{}, fmt.Errorf("%w: an event without a MessageType", ErrProtocol)
	}
	e := Event{Kind: EventKind(name), Device: newDevice(message)}
	switch e.Kind {
	case Attached, Detached, Paired:
		if e.Device.ID != 0 {
			return e, nil
		}
	}
	return Event{}, nil
}
