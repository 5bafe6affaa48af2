// Package diag decides whether an iOS update or restore can end in Error 53.
//
// It is pure: no input, no output, no clock, no logger; the same facts always
// give the same verdict.
//
// # Model
//
//	Facts ──► Case ──► Outcome ──► Verdict
//	what is    what     effect,     the same with reasons,
//	known,     decides, check,      sources, the question,
//	and from   parsed   risk        warnings and next steps
//	where
//
// Prediction is what the evidence says will happen: the restore ramdisk of the
// target build checks the Touch ID sensor, so the target decides. Check is what
// two published documents say when applied to the letter: they read the version
// that is installed. The risk is the headline made of both, and a disagreement
// between them is always named.
//
// USB cannot see whether a sensor is paired with its phone. The package never
// claims it: repair history and a working Touch ID are the operator's word. What a phone
// tells a computer that it trusts ([Session]: backup, battery, Find My, two serial numbers
// of the sensor) decides nothing; it adds steps and warnings.
//
// # References
//
//   - [APPFIXING] "iPhone Error 53: What It Means and How to Fix It",
//     appfixing.com/iphone-error-53-fix
//   - [IHELPIT] "iTunes Error 53: The (in)convenience of security",
//     ihelpit.com.au/itunes-error-53-the-inconvenience-of-security
//   - [AMRESTORE] Apple's restore library names status 53 kAMRestoreErrorFDRFailure;
//     idevicerestore prints it as "Failed to recover FDR data"
//     (libimobiledevice/idevicerestore, src/restore.c, restore_handle_status_msg)
//   - [APPLEDB] littlebyteorg/appledb: releases, builds and the devices they are for
//
// # Limits
//
// The catalog is a snapshot (see [DataDate]); it cannot know what Apple signs
// today, so "newest" means "believed signed". Releases older than iOS 7.0 are not
// in it.
package diag
