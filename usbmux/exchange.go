package usbmux

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sirupsen/logrus"
)

// DefaultTimeout bounds one exchange where Client.Timeout is zero.
const DefaultTimeout = 5 * time.Second

// Conn is a connection through usbmuxd: to the daemon itself, and after Connect to a
// port of a phone. It serves as the device connection of go-ios (conn.go).
//
// A Conn may be used from several goroutines; their exchanges follow one another.
type Conn struct {
	nc      net.Conn // after StartTLS, that of TLS
	framing framing
	timeout time.Duration
	log     logrus.FieldLogger // nil = silent
	tap     *tap               // nil = nobody looks on

	turn   chan struct{} // holds a token while an exchange is under way
	active atomic.Bool   // for refusing bytes outside an exchange
	frame  []byte        // what go-ios has not yet taken of the frame that came
	closed atomic.Bool
	close  func() error // of the socket, TLS or not: a farewell could wait for the peer
}

func newConn(nc net.Conn, timeout time.Duration, log logrus.FieldLogger) *Conn {
	silenceGoIOS()
	c := &Conn{nc: nc, timeout: timeout, log: log, turn: make(chan struct{}, 1)}
	c.close = sync.OnceValue(func() error {
		c.closed.Store(true)
		return nc.Close()
	})
	return c
}

// Close closes the connection. An exchange under way fails with ErrGone. Further
// calls give the result of the first.
func (c *Conn) Close() error { return c.close() }

var errIdle = errors.New("bytes may pass in an exchange only")

// Exchange runs roundTrip, which sends a request and reads its answer, as soon as no
// other exchange is under way. All of it, waiting included, ends by the timeout of the
// Client or when ctx does, whichever is first.
//
// Errors: what roundTrip returns; ErrTimeout; context.Canceled; ErrGone where the
// connection ended. After an error the connection is closed, so an answer by which the
// peer merely says no must not be returned as one. op goes to the log.
func (c *Conn) Exchange(ctx context.Context, op string, roundTrip func() error) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	return c.inTurn(ctx, op, roundTrip)
}

// inTurn runs f, alone and until ctx ends.
func (c *Conn) inTurn(ctx context.Context, op string, f func() error) error {
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return interrupted(ctx.Err())
	}
	defer func() { <-c.turn }()
	start := time.Now()
	err := c.guarded(ctx, f)
	if err != nil {
		c.close()
	}
	c.debug(op, start)
	return err
}

// guarded closes the connection when ctx ends, which wakes whoever reads or writes.
// That serves every net.Conn, where SetDeadline alone would not see a cancellation.
func (c *Conn) guarded(ctx context.Context, f func() error) error {
	c.active.Store(true)
	defer c.active.Store(false)
	stop := context.AfterFunc(ctx, func() { c.close() })
	err := f()
	if !stop() {
		return interrupted(ctx.Err())
	}
	return err
}

func (c *Conn) debug(op string, start time.Time) {
	if c.log != nil {
		c.log.WithFields(logrus.Fields{"op": op, "dur": time.Since(start)}).Debug("usbmux exchange")
	}
}
