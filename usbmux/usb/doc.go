// Package usb finds the Apple devices on the USB buses of this computer, those above
// all that usbmuxd does not serve: in recovery, DFU and similar modes there is no
// network stack to talk to.
//
// # Model
//
//	Bus ──► Devices      Scan, Watch: product id, port, strings. Nothing is sent on Linux
//	    ──► Serial       the serial number once more, for which the device is opened
//	    ──► Nonces       one more string, likewise
//	    ──► BuildVersion the one command: getenv, in recovery mode only
//
// A device names itself in its descriptors:
//
//	product id          the mode, see [ModeOf]
//	serial number       the iBoot string, see [ParseIBoot]: chip, board, ECID
//	                    and, from recovery on, the serial number of the phone
//
// Chip id and board id together name the model; either alone does not. Nothing in the
// string tells the iOS version.
//
// # Ways to look
//
// Linux shows everybody what it read when the device was plugged in, so [Bus.Scan]
// needs neither libusb nor permission there. Elsewhere it needs libusb, which is built
// in with the tag "libusb" and cgo; so do the other questions on every system, Linux
// included, and there the permission to open the device too (see
// [Device.Access]). A build without it says ErrUnsupported.
//
// [Bus] says where the kernel's files are and what opens a device. A bench of virtual
// phones fits in there: it shows the same files, and answers the same transfers, so all
// but libusb itself runs as with a real phone.
//
// # What never happens
//
// No configuration is set, no interface claimed, no driver detached, nothing reset or
// uploaded, and no device in normal mode opened: a restore by another program looks
// the same from outside. All transfers pass one function, readOnly, that lets through
// requests for descriptors and "getenv build-version".
//
// # References
//
//   - [LIBIRECOVERY] libimobiledevice/libirecovery: include/libirecovery.h for the
//     product ids; src/libirecovery.c for the string, the commands, the nonces and the
//     Windows device path
//   - [USBMUXD] libimobiledevice/usbmuxd: src/usb.h, product ids of normal mode;
//     src/usb.c, location ids
//   - [USB2] Universal Serial Bus Specification 2.0, chapter 9: requests, descriptors
//   - [LIBUSB] libusb/libusb, libusb/libusb.h
//   - [SYSFS] torvalds/linux, drivers/usb/core/sysfs.c and
//     Documentation/ABI/testing/sysfs-bus-usb
//   - [USBFS] torvalds/linux, drivers/usb/core/devio.c
//   - [UEVENT] torvalds/linux, lib/kobject_uevent.c
//   - [USBERR] torvalds/linux, Documentation/driver-api/usb/error-codes.rst
//
// # Limits
//
// A device that comes after a scan is not seen by it: [Bus.Watch] sees it, elsewhere
// than on Linux up to a second later. On Linux the strings
// are those of the moment of plugging in; a device that did not give them then has
// none. On macOS, opening a device asks its owner to let go of it, as libusb always
// does there. With libusb, devices that it cannot describe are missing, and an error
// of the scan says so. A question has its deadline, but the thread of libusb behind it
// may wait for the kernel, which is busy with a device for seconds while that starts
// badly: a program that ends then has said all it has to say, and is gone once the kernel
// lets go of the thread (observed).
package usb
