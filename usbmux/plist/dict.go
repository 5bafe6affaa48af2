package plist

import (
	"math"
	"reflect"
)

// Dict is a dictionary. Those that [Decode] makes hold their own dictionaries as
// Dict, too; those made by hand, or out of JSON, may hold map[string]any.
//
// A phone may put a value of any type under any key. The accessors give false
// where the key is absent or its value is of another type.
type Dict map[string]any

// String gives a string.
func (d Dict) String(key string) (string, bool) {
	s, ok := d[key].(string)
	return s, ok
}

// Uint64 gives an integer, a negative one as its two's complement: restored
// shows a UniqueChipID above 2^63 as a negative number. A real number that is
// whole and within 2^53 counts as an integer, since JSON knows no other.
func (d Dict) Uint64(key string) (uint64, bool) {
	bits, _, ok := integer(d[key])
	return bits, ok
}

// Int64 gives an integer that fits; see [Dict.Uint64].
func (d Dict) Int64(key string) (int64, bool) {
	bits, negative, ok := integer(d[key])
	if !ok || !negative && bits > math.MaxInt64 {
		return 0, false
	}
	return int64(bits), true
}

// Bool gives a boolean. The integers 0 and 1 count as such: lockdownd writes
// RequiresEncryption of com.apple.mobile.backup so (observed).
func (d Dict) Bool(key string) (bool, bool) {
	if b, ok := d[key].(bool); ok {
		return b, true
	}
	bits, _, ok := integer(d[key])
	return bits == 1, ok && bits <= 1
}

// Data gives bytes.
func (d Dict) Data(key string) ([]byte, bool) {
	b, ok := d[key].([]byte)
	return b, ok
}

// Dict gives a dictionary.
func (d Dict) Dict(key string) (Dict, bool) {
	switch v := d[key].(type) {
	case Dict:
		return v, true
	case map[string]any:
		return v, true
	}
	return nil, false
}

// List gives a list.
func (d Dict) List(key string) ([]any, bool) {
	l, ok := d[key].([]any)
	return l, ok
}

// integer gives the 64 bits of an integer of any Go type and whether it is
// negative.
func integer(v any) (bits uint64, negative, ok bool) {
	if v == nil {
		return 0, false, false
	}
	switch r := reflect.ValueOf(v); {
	case r.CanUint():
		return r.Uint(), false, true
	case r.CanInt():
		return uint64(r.Int()), r.Int() < 0, true
	case r.CanFloat():
		f := r.Float()
		whole := math.Abs(f) < 1<<53 && f == math.Trunc(f)
		if !whole {
			return 0, false, false
		}
		return uint64(int64(f)), f < 0, true
	}
	return 0, false, false
}
