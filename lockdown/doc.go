// Package lockdown talks to lockdownd, the daemon on every iPhone that tells what the
// phone is, to the services that it starts, and to restored, which answers on the same
// port in restore mode.
//
// # Model
//
//	Dial ──► Client ──► QueryType ──► lockdownd: GetValue, Values
//	                              └─► restored:  HardwareInfo, SavedDebugInfo
//	Open ──► Phone, which is a Client, in a session where the phone trusts this computer
//	           └─► Diagnostics, on a connection of its own; Sensor
//	Pairing ──► a phone that trusts this computer
//
// A [Client] is one connection; its exchanges follow one another and each has the
// deadline of the usbmux.Client that it was dialled with. [Client.QueryType] tells who
// answers, and comes first: once restored has answered, nothing but restored's two
// reading requests can be sent.
//
// Without a session a phone gives what it is and runs, but not its serial number or
// activation state. [Open] begins one with the pair record that usbmuxd keeps, over the
// TLS that the phone's iOS speaks (tls.go), and with nobody but the phone whose key is in
// the record. Without one, it says why. Values come as plist values of any type;
// plist.Dict reads them by type.
//
// [Pairing] makes a phone trust this computer, and tells at each moment what it waits
// for. Nothing else in the package changes anything on a phone or on this computer.
//
// Only the requests named in request.go, pairing.go and diagnostics.go can be sent.
//
// # References
//
//   - [LOCKDOWN] libimobiledevice/libimobiledevice, src/lockdown.c: requests, error
//     strings, pairing
//   - [USERPREF] libimobiledevice/libimobiledevice, common/userpref.c: what a pair record
//     holds, and its certificates
//   - [IDEVICE] libimobiledevice/libimobiledevice, src/idevice.c: TLS
//   - [DIAGNOSTICS] libimobiledevice/libimobiledevice, src/diagnostics_relay.c
//   - [RESTORE] libimobiledevice/libimobiledevice, src/restore.c: restored's requests
//   - [IDEVICERESTORE] libimobiledevice/idevicerestore, src/restore.c and issues 311
//     and 328, which show restored's answers
//   - [GOIOS] danielpaulus/go-ios, package ios, v1.3.2
//
// # Limits
//
// Secrets of a pair record are in memory for as long as a session lasts, and show
// themselves nowhere. A session is not stopped, it ends with its connection; a phone ends
// one on which nothing is said for half a minute. Supervised phones that pair by the
// answer to a challenge are not paired with. The domain com.apple.mobile.debug should not
// be asked for: it can crash lockdownd (libimobiledevice, tools/ideviceinfo.c).
package lockdown
