package recording

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"math/bits"
	"strconv"
	"strings"
	"unicode"
)

// Every fake carries a mark by which Check knows it: 5353 among the digits, F53 at the
// start of serial numbers and names.
const (
	markDigits = "5353"
	markText   = "F53"
	markUUID   = "53535353"
	markCall   = "555" // no subscriber has such a number (North American Numbering Plan)
)

// faker makes stand-ins of the same form and length.
type faker struct{ random io.Reader }

// pick gives n characters out of an alphabet. Without randomness there is no masking.
func (f faker) pick(n int, alphabet string) string {
	raw := make([]byte, n)
	if _, err := io.ReadFull(f.random, raw); err != nil {
		panic(fmt.Sprintf("recording: no randomness: %v", err)) // crypto/rand never fails
	}
	for i, b := range raw {
		raw[i] = alphabet[int(b)%len(alphabet)]
	}
	return string(raw)
}

const (
	decimals = "0123456789"
	lowerHex = "0123456789abcdef"
	upperHex = "0123456789ABCDEF"
	serials  = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	letters  = "abcdefghijklmnopqrstuvwxyz"
)

// text gives a stand-in for a text of a kind.
func (f faker) text(k kind, original string) string {
	switch k {
	case udid:
		return f.hexLike(original, markUUID)
	case uuid:
		return f.uuid(original)
	case imei, meid:
		return f.digits(original, 8, k == imei)
	case iccid:
		return f.digits(original, 6, true)
	case imsi:
		return f.digits(original, 5, false)
	case phoneNumber:
		return f.call(original)
	case address:
		return f.address(original)
	case name:
		return f.name(original)
	case serialNumber:
		return f.serial(original)
	}
	return f.token(original)
}

// fill cuts or fills a mark to n characters.
func (f faker) fill(n int, mark, alphabet string) string {
	return (mark + f.pick(max(0, n-len(mark)), alphabet))[:n]
}

// hexLike keeps case, dashes and length.
func (f faker) hexLike(original, mark string) string {
	alphabet := lowerHex
	if strings.ContainsAny(original, "ABCDEF") {
		alphabet = upperHex
	}
	return f.through(original, isHexDigit, f.fill(len(original), mark, alphabet))
}

func isHexDigit(r rune) bool { return strings.ContainsRune("0123456789abcdefABCDEF", r) }

// through puts characters in the place of those that may be replaced.
func (f faker) through(original string, replace func(rune) bool, with string) string {
	var b strings.Builder
	for _, r := range original {
		if replace(r) && with != "" {
			b.WriteByte(with[0])
			with = with[1:]
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// uuid has the version and variant of a random one (RFC 9562, section 5.4).
func (f faker) uuid(original string) string {
	if len(original) != 36 {
		return f.token(original)
	}
	made := f.hexLike(original, markUUID)
	return made[:14] + "4" + made[15:19] + "8" + made[20:]
}

// digits keeps the first of them (TAC, issuer, network), and the check digit right.
func (f faker) digits(original string, kept int, checked bool) string {
	if len(original) < kept+len(markDigits)+2 {
		return f.fill(len(original), markDigits, decimals)
	}
	made := original[:kept] + f.fill(len(original)-kept, markDigits, decimals)
	if checked && isDecimal(made) {
		made = made[:len(made)-1] + string(luhn(made[:len(made)-1]))
	}
	return made
}

func isDecimal(text string) bool { return strings.Trim(text, decimals) == "" }

// call keeps the country's first digit and the form.
func (f faker) call(original string) string {
	count := 0
	for _, r := range original {
		if unicode.IsDigit(r) {
			count++
		}
	}
	if count < 5 {
		return f.through(original, unicode.IsDigit, f.fill(count, markCall, decimals))
	}
	first := original[strings.IndexAny(original, decimals):][:1]
	return f.through(original, unicode.IsDigit, first+f.fill(count-1, markCall, decimals))
}

// address keeps the maker's part of a MAC address.
func (f faker) address(original string) string {
	switch {
	case len(original) == 17:
		return original[:9] + f.hexLike(original[9:], markDigits)
	case strings.Contains(original, ":"):
		return "fe80::" + markDigits + ":" + f.pick(4, lowerHex)
	case strings.Contains(original, "."):
		return "192.0.2." + f.fill(3, "1", "012345") // RFC 5737
	}
	return f.token(original)
}

// name replaces letters and digits, and keeps all else: blanks, signs, characters that
// act on a terminal.
func (f faker) name(original string) string {
	made := f.through(original, isWordRune, markText+f.pick(len(original), letters))
	if !strings.HasPrefix(wordRunes(made), markText) {
		return markText + made
	}
	return made
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func wordRunes(text string) string {
	return strings.Map(func(r rune) rune {
		if isWordRune(r) {
			return r
		}
		return -1
	}, text)
}

func (f faker) serial(original string) string {
	made := f.fill(len(original), markText, serials)
	if strings.ToLower(original) == original && letter.MatchString(original) {
		made = strings.ToLower(made)
	}
	return made
}

// token is for keys and all that has no form of its own: hex stays hex.
func (f faker) token(original string) string {
	bare := strings.TrimPrefix(original, "0x")
	if bare != "" && strings.Trim(bare, "0123456789abcdefABCDEF") == "" {
		return original[:len(original)-len(bare)] + f.hexLike(bare, markDigits)
	}
	body := strings.TrimRight(original, "=")
	return f.fill(len(body), markText, serials+letters) + original[len(body):]
}

// number gives a stand-in for an ECID, or another number, with as many hex digits.
func (f faker) number(original uint64) uint64 {
	n := max(8, (bits.Len64(original)+3)/4)
	made, _ := strconv.ParseUint(f.fill(n, markDigits, lowerHex), 16, 64)
	return made
}

// data gives a stand-in for bytes.
func (f faker) data(original []byte) []byte {
	if isPrintable(original) {
		return []byte(f.token(string(original)))
	}
	made, _ := hex.DecodeString(f.fill(2*len(original), markDigits, lowerHex))
	return made
}

func isPrintable(data []byte) bool {
	return len(data) > 0 && !bytes.ContainsFunc(data, func(r rune) bool { return r < ' ' || r > '~' })
}
