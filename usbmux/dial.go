package usbmux

import (
	"cmp"
	"context"
	"errors"
	"net"
	"syscall"
	"time"
)

// How long to wait for a place in the daemon's queue: a little, then twice as long
// each time.
const (
	minQueuePause = time.Millisecond
	maxQueuePause = 50 * time.Millisecond
)

// dial connects to the daemon. Where its queue is full, a unix socket refuses at once
// (EAGAIN) what other clients' blocking connect would wait for, so dial waits as well,
// for as long as ctx lasts. The queue is short: usbmuxd 1.1.1 asks for 5 places
// ([MUXD] main.c, create_socket), and 16 phones that are read at the same time fill it.
func (c *Client) dial(ctx context.Context) (net.Conn, error) {
	if c.Dial != nil {
		return c.Dial(ctx)
	}
	addr := cmp.Or(c.Addr, DefaultAddress())
	var dialer net.Dialer
	for pause := minQueuePause; ; pause = min(2*pause, maxQueuePause) {
		conn, err := dialer.DialContext(ctx, addr.Network, addr.Addr)
		if !errors.Is(err, syscall.EAGAIN) {
			return conn, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, err
		}
	}
}
