package usbmux

import (
	"fmt"
	"net"
	"runtime"
	"strconv"
	"strings"
)

// AddressVariable is the environment variable that moves the daemon's socket.
const AddressVariable = "USBMUXD_SOCKET_ADDRESS"

// Address is where usbmuxd listens.
type Address struct {
	Network string // "unix" or "tcp", as package net names them
	Addr    string // absolute path, or host:port
}

// String gives the form that libusbmuxd and go-ios both read: UNIX:///path or
// host:port. ParseAddress takes it back.
func (a Address) String() string {
	if a.Network == "unix" {
		return "UNIX://" + a.Addr
	}
	return a.Addr
}

// DefaultAddress is where the daemon listens on this operating system.
func DefaultAddress() Address { return defaultAddress(runtime.GOOS) }

// The default addresses: [MUXPROTO] USBMUXD_SOCKET_FILE and USBMUXD_SOCKET_PORT.
// On Windows it is the service of Apple Devices or iTunes that listens.
func defaultAddress(goos string) Address {
	if goos == "windows" {
		return Address{Network: "tcp", Addr: "127.0.0.1:27015"}
	}
	return Address{Network: "unix", Addr: "/var/run/usbmuxd"}
}

// AddressFromEnv reads AddressVariable through getenv (os.Getenv, in a program).
// Unset or empty means the default; a value that cannot be read is ErrAddress, never
// quietly the default as with libusbmuxd.
func AddressFromEnv(getenv func(string) string) (Address, error) {
	value := getenv(AddressVariable)
	if value == "" {
		return DefaultAddress(), nil
	}
	address, err := ParseAddress(value)
	return address, opError(AddressVariable, err)
}

// ParseAddress reads every form that libusbmuxd, go-ios or pymobiledevice3 takes:
//
//	UNIX:/path  UNIX:///path  unix:///path  /path
//	host:port   [v6]:port     tcp://host:port
//
// A scheme may be in either case. A path must be absolute: a relative one would mean
// another socket in each folder, and the clients above disagree on it. Anything else
// is ErrAddress.
func ParseAddress(s string) (Address, error) {
	scheme, rest := splitScheme(s)
	var ok bool
	switch scheme {
	case "unix":
		ok = isSocketPath(rest)
	case "tcp":
		ok = isHostPort(rest)
	}
	if !ok {
		return Address{}, addressError(s)
	}
	return Address{Network: scheme, Addr: rest}, nil
}

// splitScheme tells the network from the place. A value without a scheme is a path
// when it begins like one, else a host.
func splitScheme(s string) (scheme, rest string) {
	if before, after, found := strings.Cut(s, "://"); found {
		return strings.ToLower(before), after
	}
	if len(s) > 5 && strings.EqualFold(s[:5], "unix:") {
		return "unix", s[5:] // [LIBUSBMUXD] connect_usbmuxd_socket
	}
	if strings.HasPrefix(s, "/") {
		return "unix", s
	}
	return "tcp", s
}

// A second "://" is two values run together, not a path that somebody has.
func isSocketPath(path string) bool {
	return strings.HasPrefix(path, "/") && path != "/" &&
		!strings.Contains(path, "://") && !strings.ContainsRune(path, 0)
}

func isHostPort(s string) bool {
	host, port, err := net.SplitHostPort(s)
	if err != nil || host == "" || strings.ContainsFunc(host, notInHost) {
		return false
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}

func notInHost(r rune) bool {
	return r <= ' ' || r == 0x7f || strings.ContainsRune(`/\@?#"'`, r)
}

// addressError shows the value cut short: an environment variable can be any size.
func addressError(value string) error {
	const shown = 80
	if len(value) > shown {
		value = strings.ToValidUTF8(value[:shown], "") + "…"
	}
	return fmt.Errorf("%w %q: want UNIX:/path, unix:///path, /path, host:port, [v6]:port or tcp://host:port",
		ErrAddress, value)
}
