package lockdown

// This is the only file of the package that knows go-ios, and of it takes no more than
// the sending and reading of a frame: its GetValue gives nil for an error answer, its
// Close waits for the phone, and its TLS is not what old phones speak.

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"github.com/danielpaulus/go-ios/ios"

	"error53/usbmux"
	"error53/usbmux/plist"
)

// message is what a link carries: a request to lockdownd or restored, or one to a
// service.
type message interface {
	op() string
	answeredBy(plist.Dict) error
}

// link carries requests to the phone and answers back.
type link struct {
	conn  *usbmux.Conn
	carry *ios.LockDownConnection
	last  time.Time // when the last answer came; of the exchange that is under way
}

func newLink(conn *usbmux.Conn) *link {
	return &link{conn: conn, carry: ios.NewLockDownConnection(conn), last: time.Now()}
}

// secure puts TLS on the connection.
func (l *link) secure(ctx context.Context, config *tls.Config) error {
	ctx, cancel := context.WithTimeout(ctx, handshakeTimeout)
	defer cancel()
	return handshakeError(l.conn.StartTLS(ctx, config))
}

// exchange gives the answer to one request: any dictionary that answers it, also one
// that says no.
func (l *link) exchange(ctx context.Context, m message) (plist.Dict, error) {
	var answer plist.Dict
	var idle time.Duration
	err := l.conn.Exchange(ctx, m.op(), func() (err error) {
		idle = time.Since(l.last)
		answer, err = l.roundTrip(m)
		l.last = time.Now()
		return err
	})
	switch {
	case isAlert(err):
		err = handshakeError(err)
	case errors.Is(err, usbmux.ErrGone) && idle >= idleDrop:
		err = fmt.Errorf("%w: nothing was said for %s, which the phone does not wait for", err, idle.Round(time.Second))
	}
	return answer, err
}

// idleDrop is how long lockdownd waits for the next request, which is some 30 s, less a
// margin: libimobiledevice/libimobiledevice issue 20.
const idleDrop = 28 * time.Second

func (l *link) roundTrip(m message) (plist.Dict, error) {
	if err := l.carry.Send(m); err != nil {
		return nil, err
	}
	payload, err := l.carry.ReadMessage()
	if err != nil {
		return nil, err
	}
	answer, err := plist.DecodeChecked(payload) // the connection has checked it
	if err != nil {
		return nil, fmt.Errorf("%w: %w", usbmux.ErrProtocol, err)
	}
	return answer, m.answeredBy(answer)
}

func echoes(answer plist.Dict, field, want string) error {
	if got, ok := answer.String(field); ok && got != want {
		return fmt.Errorf("%w: its %s is %s, not %s", usbmux.ErrProtocol, field, shown(got), shown(want))
	}
	return nil
}
