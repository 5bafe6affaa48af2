package lockdown_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/lockdown"
	"error53/usbmux/plist"
)

func TestHardwareInfo(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		info plist.Dict
		want lockdown.HardwareInfo
	}{
		{
			"all of it",
			plist.Dict{"BoardID": 2, "ChipID": 0x8960, "UniqueChipID": uint64(0x7F600000358D0), "ProductionMode": true},
			lockdown.HardwareInfo{ECID: 0x7F600000358D0, ChipID: 0x8960, BoardID: 2},
		},
		{"a negative ECID is one above 2^63", plist.Dict{"UniqueChipID": -2}, lockdown.HardwareInfo{ECID: 1<<64 - 2}},
		{"nothing", plist.Dict{}, lockdown.HardwareInfo{}},
		{"of another type, or too large", plist.Dict{"BoardID": "2", "ChipID": uint64(1)<<40 + 5, "UniqueChipID": "x"}, lockdown.HardwareInfo{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, client := dial(t, restored(t, plist.Dict{"HardwareInfo": tt.info}))
			_, err := client.QueryType(t.Context())
			require.NoError(t, err)
			got, err := client.HardwareInfo(t.Context())
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
			assert.Equal(t, plist.Dict{"Label": "error53", "Request": "QueryValue", "QueryKey": "HardwareInfo"}, p.requests()[1])
		})
	}
}

func TestSavedDebugInfo(t *testing.T) {
	t.Parallel()
	p, client := dial(t, restored(t, plist.Dict{"SavedDebugInfo": plist.Dict{
		"PreviousExitStatus": "53", "USBLog": "usb", "PanicLog": 7,
	}}))
	_, err := client.QueryType(t.Context())
	require.NoError(t, err)
	got, err := client.SavedDebugInfo(t.Context())
	require.NoError(t, err)
	assert.Equal(t, lockdown.SavedDebugInfo{PreviousExitStatus: "53", USBLog: "usb"}, got)
	assert.Equal(t, plist.Dict{"Label": "error53", "Request": "QueryValue", "QueryKey": "SavedDebugInfo"}, p.requests()[1])
}

func TestRestoredRefuses(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]plist.Dict{
		"nothing under the key": {"Result": "Success"},
		"another type":          {"HardwareInfo": "none", "SavedDebugInfo": 7},
		"an error":              {"Error": "MissingValue"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, client := dial(t, restored(t, answer))
			_, err := client.QueryType(t.Context())
			require.NoError(t, err)
			_, err = client.HardwareInfo(t.Context())
			require.ErrorIs(t, err, lockdown.ErrMissingValue)
			_, err = client.SavedDebugInfo(t.Context())
			require.ErrorIs(t, err, lockdown.ErrMissingValue)
		})
	}
}

// A phone in the middle of a restore is left alone: after QueryType it gets no request
// of lockdownd's, and restored's own are sent to nobody who has not said to be restored.
func TestRestoreIsNotDisturbed(t *testing.T) {
	t.Parallel()
	values := func(ctx context.Context, c *lockdown.Client) error { _, err := c.Values(ctx, ""); return err }
	get := func(ctx context.Context, c *lockdown.Client) error { _, err := c.GetValue(ctx, "", "K"); return err }
	hardware := func(ctx context.Context, c *lockdown.Client) error { _, err := c.HardwareInfo(ctx); return err }
	debug := func(ctx context.Context, c *lockdown.Client) error { _, err := c.SavedDebugInfo(ctx); return err }
	for _, tt := range []struct {
		name  string
		who   plist.Dict // nil = not asked
		calls []func(context.Context, *lockdown.Client) error
	}{
		{"restored", isRestored, []func(context.Context, *lockdown.Client) error{values, get}},
		{"lockdownd", isLockdownd, []func(context.Context, *lockdown.Client) error{hardware, debug}},
		{"not asked", nil, []func(context.Context, *lockdown.Client) error{hardware, debug}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, client := dial(t, always(t, tt.who))
			if tt.who != nil {
				_, err := client.QueryType(t.Context())
				require.NoError(t, err)
			}
			asked := len(p.requests())
			for _, call := range tt.calls {
				require.ErrorIs(t, call(t.Context(), client), lockdown.ErrNotLockdown)
			}
			assert.Len(t, p.requests(), asked, "nothing was sent")
		})
	}
}
