package plist

import (
	"fmt"

	howett "howett.net/plist"
)

// EncodeXML writes a value as an XML property list: a [Dict], any map with
// string keys, a slice, a struct with plist tags, or a simple value. A nil in a
// map is left out. It fails on a value that has no such form (a channel, a
// complex number, nil), and where the result would be one that [Check] refuses.
func EncodeXML(v any) ([]byte, error) { return encode(v, howett.XMLFormat) }

// EncodeBinary writes a value as a binary property list; see [EncodeXML]. It
// also fails on a NaN within another value.
func EncodeBinary(v any) ([]byte, error) { return encode(v, howett.BinaryFormat) }

// encode calls the encoder, which passes its own run-time errors on as panics
// and writes a key without a value for a nil in a struct.
func encode(v any, format int) (data []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			data, err = nil, fmt.Errorf("plist: encode: %v", r)
		}
	}()
	data, err = howett.MarshalIndent(v, format, "\t")
	if err != nil {
		return nil, fmt.Errorf("plist: encode: %s", reason(err))
	}
	if err := Check(data); err != nil {
		return nil, fmt.Errorf("%w (encoding)", err)
	}
	return data, nil
}
