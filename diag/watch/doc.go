// Package watch follows phones while they come, go, are read and change their mode.
//
// # Model
//
//	usbmux.Listen ─┐
//	usb.Bus.Watch ─┼─► rows, one a phone ─► Event ─► whoever looks on
//	inspections ───┘
//
// Nothing is polled but the daemon, twice a minute, since one that hangs looks like one
// with nothing to tell. Each event of either source changes the list of what is there;
// the list is held against the rows. A row is one phone: it stays while the phone is
// away, and is found again by ECID, UDID, serial number or hub port, whatever mode the
// phone comes back in.
//
// A phone is read as soon as it is there, by one goroutine at a time; pulling it ends
// the reading. One that flaps is read again when it has settled.
//
// # The journey
//
// A phone that leaves normal mode may be in a restore by another program. It is watched
// from outside: its descriptors are looked at, and a phone in restore mode is asked one
// QueryType. When it is back in normal mode, or stands in recovery mode, the Outcome
// holds what became of it against what was predicted when it left.
//
// # Limits
//
// Whether Touch ID works after an update cannot be read: the operator is asked again.
// Without ECID, UDID and serial number a phone is known by its hub port alone, and only
// for a minute.
package watch
