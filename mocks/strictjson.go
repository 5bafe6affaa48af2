package mocks

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"error53/usbmux/plist"
)

// decodeStrictly reads one JSON value and nothing behind it; unknown keys are
// errors. With an error it says in which field it lies, where that is known.
func decodeStrictly(data []byte, v any) (field string, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		var mistyped *json.UnmarshalTypeError
		if errors.As(err, &mistyped) {
			return mistyped.Field, fmt.Errorf("a value of type %s does not belong here", mistyped.Value)
		}
		return "", errors.New(strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return "", errors.New("something follows the end")
	}
	return "", nil
}

// valuesOf turns JSON into plist values: whole numbers become integers.
func valuesOf(object map[string]any) plist.Dict {
	values := plist.Dict{}
	for key, v := range object {
		values[key] = valueOf(v)
	}
	return values
}

// dictsOf does so to dictionaries by name; a null stays one.
func dictsOf(objects map[string]map[string]any) map[string]plist.Dict {
	dicts := map[string]plist.Dict{}
	for name, object := range objects {
		dicts[name] = nil
		if object != nil {
			dicts[name] = valuesOf(object)
		}
	}
	return dicts
}

func valueOf(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return valuesOf(v)
	case []any:
		for i := range v {
			v[i] = valueOf(v[i])
		}
		return v
	case json.Number:
		return number(v)
	}
	return v
}

// number gives the first that fits of uint64, int64 and float64.
func number(n json.Number) any {
	if u, err := strconv.ParseUint(n.String(), 10, 64); err == nil {
		return u
	}
	if i, err := n.Int64(); err == nil {
		return i
	}
	f, _ := n.Float64() // at worst infinite, which a plist can hold
	return f
}
