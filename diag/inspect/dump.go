package inspect

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"

	"error53/diag"
	"error53/usbmux/plist"
)

// MaxDumpSize caps a dump, in bytes. A full one of a real phone has some 10 KB.
const MaxDumpSize = plist.MaxSize

// maxPhones caps the phones of one dump. Readers stop at the first one beyond.
const maxPhones = 1000

// Why a dump is refused. Errors of [ReadDump] wrap one of these.
var (
	ErrNotADump      = errors.New("inspect: not a dump of a phone")
	ErrNoProductType = errors.New("inspect: the dump does not tell the product type")
	ErrOtherDevice   = errors.New("inspect: not an iPhone, iPad or iPod touch")
)

// Reading is what was read of one phone. With an error, the facts are what was
// read before it.
type Reading struct {
	Facts diag.Facts
	Err   error

	// NoSession is why the phone did not tell, or not all of, what it tells only a
	// computer that it trusts. It is no failure of the reading.
	NoSession error
}

// ReadDump reads what a tool printed of one phone or of several. It goes by the
// content, never by a name:
//
//   - ideviceinfo: text, and with -x an XML property list; binary lists as well
//   - JSON of lockdown values, one phone, a list of them, or an object keyed by
//     UDID (go-ios, pymobiledevice3, idb)
//   - irecovery -q: text
//   - an iBoot serial string, alone or within other text (lsusb, dmesg, a console)
//
// in UTF-8, or UTF-16 with a byte order mark as PowerShell writes it.
//
// The readings come in the order of the dump (keys of JSON and property lists in
// alphabetical order); what is said twice of one phone counts once. A reading has
// an error where only that phone of several cannot be used. The error is for the
// whole dump, and then there are no readings: it wraps [ErrNotADump],
// [ErrNoProductType] or [ErrOtherDevice].
//
// A dump is read in one form only: an iBoot string below lockdown values is not
// looked at. In text, a key that comes again begins the next phone. Values that
// contradict one another (a product type and the board of another model) are given
// as they stand, and the product type names the model. A model that the catalog
// lacks is no error, neither by its product type nor by its chip and board id.
func ReadDump(data []byte) ([]Reading, error) {
	if len(data) > MaxDumpSize {
		return nil, fmt.Errorf("%w: larger than %d bytes", ErrNotADump, MaxDumpSize)
	}
	phones, err := recognise(utf8Text(data))
	if err != nil {
		return nil, err
	}
	return judge(phones)
}

// recognise finds out the form of a dump and reads it.
func recognise(data []byte) ([]diag.Facts, error) {
	if len(data) == 0 {
		return nil, fmt.Errorf("%w: it is empty", ErrNotADump)
	}
	if isPlist(data) {
		return readPlists(data)
	}
	if values, ok := decodeJSON(data); ok {
		return readJSON(values)
	}
	// Cut and hand-edited JSON still has a value a line.
	return readText(strings.ToValidUTF8(string(data), "\uFFFD"))
}

// utf8Text drops a byte order mark, which also tells UTF-16, and blanks around.
func utf8Text(data []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	case isPlist(data):
		return data // a binary list ends with bytes that look like blanks
	default:
		return bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\uFEFF")))
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 2; i+1 < len(data); i += 2 {
		units = append(units, order.Uint16(data[i:]))
	}
	return bytes.TrimSpace([]byte(string(utf16.Decode(units))))
}

// judge refuses the phones no verdict can be given on. Where that is all of them
// the first refusal is that of the dump.
func judge(phones []diag.Facts) ([]Reading, error) {
	var readings []Reading
	seen, usable := map[diag.Facts]bool{}, false
	for _, f := range phones {
		if seen[f] && identified(f) {
			continue // listed over USB and over the network, or printed twice
		}
		seen[f] = true
		err := refusal(f)
		usable = usable || err == nil
		readings = append(readings, Reading{Facts: f, Err: err})
	}
	switch {
	case len(readings) == 0:
		return nil, ErrNotADump
	case len(readings) > maxPhones:
		return nil, fmt.Errorf("%w: more than %d phones", ErrNotADump, maxPhones)
	case !usable:
		return nil, readings[0].Err
	}
	return readings, nil
}

// identified tells whether the facts say which phone of a model it is.
func identified(f diag.Facts) bool {
	return f.UDID.Known() || f.ECID.Known() || f.SerialNumber.Known()
}

// refusal says why no verdict can be given on a phone; nil where one can.
func refusal(f diag.Facts) error {
	if f.ProductType.Known() {
		return refuseOther(f.ProductType.Value)
	}
	switch {
	case f.CPID.Known() && f.BDID.Known():
		return nil // a model that the catalog lacks
	case f.CPID.Known():
		return fmt.Errorf("%w: a chip id without a board id names no model", ErrNoProductType)
	}
	return fmt.Errorf("%w: %s", ErrNoProductType, f.ProductType.Reason)
}

// refuseOther refuses a product type of another family of devices.
func refuseOther(productType string) error {
	family, known := diag.Family(productType)
	if known {
		return nil
	}
	return fmt.Errorf("%w: it is %s (%s)", ErrOtherDevice, family, productType)
}
