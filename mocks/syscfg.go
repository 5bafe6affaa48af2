package mocks

import (
	"encoding/binary"
	"slices"
)

// SysCfgEntry is one entry of a factory record.
type SysCfgEntry struct {
	Tag  string // four characters: "SrNm", "NSrN"
	Data []byte // up to 16 bytes stand in the entry itself, more of them elsewhere
}

// Sizes and numbers of the format. Observed: the dump in
// libimobiledevice/libimobiledevice issue 1268; freemyipod.org, SysCfg.
const (
	sysCfgHeader   = 24
	sysCfgEntry    = 20
	sysCfgInline   = 16
	sysCfgCapacity = 0x20000
	sysCfgVersion  = 0x00020002
)

// SysCfg writes a factory record, as in the value SysCfgData of the domain
// com.apple.mobile.internal: a header, entries of a tag and 16 bytes each, and behind
// them what is longer. Numbers are little-endian, and so are tags: their letters come
// in reverse.
func SysCfg(entries ...SysCfgEntry) []byte {
	size := sysCfgHeader + sysCfgEntry*len(entries)
	out := tag("SCfg")
	for _, n := range []uint32{uint32(size), sysCfgCapacity, sysCfgVersion, 0, uint32(len(entries))} {
		out = binary.LittleEndian.AppendUint32(out, n)
	}
	var behind []byte
	for _, e := range entries {
		inline := e.Data
		if len(e.Data) > sysCfgInline {
			out = append(out, tag("CNTB")...)
			inline = pointer(e, uint32(size+len(behind)))
			behind = append(behind, e.Data...)
		} else {
			out = append(out, tag(e.Tag)...)
		}
		out = append(out, inline...)
		out = append(out, make([]byte, sysCfgInline-len(inline))...)
	}
	return append(out, behind...)
}

// pointer says where the data of an entry is.
func pointer(e SysCfgEntry, offset uint32) []byte {
	out := binary.LittleEndian.AppendUint32(tag(e.Tag), uint32(len(e.Data)))
	return append(binary.LittleEndian.AppendUint32(out, offset), 0xFF, 0xFF, 0xFF, 0xFF)
}

// tag writes four letters in reverse.
func tag(letters string) []byte {
	var out [4]byte
	copy(out[:], letters)
	slices.Reverse(out[:])
	return out[:]
}
