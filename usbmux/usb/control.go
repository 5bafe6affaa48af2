package usb

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// controlTimeout bounds one question: starting libusb, opening the device and the
// transfers, each of which has its own, shorter limit.
const controlTimeout = 2 * time.Second

// command is a line for iBoot. No other value than this one is ever of this type.
type command string

// getBuildVersion reads a variable of iBoot's environment. [LIBIRECOVERY] irecv_getenv.
const getBuildVersion command = "getenv build-version"

// bytes is the line as it is sent, with a NUL at its end. [LIBIRECOVERY]
// irecv_send_command_raw.
func (c command) bytes() []byte { return append([]byte(c), 0) }

// request is the setup packet of a control transfer: [USB2] 9.3.
type request struct {
	typ, request uint8 // bmRequestType, bRequest
	value, index uint16
}

// [LIBIRECOVERY] irecv_send_command_raw, irecv_getenv. Both are addressed to the device
// and not to an interface, so no interface has to be claimed for them ([USBFS]
// check_ctrlrecip).
var (
	sendCommand = request{typ: 0x40, request: 0}
	readAnswer  = request{typ: 0xc0, request: 0}
)

// maxAnswer is the length in bytes that is asked for: [LIBIRECOVERY] irecv_getenv.
const maxAnswer = 255

// readOnly tells whether a transfer is one of those that change nothing. It stands in
// front of every one that is sent.
func readOnly(r request, data []byte) bool {
	switch r {
	case sendCommand:
		return bytes.Equal(data, getBuildVersion.bytes())
	case readAnswer:
		return true
	}
	return r.typ == 0x80 && r.request == getDescriptor
}

// Transfer is one control transfer ([USB2] 9.3) on an open device: it sends data, or
// fills it where the upper bit of typ is set, and returns the number of bytes.
type Transfer = func(typ, request uint8, value, index uint16, data []byte) (int, error)

// endpoint is control endpoint 0 of an open device: it sends data, or fills it, and
// returns the number of bytes.
type endpoint func(r request, data []byte) (int, error)

// Nonces are the numbers that a device made up for the next signature, in lower-case
// hexadecimal digits; "" where it gave none. They change with each start.
type Nonces struct {
	NONC string // of the application processor
	SNON string // of the Secure Enclave
}

// Nonces asks a device in recovery or DFU mode for its nonces. They stand in a string
// descriptor, so no command is sent; the device has to be opened, though.
//
// Errors: ErrUnsupported without libusb, ErrMode for any other mode, ErrHeld while
// another program uses the device (known on Linux only), ErrPermission, ErrRefused,
// ErrTimeout, ErrGone, ErrMalformed.
//
// A device that was seen to leave normal mode may be in the middle of a restore: it is
// for the caller not to ask it.
func (b *Bus) Nonces(ctx context.Context, d Device) (Nonces, error) {
	return ask(ctx, b, "read nonces", d, readNonces, Recovery, DFU)
}

// Serial asks a device in recovery, DFU or WTF mode for its serial number string once
// more. It is for a device that did not give it when it was plugged in: Linux does not
// ask twice. Errors, and what the caller has to see to, are those of [Bus.Nonces].
func (b *Bus) Serial(ctx context.Context, d Device) (string, error) {
	return ask(ctx, b, "read serial number", d, readSerial, Recovery, DFU, WTF)
}

// BuildVersion asks iBoot, in recovery mode, for the value of its build-version, such
// as "iBoot-4513.270.6". This sends a command, the only one of this package:
// getenv, which reads.
//
// Errors: as of [Bus.Nonces]. It is ErrUnsupported too where it cannot be told whether
// another program uses the device, that is everywhere but on Linux. Many versions of
// iBoot answer nothing: ErrRefused.
//
// A device that was seen to leave normal mode may be in the middle of a restore: it is
// for the caller not to ask it.
func (b *Bus) BuildVersion(ctx context.Context, d Device) (string, error) {
	const op = "read build-version"
	if b.files() == nil {
		err := fmt.Errorf("%w: this system does not tell whether another program uses the device", ErrUnsupported)
		return "", opError(op, d.Port, err)
	}
	return ask(ctx, b, op, d, readBuildVersion, Recovery)
}

