package lockdown

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
)

// SysCfg is the record that the factory wrote of the parts of a phone: values of up to
// 16 bytes or longer, by tags of four characters.
type SysCfg struct{ data []byte }

// The layout: a header of 24 bytes (magic, bytes used, capacity, version, 0, number of
// entries) and entries of 20 (tag, value), all words little-endian, so that a tag, which
// is a word, stands reversed. Observed in libimobiledevice/libimobiledevice issue 1268;
// the same at freemyipod.org, SysCfg.
const (
	sysCfgMagic  = "gfCS" // SCfg
	sysCfgHeader = 24
	sysCfgEntry  = 20
	sysCfgCount  = 20     // where the number of entries is
	sysCfgLong   = "CNTB" // tag of an entry that says where a longer value is
)

// ParseSysCfg takes a record whose entries all lie within it.
//
// Errors: ErrSysCfg.
func ParseSysCfg(data []byte) (SysCfg, error) {
	if len(data) < sysCfgHeader || string(data[:4]) != sysCfgMagic {
		return SysCfg{}, fmt.Errorf("%w: no header", ErrSysCfg)
	}
	count := binary.LittleEndian.Uint32(data[sysCfgCount:])
	if most := (len(data) - sysCfgHeader) / sysCfgEntry; uint64(count) > uint64(most) {
		return SysCfg{}, fmt.Errorf("%w: %d entries in %d bytes", ErrSysCfg, count, len(data))
	}
	return SysCfg{bytes.Clone(data)}, nil
}

// Value gives a copy of the value of the first entry with the tag, such as "SrNm"; false
// where there is none. One of up to 16 bytes is filled up with NUL.
//
// Errors: ErrSysCfg where the value is said to lie outside the record.
func (s SysCfg) Value(tag string) (value []byte, ok bool, err error) {
	for e := range slices.Chunk(s.entries(), sysCfgEntry) {
		switch {
		case word(e) == tag:
			return bytes.Clone(e[4:]), true, nil
		case word(e) == sysCfgLong && word(e[4:]) == tag:
			value, err := s.at(binary.LittleEndian.Uint32(e[12:]), binary.LittleEndian.Uint32(e[8:]))
			return value, err == nil, err
		}
	}
	return nil, false, nil
}

func (s SysCfg) entries() []byte {
	if len(s.data) == 0 {
		return nil
	}
	size := sysCfgEntry * int(binary.LittleEndian.Uint32(s.data[sysCfgCount:]))
	return s.data[sysCfgHeader:][:size]
}

func (s SysCfg) at(offset, length uint32) ([]byte, error) {
	if uint64(offset)+uint64(length) > uint64(len(s.data)) {
		return nil, fmt.Errorf("%w: %d bytes at %d, of %d", ErrSysCfg, length, offset, len(s.data))
	}
	return bytes.Clone(s.data[offset:][:length]), nil
}

// word is a tag in the order in which it is written.
func word(b []byte) string { return string([]byte{b[3], b[2], b[1], b[0]}) }
