package usbmux_test

import (
	"context"
	"errors"
	"net"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"error53/usbmux"
)

// attempts notes when a listener dials, in milliseconds from the start, and ends it
// after so many. dial plays the daemon.
func attempts(t *testing.T, n int, dial func(attempt int) (net.Conn, error)) (at []int64, heard []string) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	start := time.Now()
	client := usbmux.Client{Dial: func(context.Context) (net.Conn, error) {
		if len(at) == n {
			cancel()
			return nil, context.Canceled
		}
		at = append(at, time.Since(start).Milliseconds())
		return dial(len(at))
	}}
	for e := range client.Listen(ctx) {
		heard = append(heard, brief(e))
	}
	return at, heard
}

// Nobody is worn out by a daemon that is not there, and the wait for one that comes is
// short.
func TestListenTriesAgain(t *testing.T) {
	t.Parallel()
	fails := func(err error) func(int) (net.Conn, error) {
		return func(int) (net.Conn, error) { return nil, err }
	}
	for _, tt := range []struct {
		name  string
		dial  func(int) (net.Conn, error)
		at    []int64
		heard []string
	}{
		{"no socket", fails(syscall.ENOENT), []int64{0, 100, 300, 700, 1500, 2500, 3500}, []string{"Daemon: no usbmuxd to talk to"}},
		{"nobody behind it", fails(syscall.ECONNREFUSED), []int64{0, 100, 300, 700, 1500, 2500, 3500}, []string{"Daemon: no usbmuxd to talk to"}},
		{"not allowed", fails(syscall.EACCES), []int64{0, 100, 300, 700, 1500, 3100, 6300, 11300, 16300}, []string{"Daemon: permission denied"}},
		{"no such place", fails(syscall.EINVAL), []int64{0, 100, 300, 700, 1500, 3100, 6300, 11300, 16300}, []string{"Daemon: unreadable address"}},
		{
			"trouble that changes",
			func(n int) (net.Conn, error) { return nil, []error{syscall.EACCES, syscall.ENOENT}[n/3%2] },
			[]int64{0, 100, 300, 700, 1500, 2500, 4500},
			[]string{"Daemon: permission denied", "Daemon: no usbmuxd to talk to", "Daemon: permission denied"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				at, heard := attempts(t, len(tt.at), tt.dial)
				assert.Equal(t, tt.at, at)
				assert.Equal(t, tt.heard, heard)
			})
		})
	}
}

// A daemon that answers and dies at once is asked less and less often; after one that
// lived for a while the first pause is short again.
func TestListenToADaemonThatDies(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		lives time.Duration
		at    []int64
	}{
		{"at once", 0, []int64{0, 100, 300, 700, 1500, 3100, 6300, 11300, 16300}},
		{"after 4.9 s", 4900 * time.Millisecond, []int64{0, 5000, 10100, 15400}},
		{"after 5 s", 5 * time.Second, []int64{0, 5100, 10200, 15300}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p, client := newPeer(t, nil)
				p.serve = func(p *peer, c net.Conn) {
					dying(t)(p, c)
					time.Sleep(tt.lives)
				}
				at, heard := attempts(t, len(tt.at), func(int) (net.Conn, error) { return client.Dial(t.Context()) })
				assert.Equal(t, tt.at, at)
				for i, text := range heard {
					assert.Equal(t, []string{"Daemon", "Daemon: connection lost"}[i%2], text)
				}
				assert.Len(t, heard, 2*len(at), "each life and each death is told")
			})
		})
	}
}

// An error that is not the daemon's is told as it is.
func TestListenOutOfDescriptors(t *testing.T) {
	t.Parallel()
	client := usbmux.Client{Dial: func(context.Context) (net.Conn, error) { return nil, syscall.EMFILE }}
	for e := range client.Listen(t.Context()) {
		assert.ErrorIs(t, e.Err, syscall.EMFILE)
		assert.False(t, errors.Is(e.Err, usbmux.ErrNoDaemon))
		break
	}
}
