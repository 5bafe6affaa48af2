package inspect

import (
	"strings"

	"error53/diag"
	"error53/usbmux/usb"
)

// ibootPhones finds the iBoot strings in a text, one a line. A string that tools
// broke goes on with its tag on the next line. A line without a board id is left
// out, since irecovery prints a field a line, and so is one with chip and board
// alone: people write those in prose.
func ibootPhones(text string) []diag.Facts {
	var phones []diag.Facts
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if len(phones) > maxPhones {
			break
		}
		if i+1 < len(lines) && strings.HasPrefix(lines[i+1], "SRTG:") {
			line += " " + lines[i+1]
		}
		if b, err := usb.ParseIBoot(strings.TrimSpace(line)); err == nil && b.HasBDID && len(b.Fields) > 2 {
			phones = append(phones, ibootFacts(b, usb.Unknown))
		}
	}
	return phones
}
