package recording

import (
	"regexp"
	"strings"
)

// embeddedForms are identifiers that show themselves wherever they stand in a text: in
// the first group, or as a whole. The ECID, serial numbers and nonces of an iBoot string
// have their names before them (see usbmux/usb).
var embeddedForms = []struct {
	pattern *regexp.Regexp
	kind    kind
	check   func(string) bool // nil = none
}{
	{regexp.MustCompile(`\b[0-9a-fA-F]{40}\b`), udid, nil},
	{regexp.MustCompile(`\b[0-9A-Fa-f]{8}-?[0-9A-Fa-f]{16}\b`), udid, nil},
	{regexp.MustCompile(`\b[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b`), uuid, nil},
	{regexp.MustCompile(`(?i)\bECID[:=]\s?(?:0x)?([0-9A-F]{8,16})\b`), ecid, nil},
	{regexp.MustCompile(`(?i)\bSRNM:\[?([0-9A-Z]{4,20})\b`), serialNumber, nil},
	{regexp.MustCompile(`\bIMEI:\[?(\d{14,15})\b`), imei, nil},
	{regexp.MustCompile(`\b(?:NONC|SNON):([0-9A-F]{16,})\b`), key, nil},
	{regexp.MustCompile(`\b(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}\b`), address, nil},
	{regexp.MustCompile(`\bfe80:[0-9a-f:]+\b`), address, nil},
	{regexp.MustCompile(`\b(?:10|172|192|169)\.\d{1,3}\.\d{1,3}\.\d{1,3}\b`), address, nil},
	{regexp.MustCompile(`\b[\w.+-]+@[\w-]+\.[\w.]+\b`), name, nil},
	{regexp.MustCompile(`\b\d{15}\b`), imei, isLuhn},
	{regexp.MustCompile(`\b89\d{17,18}\b`), iccid, nil},
	{regexp.MustCompile(`-----BEGIN [A-Z ]+-----`), key, nil},
}

// found is an identifier in a text.
type found struct {
	text string
	kind kind
}

// embedded finds those that show themselves.
func embedded(text string) (all []found) {
	for _, form := range embeddedForms {
		for _, match := range form.pattern.FindAllStringSubmatch(text, -1) {
			got := match[len(match)-1]
			if (form.check == nil || form.check(got)) && !isUniform(got) {
				all = append(all, found{got, form.kind})
			}
		}
	}
	return all
}

// wholeForms are what a value under an unknown key may be, where it is that and no more.
var wholeForms = []struct {
	pattern *regexp.Regexp
	kind    kind
}{
	{regexp.MustCompile(`^\+[\d ().-]{7,20}$|^[\d ()-]{10,20}$`), phoneNumber},
	{regexp.MustCompile(`^[0-9A-F]{14}$`), meid},
	{regexp.MustCompile(`^(?:0x)?[0-9a-fA-F]{12,}$`), key},
	{regexp.MustCompile(`^[A-Z0-9]{10,18}$`), serialNumber},
	{regexp.MustCompile(`^[A-Za-z0-9+/_-]{20,}={0,2}$`), key},
}

var (
	letter = regexp.MustCompile(`[A-Za-z]`)
	digit  = regexp.MustCompile(`[0-9]`)
)

// formOf tells what a value under an unknown key looks like.
func formOf(text string) kind {
	for _, form := range wholeForms {
		wantsLetter := form.kind == serialNumber || form.kind == key || form.kind == meid
		if form.pattern.MatchString(text) && digit.MatchString(text) && (!wantsLetter || letter.MatchString(text)) {
			return form.kind
		}
	}
	return none
}

// isUniform tells whether a text is filled with one character: nobody's identifier, as
// that of all phones in restore mode, or one that somebody has masked before.
func isUniform(text string) bool {
	text = strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune("-: +.", r) {
			return -1
		}
		return r
	}, text))
	return strings.Trim(text, text[:min(1, len(text))]) == ""
}

// kindOf tells what a text under a key is.
func kindOf(under, text string) kind {
	if text == "" || isUniform(text) || isOrdinary(under, text) {
		return none
	}
	k := kindOfKey(under)
	if k == serialNumber && !isSerial.MatchString(text) { // usbmuxd calls the UDID so, and USB the iBoot string
		return none
	}
	if form := ownForms[k]; form != nil && !form.MatchString(text) {
		k = key // nobody knows what it is, but that it should name the phone
	}
	if k != none || len(embedded(text)) > 0 {
		return k
	}
	return formOf(text)
}

// ownForms are what the values under keys that name them look like.
var ownForms = map[kind]*regexp.Regexp{
	udid:        regexp.MustCompile(`^[0-9a-fA-F-]{20,41}$`),
	ecid:        regexp.MustCompile(`^(0x)?[0-9a-fA-F]{1,20}$`),
	imei:        regexp.MustCompile(`^\d{14,16}$`),
	meid:        regexp.MustCompile(`^[0-9a-fA-F]{14}$`),
	iccid:       regexp.MustCompile(`^\d{18,22}$`),
	imsi:        regexp.MustCompile(`^\d{14,15}$`),
	phoneNumber: regexp.MustCompile(`^[+ ().-]*(\d[ ().-]*){5,}$`),
	address:     regexp.MustCompile(`^([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$|^[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:]*$|^(\d+\.){3}\d+$`),
	uuid:        regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`),
}

var isSerial = regexp.MustCompile(`^[0-9A-Za-z+/=]{1,23}$`)

// luhn is the check digit for a row of digits (ISO/IEC 7812-1, annex B).
func luhn(digits string) byte {
	sum := 0
	for i := range digits {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			n *= 2
		}
		sum += n/10 + n%10
	}
	return byte('0' + (10-sum%10)%10)
}

func isLuhn(digits string) bool { return luhn(digits[:len(digits)-1]) == digits[len(digits)-1] }
