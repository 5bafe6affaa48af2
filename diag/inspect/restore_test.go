package inspect_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/mocks"
	"error53/usbmux"
	"error53/usbmux/plist"
)

// A phone in restore mode is asked its type and nothing else, unless the operator named
// it by what is known of it then.
func TestRestoreRule(t *testing.T) {
	named := func(serial string) func(diag.Facts) bool {
		return func(f diag.Facts) bool { return f.SerialNumber.Value == serial }
	}
	tests := []struct {
		name  string
		named func(diag.Facts) bool
		want  []string
	}{
		{"nobody named", nil, []string{"QueryType"}},
		{"another one named", named("E53M000000FF"), []string{"QueryType"}},
		{"this one named", named("E53M000000C3"), []string{"QueryType", "QueryValue HardwareInfo"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				b, i := onBench(t, attached(t, mocks.Profile{ProductType: "iPhone8,2", Mode: diag.Restore, ECID: 1<<63 | 0xc3,
					Values: plist.Dict{"SerialNumber": "E53M000000C3"}}))
				i.Named = test.named
				read := readAll(t, i)
				require.NoError(t, read[0].Err)
				var asked []string
				for _, r := range b.Requests() {
					if r.Side == mocks.Restored {
						asked = append(asked, r.Name+suffix(r.Key))
					}
				}
				assert.Equal(t, test.want, asked)
				if len(test.want) == 1 {
					assert.False(t, read[0].Facts.ECID.Known())
					return
				}
				assert.Equal(t, diag.Known(uint64(1<<63|0xc3), diag.FromRestored), read[0].Facts.ECID, "restored writes it as a negative number")
				assert.Equal(t, diag.Known(uint32(0x8000), diag.FromRestored), read[0].Facts.CPID)
				assert.True(t, read[0].Facts.BDID.Known())
			})
		})
	}
}

func suffix(key string) string {
	if key == "" {
		return ""
	}
	return " " + key
}

// Where restored tells no board, chip and board id of a named phone still name it.
func TestRestoreModelByChip(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		_, i := onBench(t, attached(t, mocks.Profile{ProductType: "iPhone7,2", Mode: diag.Restore, Values: plist.Dict{"HardwareModel": nil}}))
		assert.False(t, readAll(t, i)[0].Facts.ProductType.Known())
		i.Named = func(diag.Facts) bool { return true }
		assert.Equal(t, diag.Known("iPhone7,2", diag.FromCatalog), readAll(t, i)[0].Facts.ProductType)
	})
}

// A named phone that fails at the second question keeps what it said to the first.
func TestRestoreHardwareInfoFails(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		_, i := onBench(t, attached(t, mocks.Profile{ProductType: "iPhone8,2", Mode: diag.Restore,
			Faults: []mocks.Fault{{Side: mocks.Restored, Kind: mocks.Silent, After: 1}}}))
		i.Named = func(diag.Facts) bool { return true }
		read := readAll(t, i)
		assert.ErrorIs(t, read[0].Err, usbmux.ErrTimeout)
		assert.Equal(t, diag.Known(diag.Restore, diag.FromRestored), read[0].Facts.Mode)
		assert.Equal(t, "iPhone8,2", read[0].Facts.ProductType.Value)
	})
}
