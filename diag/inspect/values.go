package inspect

import (
	"cmp"
	"fmt"
	"strings"

	"error53/diag"
	"error53/usbmux/plist"
)

// answer is what one of a phone's daemons said, to be turned into facts value by
// value. A phone may put anything under any key; what is not understood is not
// known, with the reason, and never an error.
type answer struct {
	values plist.Dict
	source diag.Source
	who    string // for reasons: "lockdownd"
	none   string // why it said nothing at all; "" where it said something
}

// absent is why there is no value under a key.
func (a answer) absent() string { return cmp.Or(a.none, a.who+" did not give it") }

// form is what a text must look like to be a fact.
type form struct {
	name  string // for reasons, with its article: "an iOS version"
	check func(string) bool
}

var (
	anyText     = form{"a text", func(string) bool { return true }}
	versionText = form{"an iOS version", func(s string) bool { _, err := diag.ParseVersion(s); return err == nil }}
	buildText   = form{"a build number", func(s string) bool { _, err := diag.ParseBuild(s); return err == nil }}
	typeText    = form{"a product type", diag.IsProductType}
	boardText   = form{"a board name", func(s string) bool { return isAlphanumeric(s, 2, 24) }}
	udidText    = form{"a UDID", isUDID}
	serialText  = form{"a serial number", isSerial}
)

// text reads the first of the keys that holds a text. The reason quotes a text
// that has not the form it should have.
func (a answer) text(f form, keys ...string) diag.Fact[string] {
	for _, key := range keys {
		value, present := a.values[key]
		s, isText := value.(string)
		switch {
		case !present || value == nil || isText && s == "":
			continue
		case !isText:
			return diag.NotKnown[string](a.who + " gave it in a form that is no text")
		case !f.check(s):
			return diag.NotKnown[string](fmt.Sprintf("%s gave %s, which is not %s", a.who, quote(s), f.name))
		}
		return diag.Known(s, a.source)
	}
	return diag.NotKnown[string](a.absent())
}

// identifier reads a text that names one phone. Its reason does not quote: a
// mistyped identifier is still one.
func (a answer) identifier(f form, keys ...string) diag.Fact[string] {
	fact := a.text(f, keys...)
	if !fact.Known() && strings.Contains(fact.Reason, `"`) {
		fact.Reason = a.who + " gave something that is not " + f.name
	}
	return fact
}

// number reads an integer that fits T. A negative one counts as its two's
// complement where T has 64 bits.
func number[T uint32 | uint64](a answer, key string) diag.Fact[T] {
	value := a.values[key]
	n, ok := a.values.Uint64(key)
	switch {
	case value == nil || value == "":
		return diag.NotKnown[T](a.absent())
	case !ok:
		return diag.NotKnown[T](a.who + " gave it in a form that is no integer")
	case uint64(T(n)) != n:
		return diag.NotKnown[T](a.who + " gave a number that is too large")
	}
	return diag.Known(T(n), a.source)
}

// exclusive drops an ECID or a chip id of 0, which no device has: it stands for
// "none" in the output of tools.
func exclusive[T uint32 | uint64](f diag.Fact[T]) diag.Fact[T] {
	if f.Known() && f.Value == 0 {
		return diag.NotKnown[T]("given as 0, which stands for none")
	}
	return f
}

const (
	digits  = "0123456789"
	hexa    = digits + "abcdefABCDEF"
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

func isAlphanumeric(s string, least, most int) bool {
	return len(s) >= least && len(s) <= most && strings.Trim(s, letters+digits) == ""
}

// isUDID knows 40 hexadecimal digits up to the A11; from the A12 on 8 and 16 digits,
// with a dash or without (observed, libimobiledevice/usbmuxd src/usb.c). It refuses
// masks, and the 40 × f that every phone shows in restore mode.
func isUDID(s string) bool {
	if len(s) == 25 && s[8] == '-' {
		s = s[:8] + s[9:]
	}
	return (len(s) == 40 || len(s) == 24) && strings.Trim(s, hexa) == "" &&
		strings.Trim(s, "fF") != "" && strings.Trim(s, "0") != ""
}

func isHexadecimal(s string) bool { return len(s) <= 128 && strings.Trim(s, hexa) == "" }

// isSerial refuses masks such as XXXXXXXXXXXX.
func isSerial(s string) bool { return isAlphanumeric(s, 4, 20) && strings.Trim(s, s[:1]) != "" }

// quote makes control characters and bidirectional overrides visible, and cuts
// what is long: reasons are shown.
func quote(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
