package usb

import (
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// recorded is a device by its answers: each in turn, after the request for it. An
// answer that is an error fails the request.
type recorded struct {
	t       testing.TB
	answers []any // []byte, string (a string descriptor) or error
	sent    []request
	written []string
}

func (r *recorded) send(q request, data []byte) (int, error) {
	if q.typ&0x80 == 0 {
		r.written = append(r.written, string(data))
	}
	r.sent = append(r.sent, q)
	require.True(r.t, readOnly(q, data), "request %v", q)
	require.NotEmpty(r.t, r.answers, "no answer for request %v", q)
	answer := r.answers[0]
	r.answers = r.answers[1:]
	switch a := answer.(type) {
	case error:
		return 0, a
	case string:
		return copy(data, stringOf(a)), nil
	case []byte:
		if q.typ&0x80 == 0 {
			return len(data), nil
		}
		return copy(data, a), nil
	}
	return 0, nil
}

// stringOf makes a string descriptor.
func stringOf(s string) []byte {
	b := []byte{0, stringDescriptor}
	for _, unit := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, unit)
	}
	b[0] = byte(len(b))
	return b
}

var (
	english = []byte{4, stringDescriptor, 0x09, 0x04}
	// nothing special but bcdUSB 2.00, iManufacturer 2, iProduct 3, iSerialNumber 4
	deviceBytes = []byte{18, deviceDescriptor, 0, 2, 0, 0, 0, 64, 0xac, 5, 0x81, 0x12, 0, 0, 2, 3, 4, 1}
)

// The list of everything that may be sent, and a selection of what may not.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		r    request
		data string
		want bool
	}{
		{"device descriptor", request{0x80, 6, 0x0100, 0}, "", true},
		{"string descriptor", request{0x80, 6, 0x0301, 0x0409}, "", true},
		{"getenv build-version", request{0x40, 0, 0, 0}, "getenv build-version\x00", true},
		{"answer to it", request{0xc0, 0, 0, 0}, "", true},
		{"without its end", request{0x40, 0, 0, 0}, "getenv build-version", false},
		{"and more behind its end", request{0x40, 0, 0, 0}, "getenv build-version\x00setenv a b\x00", false},
		{"another variable", request{0x40, 0, 0, 0}, "getenv auto-boot\x00", false},
		{"setenv", request{0x40, 0, 0, 0}, "setenv build-version 1\x00", false},
		{"saveenv", request{0x40, 0, 0, 0}, "saveenv\x00", false},
		{"reboot", request{0x40, 0, 0, 0}, "reboot\x00", false},
		{"reboot, as it is sent", request{0x40, 1, 0, 0}, "reboot\x00", false},
		{"the request of go and reboot", request{0x40, 1, 0, 0}, "getenv build-version\x00", false},
		{"no command", request{0x40, 0, 0, 0}, "", false},
		{"upload in recovery mode", request{0x41, 0, 0, 0}, "", false},
		{"upload in DFU mode", request{0x21, 1, 0, 0}, "x", false},
		{"DFU clear status", request{0x21, 4, 0, 0}, "", false},
		{"DFU abort", request{0x21, 6, 0, 0}, "", false},
		{"set configuration", request{0x00, 9, 1, 0}, "", false},
		{"set interface", request{0x01, 11, 1, 1}, "", false},
		{"set address", request{0x00, 5, 1, 0}, "", false},
		{"set descriptor", request{0x00, 7, 0x0300, 0}, "x", false},
		{"clear feature", request{0x02, 1, 0, 0x81}, "", false},
		{"set feature", request{0x00, 3, 1, 0}, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, readOnly(tt.r, []byte(tt.data)))
		})
	}
}

