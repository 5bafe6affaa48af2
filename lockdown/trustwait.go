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
	return client, nil
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
	waited := time.Since(t.begun).Round(time.Second)
	return opError("pair", fmt.Errorf("%w for %s: %w", ErrTrustTimeout, waited, why))
}

func (t *trust) tell(s State) { t.report(Progress{State: s}) }

func (t *trust) report(p Progress) {
	if t.Tell != nil {
		t.Tell(p)
	}
}
