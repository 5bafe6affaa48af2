package usbmux

import (
	"bufio"
	"context"
	"net"
)

// subscription is a connection on which the daemon tells of its phones. It takes no
// further request: the daemon would hang up ([MUXD] client_command).
type subscription struct {
	daemon *daemon
	in     *bufio.Reader // all that is read passes through it
}

// bufferedConn reads ahead, which lets next see that a frame begins.
type bufferedConn struct {
	net.Conn
	in *bufio.Reader
}

func (c bufferedConn) Read(p []byte) (int, error) { return c.in.Read(p) }

// subscribe connects, asks to be told and reads the answer.
func (c *Client) subscribe(ctx context.Context) (*subscription, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout())
	defer cancel()
	d, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	s := &subscription{daemon: d, in: bufio.NewReader(d.conn.nc)}
	d.conn.nc = bufferedConn{d.conn.nc, s.in}
	answer, err := d.request(ctx, newRequest(listen))
	if err == nil {
		err = result(answer, listen)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// next waits for as long as it takes until an event begins, and then for the rest of
// it no longer than an exchange may last. Closing ends the wait.
func (s *subscription) next(ctx context.Context) (Event, error) {
	if _, err := s.in.Peek(1); err != nil {
		return Event{}, ioError(err)
	}
	message, err := s.daemon.event(ctx)
	if err != nil {
		return Event{}, err
	}
	return newEvent(message)
}

func (s *subscription) close() { s.daemon.conn.Close() }
