package lockdown_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/lockdown"
	"error53/mocks"
)

var (
	sensor16 = []byte("F53SENSOR\x00\x01\x02\xff\x00\x00\x00")
	long     = bytes.Repeat([]byte("53"), 40)
	sysCfg   = mocks.SysCfg(
		mocks.SysCfgEntry{Tag: "SrNm", Data: []byte("F53000000001")},
		mocks.SysCfgEntry{Tag: "MtSN", Data: long},
		mocks.SysCfgEntry{Tag: "NSrN", Data: sensor16},
		mocks.SysCfgEntry{Tag: "NSrN", Data: []byte("a second one")},
	)
)

func TestSysCfg(t *testing.T) {
	t.Parallel()
	record, err := lockdown.ParseSysCfg(sysCfg)
	require.NoError(t, err)
	for _, tt := range []struct {
		tag  string
		want []byte
	}{
		{"SrNm", []byte("F53000000001\x00\x00\x00\x00")},
		{"MtSN", long},
		{"NSrN", sensor16},
		{"Batt", nil},
		{"mNrS", nil},
		{"CNTB", append([]byte("NStM"), 80, 0, 0, 0, 104, 0, 0, 0, 0xff, 0xff, 0xff, 0xff)}, // as it stands
		{"", nil},
	} {
		t.Run(tt.tag, func(t *testing.T) {
			t.Parallel()
			got, ok, err := record.Value(tt.tag)
			require.NoError(t, err)
			assert.Equal(t, tt.want != nil, ok)
			assert.Equal(t, tt.want, got)
		})
	}
}

// spoiledSysCfg is the record with another word at a place.
func spoiledSysCfg(at int, word uint32) []byte {
	data := bytes.Clone(sysCfg)
	binary.LittleEndian.PutUint32(data[at:], word)
	return data
}

const mtSN = 24 + 20 // where the entry of the long value is

func TestSysCfgIsChecked(t *testing.T) {
	t.Parallel()
	const count = 20
	for _, tt := range []struct {
		name string
		data []byte
	}{
		{"empty", nil},
		{"a header cut short", sysCfg[:23]},
		{"another magic", spoiledSysCfg(0, 0x53535353)},
		{"tag in the other order", append([]byte("SCfg"), sysCfg[4:]...)},
		{"more entries than bytes", spoiledSysCfg(count, 9)},
		{"4,294,967,295 entries", spoiledSysCfg(count, 0xffffffff)},
		{"entries whose size overflows", spoiledSysCfg(count, 0x0ccccccd)},
		{"the last entry cut short", sysCfg[:24+4*20-1]},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := lockdown.ParseSysCfg(tt.data)
			require.ErrorIs(t, err, lockdown.ErrSysCfg)
		})
	}
}

// An offset or a length that leads outside spoils its own value, not the others.
func TestSysCfgOffsets(t *testing.T) {
	t.Parallel()
	const length, offset = mtSN + 8, mtSN + 12
	for _, tt := range []struct {
		name string
		data []byte
		err  error
	}{
		{"offset behind the end", spoiledSysCfg(offset, 100_000), lockdown.ErrSysCfg},
		{"offset 4,294,967,295", spoiledSysCfg(offset, 0xffffffff), lockdown.ErrSysCfg},
		{"longer than what is left", spoiledSysCfg(length, 81), lockdown.ErrSysCfg},
		{"length 4,294,967,295", spoiledSysCfg(length, 0xffffffff), lockdown.ErrSysCfg},
		{"up to the last byte", spoiledSysCfg(length, 80), nil},
		{"nothing", spoiledSysCfg(length, 0), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			record, err := lockdown.ParseSysCfg(tt.data)
			require.NoError(t, err)
			_, ok, err := record.Value("MtSN")
			require.ErrorIs(t, err, tt.err)
			assert.Equal(t, tt.err == nil, ok)
			serial, ok, err := record.Value("NSrN")
			require.NoError(t, err)
			assert.True(t, ok)
			assert.Equal(t, sensor16, serial)
		})
	}
}

// Whatever the bytes, what comes out lies within them.
func FuzzSysCfg(f *testing.F) {
	f.Add(sysCfg, "NSrN")
	f.Add(sysCfg, "MtSN")
	f.Add(mocks.SysCfg(), "NSrN")
	f.Add(spoiledSysCfg(mtSN+12, 0xffffffff), "MtSN")
	f.Fuzz(func(t *testing.T, data []byte, tag string) {
		record, err := lockdown.ParseSysCfg(data)
		if err != nil {
			require.ErrorIs(t, err, lockdown.ErrSysCfg)
			return
		}
		value, ok, err := record.Value(tag)
		switch {
		case err != nil:
			require.ErrorIs(t, err, lockdown.ErrSysCfg)
		case ok:
			require.True(t, bytes.Contains(data, value))
		default:
			require.Nil(t, value)
		}
	})
}
