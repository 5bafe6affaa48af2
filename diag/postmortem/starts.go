package postmortem

import (
	"bytes"
	"strings"
)

// starts are the words that a program begins with. Where a log holds several runs, they
// stand between them.
var starts = []rule{
	// Printed once, before anything else.
	{words: "idevicerestore 1.", starts: afterAnything},
	{words: "futurerestore init done", starts: afterAnything},
	{words: "restore library built ", starts: afterAnything},
	{words: "Start flash", starts: afterAnything},
	{words: "MobileRestore state machine", starts: afterProgress},
	{words: "Changing state from 'Idle' to ", starts: afterProgress},
	{words: "searching among connected devices", starts: afterProgress},
	{words: "using cached version data", starts: afterProgress},
	// Also printed when the phone comes back from another mode, in the same run.
	{words: "Found device in ", starts: afterEnd},
	{words: "Current software version: ", starts: afterEnd},
	{words: "CHECKPOINT BEGIN: MAIN:", starts: newPhoneLog},
	{words: "Identified device as ", starts: anotherDevice},
	// People put headings over the logs that they post.
	{words: "## ", starts: heading},
	// [IDR] The log of the run before, which the phone hands over in the next one.
	{words: "Previous Restore Log Received:", read: func(r *recorder, _ hit) { r.previousNext = true }},
	{words: "PreviousRestoreLog: ", read: func(r *recorder, _ hit) { r.previousNext = true }},
	// Behind the final status comes the log of the same run.
	{words: "Log is available:", read: func(r *recorder, _ hit) { r.ownLogNext = true }},
}

// afterAnything: a command line in front, with the name of an IPSW, is no run of its own.
func afterAnything(r *recorder, _ hit) bool {
	return r.ended || r.progressed() || r.device.weight > fromFileName
}

func afterProgress(r *recorder, _ hit) bool { return r.ended || r.progressed() }
func afterEnd(r *recorder, _ hit) bool      { return r.ended }

// newPhoneLog: the log of a phone begins anew, unless it was announced as that of this run.
func newPhoneLog(r *recorder, _ hit) bool {
	announced := r.ownLogNext
	r.ownLogNext = false
	return r.ended && !announced
}

func anotherDevice(r *recorder, h hit) bool {
	productType, _ := identified(h.behind())
	return r.ended || r.device.weight == saidOutright && productType != "" && productType != r.device.value
}

func heading(r *recorder, h hit) bool {
	return h.from == 0 && !strings.HasPrefix(h.behind(), "#") && r.tool != ""
}

// isHost tells a line of the program on the computer from one of the phone's log, which
// ends where the program goes on. [IDR], [PMD3]
func isHost(line []byte) bool {
	for _, begin := range []string{
		"About to ", "Sending ", "Done sending ", "Got status message", "Checkpoint ", "ERROR: ", "FDR 0x", "Connecting to ",
		"Waiting for NAND", "Updating NAND", "Checking for uncollected logs (", "Unmounting filesystems (", "Creating partition map (",
	} {
		if bytes.HasPrefix(line, []byte(begin)) {
			return true
		}
	}
	return bytes.Contains(line, []byte(" pymobiledevice3."))
}
