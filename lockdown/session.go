package lockdown

import (
	"context"
	"errors"
	"fmt"
	"time"

	"error53/usbmux"
	"error53/usbmux/plist"
)

// handshakeTimeout bounds a TLS handshake. An old phone takes its time over RSA;
// pymobiledevice3 gives it as much (pymobiledevice3/service_connection.py).
const handshakeTimeout = 10 * time.Second

// session is what a Client in a session has beside its connection.
type session struct {
	credentials credentials
	offer       offer  // what the phone has agreed to
	release     func() // lets others have a session with the phone
}

// end gives the phone back. There is no StopSession: its answer would have to be waited
// for, and the phone ends the session with the connection.
func (s *session) end() {
	if s != nil {
		s.release()
	}
}

// startSession asks for a session and makes it secure. After ErrHandshake and
// ErrStranger the connection is closed. After an Error it goes on without a session.
func (c *Client) startSession(ctx context.Context, s secrets, o offer) error {
	req := newRequest(startSession)
	req.HostID, req.SystemBUID = s.hostID, s.systemBUID
	answer, err := c.ask(ctx, req)
	if err == nil {
		err = c.secure(ctx, answer, s, o)
	}
	return opError(req.op(), err)
}

// secure puts TLS on the connection. A phone that wants a session without could not show
// that it is the phone.
func (c *Client) secure(ctx context.Context, answer plist.Dict, s secrets, o offer) error {
	if secure, _ := answer.Bool("EnableSessionSSL"); !secure {
		c.link.conn.Close()
		return fmt.Errorf("%w: it wants a session without TLS", ErrStranger)
	}
	return c.link.secure(ctx, o.config(s))
}

// isInterruption tells whether the caller, or its patience, ended it.
func isInterruption(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, usbmux.ErrTimeout)
}
