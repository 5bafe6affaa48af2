// Package recording keeps what was said between this program and one phone in a text
// file, and lets it be said again.
//
// # Model
//
//	usbmux.Client.Tap ──► Recorder ──► Recording ──► Mask ──► text ──► Parse ──► Recording
//	                                                                               │
//	             the real code ◄── Bench ◄── mocks.Phone ◄── Recording.Phone ◄─────┘
//	                   └──► Recording.Replay: what was asked, held against the file
//
// A recording holds the whole conversation of an inspection: requests as well as
// answers, of usbmuxd, of lockdownd inside and outside of TLS, of services, of restored;
// of a phone in recovery or DFU mode what it shows on the bus. It is a virtual phone
// ([Recording.Phone]), and a test of whoever asks: a replay fails on a request that is
// not in the file, and on one in the file that nobody made.
//
// # The file
//
//	error53 recording 1
//	model: iPhone7,2
//	mode: normal
//	…
//
//	== 1 usbmuxd
//	> ListDevices
//		<dict>
//			…
//	<
//		<dict>
//			…
//
//	== 2 lockdownd
//	> QueryType
//		…
//	-- TLS
//	> GetValue
//		…
//
// The first line names the form, lines "key: value" say what it is a recording of.
// Each flow is what one connection has to say to one daemon or service: requests (>)
// with their names, answers (<), and a line where TLS begins. Messages are property
// lists in XML without their heads, dictionaries sorted by key. There is one way to
// write a recording: [Parse] takes no other, so that two files differ where the
// conversations do.
//
// # What is not in it
//
// Numbers that a daemon gives anew each time (the DeviceID, ports of services) are
// counted from the same start in each file. What identifies the pairing or opens it
// (pair records, escrow bags, HostID, SystemBUID, SessionID) is left empty or replaced,
// whether masked or not. Nothing else of the daemon's other phones is kept.
//
// # Limits
//
// Only whole conversations: one that broke off in the middle is not recorded. What
// bytes passed, in which version of TLS, and how long it took is not kept. A session
// that a phone refuses for a damaged record is replayed with an empty one.
package recording
