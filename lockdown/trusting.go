package lockdown

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"error53/usbmux"
)

// trust is a Pairing under way.
type trust struct {
	Pairing
	device usbmux.Device // as it is attached now
	client *Client       // nil when there is no connection

	begun, until time.Time // of the wait
	away         bool      // the phone has left the bus, and was not spoken to since
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
	t.hangUp()
	save := func() error { return made.saveTrust(ctx, t.Mux, t.device, escrowBag) }
	if err := t.whenBack(ctx, save); err != nil {
		return "", err
	}
	t.tell(Proving)
	if err := t.whenBack(ctx, func() error { return t.prove(ctx) }); err != nil {
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

// prove opens a session with the record that usbmuxd has now.
func (t *trust) prove(ctx context.Context) error {
	phone, err := Open(ctx, t.Mux, t.device)
	if err != nil {
		return err
	}
	phone.Close()
	return phone.NoSession
}
