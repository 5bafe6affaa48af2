// Package plist reads and writes the property lists that usbmuxd, lockdownd and
// restored speak, and stands guard over the decoder that does the reading.
//
// # Model
//
//	bytes ──► Check ─────────────────────────► howett.net/plist ──► Dict
//	          size, format, depth, number of                       typed access that
//	          values, unfolded size, structure                     survives any value
//
// A message comes from a phone, from a daemon or from a file somebody sent, and a
// few hundred bytes can ask a decoder for gigabytes or for a stack without end.
// [Check] finds that out beforehand, in memory and time that do not depend on what
// the message asks for. [Decode] never hands on what Check refuses. No other
// package of this program imports the decoder.
//
// The guard reads XML with the scanner of encoding/xml, the one the decoder
// itself uses, so that the two cannot disagree on where an element ends. It
// walks binary lists just as the decoder does, from the top object, and counts a
// shared object as often as it is referred to. What it lets through it lets
// through whole: text after the document, elements no property list has, a key
// without a value are refused, not skipped.
//
// A list that is large for the sake of parts nobody asks for, as a BuildManifest is,
// becomes small by [Prune] first; the limits are the same for phones and for files.
//
// Phones put characters into XML that XML forbids; [Clean] makes them harmless
// the way other clients do.
//
// # References
//
//   - [PLIST] Apple's document type "-//Apple//DTD PLIST 1.0//EN",
//     www.apple.com/DTDs/PropertyList-1.0.dtd
//   - [CFBINARY] the binary format: apple-oss-distributions/CF, CFBinaryPList.c
//     and the trailer in ForFoundationOnly.h
//   - [XML] Extensible Markup Language 1.0, section 2.2, the characters allowed
//   - [LIMD] libimobiledevice, src/property_list_service.c: forbidden characters
//     become spaces, "iOS 4.3+ hack"
//   - [HOWETT] howett.net/plist v1.0.1, the decoder
//
// # Limits
//
// Only XML in UTF-8 and binary version 00 are read; OpenStep and GNUstep text,
// which the decoder would guess at, are not. Of two equal keys in a dictionary the
// last one counts. An integer beyond 64 bits is an error for the whole message.
//
// The decoder sets 1 KiB aside for each dictionary in XML, so the costliest
// document within the limits, one of 65,535 empty dictionaries, takes some 100 MB
// for a moment. Strings out of a binary list share one buffer of the size of the
// message, which lives as long as any of them.
//
// Encoding is for values of this program's own making: a value that contains
// itself never ends. In binary, dates are right from 1678 to 2262.
package plist