func TestReadBuildVersion(t *testing.T) {
	t.Parallel()
	sent := []byte{}
	tests := []struct {
		name    string
		answers []any
		want    string
		err     error
	}{
		{"answered", []any{sent, []byte("iBoot-4513.270.6\x00")}, "iBoot-4513.270.6", nil},
		{"no end", []any{sent, []byte("iBoot-1992.0.0")}, "iBoot-1992.0.0", nil},
		{"old bytes behind the end", []any{sent, []byte("iBoot-574.4\x00\xff\xfe\x01")}, "iBoot-574.4", nil},
		{"longest", []any{sent, []byte(strings.Repeat("x", 300))}, strings.Repeat("x", 255), nil},
		{"nothing", []any{sent, []byte{}}, "", ErrRefused},
		{"empty", []any{sent, []byte{0}}, "", ErrRefused},
		{"garbage", []any{sent, []byte("iBoot\x1b[2J\x00")}, "", ErrMalformed},
		{"not ASCII", []any{sent, []byte("iBoot-\xc3\xa9\x00")}, "", ErrMalformed},
		{"command stalls: no answer is read", []any{ErrRefused}, "", ErrRefused},
		{"answer stalls", []any{sent, ErrRefused}, "", ErrRefused},
		{"unplugged between", []any{sent, ErrGone}, "", ErrGone},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &recorded{t: t, answers: tt.answers}
			got, err := readBuildVersion(r.send)
			require.ErrorIs(t, err, tt.err)
			assert.Equal(t, tt.want, got)
			assert.Equal(t, []string{"getenv build-version\x00"}, r.written)
			assert.Empty(t, r.answers, "all answers were read")
		})
	}
}

// A caller that has given up is not followed by a late command.
func TestNothingIsSentAfterTheEnd(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	sent := 0
	send := until(ctx, func(_ request, data []byte) (int, error) {
		sent++
		cancel() // while the command is under way
		return len(data), nil
	})
	_, err := readBuildVersion(send)
	require.ErrorIs(t, err, context.Canceled)
	_, err = readNonces(send)
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, 1, sent)
}

func TestReadNonces(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		answers []any
		want    Nonces
		err     error
	}{
		{"both", []any{english, "NONC:C33CC598 SNON:4912848D"}, Nonces{"c33cc598", "4912848d"}, nil},
		{"blank in front and behind", []any{english, " NONC:0a0b SNON:0c0d "}, Nonces{"0a0b", "0c0d"}, nil},
		{"the first of two", []any{english, "NONC:0a0b NONC:0c0d"}, Nonces{"0a0b", ""}, nil},
		{"none", []any{english, "Apple Inc."}, Nonces{}, nil},
		{"empty string", []any{english, ""}, Nonces{}, nil},
		{"no hexadecimal number", []any{english, "NONC:xyz"}, Nonces{}, ErrMalformed},
		{"text of another type", []any{english, []byte{4, 2, 'N', 0}}, Nonces{}, ErrMalformed},
		{"stalls", []any{ErrRefused}, Nonces{}, ErrRefused},
		{"hangs", []any{english, ErrTimeout}, Nonces{}, ErrTimeout},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &recorded{t: t, answers: tt.answers}
			got, err := readNonces(r.send)
			require.ErrorIs(t, err, tt.err)
			assert.Equal(t, tt.want, got)
			assert.Empty(t, r.written, "nothing is written to the device")
		})
	}
}

// Indexes come from the device descriptor, the language from the device.
func TestReadTexts(t *testing.T) {
	t.Parallel()
	german := []byte{6, stringDescriptor, 0x07, 0x04, 0x09, 0x04}
	r := &recorded{t: t, answers: []any{deviceBytes, german, "Apple Mobile Device", german, "CPID:7000 €😀"}}
	serial, product, err := readTexts(r.send)
	require.NoError(t, err)
	assert.Equal(t, "CPID:7000 €😀", serial)
	assert.Equal(t, "Apple Mobile Device", product)
	assert.Equal(t, []request{
		{0x80, 6, 0x0100, 0},
		{0x80, 6, 0x0300, 0}, {0x80, 6, 0x0303, 0x0407},
		{0x80, 6, 0x0300, 0}, {0x80, 6, 0x0304, 0x0407},
	}, r.sent)
}

