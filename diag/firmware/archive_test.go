package firmware_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag/firmware"
)

func TestArchive(t *testing.T) {
	t.Parallel()
	manifest := file{"BuildManifest.plist", list(t, "iphone6-13D20.plist")}
	restore := file{"Restore.plist", list(t, "iphone6-13D20-Restore.plist")}
	tests := []struct {
		name       string
		files      []file
		identities int
	}{
		{"both lists", []file{manifest, restore}, 2},
		{"in the other order", []file{restore, manifest}, 2},
		{"without Restore.plist", []file{manifest}, 2},
		{"of the days before BuildManifest.plist", []file{restore}, 0},
		{"others in folders", []file{{"Firmware/BuildManifest.plist", []byte("x")}, {"a/Restore.plist", []byte("x")}, manifest}, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			image, err := read(ipsw(t, test.files...))
			require.NoError(t, err)
			assert.Equal(t, "9.2.1 (13D20)", image.Release.String())
			assert.Len(t, image.Identities, test.identities)
		})
	}
}

// An archive that cannot be used: what is wrong with it, and in which part.
func TestArchiveRefused(t *testing.T) {
	t.Parallel()
	manifest := file{"BuildManifest.plist", list(t, "iphone6-13D20.plist")}
	tests := []struct {
		name string
		data []byte
		want error
		says string
	}{
		{"nothing", nil, firmware.ErrDamaged, "it is empty"},
		{"no file of ours", []byte("BuildManifest"), firmware.ErrNotFirmware, "neither an IPSW"},
		{"of other files", ipsw(t, file{"Payload/Info.plist", manifest.data}), firmware.ErrNotFirmware, "a zip archive without either"},
		{"of no file", mustZip(t), firmware.ErrNotFirmware, "a zip archive without either"},
		{"a manifest twice", ipsw(t, manifest, manifest), firmware.ErrInconsistent, "it holds BuildManifest.plist twice"},
		{"a Restore.plist twice", ipsw(t, manifest, file{"Restore.plist", manifest.data}, file{"Restore.plist", manifest.data}), firmware.ErrInconsistent, "it holds Restore.plist twice"},
		{
			"lists that differ", ipsw(t, file{"BuildManifest.plist", list(t, "iphone6-13D15.plist")}, file{"Restore.plist", list(t, "iphone6-13D20-Restore.plist")}),
			firmware.ErrInconsistent, "BuildManifest.plist is for iOS 9.2.1 (13D15), Restore.plist for 9.2.1 (13D20)",
		},
		{"a Watch's", ipsw(t, file{"BuildManifest.plist", list(t, "watch-13S661.plist")}), firmware.ErrOtherDevice, "an Apple Watch (Watch1,1), in its BuildManifest.plist"},
		{"a manifest that is none", ipsw(t, file{"BuildManifest.plist", []byte("garbage")}), firmware.ErrNotFirmware, "in its BuildManifest.plist"},
		{"an empty manifest", ipsw(t, file{"BuildManifest.plist", nil}), firmware.ErrNotFirmware, "in its BuildManifest.plist"},
		{"a bomb", bomb(t), firmware.ErrTooLarge, "its BuildManifest.plist has 16777217 bytes, at most 16777216"},
		{"encrypted", spoilt(t, func(b []byte) { b[entryFlags] |= 1 }), firmware.ErrEncrypted, "its BuildManifest.plist asks for a password"},
		{"a method nobody has", spoilt(t, func(b []byte) { b[entryMethod] = 99 }), firmware.ErrDamaged, "its BuildManifest.plist: zip: unsupported compression algorithm"},
		{"a wrong checksum", spoilt(t, func(b []byte) { b[entrySum]++ }), firmware.ErrDamaged, "its BuildManifest.plist: zip: checksum error"},
		{"more in it than it claims", spoilt(t, func(b []byte) { binary.LittleEndian.PutUint32(b[entrySize:], 5000) }), firmware.ErrDamaged, "its BuildManifest.plist"},
		{"less in it than it claims", spoilt(t, func(b []byte) { binary.LittleEndian.PutUint32(b[entrySize:], 9000) }), firmware.ErrDamaged, "its BuildManifest.plist"},
		{"an entry of 4 GB", spoilt(t, func(b []byte) { binary.LittleEndian.PutUint32(b[entrySize:], math.MaxUint32-1) }), firmware.ErrTooLarge, "4294967294 bytes"},
		{"4 GB compressed", spoilt(t, func(b []byte) { binary.LittleEndian.PutUint32(b[entryCompressed:], math.MaxUint32-1) }), firmware.ErrTooLarge, "4294967294 bytes"},
		{"an entry behind the end", spoilt(t, func(b []byte) { binary.LittleEndian.PutUint32(b[entryOffset:], 1<<30) }), firmware.ErrDamaged, "its BuildManifest.plist"},
		{"compressed bytes that are none", crumpled(t), firmware.ErrDamaged, "its BuildManifest.plist"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			image, err := read(test.data)
			require.ErrorIs(t, err, test.want)
			assert.Contains(t, err.Error(), test.says)
			assert.Zero(t, image)
		})
	}
}

