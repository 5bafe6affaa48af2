package inspect

import (
	"fmt"
	"strings"

	"error53/diag"
	"error53/lockdown"
	"error53/usbmux/plist"
)

// DumpValues gives lockdown's values of each phone in a dump as [ReadDump] reads it, all
// of them as far as the form has them: a text leaves out what is nested, and shows data
// as text. Phones that ReadDump refuses are left out, and so is what is said twice of
// one. Errors are those of ReadDump, and [ErrNotADump] where it holds no lockdown
// values, as that of an iBoot does.
func DumpValues(data []byte) ([]plist.Dict, error) {
	if _, err := ReadDump(data); err != nil {
		return nil, err
	}
	seen := map[diag.Facts]bool{}
	var phones []plist.Dict
	for _, values := range lockdownDicts(utf8Text(data)) {
		f := lockdownFacts(values)
		if values["Type"] == lockdown.TypeRestored || refusal(f) != nil || seen[f] && identified(f) {
			continue
		}
		seen[f] = true
		phones = append(phones, values)
	}
	if len(phones) == 0 {
		return nil, fmt.Errorf("%w: it holds no lockdown values", ErrNotADump)
	}
	return phones, nil
}

// lockdownDicts gives the dictionaries in a dump that have a key of a phone.
func lockdownDicts(data []byte) []plist.Dict {
	if isPlist(data) {
		var found []plist.Dict
		for _, document := range documents(data) {
			if value, err := plist.Decode(document); err == nil {
				found = append(found, dictsIn(value, modelKeys)...)
			}
		}
		return found
	}
	if values, ok := decodeJSON(data); ok {
		return dictsIn(values, modelKeys)
	}
	var found []plist.Dict
	for _, b := range readBlocks(strings.ToValidUTF8(string(data), "\uFFFD")) {
		if values := allValues(b); hasOne(values, modelKeys) {
			found = append(found, values)
		}
	}
	return found
}

// allValues gives the lines of a block the types they seem to have; lockdown's own keys,
// those they have.
func allValues(b block) plist.Dict {
	values := plist.Dict{}
	for label, text := range b {
		switch text {
		case "":
		case "true", "false":
			values[label] = text == "true"
		default:
			values[label] = text
		}
	}
	for key, value := range lockdownValues(b) {
		values[key] = value
	}
	return values
}
