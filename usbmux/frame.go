package usbmux

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"error53/usbmux/plist"
)

// MaxPayload is the longest payload of a frame, in bytes, that is read. A list of a
// thousand phones is about half of it.
const MaxPayload = plist.MaxSize

// framing is how a peer tells where its messages end.
type framing int

const (
	// muxFraming: 16 bytes of four little-endian words: length with the header,
	// version, message, tag. [MUXPROTO] struct usbmuxd_header.
	muxFraming framing = iota
	// serviceFraming: a big-endian word, length without itself.
	// libimobiledevice/libimobiledevice, src/property_list_service.c.
	serviceFraming
)

const maxHeader = 16

func (f framing) headerSize() int {
	if f == muxFraming {
		return 16
	}
	return 4
}

// payloadSize reads the length of what follows the header, at most MaxPayload.
func (f framing) payloadSize(header []byte) (int, error) {
	var length uint32
	if f == muxFraming {
		length = binary.LittleEndian.Uint32(header)
		if length < 16 {
			return 0, fmt.Errorf("%w: a frame of %d bytes is shorter than its header", ErrProtocol, length)
		}
		length -= 16
	} else {
		length = binary.BigEndian.Uint32(header)
		if isTLSRecord(header) {
			return 0, fmt.Errorf("%w: the phone speaks TLS where a length was expected", ErrProtocol)
		}
	}
	if length > MaxPayload {
		return 0, fmt.Errorf("%w: a frame of %d bytes, at most %d are taken", ErrProtocol, length, MaxPayload)
	}
	return int(length), nil
}

// isTLSRecord knows the start of a TLS record: content type 20 to 23, then the major
// version 3 (RFC 5246, section 6.2.1). Read as a length it would be 335 MB and more.
func isTLSRecord(header []byte) bool {
	return header[0] >= 20 && header[0] <= 23 && header[1] == 3
}

// readFrame reads one frame, header included, and not a byte more: behind the answer
// to Connect another framing begins. The payload has passed plist.Check.
func readFrame(r io.Reader, f framing) ([]byte, error) {
	var header [maxHeader]byte
	h := f.headerSize()
	if err := readFull(r, header[:h]); err != nil {
		return nil, err
	}
	n, err := f.payloadSize(header[:h])
	if err != nil {
		return nil, err
	}
	frame := make([]byte, h+n)
	copy(frame, header[:h])
	if err := readFull(r, frame[h:]); err != nil {
		return nil, err
	}
	if err := plist.Check(frame[h:]); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProtocol, err)
	}
	return frame, nil
}

func readFull(r io.Reader, p []byte) error {
	n, err := io.ReadFull(r, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: %d of %d bytes came", ErrGone, n, len(p))
	}
	if err != nil {
		return ioError(err)
	}
	return nil
}
