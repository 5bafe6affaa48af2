package plist

import (
	"encoding/binary"
	"fmt"
)

// binaryWalk unfolds a binary list without keeping any of it.
type binaryWalk struct {
	objects    []byte // all before the offset table, so that offsets fit
	table      []byte // the offset table
	offsetSize int    // bytes of an offset in the table
	refSize    int    // bytes of a reference to an object
	budget     budget
}

// checkBinary unfolds a list from its top object. References may form a tree, a
// web or a circle; depth and number of visits end each of them.
func checkBinary(data []byte) error {
	if len(data) < headerSize+trailerSize {
		return fmt.Errorf("%w: %d bytes are too few for a binary list", ErrSyntax, len(data))
	}
	body, trailer := data[:len(data)-trailerSize], data[len(data)-trailerSize:]
	count := binary.BigEndian.Uint64(trailer[8:])
	top := binary.BigEndian.Uint64(trailer[16:])
	table := binary.BigEndian.Uint64(trailer[24:])
	w := binaryWalk{offsetSize: int(trailer[6]), refSize: int(trailer[7])}

	if w.offsetSize < 1 || w.offsetSize > 8 || w.refSize < 1 || w.refSize > 8 {
		return fmt.Errorf("%w: offsets of %d and references of %d bytes", ErrSyntax, w.offsetSize, w.refSize)
	}
	if table <= headerSize || table >= uint64(len(body)) {
		return fmt.Errorf("%w: offset table at byte %d", ErrSyntax, table)
	}
	w.objects, w.table = body[:table], body[table:]
	if count > MaxNodes {
		// The decoder would make room for as many, referred to or not.
		return fmt.Errorf("%w: %d objects, at most %d", ErrTooMany, count, MaxNodes)
	}
	if count*uint64(w.offsetSize) != uint64(len(w.table)) {
		return fmt.Errorf("%w: %d objects in an offset table of %d bytes", ErrSyntax, count, len(w.table))
	}
	return w.visit(top, 1)
}

// visit unfolds the object of a number, on a level.
func (w *binaryWalk) visit(object uint64, depth int) error {
	at, err := w.offset(object)
	if err != nil {
		return err
	}
	if err := w.budget.node(depth); err != nil {
		return fmt.Errorf("%w, at byte %d", err, at)
	}
	switch w.objects[at] >> 4 {
	case typeData, typeASCII:
		return w.payload(at, 1)
	case typeUTF16:
		return w.payload(at, 2)
	case typeArray:
		return w.references(at, depth, 1)
	case typeDictionary:
		return w.references(at, depth, 2) // all keys, then all values
	}
	return w.scalar(at)
}

// offset looks up where an object starts.
func (w *binaryWalk) offset(object uint64) (int, error) {
	if object >= uint64(len(w.table)/w.offsetSize) {
		return 0, fmt.Errorf("%w: no object %d", ErrSyntax, object)
	}
	at := bigEndian(w.table[int(object)*w.offsetSize:][:w.offsetSize])
	if at < headerSize || at >= uint64(len(w.objects)) {
		return 0, fmt.Errorf("%w: object %d at byte %d", ErrSyntax, object, at)
	}
	return int(at), nil
}

// scalar checks an object of fixed size.
func (w *binaryWalk) scalar(at int) error {
	mark := w.objects[at]
	size := 1 << (mark & 0xF)
	switch {
	case mark == markFalse || mark == markTrue:
		size = 0
	case mark>>4 == typeInteger && size <= 16:
	case mark == markReal32 || mark == markReal64 || mark == markDate:
	case mark>>4 == typeUID && mark&0xF < 8:
		size = int(mark&0xF) + 1
	default:
		return w.wrong(at, "an unknown type of object")
	}
	value := w.objects[at+1:]
	if size > len(value) {
		return w.wrong(at, "an object that reaches into the offset table")
	}
	switch {
	case size == 16 && !fits64(value):
		return w.wrong(at, "an integer beyond 64 bits")
	case mark == markDate && !fitsCalendar(value):
		return w.wrong(at, "a date outside of the calendar")
	}
	return nil
}

// payload checks text or data of units of so many bytes.
func (w *binaryWalk) payload(at, unit int) error {
	count, start, err := w.count(at)
	if err != nil {
		return err
	}
	if count > (len(w.objects)-start)/unit {
		return w.wrong(at, "an object that reaches into the offset table")
	}
	if err := w.budget.bytes(count * unit); err != nil {
		return fmt.Errorf("%w, at byte %d", err, at)
	}
	return nil
}

// references unfolds an array or a dictionary, which has so many references an
// entry.
func (w *binaryWalk) references(at, depth, perEntry int) error {
	count, start, err := w.count(at)
	if err != nil {
		return err
	}
	if count > (len(w.objects)-start)/(perEntry*w.refSize) {
		return w.wrong(at, "an object that reaches into the offset table")
	}
	for i := range count * perEntry {
		reference := w.objects[start+i*w.refSize:][:w.refSize]
		if err := w.visit(bigEndian(reference), depth+1); err != nil {
			return err
		}
	}
	return nil
}

// count reads how many units or entries an object has and where they start. A
// count of 15 stands for an integer object with the count that follows.
func (w *binaryWalk) count(at int) (count, start int, err error) {
	count, start = int(w.objects[at]&0xF), at+1
	if count != 0xF {
		return count, start, nil
	}
	if start == len(w.objects) || w.objects[start]>>4 != typeInteger || w.objects[start]&0xF > 3 {
		return 0, 0, w.wrong(at, "an object without its count")
	}
	size := 1 << (w.objects[start] & 0xF)
	start++
	if size > len(w.objects)-start {
		return 0, 0, w.wrong(at, "an object without its count")
	}
	n := bigEndian(w.objects[start:][:size])
	if n > uint64(len(w.objects)) {
		return 0, 0, w.wrong(at, "an object that reaches into the offset table")
	}
	return int(n), start + size, nil
}

func (w *binaryWalk) wrong(at int, what string) error {
	return fmt.Errorf("%w: %s, at byte %d", ErrSyntax, what, at)
}
