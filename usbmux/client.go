package usbmux

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"github.com/sirupsen/logrus"

	"error53/usbmux/plist"
)

// Client asks usbmuxd. The zero Client asks the daemon of this machine. It may be used
// from several goroutines, but not changed meanwhile.
type Client struct {
	// Addr is where the daemon listens; the zero Address is DefaultAddress.
	Addr Address
	// Dial opens a connection to the daemon; nil dials Addr. It must obey its context.
	Dial func(ctx context.Context) (net.Conn, error)
	// Timeout bounds each call, dial and answer together, and each exchange on a
	// connection that Connect made. Zero is DefaultTimeout.
	Timeout time.Duration
	// Log gets a line per exchange at debug level; nil is silent.
	Log logrus.FieldLogger
	// Tap sees each message that passes, in the order in which those of a connection do;
	// nil = nobody. It is called from whichever goroutine exchanges them.
	Tap func(Frame)

	opened   atomic.Int32 // connections so far
	reserved reservations
}

// ListDevices tells which phones the daemon serves, in its order; a phone that is
// there over USB and over the network is listed once, by USB. It makes one connection
// and one request. No phone is an empty list.
//
// Errors: OpError around ErrNoDaemon, ErrPermission, ErrAddress, ErrTimeout, ErrGone,
// ErrProtocol, a ResultError, or context.Canceled.
func (c *Client) ListDevices(ctx context.Context) ([]Device, error) {
	devices, err := c.list(ctx)
	return devices, opError("list devices", err)
}

func (c *Client) list(ctx context.Context) ([]Device, error) {
	answer, err := c.ask(ctx, newRequest(listDevices))
	if err != nil {
		return nil, err
	}
	return deviceList(answer)
}

// ask sends one request over a connection of its own.
func (c *Client) ask(ctx context.Context, req request) (plist.Dict, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout())
	defer cancel()
	d, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	defer d.conn.Close()
	return d.request(ctx, req)
}

// Connect opens a connection to a TCP port of a phone, such as 62078 for lockdownd.
// deviceID is Device.ID from a fresh list: the daemon numbers anew at each plug-in.
// The caller closes the connection; ctx does not reach beyond this call.
//
// Errors: as ListDevices, and ErrRefused (nothing listens there) and ErrGone (the
// daemon does not know the phone any more).
func (c *Client) Connect(ctx context.Context, deviceID uint32, port uint16) (*Conn, error) {
	conn, err := c.connect(ctx, deviceID, port)
	return conn, opError("connect", err)
}

func (c *Client) connect(ctx context.Context, deviceID uint32, port uint16) (*Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout())
	defer cancel()
	d, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	return d.connect(ctx, deviceID, port)
}

// connect turns the connection to the daemon into one to a port. It is closed after an
// error.
func (d *daemon) connect(ctx context.Context, deviceID uint32, port uint16) (*Conn, error) {
	answer, err := d.request(ctx, newConnect(deviceID, port))
	if err == nil {
		err = result(answer, connect)
	}
	if err != nil {
		d.conn.Close()
		return nil, err
	}
	d.conn.framing = serviceFraming // from here on the phone's service speaks
	d.conn.tap.connected(deviceID, port)
	return d.conn, nil
}

func (c *Client) open(ctx context.Context) (*daemon, error) {
	nc, err := c.dial(ctx)
	if err != nil {
		return nil, dialError(ctx, err)
	}
	conn := newConn(nc, c.timeout(), c.Log)
	conn.tap = c.newTap()
	return newDaemon(conn), nil
}

func (c *Client) timeout() time.Duration { return cmp.Or(c.Timeout, DefaultTimeout) }

// result reads a Result: nil for success.
func result(answer plist.Dict, to messageType) error {
	number, ok := answer.Uint64("Number")
	if !ok {
		return fmt.Errorf("%w: no result number", ErrProtocol)
	}
	if number != resultOK {
		return &ResultError{Request: string(to), Number: number}
	}
	return nil
}

// refusal is the error of an answer that lacks what was asked for: a Result, or none.
func refusal(answer plist.Dict, to messageType, key string) error {
	if number, ok := answer.Uint64("Number"); ok {
		return &ResultError{Request: string(to), Number: number}
	}
	return fmt.Errorf("%w: no %s", ErrProtocol, key)
}
