package firmware_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"error53/diag/firmware"
)

// file is one entry of an archive to be built.
type file struct {
	name string
	data []byte
}

// list reads one of the property lists in testdata. They were written for these
// tests in the form of real ones; digests and trains are made up.
func list(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return data
}

// ipsw packs files into an archive, as Apple does: an image of the system, stored,
// and the lists, deflated.
func ipsw(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	system, err := w.CreateHeader(&zip.FileHeader{Name: "058-00053-053.dmg", Method: zip.Store})
	require.NoError(t, err)
	_, err = system.Write(make([]byte, 4096))
	require.NoError(t, err)
	for _, f := range files {
		entry, err := w.Create(f.name)
		require.NoError(t, err)
		_, err = entry.Write(f.data)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

// read reads a file that is in memory.
func read(data []byte) (firmware.Image, error) {
	return firmware.Read(bytes.NewReader(data), int64(len(data)))
}

const (
	hugeSize = 6 << 30    // bytes of the system image in a huge archive
	hugeSum  = 0xc64e0e30 // the CRC-32 of as many zeros
)

// hugeIPSW writes an archive of more than 6 GB, with the zip64 records that takes. The
// system image in it is a hole in the file, which needs no room on the disk.
func hugeIPSW(t testing.TB, manifest []byte) (path string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("files there have no holes unless asked for")
	}
	path = filepath.Join(t.TempDir(), "huge.ipsw")
	f, err := os.Create(path)
	require.NoError(t, err)
	defer f.Close()
	sparse := &holes{f, make([]byte, 64<<20)}
	w := zip.NewWriter(sparse)
	system, err := w.CreateRaw(&zip.FileHeader{
		Name: "058-00053-053.dmg", Method: zip.Store, CRC32: hugeSum,
		CompressedSize64: hugeSize, UncompressedSize64: hugeSize,
	})
	require.NoError(t, err)
	require.NoError(t, w.Flush())
	for range hugeSize / len(sparse.hole) {
		_, err := system.Write(sparse.hole)
		require.NoError(t, err)
	}
	for _, each := range []file{{"BuildManifest.plist", manifest}, {"Restore.plist", list(t, "iphone6-13D20-Restore.plist")}} {
		entry, err := w.Create(each.name)
		require.NoError(t, err)
		_, err = entry.Write(each.data)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return path
}

// holes writes a file, and leaves a hole where it is given that very buffer.
type holes struct {
	file *os.File
	hole []byte
}

func (h *holes) Write(b []byte) (int, error) {
	if len(b) == len(h.hole) && &b[0] == &h.hole[0] {
		_, err := h.file.Seek(int64(len(b)), io.SeekCurrent)
		return len(b), err
	}
	return h.file.Write(b)
}

// largeManifest is a BuildManifest.plist of many identities with as many firmware
// files each as a real one of today has: some 5 MB, and 180,000 values.
func largeManifest() []byte {
	var parts strings.Builder
	for i := range 80 {
		fmt.Fprintf(&parts, largeComponent, i, i, strings.Repeat(largeRule, 5))
	}
	return fmt.Appendf(nil, largeList, strings.Repeat(fmt.Sprintf(largeIdentity, parts.String()), 33))
}

const largeComponent = `				<key>Part%d</key>
				<dict>
					<key>Digest</key>
					<data>
					bWFkZSB1cCBmb3IgdGhlc2UgdGVzdHM=
					</data>
					<key>Info</key>
					<dict>
						<key>Path</key>
						<string>Firmware/all_flash/part%d.n61.RELEASE.im4p</string>
						<key>RestoreRequestRules</key>
						<array>
%s						</array>
					</dict>
					<key>Trusted</key>
					<true/>
				</dict>
`
const largeRule = `							<dict>
								<key>Actions</key>
								<dict>
									<key>EPRO</key>
									<false/>
								</dict>
								<key>Conditions</key>
								<dict>
									<key>ApRawProductionMode</key>
									<false/>
									<key>ApRequiresImage4</key>
									<true/>
								</dict>
							</dict>
`
const largeIdentity = `		<dict>
			<key>Info</key>
			<dict>
				<key>DeviceClass</key>
				<string>n61ap</string>
				<key>FDRSupport</key>
				<true/>
				<key>RestoreBehavior</key>
				<string>Erase</string>
			</dict>
			<key>Manifest</key>
			<dict>
%s			</dict>
		</dict>
`

const largeList = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>BuildIdentities</key>
	<array>
%s	</array>
	<key>ProductBuildVersion</key>
	<string>13D20</string>
	<key>ProductVersion</key>
	<string>9.2.1</string>
	<key>SupportedProductTypes</key>
	<array>
		<string>iPhone7,2</string>
	</array>
</dict>
</plist>
`

// counted counts the bytes that are read.
type counted struct {
	io.ReaderAt
	bytes int
}

func (c *counted) ReadAt(b []byte, at int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(b, at)
	c.bytes += n
	return n, err
}

// requireTyped wants an error that wraps one sentinel of the package.
func requireTyped(t testing.TB, err error) {
	t.Helper()
	for _, sentinel := range []error{
		firmware.ErrNotFirmware, firmware.ErrDamaged, firmware.ErrEncrypted, firmware.ErrTooLarge,
		firmware.ErrInconsistent, firmware.ErrIncomplete, firmware.ErrOtherDevice,
	} {
		if errors.Is(err, sentinel) {
			return
		}
	}
	require.Fail(t, "not an error of the package", "%v", err)
}
