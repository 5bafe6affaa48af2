package recording

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// minEmbedded is how long an identifier must be to be looked for within other values: a
// shorter one would be found by chance.
const minEmbedded = 6

// minNumber is the least number that may be an ECID, or a row of digits read as one:
// counters, sizes and dates under unknown keys are less.
const minNumber = 1 << 40

// findNumber takes note of a number that is, or looks like, an identifier.
func (m *masker) findNumber(key string, n uint64) {
	k := kindOfKey(key)
	if k == ecid && n >= 1<<16 || k == none && !ordinary[key] && n >= minNumber && n < 1<<63 {
		m.kinds[ecid] = true
		m.ecid(n)
	}
}

// ecid gives the stand-in for an ECID, and takes note of the ways to write it.
func (m *masker) ecid(n uint64) uint64 {
	if made, known := m.numbers[n]; known {
		return made
	}
	made := m.fake.number(n)
	m.numbers[n] = made
	for _, format := range []string{"%d", "%x", "%X", "%016x", "%016X"} {
		m.texts[fmt.Sprintf(format, n)] = fmt.Sprintf(format, made)
	}
	return made
}

func (m *masker) learnECID(text string) {
	bare := strings.TrimPrefix(text, "0x")
	n, err := strconv.ParseUint(bare, 16, 64)
	if err != nil { // it is longer than one can be
		m.texts[text] = text[:len(text)-len(bare)] + m.fake.hexLike(bare, markDigits)
		return
	}
	made := fmt.Sprintf("%0*X", len(bare), m.ecid(n))
	if strings.ToLower(bare) == bare {
		made = strings.ToLower(made)
	}
	m.texts[text] = text[:len(text)-len(bare)] + made
}

var ecidForm = regexp.MustCompile(`^([0-9A-Fa-f]{8})-?([0-9A-Fa-f]{16})$`)

// isECIDForm knows the UDIDs of the A12 and later, which end in the ECID.
func isECIDForm(text string) bool { return ecidForm.MatchString(text) }

// learnUDID keeps the chip, and gives the ECID the stand-in that it has elsewhere.
func (m *masker) learnUDID(text string) {
	parts := ecidForm.FindStringSubmatch(text)
	n, _ := strconv.ParseUint(parts[2], 16, 64)
	made := fmt.Sprintf("%s%016x", parts[1], m.ecid(n))
	for _, dash := range []string{"", "-"} {
		for _, spell := range []func(string) string{strings.ToLower, strings.ToUpper} {
			m.texts[spell(parts[1]+dash+parts[2])] = spell(made[:8] + dash + made[8:])
		}
	}
	m.texts[text] = made
	if strings.Contains(text, "-") {
		m.texts[text] = made[:8] + "-" + made[8:]
	}
	if strings.ToUpper(text) == text {
		m.texts[text] = strings.ToUpper(m.texts[text])
	}
}

// spell takes note of the other ways to write an identifier.
func (m *masker) spell(k kind, text string) {
	fake := m.texts[text]
	also := func(from, to string) {
		if _, known := m.texts[from]; !known {
			m.texts[from] = to
		}
	}
	switch k {
	case udid, uuid, address, key, serialNumber:
		if letter.MatchString(text) {
			also(strings.ToLower(text), strings.ToLower(fake))
			also(strings.ToUpper(text), strings.ToUpper(fake))
		}
	case imei:
		if isDecimal(text) && len(text) == 15 { // the MEID of the same phone
			also(text[:14], fake[:14])
		}
	}
	if k == address && len(text) == 17 {
		for _, sign := range []string{"", "-"} {
			bare := strings.NewReplacer(":", sign, "-", sign)
			also(strings.ToLower(bare.Replace(text)), strings.ToLower(bare.Replace(fake)))
			also(strings.ToUpper(bare.Replace(text)), strings.ToUpper(bare.Replace(fake)))
		}
	}
	if number, err := strconv.ParseUint(text, 10, 64); err == nil && number >= minNumber {
		m.numbers[number], _ = strconv.ParseUint(fake, 10, 64)
	}
}

// productWords make up the name of a phone whose owner gave it none.
var productWords = regexp.MustCompile(`(?i)^(iPhone|iPad|iPod)( ?(touch|mini|air|pro|plus|max|se|x[rs]?|wi-fi|\d{1,2}[a-z]{0,2}|[,.()-]))*$`)

// prepare makes ready what replaces identifiers within values: the longest first.
func (m *masker) prepare() {
	longest := slices.SortedFunc(maps.Keys(m.texts), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
	var pairs []string
	for _, text := range longest {
		if len(text) >= minEmbedded && !productWords.MatchString(text) {
			pairs = append(pairs, text, m.texts[text])
			m.inData = append(m.inData, pair{[]byte(text), []byte(m.texts[text])})
		}
		if raw := rawAddress(text); raw != nil {
			m.inData = append(m.inData, pair{raw, rawAddress(m.texts[text])})
		}
	}
	m.inTexts = strings.NewReplacer(pairs...)
	for n, made := range m.numbers {
		if n >= minNumber {
			m.inData = append(m.inData,
				pair{binary.BigEndian.AppendUint64(nil, n), binary.BigEndian.AppendUint64(nil, made)},
				pair{binary.LittleEndian.AppendUint64(nil, n), binary.LittleEndian.AppendUint64(nil, made)})
		}
	}
}

// rawAddress gives a MAC address as bytes; nil for another text.
func rawAddress(text string) []byte {
	if len(text) != 17 || strings.Count(text, ":") != 5 {
		return nil
	}
	raw, err := hex.DecodeString(strings.ReplaceAll(text, ":", ""))
	if err != nil {
		return nil
	}
	return raw
}

// within replaces identifiers among bytes.
func (m *masker) within(data []byte) []byte {
	for _, each := range m.inData {
		data = bytes.ReplaceAll(data, each.from, each.to)
	}
	return data
}
