package lockdown

import (
	"context"
	"errors"
	"fmt"

	"error53/usbmux"
	"error53/usbmux/plist"
)

// Phone is a conversation with a phone, and what it began with.
type Phone struct {
	*Client
	Identity Identity
	Public   plist.Dict // the global domain as the phone gives it without a session
	// NoSession says why there is no session; nil in one. It is an OpError around
	// usbmux.ErrNoRecord, ErrUnusableRecord, an Error (ErrInvalidHostID,
	// ErrPasswordProtected), ErrHandshake, ErrStranger, or one of usbmux. After
	// ErrHandshake and ErrStranger nothing more can be asked.
	NoSession error

	mux    *usbmux.Client
	device usbmux.Device

	global    plist.Dict // the global domain in the session
	globalErr error      // by which the phone refused it
}

// Open connects to the daemon of a phone, asks who answers, reads what the phone tells
// everybody and, where this computer keeps a pair record of it, begins a session. In a
// session Values, GetValue, and the services give what the phone tells only those whom
// it trusts. That takes one connection to usbmuxd and four requests, whose first two
// are all that goes to a phone without a record; restored gets one.
//
// A phone bears one session at a time: until the Client is closed, others that use the
// same mux wait.
//
// That there is no session is no error. With an error, nothing is to be closed; what
// was learned before it stands in the Phone.
//
// Errors: those of Dial, QueryType and Values.
func Open(ctx context.Context, mux *usbmux.Client, device usbmux.Device) (Phone, error) {
	reached, err := mux.Reach(ctx, device, Port)
	if err != nil {
		return Phone{}, err
	}
	p := Phone{Client: newClient(reached.Conn), mux: mux, device: device}
	if err := p.begin(ctx); err != nil {
		p.Close()
		return p, err
	}
	p.NoSession = p.enter(ctx, reached)
	return p, nil
}

// begin asks what a phone tells everybody.
func (p *Phone) begin(ctx context.Context) (err error) {
	p.Identity, err = p.QueryType(ctx)
	if err == nil && !p.Identity.Restored {
		p.Public, err = p.Client.Values(ctx, "")
	}
	return err
}

// enter begins a session.
func (p *Phone) enter(ctx context.Context, reached usbmux.Reached) error {
	if err := p.mayEnter(); err != nil {
		return opError(string(startSession), err)
	}
	credentials, err := credentialsOf(reached)
	if err != nil {
		return err
	}
	release, err := p.mux.Reserve(ctx, p.device)
	if err != nil {
		return err
	}
	version, _ := p.Public.String("ProductVersion")
	offer, err := p.negotiate(ctx, credentials.secrets(), offerTo(version))
	if err == nil {
		err = p.proveSession(ctx)
	}
	if err != nil {
		release()
		return err
	}
	p.session = &session{credentials, offer, release}
	return nil
}

// proveSession reads the global domain, which every session is for. With TLS 1.3 nothing
// less proves one: the phone turns this computer's certificate down only after what looks
// like a whole handshake. A refusal of the values is proof as well.
func (p *Phone) proveSession(ctx context.Context) error {
	p.global, p.globalErr = p.Client.Values(ctx, "")
	if _, refused := errors.AsType[*Error](p.globalErr); refused || errors.Is(p.globalErr, ErrMissingValue) {
		return nil
	}
	return p.globalErr
}

// Values is that of the Client, but that the global domain, which Open has read in the
// session, is not asked for again.
func (p *Phone) Values(ctx context.Context, domain string) (plist.Dict, error) {
	if p.session != nil && domain == "" {
		return p.global, p.globalErr
	}
	return p.Client.Values(ctx, domain)
}

// mayEnter holds back from restored, which has no sessions, and from a phone that is not
// the one that was listed: a daemon that restarts meanwhile gives its numbers anew.
func (p *Phone) mayEnter() error {
	if p.Identity.Restored {
		return fmt.Errorf("%w: restored has no sessions", ErrNotLockdown)
	}
	udid, ok := p.Public.String("UniqueDeviceID")
	if ok && !p.device.Is(udid) {
		return fmt.Errorf("%w: another phone answers under its number", usbmux.ErrGone)
	}
	return nil
}

// credentialsOf reads the record, if there is one.
func credentialsOf(reached usbmux.Reached) (credentials, error) {
	const op = "read pair record"
	switch err := reached.RecordErr; {
	case errors.Is(err, usbmux.ErrProtocol):
		return credentials{}, opError(op, unusable("it is no property list")) // whereas err could quote it
	case err != nil:
		return credentials{}, err
	}
	c, err := newCredentials(reached.Record)
	return c, opError(op, err)
}

// negotiate begins a session, with another offer on a new connection where the first
// failed and may: a failed handshake leaves a connection of which nobody knows what comes
// next. It gives the offer that was accepted.
func (p *Phone) negotiate(ctx context.Context, s secrets, o offer) (offer, error) {
	err := p.startSession(ctx, s, o)
	if !o.retry || !errors.Is(err, ErrHandshake) {
		return o, err
	}
	again, dialErr := Dial(ctx, p.mux, p.device.ID)
	if dialErr != nil {
		return o, err // which says more than that the phone is gone by now
	}
	p.Close()
	p.Client = again
	return oldTLS, p.startSession(ctx, s, oldTLS)
}
