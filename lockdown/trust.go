package lockdown

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
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

const (
	// askAgain is how often the phone is asked whether somebody has tapped Trust.
	askAgain = time.Second
	// returnLimit is how long a phone that leaves in the last second may stay away.
	// Phones take some 0.7 s (observed, libimobiledevice/usbmuxd issue 5).
	returnLimit = 10 * time.Second
)

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

// trust is a Pairing under way.
type trust struct {
	Pairing
	device usbmux.Device // as it is attached now
	client *Client       // nil when there is no connection

	begun, until time.Time // of the wait
}

func (t *trust) establish(ctx context.Context) (State, error) {
	trusted, err := t.check(ctx)
	if err != nil {
		return "", err
	}
	if trusted {
		t.tell(AlreadyTrusted)
		return AlreadyTrusted, nil
	}
	made, err := t.prepare(ctx)
	if err != nil {
		return "", err
	}
	escrowBag, err := t.offer(ctx, made)
	if err != nil {
		return "", err
	}
	if err := made.saveTrust(ctx, t.Mux, t.device, escrowBag); err != nil {
		return "", err
	}
	if err := t.prove(ctx); err != nil {
		return "", err
	}
	t.tell(Paired)
	return Paired, nil
}

// check tells whether the record that there is opens a session. A phone that was not
// unlocked since it started opens none, and is waited for.
func (t *trust) check(ctx context.Context) (trusted bool, err error) {
	t.tell(Checking)
	t.wait()
	for {
		phone, err := Open(ctx, t.Mux, t.device)
		if err != nil {
			return false, err
		}
		phone.Close()
		switch why := phone.NoSession; {
		case phone.Identity.Restored:
			return false, opError("pair", fmt.Errorf("%w: the phone is in restore mode", ErrNotLockdown))
		case why == nil:
			return true, nil
		case errors.Is(why, usbmux.ErrNoRecord), t.Renew && isOfRecord(why):
			return false, nil
		case !errors.Is(why, ErrPasswordProtected):
			return false, why
		default:
			if err := t.again(ctx, PasscodeNeeded, why); err != nil {
				return false, err
			}
		}
	}
}

// isOfRecord tells whether another record could open a session where this one did not.
func isOfRecord(err error) bool {
	return slices.ContainsFunc([]error{ErrInvalidHostID, ErrUnusableRecord, ErrStranger, ErrHandshake},
		func(kind error) bool { return errors.Is(err, kind) })
}

// prepare reads what goes into the record, and makes the rest. The Wi-Fi address has to
// be read now: an old phone is off the bus right after Trust was tapped
// (libimobiledevice/libimobiledevice issue 20).
func (t *trust) prepare(ctx context.Context) (*pairing, error) {
	t.tell(MakingKeys)
	buid, err := t.Mux.ReadBUID(ctx)
	if err != nil {
		return nil, err
	}
	client, err := t.connected(ctx)
	if err != nil {
		return nil, err
	}
	value, err := client.GetValue(ctx, "", "DevicePublicKey")
	if err != nil {
		return nil, err
	}
	key, err := parseDevicePublicKey(value)
	if err != nil {
		return nil, opError("GetValue DevicePublicKey", err)
	}
	address, _ := client.GetValue(ctx, "", "WiFiAddress") // an iPod or iPad may have none
	wifi, _ := address.(string)
	made, err := makeKeys(ctx)
	if err != nil {
		return nil, opError("make keys", err)
	}
	return newPairing(made, key, buid, wifi)
}

// offer asks the phone until somebody has answered there.
func (t *trust) offer(ctx context.Context, made *pairing) (escrowBag []byte, err error) {
	t.wait()
	for {
		escrowBag, err := t.ask(ctx, made)
		var state State
		switch {
		case err == nil:
			return escrowBag, nil
		case errors.Is(err, ErrTrustPending):
			state = WaitingForTrust
		case errors.Is(err, ErrPasswordProtected):
			state = PasscodeNeeded
		case isLoss(err):
			state = t.lose()
		default:
			return nil, err
		}
		if err := t.again(ctx, state, err); err != nil {
			return nil, err
		}
	}
}

func (t *trust) ask(ctx context.Context, made *pairing) ([]byte, error) {
	client, err := t.connected(ctx)
	if err != nil {
		return nil, err
	}
	return made.offerTrust(ctx, client)
}

// prove opens a session with the record that usbmuxd has now. The phone may be leaving
// the bus just then.
func (t *trust) prove(ctx context.Context) error {
	t.hangUp()
	t.tell(Proving)
	for {
		phone, err := Open(ctx, t.Mux, t.device)
		if err == nil {
			phone.Close()
			err = phone.NoSession
		}
		if err == nil || !isLoss(err) {
			return err
		}
		if err := t.again(ctx, t.lose(), err); err != nil {
			return err
		}
		t.find(ctx) // where it is not there yet, Open will say so
	}
}

// connected gives the connection to the phone, a new one where there is none.
func (t *trust) connected(ctx context.Context) (*Client, error) {
	if t.client != nil {
		return t.client, nil
	}
	if err := t.find(ctx); err != nil {
		return nil, err
	}
	client, err := Dial(ctx, t.Mux, t.device.ID)
	t.client = client
	return client, err
}

// find looks for the phone, which has another number each time it comes back.
func (t *trust) find(ctx context.Context) error {
	devices, err := t.Mux.ListDevices(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(devices, func(d usbmux.Device) bool { return d.UDID() == t.device.UDID() })
	if i < 0 {
		return opError("pair", fmt.Errorf("%w: the phone is not listed any more", usbmux.ErrGone))
	}
	t.device = devices[i]
	return nil
}

func (t *trust) hangUp() {
	if t.client != nil {
		t.client.Close()
		t.client = nil
	}
}

// isLoss knows what a phone looks like that leaves the bus, or has just come back. On
// Linux the daemon leaves with the last phone.
func isLoss(err error) bool {
	return slices.ContainsFunc([]error{usbmux.ErrGone, usbmux.ErrTimeout, usbmux.ErrRefused, usbmux.ErrNoDaemon},
		func(kind error) bool { return errors.Is(err, kind) })
}

// lose gives the connection up, and the phone the time to come back.
func (t *trust) lose() State {
	t.hangUp()
	last := t.begun.Add(t.limit() + returnLimit)
	if back := time.Now().Add(returnLimit); back.After(t.until) && !back.After(last) {
		t.until = back
	}
	return Reconnecting
}

func (t *trust) limit() time.Duration { return cmp.Or(t.Limit, DefaultTrustLimit) }

// wait begins to wait for somebody at the phone.
func (t *trust) wait() {
	t.begun = time.Now()
	t.until = t.begun.Add(t.limit())
}

// again waits until the phone may be asked once more. The error says that it may not.
func (t *trust) again(ctx context.Context, s State, why error) error {
	left := time.Until(t.until)
	if left <= 0 {
		return t.giveUp(why)
	}
	t.report(Progress{State: s, Waited: time.Since(t.begun), Left: left})
	select {
	case <-time.After(min(askAgain, left)):
		return nil
	case <-ctx.Done():
		return why
	}
}

// giveUp is the error of a wait that has ended.
func (t *trust) giveUp(why error) error {
	if isLoss(why) {
		return why
	}
	return opError("pair", fmt.Errorf("%w for %s: %w", ErrTrustTimeout, t.limit(), why))
}

func (t *trust) tell(s State) { t.report(Progress{State: s}) }

func (t *trust) report(p Progress) {
	if t.Tell != nil {
		t.Tell(p)
	}
}
