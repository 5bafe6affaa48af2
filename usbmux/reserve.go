package usbmux

import (
	"context"
	"sync"
)

// reservations holds the phones that somebody has for himself, by UDID, with a channel
// that is closed when he gives one back.
type reservations struct {
	mu    sync.Mutex
	taken map[string]chan struct{}
}

// Reserve waits until nobody else who uses this Client has reserved the phone, or ctx
// ends, and reserves it until release is called. It is for what a phone bears one of at
// a time: sessions (observed, danielpaulus/go-ios issue 460). Nothing else waits for it.
//
// Errors: ErrTimeout or context.Canceled.
func (c *Client) Reserve(ctx context.Context, d Device) (release func(), err error) {
	key := d.key()
	for {
		given := c.reserved.take(key)
		if given == nil {
			return sync.OnceFunc(func() { c.reserved.give(key) }), nil
		}
		select {
		case <-given:
		case <-ctx.Done():
			return nil, opError("wait for another session", interrupted(ctx.Err()))
		}
	}
}

// take gives nil, or the channel to wait for.
func (r *reservations) take(key string) <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if given, taken := r.taken[key]; taken {
		return given
	}
	if r.taken == nil {
		r.taken = map[string]chan struct{}{}
	}
	r.taken[key] = make(chan struct{})
	return nil
}

func (r *reservations) give(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.taken[key])
	delete(r.taken, key)
}
