package usb

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf16"
)

// [USB2] 9.4, 9.6: the request and the types of descriptors.
const (
	getDescriptor    = 6
	deviceDescriptor = 1
	stringDescriptor = 3

	deviceLength = 18
	stringLength = 255 // the most that the length byte can tell
)

// descriptor is a request for a descriptor. Strings have an index, and a language.
func descriptor(kind, index uint8, language uint16) request {
	return request{typ: 0x80, request: getDescriptor, value: uint16(kind)<<8 | uint16(index), index: language}
}

// readTexts reads the strings of an open device. Their indexes differ from model to
// model: [LIBIRECOVERY] takes iSerialNumber from the device descriptor as well.
func readTexts(send endpoint) (serial, product string, err error) {
	b, err := read(send, descriptor(deviceDescriptor, 0, 0), deviceLength)
	if err != nil {
		return "", "", err
	}
	if len(b) < deviceLength {
		return "", "", fmt.Errorf("%w: device descriptor of %d bytes", ErrMalformed, len(b))
	}
	product, productErr := readString(send, b[15])
	serial, serialErr := readString(send, b[16])
	return serial, product, errors.Join(serialErr, productErr)
}

// readString reads a string in the first language that the device has. Index 0 stands
// for a string that is not there.
func readString(send endpoint, index uint8) (string, error) {
	if index == 0 {
		return "", nil
	}
	languages, err := read(send, descriptor(stringDescriptor, 0, 0), stringLength)
	if err != nil {
		return "", err
	}
	if len(languages) < 4 {
		return "", fmt.Errorf("%w: no language", ErrMalformed)
	}
	text, err := read(send, descriptor(stringDescriptor, index, binary.LittleEndian.Uint16(languages[2:])), stringLength)
	if err != nil {
		return "", err
	}
	return decodeText(text[2:])
}

// read asks for a descriptor of at most n bytes and checks its head: its length and
// its type. What it returns has at least these two bytes.
func read(send endpoint, r request, n int) ([]byte, error) {
	b := make([]byte, n)
	n, err := send(r, b)
	if err != nil {
		return nil, err
	}
	b = b[:n]
	if n < 2 || int(b[0]) < 2 || int(b[0]) > n {
		return nil, fmt.Errorf("%w: descriptor with a wrong length", ErrMalformed)
	}
	if b[1] != byte(r.value>>8) {
		return nil, fmt.Errorf("%w: descriptor of type %d", ErrMalformed, b[1])
	}
	return b[:b[0]], nil
}

// decodeText reads UTF-16. Halves of a pair become replacement characters.
func decodeText(b []byte) (string, error) {
	if len(b)%2 != 0 {
		return "", fmt.Errorf("%w: string of %d bytes", ErrMalformed, len(b))
	}
	units := make([]uint16, 0, len(b)/2)
	for ; len(b) > 0; b = b[2:] {
		units = append(units, binary.LittleEndian.Uint16(b))
	}
	return string(utf16.Decode(units)), nil
}
