package inspect_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag/inspect"
)

// The values stand as they do in the dump, beyond what the facts are made of.
func TestDumpValues(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		file  string
		wants map[string]any
	}{
		{"ideviceinfo.txt", map[string]any{
			"ProductType": "iPhone7,2", "BoardId": uint64(6), "ActivationState": "Activated", "PasswordProtected": false,
			"UniqueChipID": uint64(11111222223333), "SerialNumber": "F2LTEST00001", "WiFiAddress": "02:00:00:00:00:01",
			"NonVolatileRAM": nil, "MobileSubscriberCountryCode": nil,
		}},
		{"ideviceinfo-x.plist", map[string]any{"ProductType": "iPhone7,2", "ChipID": uint64(0x7000)}},
		{"go-ios-info.json", map[string]any{"ProductType": "iPhone13,2", "SerialNumber": "TESTTEST01"}},
		{"go-ios-by-udid.json", map[string]any{"ProductType": "iPhone13,2", "UniqueDeviceID": "00008101-000A1B2C3D4E5F60"}},
		{"labels.txt", map[string]any{"ProductType": "iPhone6,2", "UniqueChipID": uint64(0xa1b2c3d4e5f)}},
	} {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			phones, err := inspect.DumpValues(fixture(t, tt.file))
			require.NoError(t, err)
			for key, want := range tt.wants {
				assert.Equal(t, want, phones[0][key], key)
			}
		})
	}
}

// It finds the phones that ReadDump finds, but for those that say nothing of lockdown's.
func TestDumpValuesOfEveryDump(t *testing.T) {
	t.Parallel()
	for _, name := range fixtures(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			readings, err := inspect.ReadDump(fixture(t, name))
			phones, valuesErr := inspect.DumpValues(fixture(t, name))
			if err != nil {
				require.Equal(t, err, valuesErr)
				return
			}
			wanted := 0
			for _, r := range readings {
				if r.Err == nil && r.Facts.ProductType.Source == "lockdown" {
					wanted++
				}
			}
			if wanted == 0 && valuesErr != nil {
				require.ErrorIs(t, valuesErr, inspect.ErrNotADump)
				return
			}
			require.NoError(t, valuesErr)
			assert.GreaterOrEqual(t, len(phones), max(wanted, 1))
			assert.LessOrEqual(t, len(phones), len(readings))
		})
	}
}
