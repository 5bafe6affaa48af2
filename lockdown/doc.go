// Package lockdown talks to lockdownd, the daemon on every iPhone that tells what the
// phone is, and to restored, which answers on the same port in restore mode.
//
// # Model
//
//	Dial ──► Client ──► QueryType ──► lockdownd: GetValue, Values
//	                              └─► restored:  HardwareInfo, SavedDebugInfo
//
// A [Client] is one connection; its exchanges follow one another and each has the
// deadline of the usbmux.Client that it was dialled with. [Client.QueryType] tells who
// answers, and comes first: once restored has answered, nothing but restored's two
// reading requests can be sent.
//
// Values are read without a session, as a phone gives them to a computer that it does
// not trust: what the phone is and runs, but not its serial number or activation
// state. They come as plist values of any type; plist.Dict reads them by type.
//
// Only the requests named in request.go can be sent. None changes the phone.
//
// # References
//
//   - [LOCKDOWN] libimobiledevice/libimobiledevice, src/lockdown.c: requests, error
//     strings
//   - [RESTORE] libimobiledevice/libimobiledevice, src/restore.c: restored's requests
//   - [IDEVICERESTORE] libimobiledevice/idevicerestore, src/restore.c and issues 311
//     and 328, which show restored's answers
//   - [GOIOS] danielpaulus/go-ios, package ios, v1.3.2
//
// # Limits
//
// No sessions, pairing or services yet. The domain com.apple.mobile.debug should not
// be asked for: it can crash lockdownd (libimobiledevice, tools/ideviceinfo.c).
package lockdown
