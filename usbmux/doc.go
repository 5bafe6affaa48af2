// Package usbmux is a client of usbmuxd, the daemon that shares the USB link of
// Apple's phones: it tells which phones are attached, and when they come and go, opens
// connections to ports on them, and keeps the host's pair records.
//
// # Model
//
//	Client ──► daemon connection ──► Devices           one request, one answer
//	           daemon connection ──► Events            one request, answers without end
//	           daemon connection ──► Conn to a port    Connect turns the first into the second,
//	                                                   and StartTLS makes that one secret
//
// A [Client] holds no connection: each call dials, asks and closes. [Client.Listen]
// holds one for as long as its loop runs, and makes another when the daemon dies.
// [Client.Connect] hands its connection over as a [Conn], on which a service of the
// phone answers; [Client.Reach] reads the pair record on the way.
// Everything on a Conn happens in an exchange ([Conn.Exchange]): one at a time, with a
// deadline, ended by its context. A failed exchange closes the connection, since
// nobody knows any more where the next message begins.
//
// The frames are carried by go-ios over a connection of ours, which hands it only
// whole frames whose length was checked against a cap and whose plist was checked by
// package plist. Answers are decoded here, not there.
//
// # References
//
//   - [MUXPROTO] libimobiledevice/usbmuxd, src/usbmuxd-proto.h: header, message
//     types, result numbers
//   - [MUXD] libimobiledevice/usbmuxd, src/client.c: what the daemon does with a
//     request; src/conf.c: where it keeps pair records
//   - [LIBUSBMUXD] libimobiledevice/libusbmuxd, src/libusbmuxd.c: the common client
//   - [GOIOS] danielpaulus/go-ios, package ios, v1.3.2
//
// # Limits
//
// Phones in recovery or DFU mode are never listed, since usbmuxd does not serve them.
// Under WSL the daemon of the Windows host has to be named by [AddressVariable].
// [Client.SavePairRecord] and [Client.DeletePairRecord] write to this host; nothing
// here writes to a phone.
//
// # Debugging
//
// Client.Log gets one line per exchange at debug level. go-ios logs nothing: its
// messages are discarded for the whole process (see conn.go).
package usbmux
