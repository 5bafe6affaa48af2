package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"error53/usbmux/usb"
)

// status is how a check ended.
type status string

const (
	isPassed  status = "pass"
	isFailed  status = "fail"
	isSkipped status = "skipped"
)

// check is one link of the chain: what was found, and what to do about it.
type check struct {
	id        string
	status    status
	device    string // the phone it is about; "" for the computer
	reason    string
	remedy    []string // steps: each a command to type, or what to do by hand
	exit      int      // where it failed
	wantsRule bool     // the remedy is the udev rule
}

func passed(id, reason string) []check {
	return []check{{id: id, status: isPassed, reason: reason}}
}

func skipped(id, reason string) []check {
	return []check{{id: id, status: isSkipped, reason: reason}}
}

func failed(id string, exit int, reason string, remedy ...string) []check {
	return []check{{id: id, status: isFailed, reason: reason, remedy: remedy, exit: exit}}
}

// about says which phone the checks are about.
func about(device string, checks []check) []check {
	for i := range checks {
		checks[i].device = device
	}
	return checks
}

// MarshalJSON gives the form that schema.json describes.
func (c check) MarshalJSON() ([]byte, error) {
	var device *string
	if c.device != "" {
		device = &c.device
	}
	return json.Marshal(struct {
		ID     string   `json:"id"`
		Status status   `json:"status"`
		Device *string  `json:"device"`
		Reason string   `json:"reason"`
		Remedy []string `json:"remedy"`
	}{c.id, c.status, device, c.reason, append([]string{}, c.remedy...)})
}

// doctorReport is what doctor prints; with --json as it is.
type doctorReport struct {
	SchemaVersion int     `json:"schemaVersion"`
	Simulated     bool    `json:"simulated"`
	Checks        []check `json:"checks"`
	UdevRule      *string `json:"udevRule"` // null where no check asks for it
}

func newReport(checks []check) doctorReport {
	r := doctorReport{SchemaVersion: schemaVersion, Checks: checks}
	for _, c := range checks {
		if c.wantsRule {
			rule := usb.UdevRule()
			r.UdevRule = &rule
		}
	}
	return r
}

// exit is 5 where the daemon or a permission failed, else 1 where anything did.
func (r doctorReport) exit() int {
	code := exitOK
	for _, c := range r.Checks {
		if c.exit == exitDaemon || code == exitOK {
			code = cmp.Or(c.exit, code)
		}
	}
	return code
}

// checkColumns are the two columns in front of what was found.
const checkColumns = "%-8s %-11s "

// print is for people: status, check, what was found; below it what to do.
func (r doctorReport) print(w io.Writer, width int) {
	if r.Simulated {
		writeWrapped(w, "", "SIMULATED: this computer and its phones are virtual. Nothing below is about real ones.", width)
		fmt.Fprintln(w)
	}
	counts := map[status]int{}
	for _, c := range r.Checks {
		counts[c.status]++
		word := string(c.status)
		if c.status == isFailed {
			word = strings.ToUpper(word)
		}
		reason := c.reason
		if c.device != "" {
			reason = c.device + ": " + reason
		}
		writeWrapped(w, fmt.Sprintf(checkColumns, word, c.id), visible(reason), width)
		for i, step := range c.remedy {
			writeWrapped(w, fmt.Sprintf(checkColumns, "", firstOnly("remedy", i)), visible(step), width)
		}
	}
	fmt.Fprintf(w, "\n%d passed, %d failed, %d skipped\n", counts[isPassed], counts[isFailed], counts[isSkipped])
	if r.UdevRule != nil {
		fmt.Fprintf(w, "\nThe udev rule:\n\n%s", *r.UdevRule)
	}
}
