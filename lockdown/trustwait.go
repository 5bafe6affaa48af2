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

const (
	// askAgain is how often the phone is asked whether somebody has tapped Trust.
	askAgain = time.Second
	// returnLimit is how long a phone that leaves in the last second may stay away.
	// Phones take some 0.7 s (observed, libimobiledevice/usbmuxd issue 5).
	returnLimit = 10 * time.Second
)

// connected gives the connection to the phone, a new one where there is none.
func (t *trust) connected(ctx context.Context) (*Client, error) {
	if t.client != nil {
		return t.client, nil
	}
	if err := t.find(ctx); err != nil {
		return nil, err
	}
	client, err := Dial(ctx, t.Mux, t.device.ID)
	if err != nil {
		return nil, err
	}
	t.client = client
	if err := t.recognize(ctx); err != nil {
		t.hangUp()
		return nil, err
	}
	t.away = false
	return client, nil
}

// recognize makes sure that the phone is the one that is to be paired: a daemon that has
// restarted since it was listed gives the numbers anew.
func (t *trust) recognize(ctx context.Context) error {
	value, err := t.client.GetValue(ctx, "", "UniqueDeviceID")
	if err != nil {
		return err
	}
	if udid, ok := value.(string); !ok || !t.device.Is(udid) {
		return opError("pair", fmt.Errorf("%w: another phone answers under its number", usbmux.ErrGone))
	}
	return nil
}

// find looks for the phone, which has another number each time it comes back.
func (t *trust) find(ctx context.Context) error {
	devices, err := t.Mux.ListDevices(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(devices, func(d usbmux.Device) bool { return d.Is(t.device.SerialNumber) })
	if i < 0 {
		return opError("pair", fmt.Errorf("%w: the phone is not listed any more", usbmux.ErrGone))
	}
	t.device = devices[i]
	return nil
}

// whenBack does what takes a phone that is there, and a daemon, as soon as they are: old
// phones leave the bus when Trust is tapped, and on Linux the daemon leaves with the last
// phone.
func (t *trust) whenBack(ctx context.Context, do func() error) error {
	for {
		err := do()
		if err == nil || !isLoss(err) {
			return err
		}
		if err := t.again(ctx, t.lose(), err); err != nil {
			return err
		}
		t.find(ctx) // where it is not there yet, the next attempt will say so
	}
}

func (t *trust) hangUp() {
	if t.client != nil {
		t.client.Close()
		t.client = nil
	}
}

// isLoss knows what a phone looks like that leaves the bus, or has just come back.
func isLoss(err error) bool {
	return slices.ContainsFunc([]error{usbmux.ErrGone, usbmux.ErrTimeout, usbmux.ErrRefused, usbmux.ErrNoDaemon},
		func(kind error) bool { return errors.Is(err, kind) })
}

// lose gives the connection up, and a phone that has just left the time to come back,
// though not time and again.
func (t *trust) lose() State {
	t.hangUp()
	back, last := time.Now().Add(returnLimit), t.begun.Add(t.limit()+returnLimit)
	if !t.away && back.After(t.until) && !back.After(last) {
		t.until = back
	}
	t.away = true
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
		if errors.Is(ctx.Err(), context.Canceled) {
			return opError("pair", ctx.Err())
		}
		return t.giveUp(why)
	}
}

// giveUp is the error of a wait that has ended.
func (t *trust) giveUp(why error) error {
	if isLoss(why) {
		return why
	}
	if op, ok := errors.AsType[*OpError](why); ok {
		why = op.Err // Pair, or StartSession: the same either way
	}
	waited := time.Since(t.begun).Round(time.Second)
	return opError("pair", fmt.Errorf("%w for %s: %w", ErrTrustTimeout, waited, why))
}

func (t *trust) tell(s State) { t.report(Progress{State: s}) }

func (t *trust) report(p Progress) {
	if t.Tell != nil {
		t.Tell(p)
	}
}
