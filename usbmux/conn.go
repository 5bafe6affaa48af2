package usbmux

// This is the only file of the package that knows go-ios. It carries requests and
// answers with it, and keeps it from everything it does not bound itself: go-ios has
// no deadlines, reads up to 16 MiB and decodes plists of any depth.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"

	"github.com/danielpaulus/go-ios/ios"

	"error53/usbmux/plist"
)

var _ ios.DeviceConnectionInterface = (*Conn)(nil)

// silenceGoIOS turns off the log of go-ios, which otherwise writes to stderr through
// slog's default logger, at times with the bytes of a pair record in it. The switch is
// one for the whole process, so it cannot follow a Client's logger; what it would say
// is in the errors and in our own debug lines.
var silenceGoIOS = sync.OnceFunc(func() { ios.SetLogger(slog.New(slog.DiscardHandler)) })

// Read serves the bytes of a whole, checked frame, and reads the next one when the
// last has been taken. For go-ios, within an exchange.
func (c *Conn) Read(p []byte) (int, error) {
	if !c.active.Load() {
		return 0, errIdle
	}
	if len(c.frame) == 0 {
		frame, err := readFrame(c.nc, c.framing)
		if err != nil {
			return 0, err
		}
		c.frame = frame
		c.tap.pass(frame[c.framing.headerSize():], false)
	}
	n := copy(p, c.frame)
	c.frame = c.frame[n:]
	return n, nil
}

// Write sends the bytes of a request. For go-ios, within an exchange.
func (c *Conn) Write(p []byte) (int, error) {
	if !c.active.Load() {
		return 0, errIdle
	}
	n, err := c.nc.Write(p)
	if err != nil {
		return n, ioError(err)
	}
	c.tap.written(p, c.framing)
	return n, nil
}

// Send is Write without the count.
func (c *Conn) Send(message []byte) error {
	_, err := c.Write(message)
	return err
}

// Reader is the connection itself.
func (c *Conn) Reader() io.Reader { return c }

// Writer is the connection itself.
func (c *Conn) Writer() io.Writer { return c }

// Conn gives the connection as a net.Conn whose bytes pass the same checks.
func (c *Conn) Conn() net.Conn { return checkedConn{c.nc, c} }

type checkedConn struct {
	net.Conn
	c *Conn
}

func (n checkedConn) Read(p []byte) (int, error)  { return n.c.Read(p) }
func (n checkedConn) Write(p []byte) (int, error) { return n.c.Write(p) }
func (n checkedConn) Close() error                { return n.c.Close() }

// The sessions of go-ios offer old phones no TLS that they know and trust any
// certificate, so these all refuse, with errors.ErrUnsupported.

// EnableSessionSsl refuses.
func (c *Conn) EnableSessionSsl(ios.PairRecord) error { return errNoGoIOSTLS }

// EnableSessionSslServerMode refuses.
func (c *Conn) EnableSessionSslServerMode(ios.PairRecord) error { return errNoGoIOSTLS }

// EnableSessionSslHandshakeOnly refuses.
func (c *Conn) EnableSessionSslHandshakeOnly(ios.PairRecord) error { return errNoGoIOSTLS }

// EnableSessionSslServerModeHandshakeOnly refuses.
func (c *Conn) EnableSessionSslServerModeHandshakeOnly(ios.PairRecord) error { return errNoGoIOSTLS }

// DisableSessionSSL has nothing to disable.
func (c *Conn) DisableSessionSSL() {}

var errNoGoIOSTLS = fmt.Errorf("TLS by go-ios: %w", errors.ErrUnsupported)

// daemon is a connection to usbmuxd that takes requests.
type daemon struct {
	conn *Conn
	mux  *ios.UsbMuxConnection
	tag  uint32 // of the last request
}

func newDaemon(conn *Conn) *daemon {
	return &daemon{conn: conn, mux: ios.NewUsbMuxConnection(conn)}
}

// request sends one request and gives its answer: any dictionary with the right tag.
func (d *daemon) request(ctx context.Context, req request) (plist.Dict, error) {
	var answer plist.Dict
	err := d.conn.Exchange(ctx, string(req.MessageType), func() (err error) {
		answer, err = d.roundTrip(req)
		return err
	})
	return answer, err
}

// roundTrip counts along with go-ios, which tags its requests 1, 2, 3 and compares
// nothing. [MUXD] repeats the tag in the answer.
func (d *daemon) roundTrip(req request) (plist.Dict, error) {
	d.tag++
	if err := d.mux.Send(req); err != nil {
		return nil, err
	}
	tag, answer, err := d.read()
	if err == nil && tag != d.tag {
		return nil, fmt.Errorf("%w: tag %d in answer to %d", ErrProtocol, tag, d.tag)
	}
	return answer, err
}

// event reads what the daemon says of its own accord. The tag is 0 ([MUXD]
// notify_device_add); rusbmux, another daemon, repeats that of Listen instead.
func (d *daemon) event(ctx context.Context) (plist.Dict, error) {
	var message plist.Dict
	err := d.conn.Exchange(ctx, "event", func() (err error) {
		var tag uint32
		tag, message, err = d.read()
		if err == nil && tag != 0 && tag != d.tag {
			err = fmt.Errorf("%w: tag %d of an event", ErrProtocol, tag)
		}
		return err
	})
	return message, err
}

// read takes one message: a dictionary, and the tag it came with. The frame was
// checked when it was read.
func (d *daemon) read() (tag uint32, body plist.Dict, err error) {
	message, err := d.mux.ReadMessage()
	if err != nil {
		return 0, nil, err
	}
	if body, err = plist.DecodeChecked(message.Payload); err != nil {
		return 0, nil, fmt.Errorf("%w: %w", ErrProtocol, err)
	}
	return message.Header.Tag, body, nil
}
