package plist_test

import (
	"bytes"
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"error53/usbmux/plist"
)

// requireTyped wants an error to wrap one of the sentinels.
func requireTyped(t *testing.T, err error) {
	t.Helper()
	sentinels := []error{plist.ErrEmpty, plist.ErrFormat, plist.ErrTooLarge, plist.ErrTooDeep, plist.ErrTooMany, plist.ErrSyntax}
	require.True(t, slices.ContainsFunc(sentinels, func(sentinel error) bool { return errors.Is(err, sentinel) }), err)
}

// measure counts values, keys included, and levels.
func measure(v any) (nodes, depth int) {
	nodes = 1
	count := func(child any) {
		n, d := measure(child)
		nodes, depth = nodes+n, max(depth, d)
	}
	switch v := v.(type) {
	case plist.Dict:
		nodes += len(v)
		for _, child := range v {
			count(child)
		}
	case []any:
		for _, child := range v {
			count(child)
		}
	}
	return nodes, depth + 1
}

// contains looks for a value, or a key, anywhere in v.
func contains(v any, wanted func(any) bool) bool {
	switch v := v.(type) {
	case plist.Dict:
		for key, child := range v {
			if wanted(key) || contains(child, wanted) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, func(child any) bool { return contains(child, wanted) })
	}
	return wanted(v)
}

// lostInXML finds what XML has no way to write: control characters, and dates
// that leave the calendar when they are put into UTC.
func lostInXML(v any) bool {
	switch v := v.(type) {
	case string:
		plain := strings.ReplaceAll(v, "&", "") // text, no references
		return string(plist.Clean([]byte(plain))) != plain
	case time.Time:
		return v.UTC().Year() < 0 || v.UTC().Year() > 9999
	}
	return false
}

// lostInBinary finds what the encoder cannot write in binary; see doc.go.
func lostInBinary(v any) bool {
	switch v := v.(type) {
	case float64:
		return math.IsNaN(v)
	case time.Time:
		return v.UTC().Year() < 1678 || v.UTC().Year() > 2261
	}
	return false
}

// same compares values as far as the formats keep them: an integer that is not
// negative has no sign, XML dates have no fractions of a second, and XML knows a
// UID only as a dictionary.
func same(a, b any) bool {
	switch a := simple(a).(type) {
	case plist.Dict:
		b, ok := simple(b).(plist.Dict)
		return ok && maps.EqualFunc(a, b, same)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, same)
	case []byte:
		b, ok := b.([]byte)
		return ok && bytes.Equal(a, b)
	case time.Time:
		b, ok := b.(time.Time)
		return ok && a.Sub(b).Abs() < time.Second
	case float64:
		b, ok := b.(float64)
		return ok && (a == b || math.IsNaN(a) && math.IsNaN(b))
	default:
		return a == simple(b)
	}
}

func simple(v any) any {
	switch v := v.(type) {
	case int64:
		if v >= 0 {
			return uint64(v)
		}
	case plist.Dict:
		if id, ok := v.Uint64("CF$UID"); ok && len(v) == 1 {
			return plist.UID(id)
		}
	}
	return v
}
