// Package inspect fills the facts that package diag decides upon: from the phones
// that usbmuxd serves, or from what another tool has printed of a phone.
//
// # Model
//
// An [Inspector] lists the attached phones and reads them all at once, one
// goroutine and one deadline a phone. A phone that hangs, vanishes or talks
// garbage has a [Reading] with an error and with the facts read before it; the
// others are read as if it were not there. [ReadDump] makes the same readings of
// a file.
//
// The list is made of usbmuxd's and of what is on the USB bus; a phone that is in both is
// one phone. An [Identity] tells whether two looks found the same phone, by what and
// where it is, in whatever mode it was each time.
//
// Of a phone in normal mode it asks QueryType and the public values; no Trust dialog
// comes of it. Where this computer keeps a pair record it begins a session, and asks for
// what only that gives: the domains of session.go, and on models with Touch ID the trace
// of the sensor. Whatever fails there is not known, with the reason; the verdict rests on
// what every computer may read. A phone in restore mode may be in the middle of a restore
// by another program; it is asked QueryType and nothing else, unless the operator named
// that very phone. iBoot, in recovery mode, is asked for its version where the command that
// runs may ask it: that bounds the iOS on the phone.
//
// # References
//
//   - libimobiledevice/libimobiledevice, tools/ideviceinfo.c: the domains; issues 275,
//     531, 1073, 1344 and 1572: what their values mean, and do not mean
//
// # Limits
//
// Phones in recovery and DFU mode are found on this computer's own buses alone, and tell
// what stands in their iBoot string: the model, never the iOS version. What iBoot itself
// answers takes libusb and the right to open the device. Two serial numbers of a Touch ID
// sensor are all that USB shows of it; no phone is known whose two were published, so that
// their forms are compared in every way that is likely.
package inspect
