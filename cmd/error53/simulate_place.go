package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"error53/usbmux"
)

// served is where virtual phones are served.
type served struct {
	net.Listener
	address usbmux.Address
	remove  func() // takes away what was made for it, once nobody listens
}

// listen finds the place: the one that was asked for, else a socket, which Windows has
// no clients for.
func (o *simulateOptions) listen(goos string) (*served, error) {
	switch {
	case o.tcp != "":
		return listenTCP(o.tcp, o.anywhere)
	case o.socket != "":
		return listenUnix(o.socket, func() {})
	case goos == "windows":
		return listenTCP("127.0.0.1:0", false)
	}
	if folder := o.getenv("XDG_RUNTIME_DIR"); folder != "" { // this user's alone, as its specification has it
		return listenUnix(filepath.Join(folder, "error53.sock"), func() {})
	}
	folder, err := os.MkdirTemp("", "error53-") // as private
	if err != nil {
		return nil, &placeError{os.TempDir(), err}
	}
	return listenUnix(filepath.Join(folder, "usbmuxd.sock"), func() { os.Remove(folder) })
}

// listenTCP listens on this computer's own address, unless anywhere is wanted.
func listenTCP(place string, anywhere bool) (*served, error) {
	address, err := net.ResolveTCPAddr("tcp", place)
	if err != nil {
		return nil, &placeError{place, errBadPlace}
	}
	if !address.IP.IsLoopback() && !anywhere {
		return nil, &placeError{place, errFar}
	}
	ln, err := net.ListenTCP("tcp", address)
	if err != nil {
		return nil, &placeError{place, err}
	}
	at := *ln.Addr().(*net.TCPAddr)
	if at.IP.IsUnspecified() {
		at.IP = net.IPv4(127, 0, 0, 1) // for clients on this computer
	}
	return &served{ln, usbmux.Address{Network: "tcp", Addr: at.String()}, func() {}}, nil
}

// listenUnix listens on a socket that only this user can connect to. cleanUp comes last.
func listenUnix(path string, cleanUp func()) (s *served, err error) {
	defer func() {
		if err != nil {
			cleanUp()
			err = &placeError{path, err}
		}
	}()
	if path, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	if err := removeStale(path); err != nil {
		return nil, err
	}
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, err
	}
	ln.SetUnlinkOnClose(false) // by then it may be somebody else's
	own, err := os.Lstat(path)
	if err != nil {
		ln.Close()
		return nil, err
	}
	remove := func() {
		if now, err := os.Lstat(path); err == nil && os.SameFile(own, now) {
			os.Remove(path)
		}
		cleanUp()
	}
	if err := os.Chmod(path, 0o600); err != nil {
		ln.Close()
		remove()
		return nil, err
	}
	return &served{ln, usbmux.Address{Network: "unix", Addr: path}, remove}, nil
}

// removeStale removes a socket that a program has left behind. One that anybody listens
// on stays, and so does what is no socket.
func removeStale(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.Mode().Type() != fs.ModeSocket:
		return errNoSocket
	case !abandoned(path):
		return errTaken
	}
	return discard(path)
}

// discard removes a socket that seemed to be abandoned. By now another program may
// listen there: once it is put aside nobody can replace it any more, so that the second
// look is the last word.
func discard(path string) error {
	aside := filepath.Join(filepath.Dir(path), fmt.Sprintf(".error53-%d", os.Getpid()))
	if err := os.Rename(path, aside); err != nil {
		return err
	}
	if !abandoned(aside) {
		if os.Link(aside, path) == nil {
			os.Remove(aside)
		}
		return errTaken
	}
	return os.Remove(aside)
}

// abandoned tells whether nobody listens on a socket. Who is not sure says no.
func abandoned(path string) bool {
	conn, err := net.DialTimeout("unix", path, time.Second)
	if err == nil {
		conn.Close()
	}
	return errors.Is(err, syscall.ECONNREFUSED)
}

// exportLine is what to type so that clients find the phones.
func (s *served) exportLine(goos string) string {
	if goos == "windows" {
		return `$env:` + usbmux.AddressVariable + ` = "` + s.address.String() + `"`
	}
	return "export " + usbmux.AddressVariable + "=" + shellWord(s.address.String())
}

// shellWord quotes a word where a shell would read it otherwise.
func shellWord(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/:._-[]", r)
	}
	if strings.ContainsFunc(word, func(r rune) bool { return !plain(r) }) {
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return word
}
