package inspect

import (
	"maps"
	"slices"

	"error53/diag"
	"error53/usbmux/plist"
)

// phonesIn finds the lockdown values in a decoded property list or JSON text,
// wherever they lie: tools wrap them in an answer (Value), in a list, in an object
// keyed by UDID, or in objects of their own. Where nothing names a model, values
// that name a phone are given instead, so that the refusal can say what is missing.
func phonesIn(value any) []diag.Facts {
	for _, keys := range [][]string{modelKeys, phoneKeys} {
		s := search{keys: keys}
		s.visit(value, "", 1)
		if len(s.phones) > 0 {
			return s.phones
		}
	}
	return nil
}

// The keys that name a model, and those that only a phone's values have.
var (
	modelKeys = []string{"ProductType", "HardwareModel", "HWModel"}
	phoneKeys = []string{"UniqueDeviceID", "UniqueChipID", "DeviceClass", "SerialNumber"}
)

// search collects the dictionaries that have one of the keys.
type search struct {
	keys   []string
	phones []diag.Facts
}

// visit looks at a value, which stands under a key on a level.
func (s *search) visit(value any, key string, level int) {
	if level > plist.MaxDepth || len(s.phones) > maxPhones {
		return
	}
	switch v := value.(type) {
	case plist.Dict:
		if hasOne(v, s.keys) {
			s.phones = append(s.phones, phoneUnder(key, v))
			return
		}
		for _, k := range slices.Sorted(maps.Keys(v)) {
			s.visit(v[k], k, level+1)
		}
	case []any:
		for _, entry := range v {
			s.visit(entry, "", level+1)
		}
	}
}

func hasOne(d plist.Dict, keys []string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { return d[key] != nil })
}

// phoneUnder makes facts of a phone's values. A key that is a UDID tells it where
// the values do not.
func phoneUnder(key string, values plist.Dict) diag.Facts {
	if values["Type"] == "com.apple.mobile.restored" {
		return restoredFacts(values)
	}
	if values["UniqueDeviceID"] == nil && isUDID(key) {
		values["UniqueDeviceID"] = key
	}
	return lockdownFacts(values)
}
