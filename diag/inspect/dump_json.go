package inspect

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"error53/diag"
	"error53/usbmux/plist"
)

// decodeJSON decodes one object or array, or several one after another, as go-ios
// prints them. It gives false where the text is not JSON all through.
func decodeJSON(data []byte) ([]any, bool) {
	if data[0] != '{' && data[0] != '[' {
		return nil, false
	}
	var values []any
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber() // an ECID may not fit a float64
	for {
		var value any
		err := decoder.Decode(&value)
		if err != nil {
			return values, errors.Is(err, io.EOF)
		}
		values = append(values, fromJSON(value))
	}
}

// readJSON finds the phones in decoded JSON.
func readJSON(values []any) ([]diag.Facts, error) {
	var phones []diag.Facts
	for _, value := range values {
		if len(phones) > maxPhones {
			break
		}
		phones = append(phones, phonesIn(value)...)
	}
	if len(phones) == 0 {
		return nil, fmt.Errorf("%w: JSON without lockdown values", ErrNotADump)
	}
	return phones, nil
}

// fromJSON turns decoded JSON into the types of a property list. A number that is
// not whole stays a json.Number, which is neither a text nor an integer.
func fromJSON(v any) any {
	switch v := v.(type) {
	case map[string]any:
		d := make(plist.Dict, len(v))
		for key, value := range v {
			d[key] = fromJSON(value)
		}
		return d
	case []any:
		for i := range v {
			v[i] = fromJSON(v[i])
		}
	case json.Number:
		if n, ok := integer(v.String()); ok {
			return n
		}
	}
	return v
}

// integer reads a whole number, decimal or with 0x; a negative one is an int64.
func integer(s string) (any, bool) {
	digits, isHex := strings.CutPrefix(strings.ToLower(s), "0x")
	if isHex {
		n, err := strconv.ParseUint(digits, 16, 64)
		return n, err == nil
	}
	if n, err := strconv.ParseUint(s, 10, 64); err == nil {
		return n, true
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}
