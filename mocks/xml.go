package mocks

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"error53/usbmux/plist"
)

// aside is where control characters go while a plist is written: planes 15 and 16
// of Unicode are for private use.
const aside = 0xF0000

// encodeXML writes a plist as a phone does, with control characters as they are.
// XML forbids most of them and an XML encoder replaces them with U+FFFD, but phones
// have sent them since iOS 4.3. [LIBIMOBILEDEVICE] src/property_list_service.c.
func encodeXML(v any) ([]byte, error) {
	out, err := plist.EncodeXML(v)
	if err != nil || !bytes.ContainsRune(out, utf8.RuneError) {
		return out, err
	}
	out, err = plist.EncodeXML(setAside(v))
	return bytes.Map(func(r rune) rune {
		if aside <= r && r < aside+' ' {
			return r - aside
		}
		return r
	}, out), err
}

// setAside gives a copy of a value with the control characters of its strings moved
// out of the encoder's way.
func setAside(v any) any {
	switch v := v.(type) {
	case string:
		return strings.Map(func(r rune) rune {
			if r < ' ' {
				return aside + r
			}
			return r
		}, v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = setAside(v[i])
		}
		return list
	case map[string]any:
		return setAside(plist.Dict(v))
	case plist.Dict:
		dict := make(plist.Dict, len(v))
		for key := range v {
			dict[key] = setAside(v[key])
		}
		return dict
	}
	return v
}
