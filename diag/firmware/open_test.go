package firmware_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag/firmware"
)

// What a file is goes by its content, not by its name.
func TestOpen(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, data, 0o600))
		return path
	}
	manifest := list(t, "iphone6-13D20.plist")
	packed := ipsw(t, file{"BuildManifest.plist", manifest})
	for _, path := range []string{
		write("iPhone_4.7_9.2.1_13D20_Restore.ipsw", packed),
		write("renamed.zip", packed),
		write("no-suffix", packed),
		write("manifest.ipsw", manifest),
		write("BuildManifest.plist", manifest),
		write("marked.plist", append([]byte("\ufeff\n"), manifest...)),
	} {
		image, err := firmware.Open(path)
		require.NoError(t, err, path)
		assert.Equal(t, filepath.Base(path), image.Name)
		assert.Equal(t, "9.2.1 (13D20)", image.Release.String())
	}

	_, err := firmware.Open(filepath.Join(folder, "missing.ipsw"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = firmware.Open(folder)
	require.ErrorIs(t, err, firmware.ErrNotFirmware, "a folder is for OpenFolder")
	image, err := firmware.Open(write("text.ipsw", []byte("not found\n")))
	require.ErrorIs(t, err, firmware.ErrNotFirmware)
	assert.Zero(t, image)
}

// What is no file could be waited for, or read, for ever.
func TestOpenDevice(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no /dev/zero there")
	}
	_, err := firmware.Open("/dev/zero")
	require.ErrorIs(t, err, firmware.ErrNotFirmware)
}

// A list alone is as limited as one in an archive; nothing of a larger one is read.
func TestReadTooLarge(t *testing.T) {
	t.Parallel()
	counting := &counted{ReaderAt: bytes.NewReader(xml("<key>a</key>" + strings.Repeat(" ", firmware.MaxManifest)))}
	_, err := firmware.Read(counting, firmware.MaxManifest+1)
	require.ErrorIs(t, err, firmware.ErrTooLarge)
	assert.LessOrEqual(t, counting.bytes, 512)
}

// A file may become shorter while it is read.
func TestReadShrinks(t *testing.T) {
	t.Parallel()
	for _, data := range [][]byte{list(t, "iphone6-13D20.plist"), ipsw(t, file{"BuildManifest.plist", list(t, "iphone6-13D20.plist")})} {
		_, err := firmware.Read(bytes.NewReader(data), int64(len(data))+100)
		require.ErrorIs(t, err, firmware.ErrDamaged)
	}
}

func TestOpenFolder(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write := func(name string, data []byte) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), data, 0o600))
	}
	write("a.ipsw", ipsw(t, file{"BuildManifest.plist", list(t, "iphone6-13D15.plist")}))
	write("B.IPSW", ipsw(t, file{"BuildManifest.plist", list(t, "iphone6s-13D15.plist")}))
	write("cut.ipsw", ipsw(t, file{"BuildManifest.plist", list(t, "iphone6-13D15.plist")})[:500])
	write("d.plist", list(t, "iphone6-13D20.plist"))
	write("notes.txt", []byte("x"))
	write("e.ipsw.part", []byte("PK\x03\x04"))
	require.NoError(t, os.MkdirAll(filepath.Join(folder, "older.ipsw"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "older.ipsw", "f.ipsw"), []byte("x"), 0o600))
	want := []string{"B.IPSW", "a.ipsw", "cut.ipsw", "d.plist"}
	if os.Symlink(filepath.Join(folder, "a.ipsw"), filepath.Join(folder, "link.ipsw")) == nil {
		require.NoError(t, os.Symlink("nowhere", filepath.Join(folder, "torn.ipsw")))
		want = append(want, "link.ipsw", "torn.ipsw")
	}

	results, err := firmware.OpenFolder(t.Context(), folder)
	require.NoError(t, err)
	var names []string
	for _, r := range results {
		names = append(names, r.Name)
		switch r.Name {
		case "cut.ipsw":
			require.ErrorIs(t, r.Err, firmware.ErrDamaged)
		case "torn.ipsw":
			require.ErrorIs(t, r.Err, fs.ErrNotExist)
		default:
			require.NoError(t, r.Err, r.Name)
			assert.Equal(t, r.Name, r.Image.Name)
		}
	}
	assert.Equal(t, want, names)

	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = firmware.OpenFolder(cancelled, folder)
	require.ErrorIs(t, err, context.Canceled)
}

func TestOpenFolderOfNothing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	_, err := firmware.OpenFolder(t.Context(), folder)
	require.ErrorIs(t, err, firmware.ErrNoImage)
	_, err = firmware.OpenFolder(t.Context(), filepath.Join(folder, "missing"))
	require.ErrorIs(t, err, fs.ErrNotExist)
}
