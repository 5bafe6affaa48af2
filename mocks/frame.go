package mocks

import (
	"encoding/binary"
	"errors"
	"io"
)

// maxRequest is the most bytes a request may have, its header included.
// [USBMUXD] src/client.c, CMD_BUF_SIZE. lockdownd's own limit is not known; no
// request of the known clients comes near this one.
const maxRequest = 0x10000

// muxHeaderSize is four little-endian 32-bit numbers: length with the header
// included, version, message, tag. [USBMUXD] src/usbmuxd-proto.h.
const muxHeaderSize = 16

// Protocol versions and message numbers. [USBMUXD] src/usbmuxd-proto.h.
const (
	versionBinary = 0
	versionPlist  = 1
	messageResult = 1
	messagePlist  = 8
)

// errLength is a length that no request can have: the connection ends without a word.
var errLength = errors.New("mocks: length of a request out of bounds")

// muxFrame is one message from or to a client of usbmuxd.
type muxFrame struct {
	version, message, tag uint32
	payload               []byte
}

// readMuxFrame reads one request. [USBMUXD] src/client.c, process_recv.
func readMuxFrame(r io.Reader) (muxFrame, error) {
	var h [muxHeaderSize]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return muxFrame{}, err
	}
	length := binary.LittleEndian.Uint32(h[:])
	if length < muxHeaderSize || length > maxRequest {
		return muxFrame{}, errLength
	}
	f := muxFrame{
		version: binary.LittleEndian.Uint32(h[4:]),
		message: binary.LittleEndian.Uint32(h[8:]),
		tag:     binary.LittleEndian.Uint32(h[12:]),
		payload: make([]byte, length-muxHeaderSize),
	}
	_, err := io.ReadFull(r, f.payload)
	return f, err
}

// bytes puts the header before the payload.
func (f muxFrame) bytes() []byte {
	b := make([]byte, 0, muxHeaderSize+len(f.payload))
	b = binary.LittleEndian.AppendUint32(b, uint32(muxHeaderSize+len(f.payload)))
	b = binary.LittleEndian.AppendUint32(b, f.version)
	b = binary.LittleEndian.AppendUint32(b, f.message)
	b = binary.LittleEndian.AppendUint32(b, f.tag)
	return append(b, f.payload...)
}

// readDeviceFrame reads one request to lockdownd or restored: a big-endian length
// without itself, then a plist. [LIBIMOBILEDEVICE] src/property_list_service.c.
func readDeviceFrame(r io.Reader) ([]byte, error) {
	var h [4]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return nil, err
	}
	length := binary.BigEndian.Uint32(h[:])
	if length > maxRequest {
		return nil, errLength
	}
	payload := make([]byte, length)
	_, err := io.ReadFull(r, payload)
	return payload, err
}

// deviceFrame puts the length before a payload.
func deviceFrame(payload []byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(payload))), payload...)
}
