package postmortem

import "strings"

// rank is how much a line that gives a code has to say about the end of the restore.
type rank int

const (
	byTool  rank = iota + 1 // a number of the tool's own, or of one request
	byPhone                 // the result of a step: the restore may have gone on
	byHost                  // the final status
)

// ending is how a restore ended, as far as it is known.
type ending struct {
	known bool
	code  int64 // 0 for success
	rank  rank
	line  mark
}

func (e ending) isCode(code int64) bool { return e.known && e.code == code && code != 0 }
func (e ending) succeeded() bool        { return e.known && e.code == 0 }

// found takes a code. Of several the last one of the highest rank is final.
func (r *recorder) found(code int64, by rank, h hit) {
	if code == 0 && by < byHost || by < r.final.rank {
		return
	}
	if r.final.known && r.final.rank == by && r.final.code == code {
		return // the first line that says so is the best witness
	}
	r.final = ending{true, code, by, r.mark(h)}
}

// statuses are the lines in which programs tell how a restore ended.
var statuses = []rule{
	// [IDR] restore_handle_status_msg gives the status in words.
	{words: "Status: ", read: func(r *recorder, h hit) {
		text := strings.TrimSuffix(h.behind(), `\n"`) // one copy of the tool quotes what it prints
		if code, ok := statusTexts[strings.TrimRight(text, " .")]; ok {
			r.ends(code, h)
		}
	}},
	{words: "Unhandled status message (", read: ends(number)},
	// [PMD3] logs the message when it is verbose, and the status in words in any case.
	{words: "status message: {", read: func(r *recorder, h hit) {
		r.ownLogNext = true
		const key = "'Status': "
		if at := strings.Index(h.line, key); at >= 0 {
			ends(number)(r, hit{line: h.line, from: at, to: at + len(key)}) // behind the whole log of the phone
		}
	}},
	{words: " ERROR ", read: func(r *recorder, h hit) {
		if code, ok := pythonTexts[strings.TrimSpace(h.behind())]; ok && strings.Contains(h.before(), "pymobiledevice3") {
			r.ends(code, h)
		}
	}},
	{words: "AMRError", read: func(r *recorder, h hit) { // in a property list, a description or prose
		value := strings.TrimPrefix(strings.TrimPrefix(h.behind(), "</key>"), "<integer>")
		if code, ok := number(strings.TrimLeft(value, "'\":= ")); ok {
			r.ends(code, h)
		}
		r.integerNext = strings.HasSuffix(strings.TrimSpace(h.line), "<key>AMRError</key>")
	}},
	{words: "<integer>", read: func(r *recorder, h hit) {
		if r.integerHere {
			ends(number)(r, h)
		}
	}},
	// Apple's restore library, in iTunes, Finder, Apple Devices and Configurator.
	{words: "Restore completed, status:", read: ends(number)},
	{words: ": Restore error ", read: ends(number)},
	{words: "error occurred (", read: ends(number)},
	{words: "Depth:0 Code:", read: ends(number)}, // those further down may be of any domain
	{words: ">: Restore failed (result = ", read: ends(number)},
	{words: "RestoreWithError failed with error: ", read: ends(number)},
	{words: "AMRestoreErrorDomain error ", read: ends(number)},
	{words: "AMRestoreErrorDomain Code=", read: ends(number)},
	{words: "AMRestoreErrorDomain - 0x", read: ends(hexNumber)},
	{words: "AMRestoreErrorDomain – 0x", read: ends(hexNumber)},
	{words: "MobileDevice.MobileRestore error ", read: ends(number)},
	{words: "MobileDevice.MobileRestore - 0x", read: ends(hexNumber)},
	{words: "MobileDevice.MobileRestore – 0x", read: ends(hexNumber)},
	{words: "0: AMRestoreErrorDomain/", read: func(r *recorder, h hit) { // 53 is written 35
		if h.from == 0 || !isWord(h.line[h.from-1]) {
			ends(hexNumber)(r, h)
		}
	}},
	{words: ">: Restore succeeded", read: succeeds},
	{words: "device returned success", read: succeeds},
	{words: "restoring succeeded", read: succeeds}, // [FUTURE]
	{words: "Unable to successfully restore device", read: func(r *recorder, h hit) { r.gaveUp = r.mark(h) }},
	{words: "Unable to restore device", read: func(r *recorder, h hit) { r.gaveUp, r.ended = r.mark(h), true }},
	// Numbers of the tools' own.
	{words: "Failed with errorcode=", read: endsByTool}, // [FUTURE]
	{words: "idevicerestore_start result:", read: endsByTool},
	{words: "command device request ", read: func(r *recorder, h hit) {
		if _, code, found := strings.Cut(h.near(), "failed: "); found {
			if code, ok := number(code); ok {
				r.found(code, byTool, h)
			}
		}
	}},
}

// statusTexts are the words of [IDR] for the status of the restore ramdisk. -1 is sent as
// 0xFFFFFFFFFFFFFFFF; 50 has the words of 51.
var statusTexts = map[string]int64{
	"Restore Finished":            0,
	"Verification Error":          -1,
	"Disk Failure":                6,
	"Fail":                        14,
	"Failed to mount filesystems": 27,
	"Failed to load SEP Firmware": 51,
	"Failed to recover FDR data":  fdrFailure,
	"X-Gold Baseband Update Failed. Defective Unit?": 1015,
}

// pythonTexts are those of [PMD3].
var pythonTexts = map[string]int64{
	"verification error":          -1,
	"disk failure":                6,
	"fail":                        14,
	"failed to mount filesystems": 27,
	"failed to recover FDR data":  fdrFailure,
	"failed to load SEP firmware": 51,
	"X-Gold Baseband Update Failed. Defective Unit?": 1015,
}

func ends(read func(string) (int64, bool)) func(*recorder, hit) {
	return func(r *recorder, h hit) {
		if code, ok := read(h.behind()); ok {
			r.ends(code, h)
		}
	}
}

func (r *recorder) ends(code int64, h hit) {
	r.found(code, byHost, h)
	r.ended = true
}

func succeeds(r *recorder, h hit) { r.ends(0, h) }

func endsByTool(r *recorder, h hit) {
	if code, ok := number(h.behind()); ok {
		r.found(code, byTool, h)
		r.ended = true
	}
}
