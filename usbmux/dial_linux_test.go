package usbmux_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux"
)

// shortQueue listens with as few places in the queue as there can be, and gives the
// path as well.
func shortQueue(t *testing.T) (net.Listener, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mux")
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	file := os.NewFile(uintptr(fd), path)
	defer file.Close() // the listener has a descriptor of its own
	require.NoError(t, syscall.Bind(fd, &syscall.SockaddrUnix{Name: path}))
	require.NoError(t, syscall.Listen(fd, 0))
	ln, err := net.FileListener(file)
	require.NoError(t, err)
	return ln, path
}

// fill takes all places of the queue.
func fill(t *testing.T, path string) {
	t.Helper()
	for {
		c, err := net.Dial("unix", path)
		if errors.Is(err, syscall.EAGAIN) {
			return
		}
		require.NoError(t, err)
		t.Cleanup(func() { c.Close() })
	}
}

// More phones at once than the daemon's queue has places are no failure: each waits
// for its turn, as a blocking connect would.
func TestManyAtOnceWaitForTheQueue(t *testing.T) {
	t.Parallel()
	ln, path := shortQueue(t)
	p, _ := newPeer(t, answers(xml(t, deviceList(attached(1, serial40)))))
	fill(t, path)
	var calls sync.WaitGroup
	results := make(chan error, 32)
	for range cap(results) {
		calls.Go(func() {
			_, err := unix(path).ListDevices(t.Context())
			results <- err
		})
	}
	p.running.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			p.start(c)
		}
	})
	calls.Wait()
	ln.Close()
	for range cap(results) {
		assert.NoError(t, <-results)
	}
}

// A daemon that takes nobody out of its queue is one that does not answer in time.
func TestQueueThatNeverMoves(t *testing.T) {
	t.Parallel()
	ln, path := shortQueue(t)
	defer ln.Close()
	fill(t, path)
	client := usbmux.Client{Addr: usbmux.Address{Network: "unix", Addr: path}, Timeout: 20 * time.Millisecond}
	_, err := client.ListDevices(t.Context())
	assert.ErrorIs(t, err, usbmux.ErrTimeout)
}
