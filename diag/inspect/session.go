package inspect

import (
	"context"
	"errors"
	"maps"

	"error53/diag"
	"error53/lockdown"
	"error53/usbmux"
	"error53/usbmux/plist"
)

// trustStates are the errors that are a state of trust, with the state and who knows
// of it. Any other one leaves the trust not known.
var trustStates = []struct {
	err   error
	state diag.Trust
	from  diag.Source
}{
	{usbmux.ErrNoRecord, diag.NotTrusted, diag.FromUSB},
	{lockdown.ErrUnusableRecord, diag.TrustUnusable, diag.FromUSB},
	{lockdown.ErrInvalidHostID, diag.TrustStale, diag.FromLockdown},
	{lockdown.ErrPasswordProtected, diag.TrustLocked, diag.FromLockdown},
	{lockdown.ErrTrustPending, diag.TrustWaiting, diag.FromLockdown},
	{lockdown.ErrTrustDenied, diag.TrustDenied, diag.FromLockdown},
	{lockdown.ErrSupervised, diag.TrustSupervised, diag.FromLockdown},
	{lockdown.ErrPairingProhibited, diag.TrustByCable, diag.FromLockdown},
	{lockdown.ErrStranger, diag.TrustForeign, diag.FromLockdown},
}

// TrustAfter is how a phone stands to this computer after an attempt at a session, or at
// pairing, which ended with err; nil where it did not fail.
func TrustAfter(err error) diag.Fact[diag.Trust] {
	if err == nil {
		return diag.Known(diag.Trusted, diag.FromLockdown)
	}
	for _, known := range trustStates {
		if errors.Is(err, known.err) {
			return diag.Fact[diag.Trust]{Value: known.state, Source: known.from, Reason: cause(err)}
		}
	}
	return diag.NotKnown[diag.Trust](cause(err))
}

// cause is the text of an error without the operation that it befell.
func cause(err error) string {
	if op, ok := errors.AsType[*lockdown.OpError](err); ok {
		return op.Err.Error()
	}
	if op, ok := errors.AsType[*usbmux.OpError](err); ok {
		return op.Err.Error()
	}
	return err.Error()
}

// session asks a phone what it tells only those whom it trusts.
type session struct {
	phone  lockdown.Phone
	broken error // what ended the connection; nothing is asked after it
}

// read reads every domain. A domain that the phone keeps back is not known, and the rest
// is read all the same.
func (s *session) read(ctx context.Context) domains {
	values, reason := s.values(ctx, "")
	told := maps.Clone(s.phone.Public)
	maps.Copy(told, values)
	d := domains{global: fromLockdown(told)}
	d.global.none = reason
	d.backup = s.domain(ctx, backupDomain)
	d.battery = s.domain(ctx, batteryDomain)
	d.disk = s.domain(ctx, diskDomain)
	d.findMy = s.findMy(ctx)
	return d
}

func (s *session) domain(ctx context.Context, name string) answer {
	values, reason := s.values(ctx, name)
	a := fromLockdown(values)
	a.none = reason
	return a
}

// findMy is asked for by its key: without one the domain is empty (observed,
// libimobiledevice/libimobiledevice issue 275).
func (s *session) findMy(ctx context.Context) answer {
	a := fromLockdown(nil)
	var value any
	a.none = s.ask(func() (err error) {
		value, err = s.phone.GetValue(ctx, findMyDomain, findMyKey)
		return err
	})
	if value != nil {
		a.values = plist.Dict{findMyKey: value}
	}
	return a
}

func (s *session) values(ctx context.Context, domain string) (values plist.Dict, reason string) {
	reason = s.ask(func() (err error) {
		values, err = s.phone.Values(ctx, domain)
		return err
	})
	return values, reason
}

// ask puts one question, and gives the reason for there being no answer. What the phone
// refuses leaves the connection as it was; anything else ends it.
func (s *session) ask(question func() error) (reason string) {
	if s.broken != nil {
		return cause(s.broken)
	}
	err := question()
	if err == nil {
		return ""
	}
	if !isRefusal(err) {
		s.broken = err
	}
	return "lockdownd does not give it: " + cause(err)
}

// isRefusal tells whether the phone said no, or that there is nothing.
func isRefusal(err error) bool {
	_, refused := errors.AsType[*lockdown.Error](err)
	return refused || errors.Is(err, lockdown.ErrMissingValue)
}
