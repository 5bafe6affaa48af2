package inspect

import (
	"maps"
	"slices"

	"error53/diag"
	"error53/lockdown"
	"error53/usbmux/plist"
)

// phonesIn finds the lockdown values in a decoded property list or JSON text,
// wherever they lie: tools wrap them in an answer (Value), in a list, in an object
// keyed by UDID, or in objects of their own. Where nothing names a model, values
// that name a phone are given instead, so that the refusal can say what is missing.
func phonesIn(value any) []diag.Facts {
	for _, keys := range [][]string{modelKeys, phoneKeys} {
		var phones []diag.Facts
		for _, values := range dictsIn(value, keys) {
			phones = append(phones, factsOf(values))
		}
		if len(phones) > 0 {
			return phones
		}
	}
	return nil
}

// dictsIn collects the dictionaries that have one of the keys.
func dictsIn(value any, keys []string) []plist.Dict {
	s := search{keys: keys}
	s.visit(value, "", 1)
	return s.found
}

// The keys that name a model, and those that only a phone's values have.
var (
	modelKeys = []string{"ProductType", "HardwareModel", "HWModel"}
	phoneKeys = []string{"UniqueDeviceID", "UniqueChipID", "DeviceClass", "SerialNumber"}
)

// search collects the dictionaries that have one of the keys.
type search struct {
	keys  []string
	found []plist.Dict
}

// visit looks at a value, which stands under a key on a level.
func (s *search) visit(value any, key string, level int) {
	if level > plist.MaxDepth || len(s.found) > maxPhones {
		return
	}
	switch v := value.(type) {
	case plist.Dict:
		if hasOne(v, s.keys) {
			s.found = append(s.found, under(key, v))
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

// under adds to a phone's values the UDID, where they do not tell it and the key above
// them does.
func under(key string, values plist.Dict) plist.Dict {
	if values["UniqueDeviceID"] == nil && values["Type"] != lockdown.TypeRestored && isUDID(key) {
		values["UniqueDeviceID"] = key
	}
	return values
}

func factsOf(values plist.Dict) diag.Facts {
	if values["Type"] == lockdown.TypeRestored {
		return restoredFacts(values)
	}
	return lockdownFacts(values)
}
