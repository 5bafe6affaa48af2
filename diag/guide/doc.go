// Package guide holds the steps a technician takes with hands and computer: into
// recovery and DFU mode and out of them, Apple's restore for a phone that shows
// Error 53, the backup before it, and what to mind about Face ID.
//
// It is pure, as package diag is: a table of steps, no clock, no phone.
//
// # Model
//
//	Device ──► Family ──► keys ──► Guide: Steps, Notes
//	           which      which     what to do, for how long,
//	           buttons    ones      and where it is known from
//
// A step with Seconds is held or waited for; whoever shows it may count. Until is
// the mode such steps lead to: as soon as the phone shows it, they are over.
//
// # References
//
//   - [HT201263] Apple's page on recovery mode, support.apple.com/HT201263
//   - [ZDNET53] Apple's steps of February 2016 for a phone that shows Error 53,
//     zdnet.com/article/apple-addresses-error-53-flap-with-iphones
//   - [IHELPIT] the same steps but one,
//     ihelpit.com.au/itunes-error-53-the-inconvenience-of-security, 19 February 2016
//   - [ZDNET8] buttons of the iPhone 8: zdnet.com/article/
//     iphone-8-tips-how-to-force-restart-enter-recovery-and-dfu-mode, 2017-10-13
//   - [TECHTIMES7] buttons of the iPhone 7: techtimes.com/articles/178417, 2016-09-20
//   - [PALERA1N] palera1n/palera1n, src/dfuhelper.c
//
// # Limits
//
// Apple documents no way into DFU mode; those steps are the trade's. Seconds are
// what the sources say, measured by nobody here.
package guide
