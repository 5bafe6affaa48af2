// Package firmware reads what an IPSW says of itself: which iOS it installs, on
// which models, and how. It reads in place and never unpacks.
//
// # Model
//
//	IPSW ──► end record ──► directory ──► BuildManifest.plist ──► Prune ──► plist ──► Image
//	a zip    our own check  archive/zip   Restore.plist
//
// An IPSW has gigabytes, of which some hundred kilobytes matter: the directory at
// its end and one or two property lists. [Open] reads these, or one such list that
// lies in a file of its own; [OpenFolder] does so with each file of a folder.
//
// # References
//
//   - [APPNOTE] PKWARE's .ZIP File Format Specification 6.3.10: the end records in
//     4.3.14 to 4.3.16, encryption in 4.4.4
//   - [RESTORE] libimobiledevice/idevicerestore: src/ipsw.c and src/idevicerestore.c
//     for the keys of both lists (build_manifest_check_compatibility and
//     build_manifest_get_build_identity_for_model), src/restore.c for FDRSupport
//
// # Limits
//
// Every length is held against a limit before memory is set aside for it: a
// directory of [MaxDirectory], a list of [MaxManifest] bytes. All of it is believed
// as it stands; signatures are not checked. FDRSupport is reported and decides
// nothing: iOS 9 demands factory data of the iPhone 5s, whose manifest denies it
// (idevicerestore issues 51 and 58).
package firmware
