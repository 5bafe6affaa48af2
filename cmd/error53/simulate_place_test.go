package main

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/inspect"
)

// listenAs is what options make of a place, for as long as the test lasts.
func listenAs(t *testing.T, goos string, env map[string]string, o simulateOptions) (*served, error) {
	t.Helper()
	o.getenv = func(name string) string { return env[name] }
	s, err := o.listen(goos)
	if err == nil {
		t.Cleanup(func() { s.Close(); s.remove() })
	}
	return s, err
}

// Where nobody says where: a socket of this user's, on Windows a port.
func TestDefaultPlace(t *testing.T) {
	t.Parallel()
	folder := filepath.Dir(shortPath(t))
	s, err := listenAs(t, "linux", map[string]string{"XDG_RUNTIME_DIR": folder}, simulateOptions{})
	require.NoError(t, err)
	assert.Equal(t, "export USBMUXD_SOCKET_ADDRESS=UNIX://"+folder+"/error53.sock", s.exportLine("linux"))

	s, err = listenAs(t, "darwin", nil, simulateOptions{})
	require.NoError(t, err)
	own := filepath.Dir(s.address.Addr)
	info, err := os.Stat(own)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	s.Close()
	s.remove()
	assert.NoDirExists(t, own)

	s, err = listenAs(t, "windows", nil, simulateOptions{})
	require.NoError(t, err)
	assert.Regexp(t, `^\$env:USBMUXD_SOCKET_ADDRESS = "127\.0\.0\.1:\d+"$`, s.exportLine("windows"))
}

// A line that a shell reads as it is meant.
func TestExportLine(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/tmp/mux":        "UNIX:///tmp/mux",
		"/tmp/it's $HOME": `'UNIX:///tmp/it'\''s $HOME'`,
	} {
		s := served{}
		s.address.Network, s.address.Addr = "unix", path
		assert.Equal(t, "export USBMUXD_SOCKET_ADDRESS="+want, s.exportLine("linux"))
	}
}

// Loopback alone, unless told otherwise.
func TestTCPPlaces(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		tcp      string
		anywhere bool
		want     error
	}{
		{"127.0.0.1:0", false, nil},
		{"localhost:0", false, nil},
		{"127.0.0.53:0", false, nil},
		{":0", false, errFar},
		{"0.0.0.0:0", false, errFar},
		{"[::]:0", false, errFar},
		{"192.0.2.53:0", false, errFar},
		{":0", true, nil},
		{"127.0.0.1", false, errBadPlace},
		{"127.0.0.1:mux", false, errBadPlace},
		{"127.0.0.1:65536", false, errBadPlace},
	} {
		t.Run(tt.tcp, func(t *testing.T) {
			t.Parallel()
			s, err := listenAs(t, "linux", nil, simulateOptions{tcp: tt.tcp, anywhere: tt.anywhere})
			require.ErrorIs(t, err, tt.want)
			if tt.want != nil {
				return
			}
			conn, err := net.Dial("tcp", s.address.Addr)
			require.NoError(t, err, "the address that is printed is good for clients here")
			conn.Close()
		})
	}
}

func TestTakenPort(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	_, err = listenAs(t, "linux", nil, simulateOptions{tcp: ln.Addr().String()})
	assert.Equal(t, "taken", explain(err).code, err)
}

// A socket on which somebody listens stays, and one that a program left behind goes.
func TestTakenSocket(t *testing.T) {
	t.Parallel()
	path := shortPath(t)
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	require.NoError(t, err)
	ln.SetUnlinkOnClose(false)
	_, err = listenAs(t, "linux", nil, simulateOptions{socket: path})
	require.ErrorIs(t, err, errTaken)
	conn, err := net.Dial("unix", path)
	require.NoError(t, err, "it still listens there")
	conn.Close()

	require.NoError(t, ln.Close())
	require.FileExists(t, path, "left behind")
	s, err := listenAs(t, "linux", nil, simulateOptions{socket: path})
	require.NoError(t, err)
	conn, err = net.Dial("unix", s.address.Addr)
	require.NoError(t, err)
	conn.Close()
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".*"))
	require.NoError(t, err)
	assert.Empty(t, left, "nor does anything else stay")
}

// Who finds a socket put aside that is in use after all gives it back.
func TestSocketIsTakenMeanwhile(t *testing.T) {
	t.Parallel()
	path := shortPath(t)
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	require.NoError(t, err)
	defer ln.Close()
	require.ErrorIs(t, discard(path), errTaken)
	conn, err := net.Dial("unix", path)
	require.NoError(t, err)
	conn.Close()
}

// What is no socket is somebody's, and stays.
func TestPathsThatAreNoPlace(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	require.NoError(t, os.WriteFile(file, []byte("precious"), 0o600))
	link := filepath.Join(folder, "link")
	if err := os.Symlink(file, link); err != nil {
		link = file // Windows may not let us
	}
	for path, code := range map[string]string{
		file: "taken", link: "taken", folder: "taken",
		filepath.Join(folder, "no", "mux"):              "no-folder",
		filepath.Join(folder, strings.Repeat("m", 200)): "bad-place",
	} {
		_, err := listenAs(t, "linux", nil, simulateOptions{socket: path})
		assert.Equal(t, code, explain(err).code, err)
	}
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "precious", string(text))
}

// What is at the path by the end may be somebody else's.
func TestRemoveOnlyOnesOwn(t *testing.T) {
	t.Parallel()
	path := shortPath(t)
	s, err := listenAs(t, "linux", nil, simulateOptions{socket: path})
	require.NoError(t, err)
	require.NoError(t, os.Remove(path))
	other, err := net.Listen("unix", path)
	require.NoError(t, err)
	defer other.Close()
	s.Close()
	s.remove()
	conn, err := net.Dial("unix", path)
	require.NoError(t, err)
	conn.Close()
}

// A dry run can let happen what its scenario has.
func TestDryRunPlays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := busOptions{dryRun: true, scenario: "day", timeout: inspect.DefaultTimeout, logFormat: "text"}
		b, err := o.openBus(piped().streams)
		require.NoError(t, err)
		defer b.close()
		modes := func() map[diag.Mode]int {
			listed, err := b.list(t.Context())
			require.NoError(t, err)
			counted := map[diag.Mode]int{}
			for _, p := range listed {
				counted[p.Facts.Mode.Value]++
			}
			return counted
		}
		assert.Equal(t, map[diag.Mode]int{diag.Normal: 3}, modes())
		b.play(t.Context())
		assert.Equal(t, map[diag.Mode]int{diag.Normal: 3, diag.Recovery: 1}, modes())
	})
}

// Of the phones of this computer nothing happens by itself.
func TestNothingIsPlayedWithRealPhones(t *testing.T) {
	t.Parallel()
	o := busOptions{timeout: inspect.DefaultTimeout, logFormat: "text"}
	b, err := o.openBus(piped().streams)
	require.NoError(t, err)
	defer b.close()
	b.play(context.Background())
	assert.False(t, b.simulated)
}
