package plist_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux/plist"
)

// TestDecodeChecked: of a message that Check lets through it makes what DecodeDict
// makes, errors included.
func TestDecodeChecked(t *testing.T) {
	t.Parallel()
	messages := slices.Concat(xmlSeeds, binarySeeds, [][]byte{
		xmlList("<array/>"),
		xmlList("<dict><key>a</key><date>no date</date></dict>"),
		[]byte("\uFEFF\n <plist><dict><key>a\x01b</key><string>&#0;</string></dict></plist>"),
	})
	read := 0
	for _, message := range messages {
		if plist.Check(message) != nil {
			continue
		}
		want, wantErr := plist.DecodeDict(message)
		got, err := plist.DecodeChecked(message)
		assert.True(t, same(want, got), "%q", message)
		if wantErr != nil {
			assert.EqualError(t, err, wantErr.Error())
			continue
		}
		require.NoError(t, err)
		read++
	}
	assert.Greater(t, read, 4)
}
