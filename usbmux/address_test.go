package usbmux_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux"
)

func TestParseAddress(t *testing.T) {
	t.Parallel()
	unix := func(path string) usbmux.Address { return usbmux.Address{Network: "unix", Addr: path} }
	tcp := func(addr string) usbmux.Address { return usbmux.Address{Network: "tcp", Addr: addr} }
	for _, tt := range []struct {
		name, value string
		want        usbmux.Address
	}{
		{"libusbmuxd's form", "UNIX:/tmp/x.sock", unix("/tmp/x.sock")},
		{"libusbmuxd and go-ios", "UNIX:///tmp/x.sock", unix("/tmp/x.sock")},
		{"go-ios", "unix:///tmp/x.sock", unix("/tmp/x.sock")},
		{"scheme in any case", "Unix:/tmp/x.sock", unix("/tmp/x.sock")},
		{"pymobiledevice3", "/tmp/x.sock", unix("/tmp/x.sock")},
		{"path with a colon and a blank", "/tmp/a b:1", unix("/tmp/a b:1")},
		{"host and port", "localhost:27015", tcp("localhost:27015")},
		{"v4", "127.0.0.1:27015", tcp("127.0.0.1:27015")},
		{"v6", "[::1]:27015", tcp("[::1]:27015")},
		{"v6 with zone", "[fe80::1%eth0]:27015", tcp("[fe80::1%eth0]:27015")},
		{"tcp scheme", "tcp://host:1", tcp("host:1")},
		{"tcp scheme in capitals", "TCP://[::1]:65535", tcp("[::1]:65535")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := usbmux.ParseAddress(tt.value)
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
			again, err := usbmux.ParseAddress(got.String())
			require.NoError(t, err, "String gives a readable form")
			assert.Equal(t, got, again)
		})
	}
}

func TestParseAddressRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, value string }{
		{"empty", ""},
		{"a word", "usbmuxd"},
		{"relative path", "run/usbmuxd"},
		{"relative path with scheme", "unix://run/usbmuxd"},
		{"relative path, libusbmuxd's scheme", "UNIX:usbmuxd"},
		{"scheme only", "unix:"},
		{"scheme and slashes only", "unix://"},
		{"the root", "/"},
		{"two values run together, which make go-ios panic", "unix:///a://b"},
		{"NUL in a path", "/tmp/a\x00b"},
		{"unknown scheme", "http://127.0.0.1:27015"},
		{"no port", "localhost:"},
		{"no host", ":27015"},
		{"port 0", "localhost:0"},
		{"port too large", "localhost:65536"},
		{"port by name", "localhost:http"},
		{"signed port", "localhost:+1"},
		{"v6 without brackets", "::1:27015"},
		{"v6 without port", "[::1]"},
		{"path after the port", "tcp://localhost:27015/"},
		{"path before the port", "tcp:///tmp/x:1"},
		{"user", "tcp://me@localhost:27015"},
		{"blank in the host", "local host:27015"},
		{"Windows path", `C:\usbmuxd.sock`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := usbmux.ParseAddress(tt.value)
			require.ErrorIs(t, err, usbmux.ErrAddress)
			assert.Zero(t, got)
			assert.ErrorContains(t, err, "host:port", "says what can be written")
		})
	}
}

func TestAddressErrorIsShort(t *testing.T) {
	t.Parallel()
	_, err := usbmux.ParseAddress(strings.Repeat("ä\x1b", 1<<16))
	require.ErrorIs(t, err, usbmux.ErrAddress)
	assert.Less(t, len(err.Error()), 500)
	assert.NotContains(t, err.Error(), "\x1b")
}

func TestAddressFromEnv(t *testing.T) {
	t.Parallel()
	env := func(value string) func(string) string {
		return func(name string) string {
			if name == "USBMUXD_SOCKET_ADDRESS" {
				return value
			}
			return "not this one"
		}
	}
	got, err := usbmux.AddressFromEnv(env(""))
	require.NoError(t, err)
	assert.Equal(t, usbmux.DefaultAddress(), got)

	got, err = usbmux.AddressFromEnv(env("UNIX:///tmp/x"))
	require.NoError(t, err)
	assert.Equal(t, "UNIX:///tmp/x", got.String())

	got, err = usbmux.AddressFromEnv(env("nonsense"))
	require.ErrorIs(t, err, usbmux.ErrAddress)
	assert.ErrorContains(t, err, "USBMUXD_SOCKET_ADDRESS")
	assert.Zero(t, got, "never the default")
}

func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{"UNIX:/a", "unix:///a", "/a", "h:1", "[::1]:1", "tcp://h:1", "unix:///a://b", "://", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		got, err := usbmux.ParseAddress(value)
		if err != nil {
			require.ErrorIs(t, err, usbmux.ErrAddress)
			return
		}
		again, err := usbmux.ParseAddress(got.String())
		require.NoError(t, err)
		require.Equal(t, got, again)
	})
}