func mustZip(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, zip.NewWriter(&b).Close())
	return b.Bytes()
}

// bomb is an archive of 17 KB with a manifest of one byte more than is read.
func bomb(t *testing.T) []byte {
	t.Helper()
	packed := ipsw(t, file{"BuildManifest.plist", bytes.Repeat([]byte(" "), firmware.MaxManifest+1)})
	require.Less(t, len(packed), 32<<10)
	return packed
}

// The places in a directory entry [APPNOTE 4.3.12].
const (
	entryFlags      = 8
	entryMethod     = 10
	entrySum        = 16
	entryCompressed = 20
	entrySize       = 24
	entryOffset     = 42
)

// spoilt is a good archive after something was done to the directory entry of its
// manifest.
func spoilt(t *testing.T, spoil func(entry []byte)) []byte {
	t.Helper()
	data := ipsw(t, file{"BuildManifest.plist", list(t, "iphone6-13D20.plist")})
	spoil(data[bytes.LastIndex(data, []byte("PK\x01\x02")):])
	return data
}

// crumpled is an archive whose manifest is not what a compressor makes.
func crumpled(t *testing.T) []byte {
	t.Helper()
	data := ipsw(t, file{"BuildManifest.plist", list(t, "iphone6-13D20.plist")})
	at := bytes.LastIndex(data, []byte("PK\x03\x04")) + 30 + len("BuildManifest.plist")
	copy(data[at:], bytes.Repeat([]byte{0xff}, 64))
	return data
}

// Wherever a download stops, the archive is refused as damaged; never is it taken for
// something else.
func TestArchiveCut(t *testing.T) {
	t.Parallel()
	data := ipsw(t, file{"BuildManifest.plist", list(t, "iphone6-13D20.plist")})
	for size := range len(data) {
		_, err := read(data[:size])
		if size < 4 && size > 0 {
			require.ErrorIs(t, err, firmware.ErrNotFirmware, "%d bytes", size)
			continue
		}
		require.ErrorIs(t, err, firmware.ErrDamaged, "%d bytes", size)
	}
}

// What the end records claim is held against the file before anything is done for it.
func TestArchiveClaims(t *testing.T) {
	t.Parallel()
	const entries, size, offset = 10, 12, 16 // places in the end record [APPNOTE 4.3.16]
	put := func(values ...uint64) func([]byte) {
		return func(end []byte) {
			for i := 0; i < len(values); i += 2 {
				if values[i] == entries {
					binary.LittleEndian.PutUint16(end[entries:], uint16(values[i+1]))
				} else {
					binary.LittleEndian.PutUint32(end[values[i]:], uint32(values[i+1]))
				}
			}
		}
	}
	tests := []struct {
		name  string
		claim func(end []byte)
		want  error
		says  string
	}{
		{"65,000 entries", put(entries, 65000), firmware.ErrDamaged, "65000 entries in a directory of"},
		{"a directory of 4 GB", put(size, math.MaxUint32-1), firmware.ErrTooLarge, "a directory of 4294967294 bytes, at most 4194304"},
		{"a directory at 4 GB", put(offset, math.MaxUint32-1), firmware.ErrDamaged, "not where its end says"},
		{"a directory at the start", put(offset, 0), firmware.ErrDamaged, "not where its end says"},
		{"a directory of nothing", put(size, 0, entries, 0), firmware.ErrDamaged, "not where its end says"},
		{"zip64, without its record", put(entries, math.MaxUint16, size, math.MaxUint32, offset, math.MaxUint32), firmware.ErrTooLarge, "a directory of 4294967295 bytes"},
		{"a comment that is not there", func(end []byte) { end[20] = 1 }, firmware.ErrDamaged, "without the directory"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			data := ipsw(t, file{"BuildManifest.plist", list(t, "iphone6-13D20.plist")})
			test.claim(data[bytes.LastIndex(data, []byte("PK\x05\x06")):])
			_, err := read(data)
			require.ErrorIs(t, err, test.want)
			assert.Contains(t, err.Error(), test.says)
		})
	}
}

