package inspect

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"error53/diag"
	"error53/usbmux/plist"
)

// readText reads lines of "Key: value" and iBoot strings. What names a model wins:
// lockdown values, then iBoot strings, then the lines of irecovery; then lockdown
// values without one, so that the refusal can say what is missing.
func readText(text string) ([]diag.Facts, error) {
	blocks := readBlocks(text)
	readers := []func() []diag.Facts{
		func() []diag.Facts { return lockdownPhones(blocks, modelKeys) },
		func() []diag.Facts { return ibootPhones(text) },
		func() []diag.Facts { return irecoveryPhones(blocks) },
		func() []diag.Facts { return lockdownPhones(blocks, phoneKeys) },
	}
	for _, read := range readers {
		if phones := read(); len(phones) > 0 {
			return phones, nil
		}
	}
	return nil, fmt.Errorf("%w: neither lockdown values nor an iBoot string", ErrNotADump)
}

// block is the lines of one phone: labels without their blanks, and values.
type block map[string]string

// lockdownKeys gives the lockdown key behind each label that is of use. Tools that
// reformat print their own labels.
var lockdownKeys = map[string]string{
	"ProductType": "ProductType", "HardwareModel": "HardwareModel", "HWModel": "HWModel", "Board": "HardwareModel",
	"ProductVersion": "ProductVersion", "OSVersion": "OSVersion", "ProductVersionExtra": "ProductVersionExtra",
	"iOSVersion": "ProductVersion", "iPadOSVersion": "ProductVersion", "iOS": "ProductVersion", "iPadOS": "ProductVersion",
	"BuildVersion": "BuildVersion", "SupplementalBuildVersion": "SupplementalBuildVersion", "Build": "BuildVersion",
	"UniqueChipID": "UniqueChipID", "ECID": "UniqueChipID", "ChipID": "ChipID", "BoardId": "BoardId",
	"UniqueDeviceID": "UniqueDeviceID", "UDID": "UniqueDeviceID", "SerialNumber": "SerialNumber", "Serial": "SerialNumber",
	"DeviceName": "DeviceName", "DeviceClass": "DeviceClass", "FirmwareVersion": "FirmwareVersion", "ActivationState": "ActivationState",
}

// typedKeys are the keys whose values are no text, with what reads their type. Those
// beyond the first line are of a session.
var typedKeys = map[string]func(string) (any, bool){
	"UniqueChipID": integer, "ChipID": integer, "BoardId": integer,
	"PasswordProtected": boolean, "TimeIntervalSince1970": float,
	"LastiTunesBackupDate": integer, "LastCloudBackupDate": integer, "CloudBackupEnabled": boolean, "WillEncrypt": boolean,
	"TotalDiskCapacity": integer, "AmountDataAvailable": integer,
	"BatteryCurrentCapacity": integer, "BatteryIsCharging": boolean, findMyKey: boolean,
}

func boolean(text string) (any, bool) {
	return text == "true", text == "true" || text == "false"
}

func float(text string) (any, bool) {
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil
}

// lockdownKey gives the lockdown key behind a label, "" for none.
func lockdownKey(label string) string {
	if typedKeys[label] != nil {
		return label
	}
	return lockdownKeys[label]
}

// lockdownPhones makes facts of the blocks that have one of the lockdown keys.
func lockdownPhones(blocks []block, keys []string) []diag.Facts {
	var phones []diag.Facts
	for _, b := range blocks {
		if values := lockdownValues(b); hasOne(values, keys) {
			phones = append(phones, lockdownFacts(values))
		}
	}
	return phones
}

// lockdownValues gives the lines of a block the types lockdownd would give them.
func lockdownValues(b block) plist.Dict {
	values := plist.Dict{}
	for _, label := range slices.Sorted(maps.Keys(b)) {
		key, text := lockdownKey(label), b[label]
		if key == "" || text == "" || values[key] != nil && label != key {
			continue // lockdownd's own label comes before a tool's
		}
		values[key] = text
		if typed := typedKeys[key]; typed != nil {
			if value, ok := typed(text); ok {
				values[key] = value
			}
		}
	}
	return values
}

// textLine matches "Key: value" and what becomes of it in other hands: quoted or
// commented out, in Python, Ruby, or a table.
var textLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([\s|#>]*)(["']?)([A-Za-z][\w .-]{0,60}?)(?:\[\d+\])?["']?\s*(?:=>|:|\s=\s|\s/\s|\|)\s*(.*)$`)
})

// maxLine caps a line, in bytes; the longest values of lockdownd have some 2000.
const maxLine = 1 << 14

// textReader goes through the lines of a text.
type textReader struct {
	blocks []block
	opened int // blanks before the line that opened a nested value; -1 outside
	keyed  int // lines with a key that is new in its block
	noise  int // lines without, or with a key that comes again
}

// readBlocks reads the lines that stand on the outermost level. Logs have lines
// with a colon as well, but mostly others, or the same word before each colon:
// where these are more than half, the text is no dump.
func readBlocks(text string) []block {
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, `\n`, "\n") // printed by a wrapper
	}
	r := textReader{opened: -1}
	for line := range strings.Lines(text) {
		// A copy out of an RTF document has a backslash at the end of each line.
		r.line(strings.TrimRight(strings.TrimRight(line, "\r\n"), ` \`))
	}
	if r.noise > r.keyed {
		return nil
	}
	return r.blocks
}

func (r *textReader) line(line string) {
	indent := len(line) - len(strings.TrimLeft(line, " \t"))
	if strings.Trim(line, " \t{}[](),") == "" || r.opened >= 0 && indent > r.opened {
		return
	}
	r.opened = -1
	var m []string
	if len(line) <= maxLine {
		m = textLine().FindStringSubmatch(line)
	}
	if m == nil {
		r.noise++
		return
	}
	value := plainValue(m[4], m[1], m[2])
	if value == "" || strings.HasSuffix(value, "{") || strings.HasSuffix(value, "[") {
		r.opened = indent
	}
	r.add(strings.ReplaceAll(m[3], " ", ""), value)
}

// add keeps a line. A key that tells something of a phone and comes again begins
// the next phone.
func (r *textReader) add(key, value string) {
	if len(r.blocks) == 0 {
		r.blocks = []block{{}}
	}
	last := r.blocks[len(r.blocks)-1]
	if _, again := last[key]; again {
		if lockdownKey(key) == "" && !irecoveryKeys[key] {
			r.noise++
			return
		}
		if len(r.blocks) > maxPhones {
			return
		}
		last = block{}
		r.blocks = append(r.blocks, last)
	}
	r.keyed++
	last[key] = value
}

// plainValue strips a value of the signs of the language or the table it stands in.
func plainValue(value, before, quotation string) string {
	if strings.Contains(before, "|") {
		value = strings.TrimRight(value, "| \t")
	}
	if quotation == "" {
		return strings.TrimSpace(value)
	}
	value = strings.TrimRight(value, ", \t")
	if unquoted, err := strconv.Unquote(value); err == nil && strings.HasPrefix(value, `"`) {
		return unquoted
	}
	if n := len(value); n >= 2 && value[0] == '\'' && value[n-1] == '\'' {
		return value[1 : n-1]
	}
	return value
}
