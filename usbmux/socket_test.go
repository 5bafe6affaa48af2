package usbmux_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux"
	"error53/usbmux/plist"
)

func unix(path string) *usbmux.Client {
	return &usbmux.Client{Addr: usbmux.Address{Network: "unix", Addr: path}}
}

func TestListDevicesOverSockets(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, network, addr string }{
		{"unix", "unix", filepath.Join(t.TempDir(), "mux")},
		{"tcp", "tcp", "127.0.0.1:0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, _ := newPeer(t, answers(xml(t, deviceList(attached(1, serial40)))))
			ln := p.listen(t, tt.network, tt.addr)
			client := usbmux.Client{Addr: usbmux.Address{Network: tt.network, Addr: ln.Addr().String()}}
			devices, err := client.ListDevices(t.Context())
			require.NoError(t, err)
			assert.Len(t, devices, 1)
		})
	}
}

func TestNoDaemon(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no unix sockets to be missing")
	}
	folder := t.TempDir()

	stale := filepath.Join(folder, "stale")
	ln, err := net.Listen("unix", stale)
	require.NoError(t, err)
	ln.(*net.UnixListener).SetUnlinkOnClose(false)
	require.NoError(t, ln.Close())
	require.FileExists(t, stale)

	file := filepath.Join(folder, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))

	for name, path := range map[string]string{
		"missing": filepath.Join(folder, "missing"), "stale": stale, "not a socket": file, "a folder": folder,
	} {
		_, err := unix(path).ListDevices(t.Context())
		require.ErrorIs(t, err, usbmux.ErrNoDaemon, name)
		assert.ErrorContains(t, err, path, "says where it looked")
	}

	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	client := usbmux.Client{Addr: usbmux.Address{Network: "tcp", Addr: closed.Addr().String()}}
	_, err = client.ListDevices(t.Context())
	require.ErrorIs(t, err, usbmux.ErrNoDaemon)
}

func TestPathTooLongForASocket(t *testing.T) {
	t.Parallel()
	_, err := unix("/" + strings.Repeat("a", 200)).ListDevices(t.Context())
	require.ErrorIs(t, err, usbmux.ErrAddress)
}

// Errors of a dial that cannot be brought about everywhere (root passes every mode).
func TestDialErrors(t *testing.T) {
	t.Parallel()
	dial := func(errno syscall.Errno) error {
		return &net.OpError{Op: "dial", Net: "unix", Err: os.NewSyscallError("connect", errno)}
	}
	for _, tt := range []struct {
		name string
		err  error
		want error
	}{
		{"not allowed", dial(syscall.EACCES), usbmux.ErrPermission},
		{"sandbox", dial(syscall.EPERM), usbmux.ErrPermission},
		{"daemon that accepts no more", dial(syscall.EAGAIN), usbmux.ErrTimeout},
		{"refused", dial(syscall.ECONNREFUSED), usbmux.ErrNoDaemon},
		{"no such host", &net.DNSError{Err: "no such host", Name: "muxhost", IsNotFound: true}, usbmux.ErrNoDaemon},
		{"something else", errors.New("something else"), usbmux.ErrNoDaemon},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client := usbmux.Client{Dial: func(context.Context) (net.Conn, error) { return nil, tt.err }}
			_, err := client.ListDevices(t.Context())
			require.ErrorIs(t, err, tt.want)
			assert.ErrorIs(t, err, tt.err, "the cause stays")
		})
	}
}

func TestOutOfDescriptorsIsNotTheDaemonsFault(t *testing.T) {
	t.Parallel()
	client := usbmux.Client{Dial: func(context.Context) (net.Conn, error) { return nil, syscall.EMFILE }}
	_, err := client.ListDevices(t.Context())
	require.ErrorIs(t, err, syscall.EMFILE)
	assert.NotErrorIs(t, err, usbmux.ErrNoDaemon)
}

// A daemon that is killed resets its connections.
func TestReset(t *testing.T) {
	t.Parallel()
	p, _ := newPeer(t, func(p *peer, c net.Conn) {
		p.read(c)
		c.(*net.TCPConn).SetLinger(0)
	})
	ln := p.listen(t, "tcp", "127.0.0.1:0")
	client := usbmux.Client{Addr: usbmux.Address{Network: "tcp", Addr: ln.Addr().String()}}
	_, err := client.ListDevices(t.Context())
	require.ErrorIs(t, err, usbmux.ErrGone)
}

// What happens on Linux: the socket is not there before the first phone, and goes with
// the last one or with the daemon, which may leave it behind.
func TestListenOverASocketThatComesAndGoes(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no unix sockets to be missing")
	}
	path := filepath.Join(t.TempDir(), "mux")
	var ln *net.UnixListener
	steps := []func(){
		func() { // a phone is plugged in
			p, _ := newPeer(t, dying(t, attachedEvent(t, 1, serial40)))
			ln = p.listen(t, "unix", path).(*net.UnixListener)
			ln.SetUnlinkOnClose(false)
		},
		func() {},
		func() {},
		func() { require.NoError(t, ln.Close()) }, // and its daemon dies
		func() {},
		func() { // it is started again
			require.FileExists(t, path)
			require.NoError(t, os.Remove(path))
			p, _ := newPeer(t, listening(t, attachedEvent(t, 1, serial40)))
			p.listen(t, "unix", path)
		},
	}
	var heard []string
	for e := range unix(path).Listen(t.Context()) {
		heard = append(heard, brief(e))
		if len(heard) > len(steps) && e.Kind == usbmux.Attached {
			break
		}
		if len(heard) <= len(steps) {
			steps[len(heard)-1]()
		}
	}
	assert.Equal(t, []string{
		"Daemon: no usbmuxd to talk to", "Daemon", "Attached 1 USB",
		"Daemon: connection lost", "Detached 1 USB: connection lost",
		"Daemon: no usbmuxd to talk to", "Daemon", "Attached 1 USB",
	}, heard)
}

// Over TCP a daemon that is killed resets its connections.
func TestListenAndReset(t *testing.T) {
	t.Parallel()
	p, _ := newPeer(t, func(p *peer, c net.Conn) {
		if _, ok := p.read(c); !ok {
			return
		}
		c.Write(append(muxFrame(1, xml(t, plist.Dict{"MessageType": "Result", "Number": 0})), attachedEvent(t, 1, serial40)...))
		c.(*net.TCPConn).SetLinger(0)
		if p.conns.Load() > 1 {
			silent(p, c)
		}
	})
	ln := p.listen(t, "tcp", "127.0.0.1:0")
	client := usbmux.Client{Addr: usbmux.Address{Network: "tcp", Addr: ln.Addr().String()}}
	var heard []string
	for e := range client.Listen(t.Context()) {
		if heard = append(heard, brief(e)); len(heard) > 2 && e.Kind == usbmux.Attached {
			break
		}
	}
	assert.Equal(t, []string{"Daemon", "Attached 1 USB"}, heard[len(heard)-2:])
	assert.Contains(t, heard, "Daemon: connection lost")
}
