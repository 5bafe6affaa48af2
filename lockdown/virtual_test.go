package lockdown_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/lockdown"
	"error53/mocks"
	"error53/usbmux"
)

// bench gives a mux client before virtual phones.
func bench(t *testing.T, profiles ...mocks.Profile) (*mocks.Bench, *usbmux.Client) {
	phones := make([]mocks.Phone, len(profiles))
	for i, profile := range profiles {
		profile.ECID = uint64(0x53000001 + i)
		var err error
		phones[i], err = profile.Phone()
		require.NoError(t, err)
	}
	b := mocks.NewBench(phones...)
	t.Cleanup(func() { b.Close() })
	return b, &usbmux.Client{Dial: b.Dial}
}

// An unpaired phone, from the list to its values, with every request counted.
func TestVirtualPhone(t *testing.T) {
	t.Parallel()
	b, mux := bench(t, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.1", Name: "佐藤の\u202e iPhone"})
	devices, err := mux.ListDevices(t.Context())
	require.NoError(t, err)
	require.Len(t, devices, 1)
	client, err := lockdown.Dial(t.Context(), mux, devices[0].ID)
	require.NoError(t, err)
	defer client.Close()
	identity, err := client.QueryType(t.Context())
	require.NoError(t, err)
	assert.False(t, identity.Restored)
	values, err := client.Values(t.Context(), "")
	require.NoError(t, err)
	for key, want := range map[string]any{"ProductType": "iPhone7,2", "ProductVersion": "9.1", "DeviceName": "佐藤の\u202e iPhone"} {
		assert.Equal(t, want, values[key], key)
	}
	ecid, ok := values.Uint64("UniqueChipID")
	assert.True(t, ok)
	assert.EqualValues(t, 0x53000001, ecid)

	assert.Equal(t, 2, b.Connections())
	var names []string
	for _, r := range b.Requests() {
		names = append(names, r.Name)
		assert.False(t, r.Refused || r.Writes, r.Name)
	}
	assert.Equal(t, []string{"ListDevices", "Connect", "QueryType", "GetValue"}, names)
}

func TestVirtualPhoneInRestoreMode(t *testing.T) {
	t.Parallel()
	_, mux := bench(t, mocks.Profile{ProductType: "iPhone6,2", Mode: diag.Restore})
	devices, err := mux.ListDevices(t.Context())
	require.NoError(t, err)
	require.Len(t, devices, 1)
	assert.True(t, devices[0].Restore())
	client, err := lockdown.Dial(t.Context(), mux, devices[0].ID)
	require.NoError(t, err)
	defer client.Close()
	identity, err := client.QueryType(t.Context())
	require.NoError(t, err)
	assert.True(t, identity.Restored)
	assert.Equal(t, "N53AP", identity.HardwareModel)
	info, err := client.HardwareInfo(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 0x53000001, info.ECID)
	assert.EqualValues(t, 0x8960, info.ChipID)
}

// Two phones in restore mode share a serial number and stay two.
func TestTwoVirtualPhonesInRestoreMode(t *testing.T) {
	t.Parallel()
	_, mux := bench(t,
		mocks.Profile{ProductType: "iPhone6,2", Mode: diag.Restore},
		mocks.Profile{ProductType: "iPhone8,1", Mode: diag.Restore})
	devices, err := mux.ListDevices(t.Context())
	require.NoError(t, err)
	assert.Len(t, devices, 2)
}

// What each fault of the daemon on the phone looks like from here.
func TestFaultsOfLockdownd(t *testing.T) {
	t.Parallel()
	for kind, want := range map[mocks.Kind]error{
		mocks.Cut:         usbmux.ErrGone,
		mocks.WrongLength: usbmux.ErrProtocol,
		mocks.Garbage:     usbmux.ErrProtocol,
		mocks.WrongTag:    usbmux.ErrProtocol,
		mocks.WrongType:   usbmux.ErrProtocol,
		mocks.Vanish:      usbmux.ErrGone,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			_, mux := bench(t, mocks.Profile{ProductType: "iPhone7,2", Faults: []mocks.Fault{{Side: mocks.Lockdownd, Kind: kind}}})
			client, err := lockdown.Dial(t.Context(), mux, 1)
			require.NoError(t, err)
			defer client.Close()
			_, err = client.QueryType(t.Context())
			require.ErrorIs(t, err, want)
		})
	}
}