// ask opens a device that is in one of the modes, and nobody else's, for one question.
func ask[T any](ctx context.Context, b *Bus, op string, d Device, question func(endpoint) (T, error), modes ...Mode) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, controlTimeout)
	defer cancel()
	start := time.Now()
	value, err := within(ctx, func() (value T, err error) {
		if err := b.mayOpen(d, modes); err != nil {
			return value, err
		}
		err = b.use(d, func(send endpoint) error {
			value, err = question(until(ctx, send))
			return err
		})
		return value, err
	})
	err = opError(op, d.Port, b.explained(d, err))
	b.debug(op, d.Port, start, err)
	return value, err
}

// use opens the device for a conversation, and closes it afterwards.
func (b *Bus) use(d Device, converse func(endpoint) error) error {
	if b.Open == nil {
		return b.lib.use(d, converse)
	}
	transfer, shut, err := b.Open(d.NodePath)
	if err != nil {
		return fileError(err)
	}
	defer shut()
	return converse(guarded(func(r request, data []byte) (int, error) {
		n, err := transfer(r.typ, r.request, r.value, r.index, data)
		return n, fileError(err)
	}))
}

// guarded lets through what changes nothing.
func guarded(send endpoint) endpoint {
	return func(r request, data []byte) (int, error) {
		if !readOnly(r, data) {
			return 0, fmt.Errorf("%w: request %02x %02x is never sent", ErrUnsupported, r.typ, r.request)
		}
		return send(r, data)
	}
}

// until sends nothing more once ctx has ended: nobody waits for it then, and the device
// may be another program's meanwhile.
func until(ctx context.Context, send endpoint) endpoint {
	return func(r request, data []byte) (int, error) {
		if ctx.Err() != nil {
			return 0, interrupted(ctx.Err())
		}
		return send(r, data)
	}
}

// mayOpen is nil when nothing forbids to open a device.
func (b *Bus) mayOpen(d Device, modes []Mode) error {
	if mode := ModeOf(d.ProductID); !slices.Contains(modes, mode) {
		return fmt.Errorf("%w: a device in %s mode is not asked this", ErrMode, cmp.Or(mode, "unknown"))
	}
	files := b.files()
	if files == nil {
		return nil
	}
	held, err := kernel{files}.held(d)
	if held {
		return ErrHeld
	}
	return err
}

// explained adds to a missing permission whose the device is.
func (b *Bus) explained(d Device, err error) error {
	if !errors.Is(err, ErrPermission) {
		return err
	}
	access, unknown := b.AccessTo(d)
	if unknown != nil {
		return err
	}
	return &AccessError{access, err}
}

// noncesIndex is the string descriptor of the nonces: [LIBIRECOVERY]
// irecv_copy_nonce_with_tag.
const noncesIndex = 1

func readNonces(send endpoint) (Nonces, error) {
	text, err := readString(send, noncesIndex)
	if err != nil {
		return Nonces{}, err
	}
	return parseNonces(text)
}

// parseNonces reads "NONC:… SNON:…". Early devices have neither.
func parseNonces(text string) (Nonces, error) {
	found := fields(text)
	nonces := Nonces{NONC: strings.ToLower(found["NONC"]), SNON: strings.ToLower(found["SNON"])}
	if strings.Trim(nonces.NONC+nonces.SNON, "0123456789abcdef") != "" {
		return Nonces{}, fmt.Errorf("%w: a nonce is no hexadecimal number", ErrMalformed)
	}
	return nonces, nil
}

// readSerial does not care for the product string.
func readSerial(send endpoint) (string, error) {
	serial, _, err := readTexts(send)
	if serial != "" {
		return serial, nil
	}
	return "", cmp.Or(err, fmt.Errorf("%w: it has no serial number", ErrRefused))
}

func readBuildVersion(send endpoint) (string, error) {
	if _, err := send(sendCommand, getBuildVersion.bytes()); err != nil {
		return "", err
	}
	answer := make([]byte, maxAnswer)
	n, err := send(readAnswer, answer)
	if err != nil {
		return "", err
	}
	version, _, _ := bytes.Cut(answer[:n], []byte{0})
	if len(version) == 0 {
		return "", fmt.Errorf("%w: iBoot gives no build-version", ErrRefused)
	}
	if slices.ContainsFunc(version, func(c byte) bool { return c < ' ' || c > '~' }) {
		return "", fmt.Errorf("%w: build-version is no text", ErrMalformed)
	}
	return string(version), nil
}
