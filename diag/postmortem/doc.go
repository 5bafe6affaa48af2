// Package postmortem reads the log of a restore that has failed and tells what its
// lines support: which phone, from which iOS to which, the step that failed, the code,
// and whether the Touch ID sensor or something else is behind it.
//
// It is a reader over an [io.Reader] and nothing else. Of a log it keeps what it has
// recognised, so that one of a gigabyte needs no more memory than one of a page.
//
// # Model
//
//	bytes ──► lines ──► hits ──► recorder ──► Run
//	any       with      known    what one     code, step, cause,
//	encoding  numbers   words    run says     evidence, next steps
//
// A file may hold several runs. A run ends with its final status, and the next one
// begins with the words a program starts with, or with another phone.
//
// # What a 53 proves
//
// Code 53 is an FDR failure: the factory data of the phone could not be had or did not
// check out. Most logs that hold one speak of the network, of the proxy of the program
// that restored, or of Apple's server. So the number alone proves nothing. The sensor is
// named only where the package diag predicts Error 53 for a bad sensor, given the phone
// and the iOS in the log, and no line speaks of anything else.
//
// A number counts as the code only in the words that the programs below print it in.
// Progress operations (53 is "collecting updater output"), answers of the signing server,
// error numbers of other domains and the hexadecimal numbers of a CFError list are other
// number spaces.
//
// # References
//
//   - [IDR] libimobiledevice/idevicerestore, src/restore.c: status texts
//     (restore_handle_status_msg), checkpoint lines, progress operations; its issues 268,
//     352, 370, 490, 626, 751 and 764 hold logs of the forms read here
//   - [PMD3] doronz88/pymobiledevice3, pymobiledevice3/restore/restore.py
//   - [FUTURE] tihmstar/futurerestore, src/main.cpp
//   - [AMRESTORE] the error numbers of Apple's restore library, kAMRestoreError…
//   - [MOBILEDEVICE] comments in published copies of MobileDevice.h: where iTunes logs
//   - [A999] alex-free/a999activator, issue 14: a restore to iOS 9.2 of a phone with a
//     broken Touch ID sensor, the only log found that ties the two together; its end,
//     and with it the code, is missing
//
// # Limits
//
// No log of 2014 to 2016 with a Touch ID 53 and its code was ever found: the sensor is
// always named by elimination, never by a line that says so. Compressed logs have to be
// unpacked first. Dialogs are recognised in English.
package postmortem
