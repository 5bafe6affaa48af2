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
