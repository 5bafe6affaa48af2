// Package mocks is a bench of virtual phones that speak the real protocols.
//
// A [Bench] stands in for usbmuxd and everything behind it. Any client can talk
// to it, over a socket ([Bench.Serve]) or in memory ([Bench.Dial]); nothing in it
// knows who is asking. Tests use it, and so does a dry run of the program.
//
// # Model
//
//	Profile ──► Phone ──► Bench ◄── Dial, Serve
//	a few       all that    usbmuxd: list, connect, pair records
//	facts       a phone      └─ lockdownd (normal mode) or
//	            answers         restored (restore mode) of the phone
//
// A [Profile] says little (a product type, a version); the rest is looked up in
// the catalog of package diag or made up. A [Fault] is data: it spoils the answers
// of one side of one phone. A [Scenario] is a bench in a file.
//
// A bench is as a host without a pairing sees it: no session, so only the public
// values. It refuses whatever would change a phone, and its log ([Bench.Requests])
// shows that somebody asked.
//
// # References
//
//   - [USBMUXD] libimobiledevice/usbmuxd, the open-source daemon: src/client.c
//     (commands and their results), src/usbmuxd-proto.h (frames, numbers),
//     src/usb.c (the dash in the serial number)
//   - [LIBIMOBILEDEVICE] libimobiledevice/libimobiledevice: src/lockdown.c
//     (requests, error strings), src/property_list_service.c (frames), src/restore.c
//   - [IDEVICERESTORE] libimobiledevice/idevicerestore: src/restore.c, issues 311
//     and 328 (answers of restored as logged)
//   - [PYIOSDEVICE] YueChen-C/py-ios-device issue 38: what an unpaired host reads
//
// # Limits
//
// Plist requests only (protocol version 1); the binary ones of version 0 get
// "bad command". Listen replays the phones that are there and then stays silent.
// No sessions, no services, no writing of pair records, no DevicePublicKey (without
// which a client cannot even ask to pair), no recovery or DFU mode: those phones are
// not behind usbmuxd.
package mocks
