package lockdown_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/lockdown"
	"error53/usbmux"
	"error53/usbmux/plist"
)

// Each kind of value arrives as itself.
func TestGetValue(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		value any
		want  any
	}{
		{"text", "iPhone7,2", "iPhone7,2"},
		{"empty text", "", ""},
		{"name in another script", "佐藤の iPhone", "佐藤の iPhone"},
		{"ECID above 2^53", uint64(1)<<63 + 1, uint64(1)<<63 + 1},
		{"negative", int64(-1), int64(-1)},
		{"false", false, false},
		{"data", []byte{0, 1}, []byte{0, 1}},
		{"real", 0.5, 0.5},
		{"date", time.Unix(978307200, 0).UTC(), time.Unix(978307200, 0).UTC()},
		{"list", []any{"a", uint64(1)}, []any{"a", uint64(1)}},
		{"dictionary", plist.Dict{"a": plist.Dict{}}, plist.Dict{"a": plist.Dict{}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, client := dial(t, always(t, value(tt.value)))
			got, err := client.GetValue(t.Context(), "com.example", "Key")
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
			assert.Equal(t, []plist.Dict{{
				"Label": "error53", "Request": "GetValue", "ProtocolVersion": "2",
				"Domain": "com.example", "Key": "Key",
			}}, p.requests())
		})
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	p, client := dial(t, always(t, value(plist.Dict{"ProductType": "iPhone7,2", "UniqueChipID": uint64(1) << 63})))
	got, err := client.Values(t.Context(), "")
	require.NoError(t, err)
	ecid, ok := got.Uint64("UniqueChipID")
	assert.True(t, ok)
	assert.Equal(t, uint64(1)<<63, ecid)
	assert.Equal(t, []plist.Dict{{"Label": "error53", "Request": "GetValue", "ProtocolVersion": "2"}}, p.requests())
}

func TestGetValueRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		answer plist.Dict
		err    error
	}{
		{"missing", plist.Dict{"Request": "GetValue", "Error": "MissingValue"}, lockdown.ErrMissingValue},
		{"an error beside a value", plist.Dict{"Request": "GetValue", "Error": "GetProhibited", "Value": "x"}, lockdown.ErrGetProhibited},
		{"success without a value", plist.Dict{"Request": "GetValue"}, lockdown.ErrMissingValue},
		{"nothing at all", plist.Dict{}, lockdown.ErrMissingValue},
		{"answer to another request", plist.Dict{"Request": "QueryType", "Value": "x"}, usbmux.ErrProtocol},
		{"answer to another key", plist.Dict{"Request": "GetValue", "Key": "Other", "Value": "x"}, usbmux.ErrProtocol},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, client := dial(t, always(t, tt.answer))
			got, err := client.GetValue(t.Context(), "", "SerialNumber")
			require.ErrorIs(t, err, tt.err)
			assert.ErrorContains(t, err, "lockdown: GetValue SerialNumber: ")
			assert.Nil(t, got)
		})
	}
}

func TestValuesRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		answer plist.Dict
		err    error
	}{
		{"text", value("x"), usbmux.ErrProtocol},
		{"list", value([]any{}), usbmux.ErrProtocol},
		{"error", plist.Dict{"Request": "GetValue", "Error": "GetProhibited"}, lockdown.ErrGetProhibited},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, client := dial(t, always(t, tt.answer))
			got, err := client.Values(t.Context(), "com.example")
			require.ErrorIs(t, err, tt.err)
			assert.ErrorContains(t, err, "lockdown: GetValue com.example: ")
			assert.Nil(t, got)
		})
	}
}

// A phone that says no is still there for the next question.
func TestRefusalKeepsTheConnection(t *testing.T) {
	t.Parallel()
	no, yes := always(t, plist.Dict{"Request": "GetValue", "Error": "GetProhibited"}), always(t, value("9.1"))
	_, client := dial(t, func(request plist.Dict) []byte {
		if request["Key"] == "SerialNumber" {
			return no(request)
		}
		return yes(request)
	})
	_, err := client.GetValue(t.Context(), "", "SerialNumber")
	require.ErrorIs(t, err, lockdown.ErrGetProhibited)
	got, err := client.GetValue(t.Context(), "", "ProductVersion")
	require.NoError(t, err)
	assert.Equal(t, "9.1", got)
}
