package usbmux

import (
	"bytes"
	"encoding/binary"
	"io"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux/plist"
)

var anEmptyDict = []byte(`<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict></dict></plist>`)

// mux and service frame a payload with a length of our choice.
func mux(length uint32, payload []byte) []byte {
	var f []byte
	for _, word := range []uint32{length, 1, 8, 1} {
		f = binary.LittleEndian.AppendUint32(f, word)
	}
	return append(f, payload...)
}

func service(length uint32, payload []byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, length), payload...)
}

func TestDefaultAddress(t *testing.T) {
	t.Parallel()
	for goos, want := range map[string]Address{
		"linux":   {"unix", "/var/run/usbmuxd"},
		"darwin":  {"unix", "/var/run/usbmuxd"},
		"freebsd": {"unix", "/var/run/usbmuxd"},
		"windows": {"tcp", "127.0.0.1:27015"},
	} {
		got := defaultAddress(goos)
		assert.Equal(t, want, got, goos)
		again, err := ParseAddress(got.String())
		require.NoError(t, err, goos)
		assert.Equal(t, want, again, goos)
	}
}

func TestReadFrame(t *testing.T) {
	t.Parallel()
	n := uint32(len(anEmptyDict))
	for _, tt := range []struct {
		name    string
		framing framing
		data    []byte
		err     error
		also    error // a second error in the chain
		text    string
	}{
		{name: "mux", framing: muxFraming, data: mux(16+n, anEmptyDict)},
		{name: "mux: nothing", framing: muxFraming, err: ErrGone, also: io.EOF},
		{name: "mux: length 0", framing: muxFraming, data: mux(0, anEmptyDict), err: ErrProtocol, text: "shorter than its header"},
		{name: "mux: length 3", framing: muxFraming, data: mux(3, anEmptyDict), err: ErrProtocol, text: "shorter than its header"},
		{name: "mux: length 15", framing: muxFraming, data: mux(15, anEmptyDict), err: ErrProtocol, text: "shorter than its header"},
		{name: "mux: header only", framing: muxFraming, data: mux(16, nil), err: ErrProtocol, also: plist.ErrEmpty},
		{name: "mux: one above the cap", framing: muxFraming, data: mux(16+MaxPayload+1, anEmptyDict), err: ErrProtocol, text: "at most"},
		{name: "mux: 0xFFFFFFFF", framing: muxFraming, data: mux(0xFFFFFFFF, anEmptyDict), err: ErrProtocol, text: "at most"},
		{name: "mux: length too short for the plist", framing: muxFraming, data: mux(16+n-7, anEmptyDict), err: ErrProtocol},
		{name: "mux: length beyond the end", framing: muxFraming, data: mux(16+n+1, anEmptyDict), err: ErrGone, text: "bytes came"},
		{name: "mux: text", framing: muxFraming, data: mux(16+7, []byte("garbage")), err: ErrProtocol, also: plist.ErrFormat},
		{name: "mux: a binary Result", framing: muxFraming, data: mux(20, []byte{6, 0, 0, 0}), err: ErrProtocol, also: plist.ErrFormat},

		{name: "service", framing: serviceFraming, data: service(n, anEmptyDict)},
		{name: "service: nothing", framing: serviceFraming, err: ErrGone, also: io.EOF},
		{name: "service: length 0", framing: serviceFraming, data: service(0, anEmptyDict), err: ErrProtocol, also: plist.ErrEmpty},
		{name: "service: length 3", framing: serviceFraming, data: service(3, anEmptyDict), err: ErrProtocol},
		{name: "service: one above the cap", framing: serviceFraming, data: service(MaxPayload+1, anEmptyDict), err: ErrProtocol, text: "at most"},
		{name: "service: 0xFFFFFFFF", framing: serviceFraming, data: service(0xFFFFFFFF, anEmptyDict), err: ErrProtocol, text: "at most"},
		{name: "service: TLS alert", framing: serviceFraming, data: service(0x15030100, anEmptyDict), err: ErrProtocol, text: "TLS"},
		{name: "service: TLS handshake", framing: serviceFraming, data: service(0x16030102, anEmptyDict), err: ErrProtocol, text: "TLS"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			frame, err := readFrame(bytes.NewReader(tt.data), tt.framing)
			if tt.err == nil {
				require.NoError(t, err)
				assert.Equal(t, tt.data, frame)
				return
			}
			require.ErrorIs(t, err, tt.err)
			assert.ErrorContains(t, err, tt.text)
			if tt.also != nil {
				assert.ErrorIs(t, err, tt.also)
			}
			assert.Nil(t, frame)
		})
	}
}

// The longest payload is taken, and a byte that follows the frame is left alone.
func TestReadFrameTakesItsOwnBytesOnly(t *testing.T) {
	t.Parallel()
	const head, tail = `<plist version="1.0"><string>`, `</string></plist>`
	payload := []byte(head)
	payload = append(payload, bytes.Repeat([]byte{'a'}, MaxPayload-len(head)-len(tail))...)
	payload = append(payload, tail...)
	r := bytes.NewReader(append(mux(16+MaxPayload, payload), "next"...))
	frame, err := readFrame(r, muxFraming)
	require.NoError(t, err)
	assert.Len(t, frame, 16+MaxPayload)
	rest, _ := io.ReadAll(r)
	assert.Equal(t, "next", string(rest))
}

// No length claims memory before it was checked.
func TestReadFrameChecksBeforeItAllocates(t *testing.T) {
	const times = 64
	header := mux(0xFFFFFFFF, nil)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range times {
		_, err := readFrame(bytes.NewReader(header), muxFraming)
		require.ErrorIs(t, err, ErrProtocol)
	}
	runtime.ReadMemStats(&after)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(times*MaxPayload/16))
}

func FuzzReadFrame(f *testing.F) {
	n := uint32(len(anEmptyDict))
	for _, seed := range [][]byte{
		nil, mux(0, nil), mux(3, nil), mux(16, nil), mux(16+n, anEmptyDict), mux(0xFFFFFFFF, nil),
		service(n, anEmptyDict), service(0x16030102, nil), service(0, nil), mux(24, []byte("bplist00")),
	} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, data []byte, isMux bool) {
		framing := serviceFraming
		if isMux {
			framing = muxFraming
		}
		frame, err := readFrame(bytes.NewReader(data), framing)
		if err != nil {
			return
		}
		require.True(t, bytes.HasPrefix(data, frame))
		payload := frame[framing.headerSize():]
		require.LessOrEqual(t, len(payload), MaxPayload)
		require.NoError(t, plist.Check(payload))
	})
}
