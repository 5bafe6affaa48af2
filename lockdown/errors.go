package lockdown

import (
	"errors"
	"strconv"

	"error53/usbmux"
)

// What a phone answers instead of a value, for errors.Is. Failures of the connection
// are those of package usbmux: ErrTimeout, ErrGone, ErrProtocol.
var (
	// ErrMissingValue: the phone has no such value, or gives it in a session only.
	ErrMissingValue = errors.New("no such value")
	// ErrGetProhibited: the value is not for this computer, or not without a session.
	ErrGetProhibited = errors.New("value withheld")
	// ErrPasswordProtected: the phone is locked, and not paired or not unlocked since
	// it started.
	ErrPasswordProtected = errors.New("phone locked")
	// ErrTrustPending: the Trust dialog is on the screen.
	ErrTrustPending = errors.New("waiting for trust")
	// ErrTrustDenied: somebody tapped Don't Trust.
	ErrTrustDenied = errors.New("trust denied")
	// ErrInvalidHostID: the phone does not know this computer any more.
	ErrInvalidHostID = errors.New("pairing not known to the phone")
	// ErrSessionInactive: the request needs a session.
	ErrSessionInactive = errors.New("no session")
	// ErrUnusableRecord: the pair record that this computer keeps lacks something that
	// a session takes, or holds what is no certificate or no key.
	ErrUnusableRecord = errors.New("unusable pair record")
	// ErrHandshake: the phone and this computer did not come to terms over TLS.
	ErrHandshake = errors.New("TLS handshake failed")
	// ErrStranger: who answers does not have the key of the phone that the pair record
	// is of. Nothing was read from it.
	ErrStranger = errors.New("not the phone of the pair record")
	// ErrSupervised: the phone is managed, and pairs with its organisation's computers
	// only.
	ErrSupervised = errors.New("supervised phone")
	// ErrPairingProhibited: the phone does not pair over this connection, which is one
	// over the network.
	ErrPairingProhibited = errors.New("pairing not allowed over this connection")
	// ErrTrustTimeout: nobody answered the Trust dialog, or entered the passcode, for
	// as long as was waited. It wraps ErrTrustPending or ErrPasswordProtected, too.
	ErrTrustTimeout = errors.New("nobody answered on the phone")
	// ErrDeprecated: the phone's iOS no longer gives any such value.
	ErrDeprecated = errors.New("no longer given by this iOS")
	// ErrSysCfg: the factory record is not of the known layout.
	ErrSysCfg = errors.New("unreadable factory record")
	// ErrNotLockdown: what answers is not lockdownd, where lockdownd is needed, or is
	// not restored, where restored is.
	ErrNotLockdown = errors.New("another daemon answers")
)

// Error is an answer by which the phone says no.
type Error struct {
	Code    string // as the phone gave it, such as "GetProhibited"
	Request string // name of the request
}

// codes are the error strings of lockdownd, with the kind that some of them are:
// [LOCKDOWN] lockdownd_strtoerr; InvalidConnection from pymobiledevice3,
// pymobiledevice3/lockdown.py.
var codes = map[string]error{
	"InvalidResponse":                     nil,
	"MissingKey":                          nil,
	"MissingValue":                        ErrMissingValue,
	"GetProhibited":                       ErrGetProhibited,
	"SetProhibited":                       nil,
	"RemoveProhibited":                    nil,
	"ImmutableValue":                      nil,
	"PasswordProtected":                   ErrPasswordProtected,
	"UserDeniedPairing":                   ErrTrustDenied,
	"PairingDialogResponsePending":        ErrTrustPending,
	"MissingHostID":                       nil,
	"InvalidHostID":                       ErrInvalidHostID,
	"SessionActive":                       nil,
	"SessionInactive":                     ErrSessionInactive,
	"MissingSessionID":                    nil,
	"InvalidSessionID":                    nil,
	"MissingService":                      nil,
	"InvalidService":                      nil,
	"ServiceLimit":                        nil,
	"MissingPairRecord":                   nil,
	"SavePairRecordFailed":                nil,
	"InvalidPairRecord":                   nil,
	"InvalidActivationRecord":             nil,
	"MissingActivationRecord":             nil,
	"ServiceProhibited":                   nil,
	"EscrowLocked":                        nil,
	"PairingProhibitedOverThisConnection": ErrPairingProhibited,
	"FMiPProtected":                       nil,
	"MCProtected":                         nil,
	"MCChallengeRequired":                 ErrSupervised,
	"InvalidConnection":                   nil,
	"MobileGestaltDeprecated":             ErrDeprecated, // of diagnostics_relay
}

// Error shows a code that is in no list in quotes and cut short: it is the phone's text.
func (e *Error) Error() string {
	if _, known := codes[e.Code]; known {
		return "the phone answers " + e.Code
	}
	return "the phone answers " + shown(e.Code)
}

// Is sorts the code under one of the kinds above.
func (e *Error) Is(target error) bool { return codes[e.Code] == target }

// OpError names the operation that failed.
type OpError struct {
	Op  string // such as "GetValue ProductType"
	Err error
}

func (e *OpError) Error() string { return "lockdown: " + e.Op + ": " + e.Err.Error() }

// Unwrap gives the cause.
func (e *OpError) Unwrap() error { return e.Err }

// Timeout tells whether a deadline passed.
func (e *OpError) Timeout() bool { return errors.Is(e.Err, usbmux.ErrTimeout) }

// opError is nil for nil.
func opError(op string, err error) error {
	if err == nil {
		return nil
	}
	return &OpError{Op: op, Err: err}
}

// shown makes text of a phone fit for an error: quoted, so that no control character
// gets through, and at most 64 characters of it.
func shown(text string) string {
	const most = 64
	if r := []rune(text); len(r) > most {
		text = string(r[:most]) + "…"
	}
	return strconv.Quote(text)
}