// The same of the 64 bit records that a large archive has.
func TestArchiveClaims64(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		claim func(record, locator []byte)
		want  error
		says  string
	}{
		{"good ones", func(_, _ []byte) {}, nil, ""},
		{"2^61 entries", func(record, _ []byte) { binary.LittleEndian.PutUint64(record[32:], 1<<61) }, firmware.ErrDamaged, "2305843009213693952 entries"},
		{"a directory of 40 GB", func(record, _ []byte) { binary.LittleEndian.PutUint64(record[40:], 40<<30) }, firmware.ErrTooLarge, "a directory of 42949672960 bytes"},
		{"a directory at 40 GB", func(record, _ []byte) { binary.LittleEndian.PutUint64(record[48:], 40<<30) }, firmware.ErrDamaged, "not where its end says"},
		{"a directory whose end wraps around", func(record, _ []byte) { binary.LittleEndian.PutUint64(record[48:], math.MaxUint64) }, firmware.ErrDamaged, "not where its end says"},
		{"a record at 40 GB", func(_, locator []byte) { binary.LittleEndian.PutUint64(locator[8:], 40<<30) }, firmware.ErrDamaged, "behind its end"},
		{"a record at the end of the numbers", func(_, locator []byte) { binary.LittleEndian.PutUint64(locator[8:], math.MaxUint64-10) }, firmware.ErrDamaged, "behind its end"},
		{"a record elsewhere", func(_, locator []byte) { binary.LittleEndian.PutUint64(locator[8:], 0) }, firmware.ErrDamaged, "no zip64 record"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			data, record, locator := wide(t)
			test.claim(data[record:], data[locator:])
			image, err := read(data)
			if test.want == nil {
				require.NoError(t, err)
				assert.Equal(t, "9.2.1 (13D20)", image.Release.String())
				return
			}
			require.ErrorIs(t, err, test.want)
			assert.Contains(t, err.Error(), test.says)
		})
	}
}

// wide is a small archive with the end records of a large one.
func wide(t *testing.T) (data []byte, record, locator int) {
	t.Helper()
	data = ipsw(t, file{"BuildManifest.plist", list(t, "iphone6-13D20.plist")})
	at := bytes.LastIndex(data, []byte("PK\x05\x06"))
	le, end := binary.LittleEndian, slices.Clone(data[at:])
	wide := append([]byte("PK\x06\x06"), make([]byte, 52)...)
	le.PutUint64(wide[4:], 44)
	le.PutUint64(wide[24:], uint64(le.Uint16(end[10:])))
	le.PutUint64(wide[32:], uint64(le.Uint16(end[10:])))
	le.PutUint64(wide[40:], uint64(le.Uint32(end[12:])))
	le.PutUint64(wide[48:], uint64(le.Uint32(end[16:])))
	found := append([]byte("PK\x06\x07"), make([]byte, 16)...)
	le.PutUint64(found[8:], uint64(at))
	le.PutUint32(found[16:], 1)
	copy(end[8:], bytes.Repeat([]byte{0xff}, 12))
	return slices.Concat(data[:at], wide, found, end), at, at + len(wide)
}

// A directory may hold more entries than it claims, and claim them 65,536 times over:
// it is small enough for that.
func TestArchiveOfManyEntries(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for range 1<<16 + 1 {
		_, err := w.CreateRaw(&zip.FileHeader{Name: "x"})
		require.NoError(t, err)
	}
	entry, err := w.Create("BuildManifest.plist")
	require.NoError(t, err)
	_, err = entry.Write(list(t, "iphone6-13D20.plist"))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	image, err := read(b.Bytes())
	require.NoError(t, err)
	assert.Equal(t, "9.2.1 (13D20)", image.Release.String())
}

// Of 6 GB some kilobytes are read, and memory does not hang on the size.
func TestArchiveOfGigabytes(t *testing.T) {
	path := hugeIPSW(t, largeManifest())
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	info, err := f.Stat()
	require.NoError(t, err)
	require.Greater(t, info.Size(), int64(hugeSize))

	counting := &counted{ReaderAt: f}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	image, err := firmware.Read(counting, info.Size())
	runtime.ReadMemStats(&after)
	require.NoError(t, err)
	assert.Equal(t, "9.2.1 (13D20)", image.Release.String())
	assert.Len(t, image.Identities, 33)
	assert.Less(t, counting.bytes, 1<<20, "bytes read")
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(20<<20), "bytes set aside, freed ones included")
}

// What opening an IPSW of 6 GB takes.
func BenchmarkOpenHuge(b *testing.B) {
	path := hugeIPSW(b, largeManifest())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := firmware.Open(path); err != nil {
			b.Fatal(err)
		}
	}
}
