package recording_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks/recording"
	"error53/usbmux/plist"
)

var keyAndValue = regexp.MustCompile(`(?m)^\s*"?([A-Za-z][A-Za-z0-9_-]+)"?:\s+"?([^",\r\n]+)`)

// What people have posted of their phones is masked so that Check finds nothing more,
// and the identifiers that have no other form than their own are gone.
func TestMaskSpecimens(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("ERROR53_SPECIMENS")
	if folder == "" {
		t.Skip("ERROR53_SPECIMENS names no folder of specimens")
	}
	files, err := filepath.Glob(filepath.Join(folder, "lockdown", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			assertMasked(t, strings.ToValidUTF8(string(text), "?"))
		})
	}
}

func assertMasked(t *testing.T, text string) {
	values := plist.Dict{}
	for _, pair := range keyAndValue.FindAllStringSubmatch(text, -1) {
		values[pair[1]] = strings.TrimSpace(pair[2])
	}
	r := recording.Recording{Flows: []recording.Flow{{Speaker: recording.Lockdownd, Exchanges: []recording.Exchange{{
		Request: plist.Dict{"Request": "GetValue"}, Answer: plist.Dict{"Value": values},
	}}}}}
	masked, err := r.Mask(chance())
	require.NoError(t, err)
	for _, key := range []string{"UniqueDeviceID", "SerialNumber", "InternationalMobileEquipmentIdentity", "WiFiAddress", "BluetoothAddress", "UniqueChipID"} {
		if value, ok := values.String(key); ok && len(value) >= 8 && strings.ContainsAny(value, "123456789") {
			assert.NotContains(t, written(t, masked), value, key)
		}
	}
}
