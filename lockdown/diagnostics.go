package lockdown

import (
	"context"
	"errors"
	"fmt"

	"error53/usbmux"
	"error53/usbmux/plist"
)

// The names of the service: from iOS 5 on, and before. [DIAGNOSTICS]
// diagnostics_relay_client_start_service.
const (
	diagnosticsRelay    = "com.apple.mobile.diagnostics_relay"
	oldDiagnosticsRelay = "com.apple.iosdiagnostics.relay"
)

// diagnostic is the name of a request to diagnostics_relay, which knows others that
// restart the phone or erase it. The constants below are the only values, and
// diagnosis is the only type that is sent to it.
type diagnostic string

const (
	mobileGestalt diagnostic = "MobileGestalt" // [DIAGNOSTICS] diagnostics_relay_query_mobilegestalt
	ioRegistry    diagnostic = "IORegistry"    // [DIAGNOSTICS] diagnostics_relay_query_ioregistry_entry
)

// diagnosis is the plist of a request.
type diagnosis struct {
	Request           diagnostic
	MobileGestaltKeys []string `plist:",omitempty"`
	EntryName         string   `plist:",omitempty"`
	EntryClass        string   `plist:",omitempty"`
}

func (d diagnosis) op() string {
	op := string(d.Request)
	for _, part := range append(d.MobileGestaltKeys, d.EntryName, d.EntryClass) {
		if part != "" {
			op += " " + part
		}
	}
	return op
}

// answeredBy has nothing to compare: the answer repeats nothing of the request.
func (diagnosis) answeredBy(plist.Dict) error { return nil }

// Diagnostics is a connection to the service of the phone that tells of its hardware.
// It asks what reads, and can ask nothing else.
type Diagnostics struct{ link *link }

// Diagnostics starts the service. It takes a session and a connection of its own.
//
// Errors: OpError around ErrSessionInactive, with nothing sent, where there is no
// session; an Error; ErrHandshake; ErrStranger; or an error of usbmux.
func (p *Phone) Diagnostics(ctx context.Context) (*Diagnostics, error) {
	l, err := p.startService(ctx, diagnosticsRelay)
	if refused, ok := errors.AsType[*Error](err); ok && refused.Code == "InvalidService" {
		l, err = p.startService(ctx, oldDiagnosticsRelay)
	}
	if err != nil {
		return nil, err
	}
	return &Diagnostics{l}, nil
}

// Close closes the connection. It says no goodbye, and so never waits for the phone.
func (d *Diagnostics) Close() error { return d.link.conn.Close() }

// MobileGestalt asks for one of the values that MobileGestalt knows by name.
//
// Errors: OpError around ErrDeprecated, from iOS 17.4 on, whatever the key; around
// ErrMissingValue; an Error; or an error of usbmux.
func (d *Diagnostics) MobileGestalt(ctx context.Context, key string) (any, error) {
	req := diagnosis{Request: mobileGestalt, MobileGestaltKeys: []string{key}}
	value, err := d.gestalt(ctx, req, key)
	return value, opError(req.op(), err)
}

func (d *Diagnostics) gestalt(ctx context.Context, req diagnosis, key string) (any, error) {
	found, err := d.ask(ctx, req)
	if err != nil {
		return nil, err
	}
	gestalt, _ := found.Dict("MobileGestalt")
	if err := status(gestalt, req); err != nil {
		return nil, err
	}
	value, ok := gestalt[key]
	if !ok || value == nil {
		return nil, ErrMissingValue
	}
	return value, nil
}

// RegistryEntry gives the properties of the entry of the I/O registry that has the name.
//
// Errors: OpError around ErrMissingValue, an Error, or an error of usbmux.
func (d *Diagnostics) RegistryEntry(ctx context.Context, name string) (plist.Dict, error) {
	return d.registry(ctx, diagnosis{Request: ioRegistry, EntryName: name})
}

// RegistryClass gives the properties of an entry of the class; see RegistryEntry.
func (d *Diagnostics) RegistryClass(ctx context.Context, class string) (plist.Dict, error) {
	return d.registry(ctx, diagnosis{Request: ioRegistry, EntryClass: class})
}

func (d *Diagnostics) registry(ctx context.Context, req diagnosis) (plist.Dict, error) {
	found, err := d.ask(ctx, req)
	if err != nil {
		return nil, opError(req.op(), err)
	}
	entry, ok := found.Dict("IORegistry")
	if !ok || len(entry) == 0 {
		return nil, opError(req.op(), ErrMissingValue)
	}
	return entry, nil
}

// ask gives what the answer holds under Diagnostics.
func (d *Diagnostics) ask(ctx context.Context, req diagnosis) (plist.Dict, error) {
	answer, err := d.link.exchange(ctx, req)
	if err != nil {
		return nil, err
	}
	if err := status(answer, req); err != nil {
		return nil, err
	}
	found, ok := answer.Dict("Diagnostics")
	if !ok {
		return nil, ErrMissingValue
	}
	return found, nil
}

// status is the Error that an answer, or a part of it, holds. That of the whole is always
// there, that of a part not: [DIAGNOSTICS] diagnostics_relay_check_result.
func status(answer plist.Dict, req diagnosis) error {
	value, present := answer["Status"]
	code, ok := value.(string)
	switch {
	case !present || code == "Success":
		return nil
	case !ok:
		return fmt.Errorf("%w: a Status that is no text", usbmux.ErrProtocol)
	}
	return &Error{Code: code, Request: string(req.Request)}
}