func TestReadTextsPartly(t *testing.T) {
	t.Parallel()
	none := append([]byte{}, deviceBytes...)
	none[15], none[16] = 0, 0
	tests := []struct {
		name            string
		answers         []any
		serial, product string
		err             error
	}{
		{"device without strings", []any{none}, "", "", nil},
		{"product stalls", []any{deviceBytes, english, ErrRefused, english, "serial"}, "serial", "", ErrRefused},
		{"serial stalls", []any{deviceBytes, english, "product", ErrRefused}, "", "product", ErrRefused},
		{"device descriptor too short", []any{[]byte{8, deviceDescriptor, 0, 2, 0, 0, 0, 64}}, "", "", ErrMalformed},
		{"unplugged", []any{ErrGone}, "", "", ErrGone},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &recorded{t: t, answers: tt.answers}
			serial, product, err := readTexts(r.send)
			require.ErrorIs(t, err, tt.err)
			assert.Equal(t, tt.serial, serial)
			assert.Equal(t, tt.product, product)
		})
	}
}

func TestReadSerial(t *testing.T) {
	t.Parallel()
	none := append([]byte{}, deviceBytes...)
	none[16] = 0
	tests := []struct {
		name    string
		answers []any
		want    string
		err     error
	}{
		{"answered", []any{deviceBytes, english, "product", english, "serial"}, "serial", nil},
		{"product stalls", []any{deviceBytes, ErrRefused, english, "serial"}, "serial", nil},
		{"serial hangs", []any{deviceBytes, english, "product", english, ErrTimeout}, "", ErrTimeout},
		{"no serial number", []any{none, english, "product"}, "", ErrRefused},
		{"empty serial number", []any{deviceBytes, english, "product", english, ""}, "", ErrRefused},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &recorded{t: t, answers: tt.answers}
			got, err := readSerial(r.send)
			require.ErrorIs(t, err, tt.err)
			assert.Equal(t, tt.want, got)
			assert.Empty(t, r.written, "nothing is written to the device")
		})
	}
}

func TestReadString(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		answers []any
		want    string
		err     error
	}{
		{"text", []any{english, "abc"}, "abc", nil},
		{"empty", []any{english, []byte{2, 3}}, "", nil},
		{"NUL and control characters", []any{english, "a\x00\x1b"}, "a\x00\x1b", nil},
		{"half a pair", []any{english, []byte{6, 3, 0x00, 0xd8, 'a', 0}}, "\ufffda", nil},
		{"more came than the length says", []any{english, []byte{4, 3, 'a', 0, 'b', 0}}, "a", nil},
		{"less came than the length says", []any{english, []byte{8, 3, 'a', 0}}, "", ErrMalformed},
		{"length 0", []any{english, []byte{0, 3, 'a', 0}}, "", ErrMalformed},
		{"length 1", []any{english, []byte{1, 3}}, "", ErrMalformed},
		{"odd length", []any{english, []byte{5, 3, 'a', 0, 'b'}}, "", ErrMalformed},
		{"one byte", []any{english, []byte{4}}, "", ErrMalformed},
		{"nothing", []any{english, []byte{}}, "", ErrMalformed},
		{"another type", []any{english, []byte{4, 1, 'a', 0}}, "", ErrMalformed},
		{"no languages", []any{[]byte{2, 3}}, "", ErrMalformed},
		{"half a language", []any{[]byte{3, 3, 9}}, "", ErrMalformed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &recorded{t: t, answers: tt.answers}
			got, err := readString(r.send, 4)
			require.ErrorIs(t, err, tt.err)
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestLibusbError(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		code int
		want error
	}{
		{"no permission", -3, ErrPermission},
		{"unplugged", -4, ErrGone},
		{"no driver for it on Windows", -12, ErrUnsupported},
		{"busy", -6, ErrHeld},
		{"timeout", -7, ErrTimeout},
		{"too much data", -8, ErrMalformed},
		{"stall", -9, ErrRefused},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cause := errors.New("libusb says so")
			err := libusbError(tt.code, cause)
			require.ErrorIs(t, err, tt.want)
			require.ErrorIs(t, err, cause)
		})
	}
	t.Run("any other", func(t *testing.T) {
		cause := errors.New("input/output error")
		assert.Equal(t, cause, libusbError(-1, cause))
	})
}

