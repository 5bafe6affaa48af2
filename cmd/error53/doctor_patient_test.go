package main

import (
	"context"
	"encoding/json"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"error53/diag/inspect"
	"error53/mocks"
	"error53/usbmux/usb"
)

// patient is a computer whose chain can be broken in every place.
type patient struct {
	host
	root string // where its files lie
	env  map[string]string
}

const (
	socketPath = "/var/run/usbmuxd"
	unitPath   = "/usr/lib/systemd/system/usbmuxd.service"
)

// healthy is a computer with Linux, usbmuxd and the phones, all as it should be.
func healthy(t *testing.T, phones ...mocks.Phone) *patient {
	t.Helper()
	bench := mocks.NewBench(phones...)
	t.Cleanup(func() { bench.Close() })
	p := &patient{root: t.TempDir(), env: map[string]string{}, host: host{
		goos: "linux", libusb: true, dial: bench.Dial,
		now: func() time.Time { return time.Date(2030, time.May, 4, 0, 0, 0, 0, time.UTC) },
	}}
	p.stat = func(file string) (fs.FileInfo, error) { return os.Stat(filepath.Join(p.root, file)) }
	p.bus = &usb.Bus{Files: os.DirFS(filepath.Join(p.root, "sys"))}
	p.access = func(string) (usb.Access, error) { return nodeOf("root", "root", 0o666, true), nil }
	p.put(t, "/usr/sbin/usbmuxd", "")
	p.put(t, unitPath, "")
	require.NoError(t, os.Mkdir(filepath.Join(p.root, "sys"), 0o755))
	return p
}

func nodeOf(owner, group string, mode fs.FileMode, writable bool) usb.Access {
	return usb.Access{NodePath: "/dev/node", Owner: owner, Group: group, Mode: mode, Groups: []string{"tech", "video"}, Writable: writable}
}

// put writes a file of the computer.
func (p *patient) put(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(p.root, name)), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(p.root, name), []byte(text), 0o644))
}

func (p *patient) remove(t *testing.T, name string) {
	t.Helper()
	require.NoError(t, os.Remove(filepath.Join(p.root, name)))
}

// plug puts a phone on the USB bus as Linux shows it; "" gives no serial number.
func (p *patient) plug(t *testing.T, port, product, serial string) {
	t.Helper()
	files := map[string]string{"idVendor": "05ac", "idProduct": product, "product": "iPhone", "busnum": "1", "devnum": port[2:], "speed": "480"}
	if serial != "" {
		files["serial"] = serial
	}
	for name, text := range files {
		p.put(t, "sys/"+port+"/"+name, text+"\n")
	}
}

// refuse makes the dial fail.
func (p *patient) refuse(err error) {
	p.dial = func(context.Context) (net.Conn, error) { return nil, &net.OpError{Op: "dial", Net: "unix", Err: err} }
}

// without leaves the computer without a running daemon.
func (p *patient) withoutDaemon() { p.refuse(syscall.ENOENT) }

// leaveSocket lets a daemon end that leaves its socket behind.
func (p *patient) leaveSocket(t *testing.T) {
	t.Helper()
	path := filepath.Join(p.root, socketPath)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	require.NoError(t, err)
	listener.SetUnlinkOnClose(false)
	require.NoError(t, listener.Close())
	p.dial = func(ctx context.Context) (net.Conn, error) { return new(net.Dialer).DialContext(ctx, "unix", path) }
}

// examine runs doctor on the computer.
func (p *patient) examine(t *testing.T, change func(*doctorOptions)) (stdout string, code int) {
	t.Helper()
	s := piped()
	s.getenv = func(name string) string { return p.env[name] }
	o := &doctorOptions{streams: s.streams, host: p.host, timeout: inspect.DefaultTimeout}
	if change != nil {
		change(o)
	}
	code = exitCode(s.streams, o.run(t.Context()))
	require.Empty(t, s.stderr.String())
	return s.stdout.String(), code
}

func inJSONForm(o *doctorOptions) { o.json = true }

// diagnosis is what --json gives, as somebody else would read it.
type diagnosis struct {
	Checks []struct {
		ID, Status string
		Device     *string
		Reason     string
		Remedy     []string
	}
	UdevRule *string
}

func (p *patient) diagnose(t *testing.T) (d diagnosis, code int) {
	t.Helper()
	stdout, code := p.examine(t, inJSONForm)
	require.NoError(t, validate([]byte(stdout)))
	require.NoError(t, json.Unmarshal([]byte(stdout), &d))
	return d, code
}

// of lists the checks with the status: "daemon", "usb-rights …0011 on USB port 1-1".
func (d diagnosis) of(status string) []string {
	var ids []string
	for _, c := range d.Checks {
		if c.Status != status {
			continue
		}
		if c.Device != nil {
			c.ID += " " + *c.Device
		}
		ids = append(ids, c.ID)
	}
	return ids
}

// words are reason and remedy of the checks that did not pass.
func (d diagnosis) words() string {
	var b strings.Builder
	for _, c := range d.Checks {
		if c.Status != string(isPassed) {
			b.WriteString(c.Reason + "\n" + strings.Join(c.Remedy, "\n") + "\n")
		}
	}
	return b.String()
}

const (
	recoverySerial = "CPID:7000 CPRV:11 CPFM:03 SCEP:01 BDID:06 ECID:0000535300000011 IBFL:1D SRNM:[C0FFEE0ABCDE]"
	normalSerial   = "abababababababababababababababababab00e1"

	onPort = "…0011 on USB port 1-1"
)
