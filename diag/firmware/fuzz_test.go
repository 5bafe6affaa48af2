package firmware_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"error53/diag"
)

// reads holds what becomes of a file: an image that says what it is for, or an error
// of the package, and no more memory than its limits allow.
func reads(t *testing.T, data []byte) {
	image, err := read(data)
	if err != nil {
		require.Zero(t, image)
		requireTyped(t, err)
		return
	}
	require.NotEmpty(t, image.ProductTypes)
	require.False(t, image.Release.Version.IsZero())
	require.False(t, image.Release.Build.IsZero())
	for _, productType := range image.ProductTypes {
		require.True(t, diag.IsProductType(productType), "%q", productType)
		require.NotEmpty(t, image.Ways(productType))
		image.FDRSupport(productType)
	}
}

var fixtures = []string{
	"iphone5s-13D15.plist", "iphone6-13D15.plist", "iphone6-13D20.plist", "iphone6-13D20-Restore.plist", "iphone6-16H88.plist",
	"iphone6s-13D15.plist", "watch-13S661.plist",
}

// FuzzBuildManifest reads any list.
func FuzzBuildManifest(f *testing.F) {
	for _, name := range fixtures {
		f.Add(list(f, name))
	}
	f.Add(xml(aRelease + aModel))
	f.Add(xml(aRelease + aModel + "<key>BuildIdentities</key><array><dict><key>Info</key><dict><key>FDRSupport</key><false/></dict></dict></array>"))
	f.Fuzz(reads)
}

// FuzzArchive reads any archive.
func FuzzArchive(f *testing.F) {
	small := xml(aRelease + aModel)
	f.Add(ipsw(f, file{"BuildManifest.plist", small}))
	f.Add(ipsw(f, file{"BuildManifest.plist", small}, file{"Restore.plist", small}))
	f.Add(ipsw(f, file{"BuildManifest.plist", small}, file{"BuildManifest.plist", small}))
	f.Add(ipsw(f))
	f.Fuzz(reads)
}

// FuzzEntry spoils the records of a good archive, one number at a time, since a random
// archive seldom gets as far as an entry.
func FuzzEntry(f *testing.F) {
	good := ipsw(f, file{"BuildManifest.plist", xml(aRelease + aModel)}, file{"Restore.plist", xml(aRelease + aModel)})
	records := [][]byte{[]byte("PK\x01\x02"), []byte("PK\x03\x04"), []byte("PK\x05\x06"), []byte("PK\x07\x08")}
	for record := range records {
		f.Add(uint8(record), uint8(0), uint8(10), uint32(0xffffffff))
	}
	f.Fuzz(func(t *testing.T, record, nth, place uint8, value uint32) {
		data := bytes.Clone(good)
		at := 0
		for range int(nth%3) + 1 {
			next := bytes.Index(data[at:], records[int(record)%len(records)])
			if next < 0 {
				break
			}
			at += next + 4
		}
		if at += int(place % 60); at+4 <= len(data) {
			binary.LittleEndian.PutUint32(data[at:], value)
		}
		reads(t, data)
	})
}
