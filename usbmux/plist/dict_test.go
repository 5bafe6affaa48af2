package plist_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux/plist"
)

// TestDictAccessors: every accessor meets every type. A nil stands for an accessor
// that gives false.
func TestDictAccessors(t *testing.T) {
	t.Parallel()
	d, list := plist.Dict{"a": "b"}, []any{"a"}
	tests := []struct {
		name                           string
		value                          any
		str, u, i, b, data, dict, list any
	}{
		{name: "nil", value: nil},
		{name: "string", value: "iPhone7,2", str: "iPhone7,2"},
		{name: "empty string", value: "", str: ""},
		{name: "number as a string", value: "53", str: "53"},
		{name: "true", value: true, b: true},
		{name: "false", value: false, b: false},
		{name: "zero", value: uint64(0), u: uint64(0), i: int64(0), b: false},
		{name: "one", value: uint64(1), u: uint64(1), i: int64(1), b: true},
		{name: "two", value: uint64(2), u: uint64(2), i: int64(2)},
		{name: "a 64 bit ECID", value: uint64(1<<63 + 5), u: uint64(1<<63 + 5)},
		{name: "the same as restored shows it", value: int64(math.MinInt64 + 5), u: uint64(1<<63 + 5), i: int64(math.MinInt64 + 5)},
		{name: "minus one", value: int64(-1), u: uint64(math.MaxUint64), i: int64(-1)},
		{name: "greatest int64", value: uint64(math.MaxInt64), u: uint64(math.MaxInt64), i: int64(math.MaxInt64)},
		{name: "int", value: 53, u: uint64(53), i: int64(53)},
		{name: "int8", value: int8(-2), u: uint64(math.MaxUint64 - 1), i: int64(-2)},
		{name: "int16", value: int16(1), u: uint64(1), i: int64(1), b: true},
		{name: "int32", value: int32(7), u: uint64(7), i: int64(7)},
		{name: "uint", value: uint(7), u: uint64(7), i: int64(7)},
		{name: "uint8", value: uint8(0), u: uint64(0), i: int64(0), b: false},
		{name: "uint16", value: uint16(7), u: uint64(7), i: int64(7)},
		{name: "uint32", value: uint32(7), u: uint64(7), i: int64(7)},
		{name: "whole real", value: 28672.0, u: uint64(28672), i: int64(28672)},
		{name: "whole negative real", value: -2.0, u: uint64(math.MaxUint64 - 1), i: int64(-2)},
		{name: "greatest exact real", value: float64(1<<53 - 1), u: uint64(1<<53 - 1), i: int64(1<<53 - 1)},
		{name: "real that may be rounded", value: float64(1 << 53)},
		{name: "broken real", value: 0.5},
		{name: "float32", value: float32(3), u: uint64(3), i: int64(3)},
		{name: "NaN", value: math.NaN()},
		{name: "infinity", value: math.Inf(-1)},
		{name: "data", value: []byte{1}, data: []byte{1}},
		{name: "list", value: list, list: list},
		{name: "dictionary", value: d, dict: d},
		{name: "map", value: map[string]any{"a": "b"}, dict: d},
		{name: "date", value: time.Unix(0, 0)},
		{name: "pointer", value: new(int)},
		{name: "struct", value: struct{ A int }{1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := plist.Dict{"k": test.value}
			assert.Equal(t, test.str, found(d.String("k")), "String")
			assert.Equal(t, test.u, found(d.Uint64("k")), "Uint64")
			assert.Equal(t, test.i, found(d.Int64("k")), "Int64")
			assert.Equal(t, test.b, found(d.Bool("k")), "Bool")
			assert.Equal(t, test.data, found(d.Data("k")), "Data")
			assert.Equal(t, test.dict, found(d.Dict("k")), "Dict")
			assert.Equal(t, test.list, found(d.List("k")), "List")
		})
	}
}

// found gives what an accessor gave, or nil where it gave false.
func found(v any, ok bool) any {
	if !ok {
		return nil
	}
	return v
}

func TestDictAbsent(t *testing.T) {
	t.Parallel()
	var none plist.Dict
	for _, d := range []plist.Dict{none, {"Other": true}} {
		assert.Nil(t, found(d.String("Key")))
		assert.Nil(t, found(d.Uint64("Key")))
		assert.Nil(t, found(d.Int64("Key")))
		assert.Nil(t, found(d.Bool("Key")))
		assert.Nil(t, found(d.Data("Key")))
		assert.Nil(t, found(d.Dict("Key")))
		assert.Nil(t, found(d.List("Key")))
	}
}

// TestDictOfJSON: a dump in JSON is read with the same accessors.
func TestDictOfJSON(t *testing.T) {
	t.Parallel()
	var d plist.Dict
	require.NoError(t, json.Unmarshal([]byte(`{"Value":{"BoardId":6,"HasSiDP":true}}`), &d))
	values, ok := d.Dict("Value")
	require.True(t, ok)
	board, ok := values.Uint64("BoardId")
	assert.True(t, ok)
	assert.Equal(t, uint64(6), board)
}
