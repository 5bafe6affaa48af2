package usb

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// MaxIBootLength caps the text given to [ParseIBoot], in bytes. A USB string
// descriptor holds 126 characters, a Windows device path a few hundred.
const MaxIBootLength = 1024

// ErrNotIBoot is returned for text that is no iBoot string: it has no chip id.
// Devices in a bad state do answer garbage here.
var ErrNotIBoot = errors.New("usb: not an iBoot serial string")

// IBoot is what a device in recovery or DFU mode says of itself in its serial
// number string. Absent text is "".
type IBoot struct {
	CPID    uint32 // chip id, such as 0x7000
	BDID    uint32 // board id; may be 0 and known
	HasBDID bool
	ECID    uint64 // exclusive chip id, 64 bit
	HasECID bool   // false as well where it was masked, or is all zeros
	SRNM    string // serial number of the phone; not in DFU mode
	SRTG    string // tag of the boot ROM, "iBoot-1992.0.0.1.19"; DFU mode only
	PWND    string // what has exploited the boot ROM, such as "checkm8"

	// Fields holds every known field as it stands, by upper-case key, without
	// brackets: CPRV (chip revision), CPFM (fuses), SCEP (security epoch), IBFL
	// (flags), SDOM, SIKA, IMEI, NONC, SNON and the ones above.
	Fields map[string]string
}

// field matches "KEY:value": the value is bracketed, or ends at a blank, a comma,
// or one of the characters that separate fields in a Windows device path.
//
// [LIBIRECOVERY] irecv_load_device_info_from_iboot_string for the keys; SDOM, SIKA
// and PWND are observed. STRG is how ipwnder_lite misspells SRTG.
var field = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(
		`(?i)(?:[^a-z0-9]|\b)(SDOM|CPID|CPRV|CPFM|SCEP|BDID|ECID|IBFL|SIKA|SRNM|IMEI|SRTG|STRG|PWND|NONC|SNON):` +
			`[ \t]*(\[[^\]]*\]|[^\s,_#:\[\]]+)`)
})

// ParseIBoot reads the serial number string of recovery or DFU mode:
//
//	CPID:7000 CPRV:11 CPFM:03 SCEP:01 BDID:06 ECID:… IBFL:1C SRTG:[iBoot-1992.0.0.1.19]
//
// in any order of fields, with other text around it, in the lower case and with
// the underscores of a Windows device path, or with the 0x and the commas some
// tools add. Of a field given twice the first counts.
//
// It returns an error that wraps [ErrNotIBoot] when there is no chip id, when the
// text is longer than [MaxIBootLength] bytes, and when it holds control characters
// or is not UTF-8.
func ParseIBoot(s string) (IBoot, error) {
	if len(s) > MaxIBootLength {
		return IBoot{}, fmt.Errorf("%w: longer than %d bytes", ErrNotIBoot, MaxIBootLength)
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, isControl) {
		return IBoot{}, fmt.Errorf("%w: holds control characters", ErrNotIBoot)
	}
	b := IBoot{Fields: fields(s)}
	cpid, ok := b.hex("CPID", 32)
	if !ok || cpid == 0 {
		// libirecovery takes 0x8900 for granted here; that would make an iPhone
		// 3G of every unreadable device.
		return IBoot{}, fmt.Errorf("%w: no CPID", ErrNotIBoot)
	}
	bdid, hasBDID := b.hex("BDID", 32)
	ecid, hasECID := b.hex("ECID", 64)
	b.CPID, b.BDID, b.HasBDID = uint32(cpid), uint32(bdid), hasBDID
	b.ECID, b.HasECID = ecid, hasECID && ecid != 0
	b.SRNM, b.SRTG, b.PWND = b.Fields["SRNM"], b.Fields["SRTG"], b.Fields["PWND"]
	return b, nil
}

func isControl(r rune) bool { return unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r' }

// fields collects the fields of a string. "N/A", as tools print it, and empty
// brackets are no value.
func fields(s string) map[string]string {
	found := map[string]string{}
	for _, m := range field().FindAllStringSubmatch(s, -1) {
		key, value := strings.ToUpper(m[1]), strings.Trim(m[2], "[]")
		if key == "STRG" {
			key = "SRTG"
		}
		if m[1] != strings.ToUpper(m[1]) {
			value = upper(value)
		}
		if _, twice := found[key]; !twice && value != "" && value != "N/A" {
			found[key] = value
		}
	}
	return found
}

// upper undoes the lower case of a Windows device path.
func upper(value string) string {
	return strings.Replace(strings.ToUpper(value), "IBOOT-", "iBoot-", 1)
}

// hex reads a number of at most bits bits, with or without 0x. Anything else is a
// masked or broken value: not known.
func (b IBoot) hex(key string, bits int) (uint64, bool) {
	digits := strings.ToLower(b.Fields[key])
	n, err := strconv.ParseUint(strings.TrimPrefix(digits, "0x"), 16, bits)
	if err != nil {
		return 0, false
	}
	return n, true
}

// Mode infers the mode from the fields: the boot ROM shows SRTG and no SRNM, iBoot
// the other way round. It is Unknown where both or neither are there, as in iBSS.
// The product id knows better where it can be had, see [ModeOf].
func (b IBoot) Mode() Mode {
	switch {
	case b.SRTG != "" && b.SRNM == "":
		return DFU
	case b.SRTG == "" && b.SRNM != "":
		return Recovery
	}
	return Unknown
}
