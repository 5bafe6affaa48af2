package lockdown

import (
	"context"
	"fmt"
	"sync/atomic"

	"error53/usbmux"
	"error53/usbmux/plist"
)

// Port is where lockdownd and restored listen on the phone: [LOCKDOWN]
// lockdownd_client_new, [RESTORE] restored_client_new.
const Port = 62078

// Client is a connection to lockdownd or restored. It may be used from several
// goroutines; their exchanges follow one another.
//
// A failed exchange closes the connection, and every later one fails with
// usbmux.ErrGone. An answer by which the phone says no (Error) is no such failure.
type Client struct {
	link     *link
	restored atomic.Bool // restored has answered QueryType
	session  *session    // nil without one
}

// Dial connects to the daemon of the phone with this id (usbmux.Device.ID).
// Errors are those of usbmux.Client.Connect.
func Dial(ctx context.Context, mux *usbmux.Client, deviceID uint32) (*Client, error) {
	conn, err := mux.Connect(ctx, deviceID, Port)
	if err != nil {
		return nil, err
	}
	return newClient(conn), nil
}

func newClient(conn *usbmux.Conn) *Client { return &Client{link: newLink(conn)} }

// Close closes the connection. It says no goodbye, and so never waits for the phone.
func (c *Client) Close() error {
	err := c.link.conn.Close()
	c.session.end()
	return err
}

// The types that QueryType gives: [LOCKDOWN] (observed, libimobiledevice-win32/
// imobiledevice-net issue 178), [IDEVICERESTORE] restore_is_current_device.
const (
	TypeLockdown = "com.apple.mobile.lockdown"
	TypeRestored = "com.apple.mobile.restored"
)

// Identity is the answer to QueryType. Beside the type, only restored tells anything.
type Identity struct {
	Type          string // TypeLockdown or TypeRestored
	Restored      bool   // the phone is in restore mode
	HardwareModel string // restored: such as "N53AP"
	SerialNumber  string // restored: of the phone
	// ProtocolVersion is restored's RestoreProtocolVersion, such as 15.
	ProtocolVersion uint64
}

// QueryType asks who answers: lockdownd, so the phone is in normal mode, or restored.
// A phone in restore mode may be in the middle of a restore by another program: it
// should get this one request and no more.
//
// Errors: OpError around ErrNotLockdown for any other daemon, an Error, or an error of
// usbmux.
func (c *Client) QueryType(ctx context.Context) (Identity, error) {
	req := newQueryType()
	identity, err := c.identify(ctx, req)
	return identity, opError(req.op(), err)
}

func (c *Client) identify(ctx context.Context, req request) (Identity, error) {
	answer, err := c.ask(ctx, req)
	if err != nil {
		return Identity{}, err
	}
	id := Identity{}
	var ok bool
	if id.Type, ok = answer.String("Type"); !ok {
		return Identity{}, fmt.Errorf("%w: no Type", usbmux.ErrProtocol)
	}
	switch id.Type {
	case TypeLockdown:
	case TypeRestored:
		id.Restored = true
		c.restored.Store(true)
	default:
		return Identity{}, fmt.Errorf("%w: %s", ErrNotLockdown, shown(id.Type))
	}
	id.HardwareModel, _ = answer.String("HardwareModel")
	id.SerialNumber, _ = answer.String("SerialNumber")
	id.ProtocolVersion, _ = answer.Uint64("RestoreProtocolVersion")
	return id, nil
}

// ask gives the answer to req unless the phone says no.
func (c *Client) ask(ctx context.Context, req request) (plist.Dict, error) {
	answer, err := c.link.exchange(ctx, req)
	if err != nil {
		return nil, err
	}
	return answer, refusal(answer, req)
}

// refusal is the Error that an answer holds, or nil. From iOS 5 on, no Error key means
// success; before, Result says so ([LOCKDOWN] lockdown_check_result).
func refusal(answer plist.Dict, req request) error {
	if _, present := answer["Error"]; present {
		code, _ := answer.String("Error")
		return &Error{Code: code, Request: string(req.Request)}
	}
	if result, _ := answer.String("Result"); result == "Failure" {
		return &Error{Code: result, Request: string(req.Request)}
	}
	return nil
}
