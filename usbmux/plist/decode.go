package plist

import (
	"bytes"
	"fmt"
	"strings"

	howett "howett.net/plist"
)

// UID is the reference type of keyed archives. No daemon we talk to sends one;
// it is here because a file may.
type UID = howett.UID

// Decode reads a property list that [Check] accepts. The value is of one of the
// types
//
//	string    always valid UTF-8
//	uint64    an integer that is not negative
//	int64     a negative integer, and 0 where XML writes -0
//	float64   may be NaN or infinite
//	time.Time of the years 0 to 9999
//	bool, []byte, UID
//	[]any, Dict
//
// and shares no memory with data. The error wraps one of the sentinels of this
// package; [ErrSyntax] where the decoder refuses what Check let through.
func Decode(data []byte) (any, error) {
	document, err := admit(data)
	if err != nil {
		return nil, err
	}
	return decode(document)
}

// decode reads a document that was admitted.
func decode(document []byte) (any, error) {
	v, err := unmarshal(document)
	if err != nil {
		return nil, err
	}
	return adopt(v), nil
}

// DecodeDict reads a property list whose value is a dictionary, as that of every
// message of the daemons is. Any other value is an error that wraps [ErrSyntax].
func DecodeDict(data []byte) (Dict, error) { return asDict(Decode(data)) }

// DecodeChecked is [DecodeDict] for a message that has passed [Check] already and has
// not changed since. It does not check again, which would be almost half of the work; a
// message that nobody has checked may cost what it likes.
func DecodeChecked(data []byte) (Dict, error) { return asDict(decode(document(data))) }

func asDict(v any, err error) (Dict, error) {
	if err != nil {
		return nil, err
	}
	d, ok := v.(Dict)
	if !ok {
		return nil, fmt.Errorf("%w: the value is of type %T, not a dictionary", ErrSyntax, v)
	}
	return d, nil
}

// unmarshal calls the decoder, which passes its own run-time errors on as panics.
func unmarshal(document []byte) (v any, err error) {
	defer func() {
		if r := recover(); r != nil {
			v, err = nil, fmt.Errorf("%w: the decoder panicked: %v", ErrSyntax, r)
		}
	}()
	if _, err := howett.Unmarshal(document, &v); err != nil {
		return nil, fmt.Errorf("%w: %s", ErrSyntax, reason(err))
	}
	return v, nil
}

// adopt turns the decoder's values into ours. Data of a binary list lies in one
// buffer with all its strings; without a copy, whoever writes to the data would
// change strings. Text of a binary list may hold any bytes.
func adopt(v any) any {
	switch v := v.(type) {
	case map[string]any:
		d := make(Dict, len(v))
		for key, value := range v {
			d[validText(key)] = adopt(value)
		}
		return d
	case []any:
		for i := range v {
			v[i] = adopt(v[i])
		}
	case []byte:
		return bytes.Clone(v)
	case string:
		return validText(v)
	case float32:
		return float64(v)
	}
	return v
}

func validText(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
