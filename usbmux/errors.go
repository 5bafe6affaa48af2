package usbmux

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"syscall"
)

// The kinds of failure, for errors.Is. A context that its owner cancelled shows as
// context.Canceled.
var (
	// ErrNoDaemon: nothing listens at the address. On Linux the daemon comes and goes
	// with the phones, so this means "no phone yet" as well as "no daemon".
	ErrNoDaemon = errors.New("no usbmuxd to talk to")
	// ErrPermission: the socket is there, but not for us.
	ErrPermission = errors.New("permission denied")
	// ErrAddress: the address of the daemon cannot be read or used.
	ErrAddress = errors.New("unreadable address")
	// ErrProtocol: the answer is not one: garbage, too long, a wrong tag, a wrong type.
	ErrProtocol = errors.New("malformed answer")
	// ErrTimeout: no whole answer before the deadline.
	ErrTimeout = errors.New("no answer in time")
	// ErrGone: the connection ended in the middle of an exchange, or the daemon no
	// longer knows the phone.
	ErrGone = errors.New("connection lost")
	// ErrRefused: nothing on the phone listens at that port.
	ErrRefused = errors.New("connection refused by the phone")
	// ErrNoRecord: this host keeps no pair record of the phone, so it was never
	// trusted here, or the record was deleted.
	ErrNoRecord = errors.New("no pair record")
)

// OpError names the operation that failed.
type OpError struct {
	Op  string // such as "list devices"
	Err error
}

var _ interface{ Timeout() bool } = (*OpError)(nil)

func (e *OpError) Error() string { return "usbmux: " + e.Op + ": " + e.Err.Error() }

// Unwrap gives the cause.
func (e *OpError) Unwrap() error { return e.Err }

// Timeout tells whether a deadline passed.
func (e *OpError) Timeout() bool { return errors.Is(e.Err, ErrTimeout) }

// opError is nil for nil.
func opError(op string, err error) error {
	if err == nil {
		return nil
	}
	return &OpError{Op: op, Err: err}
}

// The numbers of a Result: [MUXPROTO] enum usbmuxd_result; 0 is success.
const (
	resultOK         = 0
	resultBadDevice  = 2
	resultConnRefuse = 3
)

// The numbers of a Result about pair records, which are errors of the system: [MUXD]
// src/conf.c. A record that cannot be written is ENOENT there, whatever the cause.
const (
	resultENOENT = 2
	resultEACCES = 13
)

// ResultError is a Result of the daemon other than success.
type ResultError struct {
	Request string // MessageType of the request that was answered
	Number  uint64 // as the daemon gave it
}

// resultNames are the numbers that open-source daemons send ([MUXPROTO]; 22 is EINVAL
// from [MUXD]).
var resultNames = map[uint64]string{
	1: "bad command", 2: "bad device", 3: "connection refused", 6: "bad version", 22: "invalid argument",
}

func (e *ResultError) Error() string {
	name, ok := resultNames[e.Number]
	if kind := e.ofRecord(); kind != nil {
		name, ok = kind.Error(), true
	}
	if !ok {
		return fmt.Sprintf("the daemon answers %d", e.Number)
	}
	return fmt.Sprintf("the daemon answers %d (%s)", e.Number, name)
}

// Is sorts the number under a kind of failure. 2 means several things: no such device
// in answer to Connect, and in answer to a pair-record request what ofRecord says.
func (e *ResultError) Is(target error) bool {
	switch kind := e.ofRecord(); {
	case kind != nil:
		return target == kind
	case e.Number == resultConnRefuse:
		return target == ErrRefused
	case e.Number == resultBadDevice && e.Request == string(connect):
		return target == ErrGone
	}
	return target == ErrProtocol
}

// ofRecord is the kind of failure that the number means in answer to a pair-record
// request; nil in answer to others, and where it means nothing in particular.
func (e *ResultError) ofRecord() error {
	switch e.Request {
	case string(savePairRecord):
		if e.Number == resultENOENT || e.Number == resultEACCES {
			return ErrPermission
		}
	case string(readPairRecord), string(deletePairRecord):
		switch e.Number {
		case resultENOENT:
			return ErrNoRecord
		case resultEACCES:
			return ErrPermission
		}
	}
	return nil
}

// dialError sorts what a dial can end in. What is no other kind is ErrNoDaemon: the
// errors for "nobody listens" differ from one system to the next.
func dialError(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return interrupted(ctx.Err())
	case isTimeout(err):
		return fmt.Errorf("%w: %w", ErrTimeout, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w: %w", ErrPermission, err)
	case errors.Is(err, syscall.EINVAL): // a path longer than sockaddr_un holds
		return fmt.Errorf("%w: %w", ErrAddress, err)
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return err // our own fault, not the daemon's
	}
	return fmt.Errorf("%w: %w", ErrNoDaemon, err)
}

// ioError sorts a failed read or write. Every one that is no timeout means that the
// other side is gone; EOF, reset and broken pipe are told apart by nobody.
func ioError(err error) error {
	if isTimeout(err) {
		return fmt.Errorf("%w: %w", ErrTimeout, err)
	}
	return fmt.Errorf("%w: %w", ErrGone, err)
}

// isTimeout also holds for EAGAIN, which a daemon gives that accepts no more
// connections (libimobiledevice/usbmuxd issue 216).
func isTimeout(err error) bool {
	t, ok := errors.AsType[net.Error](err)
	return ok && t.Timeout()
}

// interrupted is the error of an exchange whose context ended.
func interrupted(cause error) error {
	if errors.Is(cause, context.DeadlineExceeded) {
		return fmt.Errorf("%w: %w", ErrTimeout, cause)
	}
	return cause
}
