package inspect

import (
	"bytes"
	"fmt"

	"error53/diag"
	"error53/usbmux/plist"
)

// isPlist tells whether a dump begins as a property list does.
func isPlist(data []byte) bool {
	data = bytes.TrimLeft(data, " \t\r\n")
	for _, start := range []string{"bplist00", "<?xml", "<!DOCTYPE plist", "<plist"} {
		if bytes.HasPrefix(data, []byte(start)) {
			return true
		}
	}
	return false
}

// readPlists reads a property list, or several in XML one after another, as they
// come of running ideviceinfo -x for each of several phones into one file.
func readPlists(data []byte) ([]diag.Facts, error) {
	var phones []diag.Facts
	for _, document := range documents(data) {
		if len(phones) > maxPhones {
			break
		}
		value, err := plist.Decode(document)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNotADump, err)
		}
		phones = append(phones, phonesIn(value)...)
	}
	if len(phones) == 0 {
		return nil, fmt.Errorf("%w: a property list without lockdown values", ErrNotADump)
	}
	return phones, nil
}

// documents splits XML at the declarations that begin each document.
func documents(data []byte) [][]byte {
	declaration := []byte("<?xml")
	if !bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), declaration) {
		return [][]byte{data}
	}
	var split [][]byte
	for _, document := range bytes.Split(data, declaration)[1:] {
		split = append(split, append(bytes.Clone(declaration), document...))
	}
	return split
}
