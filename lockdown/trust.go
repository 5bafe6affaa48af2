package lockdown

import (
	"context"
	"time"

	"error53/usbmux"
)

// State is where a pairing stands.
type State string

// The states in their usual order. WaitingForTrust, PasscodeNeeded and Reconnecting come
// and go; AlreadyTrusted and Paired are the last.
const (
	Checking        State = "checking"          // whether the phone trusts this computer already
	AlreadyTrusted  State = "already-trusted"   // nothing was asked of the phone, and nothing written
	MakingKeys      State = "making-keys"       // seconds on a slow computer
	WaitingForTrust State = "waiting-for-trust" // for a tap on Trust
	PasscodeNeeded  State = "passcode-needed"   // for somebody to unlock the phone
	Reconnecting    State = "reconnecting"      // old phones leave the bus when Trust is tapped
	Proving         State = "proving"           // the record is saved; whether it opens a session
	Paired          State = "paired"
)

// Progress tells of a pairing under way.
type Progress struct {
	State  State
	Waited time.Duration // for somebody at the phone; 0 where nobody is waited for
	Left   time.Duration // until the wait is given up
}

// DefaultTrustLimit is how long somebody at the phone is waited for.
const DefaultTrustLimit = time.Minute

// Pairing makes a phone trust this computer. It puts a dialog on the phone's screen, so
// that nobody may start it but the person who has the phone in hand.
type Pairing struct {
	Mux *usbmux.Client
	// Limit is for how long somebody at the phone is waited for; 0 = DefaultTrustLimit.
	Limit time.Duration
	// Renew makes a new pairing where the record that this computer keeps opens no
	// session. Without it that is an error, for the record may be wanted still.
	Renew bool
	// Tell hears of each state when it begins, and every second while it waits; nil =
	// nobody.
	Tell func(Progress)
}

// Pair sees to it that the phone trusts this computer, and gives AlreadyTrusted or
// Paired. First it tries the record that there is: when that opens a session, nothing is
// asked of the phone and nothing written. The new record is saved by usbmuxd when the
// phone has agreed, and proved by a session.
//
// Private keys never go to the phone.
//
// Errors: OpError around ErrTrustDenied, ErrTrustTimeout, ErrSupervised,
// ErrPairingProhibited; without Renew around ErrInvalidHostID, ErrUnusableRecord,
// ErrStranger, ErrHandshake; another Error; ErrNotLockdown in restore mode; or an error
// of usbmux (ErrPermission where the record cannot be saved).
func (p Pairing) Pair(ctx context.Context, device usbmux.Device) (State, error) {
	t := trust{Pairing: p, device: device}
	defer t.hangUp()
	return t.establish(ctx)
}
