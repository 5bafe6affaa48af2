package firmware

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// MaxDirectory caps the directory of an IPSW, in bytes. A real one has a few hundred
// entries of some 100 bytes. archive/zip would read on for as long as there are
// entries, and make room for as many as the file claims.
const MaxDirectory = 4 << 20

// The records at the end of a zip archive [APPNOTE]: their signatures and sizes.
const (
	end64Signature     = "PK\x06\x06" // 4.3.14
	locator64Signature = "PK\x06\x07" // 4.3.15
	endSignature       = "PK\x05\x06" // 4.3.16

	end64Size     = 56
	locator64Size = 20
	endSize       = 22
	maxComment    = 1<<16 - 1

	minEntry = 46 // bytes of a directory entry without a name, 4.3.12
)

// directory is where the directory of an archive lies: offset to end, the place of
// the end records, in bytes.
type directory struct {
	entries      uint64
	offset, size uint64
	end          int64
}

// findDirectory reads the end records and holds what they claim against the file.
func findDirectory(r io.ReaderAt, size int64) (directory, error) {
	tail := make([]byte, min(size, endSize+maxComment))
	if err := readAt(r, tail, size-int64(len(tail))); err != nil {
		return directory{}, err
	}
	at := findEnd(tail)
	if at < 0 {
		return directory{}, fmt.Errorf("%w: it ends early, without the directory of a zip archive", ErrDamaged)
	}
	record := tail[at:]
	d := directory{
		entries: uint64(binary.LittleEndian.Uint16(record[10:])),
		size:    uint64(binary.LittleEndian.Uint32(record[12:])),
		offset:  uint64(binary.LittleEndian.Uint32(record[16:])),
		end:     size - int64(len(tail)-at),
	}
	if d.entries == 1<<16-1 || d.size == 1<<32-1 || d.offset == 1<<32-1 {
		if err := d.widen(r); err != nil {
			return directory{}, err
		}
	}
	return d, d.check()
}

// findEnd finds the last end record that is whole.
func findEnd(tail []byte) int {
	for at := len(tail) - endSize; at >= 0; at-- {
		if bytes.HasPrefix(tail[at:], []byte(endSignature)) &&
			at+endSize+int(binary.LittleEndian.Uint16(tail[at+20:])) <= len(tail) {
			return at
		}
	}
	return -1
}

// widen takes the numbers of a zip64 end record, if there is one.
func (d *directory) widen(r io.ReaderAt) error {
	locator := make([]byte, locator64Size)
	if d.end < locator64Size {
		return nil
	}
	if err := readAt(r, locator, d.end-locator64Size); err != nil {
		return err
	}
	if !bytes.HasPrefix(locator, []byte(locator64Signature)) {
		return nil
	}
	at := binary.LittleEndian.Uint64(locator[8:])
	if d.end -= locator64Size; d.end < end64Size || at > uint64(d.end)-end64Size {
		return fmt.Errorf("%w: its zip64 record is said to lie behind its end", ErrDamaged)
	}
	d.end = int64(at)
	record := make([]byte, end64Size)
	if err := readAt(r, record, d.end); err != nil {
		return err
	}
	if !bytes.HasPrefix(record, []byte(end64Signature)) {
		return fmt.Errorf("%w: no zip64 record where it should be", ErrDamaged)
	}
	d.entries = binary.LittleEndian.Uint64(record[32:])
	d.size = binary.LittleEndian.Uint64(record[40:])
	d.offset = binary.LittleEndian.Uint64(record[48:])
	return nil
}

// check holds the numbers against each other. In an IPSW the directory lies right in
// front of its end records.
func (d *directory) check() error {
	switch {
	case d.size > MaxDirectory:
		return fmt.Errorf("%w: a directory of %d bytes, at most %d", ErrTooLarge, d.size, MaxDirectory)
	case d.offset > uint64(d.end) || d.offset+d.size != uint64(d.end):
		return fmt.Errorf("%w: its directory is not where its end says", ErrDamaged)
	case d.entries > d.size/minEntry:
		return fmt.Errorf("%w: %d entries in a directory of %d bytes", ErrDamaged, d.entries, d.size)
	}
	return nil
}

// records writes the end records anew.
func (d *directory) records() []byte {
	le := binary.LittleEndian
	b := append(make([]byte, 0, end64Size+locator64Size+endSize), end64Signature...)
	b = le.AppendUint64(b, end64Size-12)
	b = append(b, 45, 0, 45, 0) // made by and for version 4.5, which has zip64
	b = append(b, make([]byte, 8)...)
	b = le.AppendUint64(le.AppendUint64(b, d.entries), d.entries)
	b = le.AppendUint64(le.AppendUint64(b, d.size), d.offset)
	b = append(append(b, locator64Signature...), 0, 0, 0, 0)
	b = append(le.AppendUint64(b, uint64(d.end)), 1, 0, 0, 0)
	b = append(append(b, endSignature...), 0, 0, 0, 0)
	b = append(b, bytes.Repeat([]byte{0xff}, 12)...) // see the zip64 record
	return append(b, 0, 0)
}

// readAt fills b. A file that has become shorter is one that was cut.
func readAt(r io.ReaderAt, b []byte, at int64) error {
	if n, err := r.ReadAt(b, at); n < len(b) {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}
