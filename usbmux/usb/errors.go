package usb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// The kinds of failure, for errors.Is. A context that its owner cancelled shows as
// context.Canceled.
var (
	// ErrUnsupported: this build, or this system, has no means for it.
	ErrUnsupported = errors.New("not supported here")
	// ErrPermission: the device is there, but not for us. [Device.Access] tells whose it is.
	ErrPermission = errors.New("permission denied")
	// ErrHeld: another program has claimed the device, and must not be disturbed.
	ErrHeld = errors.New("held by another program")
	// ErrMode: what was asked for is never asked of a device in this mode.
	ErrMode = errors.New("wrong mode")
	// ErrRefused: the device does not answer this: it stalls, or says nothing.
	ErrRefused = errors.New("refused by the device")
	// ErrTimeout: no answer before the deadline.
	ErrTimeout = errors.New("no answer in time")
	// ErrGone: the device was unplugged, or restarted into another mode.
	ErrGone = errors.New("device gone")
	// ErrMalformed: the answer is not one: a wrong length or type, or garbage.
	ErrMalformed = errors.New("malformed answer")
)

// OpError names the operation that failed, and the device by its port.
type OpError struct {
	Op   string // such as "read nonces"
	Port string // such as "1-2.3"; "" where it concerns no single device
	Err  error
}

var _ interface{ Timeout() bool } = (*OpError)(nil)

func (e *OpError) Error() string {
	if e.Port == "" {
		return "usb: " + e.Op + ": " + e.Err.Error()
	}
	return "usb: " + e.Port + ": " + e.Op + ": " + e.Err.Error()
}

// Unwrap gives the cause.
func (e *OpError) Unwrap() error { return e.Err }

// Timeout tells whether a deadline passed.
func (e *OpError) Timeout() bool { return errors.Is(e.Err, ErrTimeout) }

// opError is nil for nil.
func opError(op, port string, err error) error {
	if err == nil {
		return nil
	}
	return &OpError{Op: op, Port: port, Err: err}
}

// fileError sorts what reading one of the kernel's files, or a transfer, can end in. The
// files of a device vanish with it; a read that is under way then ends in ENODEV. A stall
// is EPIPE, and more data than asked for EOVERFLOW: [USBERR].
func fileError(err error) error {
	kind := error(nil)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENODEV), errors.Is(err, syscall.ENXIO):
		kind = ErrGone
	case errors.Is(err, fs.ErrPermission):
		kind = ErrPermission
	case errors.Is(err, syscall.EPIPE):
		kind = ErrRefused
	case errors.Is(err, syscall.ETIMEDOUT):
		kind = ErrTimeout
	case errors.Is(err, syscall.EBUSY):
		kind = ErrHeld
	case errors.Is(err, syscall.EOVERFLOW):
		kind = ErrMalformed
	default:
		return err
	}
	return fmt.Errorf("%w: %w", kind, err)
}

// libusbKinds sorts the error codes of libusb: [LIBUSB] enum libusb_error. -5 and -12
// are what Windows gives where a driver other than WinUSB has the device.
var libusbKinds = map[int]error{
	-3: ErrPermission, -4: ErrGone, -5: ErrUnsupported, -6: ErrHeld, -7: ErrTimeout,
	-8: ErrMalformed, -9: ErrRefused, -12: ErrUnsupported,
}

// libusbError puts an error of libusb under the kind that its code tells.
func libusbError(code int, err error) error {
	if kind, ok := libusbKinds[code]; ok {
		return fmt.Errorf("%w: %w", kind, err)
	}
	return err
}

// interrupted is the error of a call whose context ended.
func interrupted(cause error) error {
	if errors.Is(cause, context.DeadlineExceeded) {
		return fmt.Errorf("%w: %w", ErrTimeout, cause)
	}
	return cause
}
