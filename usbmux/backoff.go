package usbmux

import (
	"context"
	"errors"
	"time"
)

// How long to wait before the daemon is tried again: a little, then twice as long each
// time. There is no jitter, since one machine has few listeners.
const (
	minPause = 100 * time.Millisecond
	maxPause = 5 * time.Second
	// maxPauseNoDaemon is less, for udev starts the daemon when a phone is plugged in,
	// and somebody waits for it. [LIBUSBMUXD] usbmuxd_listen_poll tries every second.
	maxPauseNoDaemon = time.Second
)

// backoff is the pause that was made last; zero before the first.
type backoff time.Duration

// wait makes the next pause; false when ctx ended it.
func (b *backoff) wait(ctx context.Context, err error) bool {
	*b = b.next(err)
	timer := time.NewTimer(time.Duration(*b))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (b *backoff) next(err error) backoff {
	limit := maxPause
	if errors.Is(err, ErrNoDaemon) {
		limit = maxPauseNoDaemon
	}
	return min(max(2**b, backoff(minPause)), backoff(limit))
}
