package mocks

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strconv"
	"strings"

	"error53/usbmux/plist"
)

// decodeStrictly reads one JSON value and nothing behind it; unknown keys are errors.
// Errors say in which field they lie, or at which byte.
func decodeStrictly(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return strictError(err, len(data))
	}
	end := d.InputOffset()
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return &textError{int(end), errors.New("something follows the end")}
	}
	return nil
}

// strictError says what an error of encoding/json means, and where.
func strictError(err error, end int) error {
	var mistyped *json.UnmarshalTypeError
	var misspelt *json.SyntaxError
	text := strings.TrimPrefix(err.Error(), "json: ")
	field, unknown := strings.CutPrefix(text, "unknown field ")
	switch {
	case unknown:
		return inField(strings.Trim(field, `"`), errors.New(text))
	case errors.As(err, &mistyped) && mistyped.Field == "":
		return fmt.Errorf("a value of type %s does not belong here", mistyped.Value)
	case errors.As(err, &mistyped):
		return inField(mistyped.Field, fmt.Errorf("a value of type %s does not belong here", mistyped.Value))
	case errors.As(err, &misspelt):
		return &textError{int(misspelt.Offset) - 1, errors.New(text)} // it counts the byte that it stumbled over
	}
	return &textError{end, errors.New(text)}
}

// valuesOf turns JSON into plist values: whole numbers become integers. A null stays on
// the outermost level; below that it goes, for a plist has none.
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
		inner := valuesOf(v)
		maps.DeleteFunc(inner, func(_ string, v any) bool { return v == nil })
		return inner
	case plist.Dict:
		return valueOf(map[string]any(v))
	case []any:
		list := []any{}
		for _, element := range v {
			if element != nil {
				list = append(list, valueOf(element))
			}
		}
		return list
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
