// Package mocks is a bench of virtual phones that speak the real protocols.
//
// A [Bench] stands in for usbmuxd and everything behind it. Any client can talk
// to it, over a socket ([Bench.Serve]) or in memory ([Bench.Dial]); nothing in it
// knows who is asking. Tests use it, and so does a dry run of the program.
//
// # Model
//
//	Profile ──► Phone ──► Bench ◄── Dial, Serve
//	a few       all that    usbmuxd: list, listen, connect, pair records
//	facts       a phone      └─ lockdownd (normal mode) and its services, or
//	            answers         restored (restore mode) of the phone
//	                        USB bus ◄── USBFiles, OpenUSB, USBEvents
//	                         └─ descriptors of every phone on a cable, iBoot
//
// A [Profile] says little (a product type, a version); the rest is looked up in
// the catalog of package diag or made up. A [Fault] is data: it spoils the answers
// of one side of one phone. A [Scenario] is a bench in a file; [PhoneOf] makes a phone of
// what another has said.
//
// Phones come and go while the bench serves ([Bench.Attach], [Bench.Detach],
// [Bench.Replug]), and the daemon can be started anew ([Bench.Restart]); clients that
// listen hear of it as from the real one. [Flavour] says whose daemon it is.
//
// The USB bus is shown as Linux shows one: the kernel's files, transfers with the
// kernel's errors, and its messages of what comes and goes. So a program looks at it by
// the code with which it looks at a real one, and nothing here knows that program. A
// phone walks from mode to mode at its port ([Bench.SetMode]), and usbmuxd may hear of
// it late ([Bench.Lag]).
//
// # Timelines
//
// A phone belongs to a port, plugged in or not ([Bench.Seats]). What happens to it there is
// a [Step]: [Bench.Do] lets it happen now, [Bench.Play] by the clock, as a scenario has it
// ([Scenario.Timeline]). The words of a step are the same in a file and for whoever types
// ([Phone.ParseStep]).
//
// # Trust
//
// [Trust] says how a phone stands to the host: whether it trusts it already, asks, or
// turns it down, and what the person who holds it does ([Bench.Trust], [Bench.Unlock],
// or by itself after a while). Only a host that a phone trusts gets a session, and with
// it all values and services; what others read is in [PublicKeys]. [TLS] says which TLS
// a phone speaks, by its age.
//
//	host ──Pair──► phone keeps the certificates ──► EscrowBag ──► host keeps the record
//	host ──StartSession──► HostID known? ──► TLS with these certificates ──► all values
//	                                     └─ StartService ──► port ──► TLS ──► service
//
// The pairing that a phone has from the start, all keys and all certificates are made
// when they are first wanted, and never written anywhere.
//
// A bench refuses whatever would change a phone otherwise, and its log
// ([Bench.Requests], [Bench.Handshakes]) shows that somebody asked, but nothing that
// is secret. Pair records are the host's own; clients may save and delete them, and
// they are gone with the bench.
//
// # References
//
//   - [USBMUXD] libimobiledevice/usbmuxd, the open-source daemon: src/client.c
//     (commands and their results), src/usbmuxd-proto.h (frames, numbers),
//     src/usb.c (the dash in the serial number), src/conf.c (pair records)
//   - [EXPO] expo/expo, packages/@expo/cli/src/run/ios/appleDevice/client/UsbmuxdClient.ts
//     (the properties that macOS gives)
//   - [LIBIMOBILEDEVICE] libimobiledevice/libimobiledevice: src/lockdown.c
//     (requests, error strings), src/property_list_service.c (frames), src/restore.c,
//     src/idevice.c (TLS by the age of iOS), src/diagnostics_relay.c,
//     common/userpref.c (keys, certificates and pair records)
//   - [IDEVICERESTORE] libimobiledevice/idevicerestore: src/restore.c, issues 311
//     and 328 (answers of restored as logged)
//   - [LIBIRECOVERY] libimobiledevice/libirecovery: include/libirecovery.h,
//     src/libirecovery.c (modes below iOS, commands of iBoot)
//   - [USB2] Universal Serial Bus Specification 2.0, chapter 9: requests, descriptors
//   - [SYSFS], [HUB], [MESSAGE], [USBFS], [USBERR], [NLS], [UEVENT] torvalds/linux:
//     drivers/usb/core/{sysfs.c,hub.c,message.c,devio.c},
//     Documentation/driver-api/usb/error-codes.rst, fs/nls/nls_base.c, lib/kobject_uevent.c
//   - [PYIOSDEVICE] YueChen-C/py-ios-device issue 38: what an unpaired host reads
//
// # Limits
//
// Of services there is
// diagnostics_relay alone, and of its requests MobileGestalt, IORegistry and Goodbye. A
// supervised phone never takes the answer to its challenge. Which alert a real phone
// sends to a client that it turns away, and whether it closes TLS in good order, is not
// known; here it is internal_error, and it does not. iBoot knows one command. All phones
// hang at root ports of one bus, without hubs, and the bus is that of Linux whatever the
// Flavour. Of very many phones some share a key. Faults of usbmuxd that one phone has befall the answers about it, not the
// events.
package mocks
