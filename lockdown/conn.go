package lockdown

// This is the only file of the package that knows go-ios, and of it takes no more than
// the sending and reading of a frame: its GetValue gives nil for an error answer and
// its Close waits for the phone.

import (
	"context"
	"fmt"

	"github.com/danielpaulus/go-ios/ios"

	"error53/usbmux"
	"error53/usbmux/plist"
)

// link carries requests to the phone and answers back.
type link struct {
	conn  *usbmux.Conn
	carry *ios.LockDownConnection
}

func newLink(conn *usbmux.Conn) link {
	return link{conn: conn, carry: ios.NewLockDownConnection(conn)}
}

// exchange gives the answer to one request: any dictionary that answers it, also one
// that says no.
func (l link) exchange(ctx context.Context, req request) (plist.Dict, error) {
	var answer plist.Dict
	err := l.conn.Exchange(ctx, req.op(), func() (err error) {
		answer, err = l.roundTrip(req)
		return err
	})
	return answer, err
}

func (l link) roundTrip(req request) (plist.Dict, error) {
	if err := l.carry.Send(req); err != nil {
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
	return answer, answers(answer, req)
}

// answers tells whether answer belongs to req. lockdownd repeats the name of the
// request and the key; restored repeats neither.
func answers(answer plist.Dict, req request) error {
	if err := echoes(answer, "Request", string(req.Request)); err != nil {
		return err
	}
	return echoes(answer, "Key", req.Key)
}

func echoes(answer plist.Dict, field, want string) error {
	if got, ok := answer.String(field); ok && got != want {
		return fmt.Errorf("%w: its %s is %s, not %s", usbmux.ErrProtocol, field, shown(got), shown(want))
	}
	return nil
}
