package lockdown

import (
	"context"
	"fmt"
	"math"

	"error53/usbmux"
	"error53/usbmux/plist"
)

// startService asks for a service and connects to it: over TLS from the first byte where
// the phone says so.
func (p *Phone) startService(ctx context.Context, name string) (*link, error) {
	req := newRequest(startService)
	req.Service = name
	l, err := p.connectService(ctx, req)
	return l, opError(req.op(), err)
}

func (p *Phone) connectService(ctx context.Context, req request) (*link, error) {
	if p.session == nil {
		return nil, ErrSessionInactive // without asking: it would give the same
	}
	s := p.session.credentials.secrets()
	req.EscrowBag = s.escrowBag
	answer, err := p.ask(ctx, req)
	if err != nil {
		return nil, err
	}
	port, err := servicePort(answer)
	if err != nil {
		return nil, err
	}
	conn, err := p.mux.Connect(ctx, p.device.ID, port)
	if err != nil {
		return nil, err
	}
	l := newLink(conn)
	if secure, _ := answer.Bool("EnableServiceSSL"); secure {
		err = l.secure(ctx, p.session.offer.config(s))
	}
	return l, err
}

// servicePort is a plain number, other than the one in usbmuxd's Connect.
func servicePort(answer plist.Dict) (uint16, error) {
	port, ok := answer.Uint64("Port")
	if !ok || port == 0 || port > math.MaxUint16 {
		return 0, fmt.Errorf("%w: no port of the service", usbmux.ErrProtocol)
	}
	return uint16(port), nil
}
