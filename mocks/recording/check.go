package recording

import (
	"encoding/base64"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Finding is something in a file that looks like a real identifier. It does not repeat
// it.
type Finding struct {
	Line int    // from 1
	Kind string // "UDID", "serial number"
	Key  string // under which it stands; "" where there is none
}

// Check finds what looks like a real identifier, in a recording or any other text: dumps,
// property lists, JSON, logs. What carries the mark of a stand-in is none. Names are
// looked at in recordings only: elsewhere there is no telling who made them up. There
// also rows of digits that people type (00112233…) are left alone.
func Check(text []byte) []Finding {
	c := checker{recorded: Is(text)}
	for line := range strings.Lines(string(text)) {
		c.line++
		c.look(strings.TrimRight(line, "\r\n"))
	}
	return c.findings
}

// checker goes through a text line by line.
type checker struct {
	line     int
	recorded bool   // it is a recording, in which nothing is invented and all is masked
	key      string // the last one of a property list
	asked    string // the key of the request for one value, whose answer it is
	findings []Finding
}

var (
	listed = regexp.MustCompile(`<(key|string|integer|data)>([^<]*)</`)
	// paired is "Key: value", as most tools print it, and JSON.
	paired = regexp.MustCompile(`^[\s"']*([A-Za-z][\w.]{1,60})["']?\s*(?::|=>?|\||/)\s+["']?([^"',]*)`)
)

func (c *checker) look(line string) {
	if values := listed.FindAllStringSubmatch(line, -1); len(values) > 0 {
		for _, each := range values {
			c.element(each[1], html.UnescapeString(each[2]))
		}
		return
	}
	if strings.HasPrefix(line, request) {
		c.asked = ""
	}
	if pair := paired.FindStringSubmatch(line); pair != nil && !strings.Contains(line, "CPID:") {
		value := strings.TrimSpace(pair[2])
		if c.value(pair[1], value) {
			line = strings.Replace(line, value, "", 1)
		}
	}
	c.embedded("", line)
}

// element looks at one of a property list.
func (c *checker) element(tag, text string) {
	switch tag {
	case "key":
		c.key = keyBelow(c.asked, text)
		c.embedded("", text)
	case "integer":
		if n, err := strconv.ParseUint(text, 10, 64); err == nil {
			c.number(c.key, n)
		}
	case "data":
		if data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), "")); err == nil {
			c.data(c.key, data)
		}
	default:
		if c.key == "Key" {
			c.asked = text
		}
		c.value(c.key, text)
		c.embedded(c.key, text)
	}
}

// value looks at a text under a key, and tells whether it is an identifier, real or not.
func (c *checker) value(key, text string) bool {
	k := kindOf(key, text)
	if n, err := strconv.ParseUint(text, 0, 64); err == nil && (k == ecid || k == none) {
		c.number(key, n)
	} else if k != none {
		c.report(k, key, text)
	}
	return k != none
}

// embedded looks for what shows itself.
func (c *checker) embedded(key, text string) {
	if kindOf(key, text) != none { // it was looked at as a whole
		return
	}
	for _, each := range embedded(text) {
		c.report(each.kind, key, each.text)
	}
}

func (c *checker) number(key string, n uint64) {
	k := kindOfKey(key)
	if k == ecid && n >= 1<<16 || k == none && !ordinary[key] && n >= minNumber && n < 1<<63 {
		if decimal := strconv.FormatUint(n, 10); c.recorded || !isInvented(ecid, decimal) {
			c.report(ecid, key, fmt.Sprintf("%x", n))
		}
	}
}

func (c *checker) data(key string, data []byte) {
	for _, part := range parts(key, data) {
		text := strings.TrimRight(string(part), "\x00")
		if text != "" && !isUniform(text) && !hasMark(text) {
			c.report(orKey(kindOfKey(key)), key, text)
		}
	}
	c.embedded(key, string(data))
}

// hasMark tells whether bytes are a stand-in, or a text that is one.
func hasMark(text string) bool {
	k := formOf(text)
	return strings.HasPrefix(text, "SS") || isFake(orKey(k), text) || isFake(serialNumber, text)
}

func (c *checker) report(k kind, key, text string) {
	found := Finding{c.line, string(k), key}
	if (k != name || c.recorded) && !isFake(k, text) && (c.recorded || !isInvented(k, text)) && !slices.Contains(c.findings, found) {
		c.findings = append(c.findings, found)
	}
}

// isFake tells whether a text carries the mark of a stand-in of the kind.
func isFake(k kind, text string) bool {
	bare := strings.ToLower(strings.TrimPrefix(strings.NewReplacer("-", "", ":", "").Replace(text), "0x"))
	switch k {
	case udid:
		return strings.HasPrefix(bare, markUUID) || len(bare) == 24 && hasMarkedECID(bare[8:])
	case ecid:
		decimal, _ := strconv.ParseUint(bare, 10, 64)
		return hasMarkedECID(bare) || hasMarkedECID(strconv.FormatUint(decimal, 16))
	case uuid:
		return strings.HasPrefix(bare, markUUID)
	case imei, meid:
		return at(bare, 8, markDigits) || strings.HasPrefix(bare, "00"+markDigits)
	case iccid:
		return at(bare, 6, markDigits)
	case imsi:
		return at(bare, 5, markDigits)
	case phoneNumber:
		return isFakeCall(text)
	case address:
		return at(bare, 6, markDigits) || strings.HasPrefix(bare, "0253") || strings.HasPrefix(bare, "fe80"+markDigits) || strings.HasPrefix(bare, "192.0.2.")
	case name:
		return strings.HasPrefix(wordRunes(text), markText) || strings.HasSuffix(text, "@example.com") || productWords.MatchString(text)
	}
	// serial numbers, keys
	return strings.HasPrefix(bare, strings.ToLower(markText)) || strings.HasPrefix(bare, "e53") || strings.HasPrefix(bare, markDigits)
}

// hasMarkedECID knows an ECID by its mark: behind zeros, or behind the ones of a negative
// number, as restored writes it.
func hasMarkedECID(digits string) bool {
	return strings.HasPrefix(strings.TrimLeft(digits, "0"), markDigits) || strings.HasPrefix(strings.TrimLeft(digits, "f"), markDigits)
}

func at(text string, place int, mark string) bool {
	return len(text) >= place+len(mark) && text[place:place+len(mark)] == mark
}

// isFakeCall: the mark follows the first digit, or the country code.
func isFakeCall(text string) bool {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
	return at(digits, 1, markCall)
}
