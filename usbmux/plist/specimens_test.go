package plist_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux/plist"
)

// specimens gives the folder of messages that people have posted, which is not
// part of the repository.
func specimens(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("ERROR53_SPECIMENS")
	if folder == "" {
		t.Skip("ERROR53_SPECIMENS is not set: no folder of specimens")
	}
	return folder
}

// TestSpecimensUsbmux: each posted property list is one of a daemon's messages,
// which are dictionaries with a MessageType, a Request, a DeviceList or the like.
func TestSpecimensUsbmux(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(specimens(t), "usbmux", "*.plist"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			d, err := plist.DecodeDict(data)
			if err != nil {
				requireTyped(t, err)
				t.Log(err)
				return
			}
			assert.NotEmpty(t, d)
			roundTrip(t, d, plist.EncodeXML)
			roundTrip(t, d, plist.EncodeBinary)
		})
	}
}

// TestSpecimensAll: anything at all can be handed to Decode.
func TestSpecimensAll(t *testing.T) {
	t.Parallel()
	read := 0
	err := filepath.WalkDir(specimens(t), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		read++
		if _, err := plist.Decode(data); err != nil {
			requireTyped(t, err)
			assert.NotContains(t, err.Error(), "panicked")
		}
		return nil
	})
	require.NoError(t, err)
	assert.Positive(t, read)
}
