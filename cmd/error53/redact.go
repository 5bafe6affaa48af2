package main

import (
	"regexp"
	"strings"
	"sync"
)

// redact hides in a line of a log what names a phone, its owner or a computer. Of
// identifiers the tail stays, as everywhere.
func redact(text string, showIDs bool) string {
	if showIDs {
		return text
	}
	for _, s := range secrets() {
		text = s.hide(text)
	}
	return text
}

// secret is a kind of text to be hidden: the first group of its pattern.
type secret struct {
	pattern *regexp.Regexp
	mask    func(string) string
}

func (s secret) hide(text string) string {
	var b strings.Builder
	shown := 0
	for _, match := range s.pattern.FindAllStringSubmatchIndex(text, -1) {
		b.WriteString(text[shown:match[2]])
		b.WriteString(s.mask(text[match[2]:match[3]]))
		shown = match[3]
	}
	b.WriteString(text[shown:])
	return b.String()
}

// secrets are the kinds of secrets, those with a label first. Names leave no tail.
var secrets = sync.OnceValue(func() []secret {
	return []secret{
		// Identifiers by their labels, which may be short or have letters of any kind.
		{regexp.MustCompile(`(?i)\b(?:ecid|udid|uniquechipid|uniquedeviceid|dieid|serial ?number(?: is)?|srnm|snum|imei2?|meid|iccid|imsi|phone ?number|nonce)(?:</key>)?(?:<\w+>)?[\s"'=:\[+]*(?:0x)?([0-9a-z][0-9a-z-]{4,})`), tail},
		{regexp.MustCompile(`([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})`), tail},
		// Bytes: nonces, tickets, addresses of network interfaces.
		{regexp.MustCompile(`((?:\b[0-9a-fA-F]{2}[ :-]){5,}[0-9a-fA-F]{2}\b)`), noTail},
		{regexp.MustCompile(`([0-9a-fA-F]{12,})`), longNumber},
		{regexp.MustCompile(`(?i)[/\\](?:users|home|documents and settings)[/\\]+([^/\\\s"']+)`), noTail},
		{regexp.MustCompile(`([\w.+-]+@[\w-]+\.[\w.-]+)`), noTail},
		{regexp.MustCompile(`\b(?:iPhone|iPad|iPod)(?: touch)? [“"]([^”"]+)[”"]`), noTail},
		{regexp.MustCompile(`(?i)\bdevice ?name["' ]*[:=] *["'“]?([^"'”;]+)`), noTail},
		// The prompt of a shell, on macOS and Linux.
		{regexp.MustCompile("^`?([^\\s:@]+[:@]\\S*(?: \\S+)?)[$%#] "), noTail},
		// The computer's name, which pymobiledevice3 puts into every line.
		{regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (\S+) \S*pymobiledevice3`), noTail},
	}
})

func tail(id string) string {
	alone := masker{run: &register{own: make([][]string, 1)}}
	return alone.show(id)
}

func noTail(string) string { return "…" }

// longNumber hides what may be an identifier: from 12 hexadecimal digits on, or 13 decimal
// ones. Checkpoints of 64 bits, 1844674406941458…, are none.
func longNumber(s string) string {
	decimal := strings.Trim(s, "0123456789") == ""
	if decimal && (len(s) < 13 || strings.HasPrefix(s, "18446744")) {
		return s
	}
	return tail(s)
}