// A read that the cable is pulled out of ends in ENODEV.
func TestFileError(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		cause error
		want  error
	}{
		{"unplugged while it is read", syscall.ENODEV, ErrGone},
		{"no such device or address", syscall.ENXIO, ErrGone},
		{"no such file", syscall.ENOENT, ErrGone},
		{"not for us", syscall.EACCES, ErrPermission},
		{"any other", syscall.EIO, syscall.EIO},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := fileError(&fs.PathError{Op: "read", Path: "serial", Err: tt.cause})
			require.ErrorIs(t, err, tt.want)
			require.ErrorIs(t, err, tt.cause)
		})
	}
}

// A missing permission says whose the device is, nothing else does.
func TestExplained(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("devices have nodes on Linux only")
	}
	node := filepath.Join(t.TempDir(), "005")
	require.NoError(t, os.WriteFile(node, nil, 0o600))
	var bus Bus
	err := bus.explained(Device{NodePath: node}, ErrPermission)
	require.ErrorIs(t, err, ErrPermission)
	refused, ok := errors.AsType[*AccessError](err)
	require.True(t, ok)
	assert.Equal(t, node, refused.Access.NodePath)
	assert.ErrorContains(t, err, node+" belongs to ")
	assert.Equal(t, ErrPermission, bus.explained(Device{}, ErrPermission), "no node to look at")
	assert.Equal(t, ErrGone, bus.explained(Device{NodePath: node}, ErrGone))
	assert.NoError(t, bus.explained(Device{NodePath: node}, nil))
	bus.Access = func(node string) (Access, error) { return Access{NodePath: node, Owner: "tech"}, nil }
	assert.ErrorContains(t, bus.explained(Device{NodePath: "/dev/x"}, ErrPermission), "/dev/x belongs to tech:")
}

func TestOpError(t *testing.T) {
	t.Parallel()
	assert.NoError(t, opError("scan", "", nil))
	err := opError("scan", "", ErrTimeout)
	assert.EqualError(t, err, "usb: scan: no answer in time")
	assert.EqualError(t, opError("read nonces", "1-2.3", ErrHeld), "usb: 1-2.3: read nonces: held by another program")
	operation, ok := errors.AsType[*OpError](err)
	require.True(t, ok)
	assert.True(t, operation.Timeout())
	assert.False(t, (&OpError{Err: ErrGone}).Timeout())
}

// Whatever a device answers: no panic, and a nonce is a number or nothing.
func FuzzDescriptors(f *testing.F) {
	f.Add(deviceBytes, english, stringOf("NONC:0a0b SNON:0c0d"))
	f.Add(deviceBytes, []byte{6, 3, 7, 4, 9, 4}, []byte{6, 3, 0, 0xd8, 'a', 0})
	f.Add([]byte{255, 1}, []byte{4, 3}, []byte{0, 3})
	f.Add([]byte{}, []byte{255}, []byte{1, 3, 5})
	f.Fuzz(func(t *testing.T, device, languages, text []byte) {
		send := func(q request, data []byte) (int, error) {
			switch q.value {
			case 0x0100:
				return copy(data, device), nil
			case 0x0300:
				return copy(data, languages), nil
			}
			return copy(data, text), nil
		}
		if serial, _, err := readTexts(send); err == nil {
			require.LessOrEqual(t, len(serial), 126*3+2)
		} else {
			require.ErrorIs(t, err, ErrMalformed)
		}
		nonces, err := readNonces(send)
		require.Empty(t, strings.Trim(nonces.NONC+nonces.SNON, "0123456789abcdef"))
		if err != nil {
			require.ErrorIs(t, err, ErrMalformed)
		}
	})
}
