package usbmux

import (
	"fmt"
	"io"
	"slices"

	"error53/usbmux/plist"
)

// PairRecord is what this host keeps of the trust between it and a phone: a property
// list with certificates and private keys. Whoever has it can read the phone. So it
// shows itself as "[pair record]" wherever it is printed, logged or marshalled, and
// only Bytes gives it away. The zero PairRecord is none.
type PairRecord struct {
	// A function, for package fmt does not ask a value in an unexported field how it
	// wants to be printed: it would print bytes, and with %s those behind a pointer
	// too, but of a function only where it is.
	bytes func() []byte
}

// NewPairRecord takes a record in XML or in the binary form. It must be a dictionary
// within the bounds of package plist; else the error is ErrProtocol.
func NewPairRecord(data []byte) (PairRecord, error) {
	if _, err := plist.DecodeDict(data); err != nil {
		return PairRecord{}, fmt.Errorf("%w: pair record: %w", ErrProtocol, err)
	}
	data = slices.Clone(data)
	return PairRecord{func() []byte { return slices.Clone(data) }}, nil
}

// Bytes gives a copy of the record, as it was read. It is secret: never log it, never
// write it anywhere but where pair records belong.
func (r PairRecord) Bytes() []byte {
	if r.bytes == nil {
		return nil
	}
	return r.bytes()
}

const masked = "[pair record]"

// String masks the record.
func (PairRecord) String() string { return masked }

// Format masks the record, whatever the verb: %v, %+v, %#v, %x …
func (PairRecord) Format(f fmt.State, _ rune) { io.WriteString(f, masked) }

// MarshalText masks the record in JSON, XML and structured logs.
func (PairRecord) MarshalText() ([]byte, error) { return []byte(masked), nil }
