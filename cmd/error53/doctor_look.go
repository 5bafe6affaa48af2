package main

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"error53/diag/inspect"
	"error53/usbmux"
	"error53/usbmux/usb"
)

// host is the computer that is examined, so that a test can stand in for it.
type host struct {
	goos   string
	stat   func(file string) (fs.FileInfo, error)
	libusb bool // whether this build can open USB devices
	bus    *usb.Bus
	now    func() time.Time
	dial   func(context.Context) (net.Conn, error) // to usbmuxd; nil dials its address
	access func(node string) (usb.Access, error)   // who may open a file
}

func thisHost() host {
	return host{
		goos: runtime.GOOS, libusb: usb.Libusb, bus: &usb.Bus{}, now: time.Now, stat: os.Stat,
		access: func(node string) (usb.Access, error) { return usb.Device{NodePath: node}.Access() },
	}
}

// find gives the first of the files that is there, "" for none.
func (h host) find(files ...string) string {
	for _, file := range files {
		if _, err := h.stat(file); err == nil {
			return file
		}
	}
	return ""
}

// chain is all that was found out; the checks judge it and look at nothing themselves.
type chain struct {
	host

	address    usbmux.Address
	addressErr error
	moved      bool // the environment names the address
	socket     fs.FileInfo
	program    string // usbmuxd's, and its unit of systemd: paths, "" where there is none
	unit       string

	phones    []listedPhone
	daemonErr error // of the list
	scanErr   error // of looking at the USB buses
	buidErr   error // of reading the id of this computer
}

// listedPhone is a phone of usbmuxd's list, or of the bus alone.
type listedPhone struct {
	phone
	raw       usb.Device // zero for one that usbmuxd lists
	restore   bool
	recordErr error
}

// look finds everything out, each part within its time. No connection to a phone is
// opened: usbmuxd is asked about itself and its list.
func (o *doctorOptions) look(ctx context.Context) *chain {
	c := &chain{host: o.host, moved: o.getenv(usbmux.AddressVariable) != ""}
	c.program, c.unit = c.findService(o.getenv("PATH"))
	c.address, c.addressErr = usbmux.AddressFromEnv(o.getenv)
	if c.addressErr == nil && c.address.Network == "unix" {
		c.socket, _ = c.stat(c.address.Addr)
	}
	mux := &usbmux.Client{Addr: c.address, Dial: o.dial, Timeout: o.timeout}
	if c.addressErr != nil {
		mux.Dial = func(context.Context) (net.Conn, error) { return nil, c.addressErr }
	}
	listed := c.list(ctx, mux, o.showIDs)
	if c.daemonErr == nil {
		c.readRecords(ctx, mux, listed, o.timeout)
	}
	return c
}

// list asks usbmuxd and looks at the buses. Where the address was moved, the buses of
// this computer are no concern of the daemon's, and error53 does not look at them.
func (c *chain) list(ctx context.Context, mux *usbmux.Client, showIDs bool) []inspect.Phone {
	b := &bus{inspector: inspect.Inspector{Mux: mux}}
	if !c.moved {
		b.inspector.USB = c.bus
		c.scanErr = c.bus.CanList(ctx)
	}
	listed, err := b.inspector.List(ctx)
	c.daemonErr = err
	rows := b.rows(listed)
	assignMasks(rows, showIDs)
	for i, row := range rows {
		c.phones = append(c.phones, listedPhone{phone: row, raw: listed[i].Raw, restore: listed[i].Device.Restore()})
	}
	return listed
}

// readRecords asks usbmuxd for the pair record of each phone that it lists, all at once:
// one answer that does not come delays no other. Of a record nothing is kept but that it
// is there.
func (c *chain) readRecords(ctx context.Context, mux *usbmux.Client, listed []inspect.Phone, timeout time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if _, c.buidErr = mux.ReadBUID(ctx); c.buidErr != nil {
		return
	}
	var all sync.WaitGroup
	for i := range c.phones {
		if p := &c.phones[i]; p.served() && !p.restore {
			all.Go(func() { _, p.recordErr = mux.ReadPairRecord(ctx, listed[i].Device.UDID()) })
		}
	}
	all.Wait()
}

// served tells whether usbmuxd lists the phone.
func (p listedPhone) served() bool { return p.raw.Mode == usb.Unknown }

// unlisted tells whether usbmuxd should list the phone and does not.
func (p listedPhone) unlisted() bool { return errors.Is(p.err, inspect.ErrNotServed) }

// openable tells whether the phone is in a mode in which it is asked by opening it.
func (p listedPhone) openable() bool {
	return slices.Contains([]usb.Mode{usb.Recovery, usb.DFU, usb.WTF}, p.raw.Mode)
}

// those gives the phones that fit.
func (c *chain) those(fit func(listedPhone) bool) []listedPhone {
	return slices.DeleteFunc(slices.Clone(c.phones), func(p listedPhone) bool { return !fit(p) })
}

// findService looks for usbmuxd where Linux keeps programs and units. The folders of
// administrators are not in the PATH of every user.
func (c *chain) findService(path string) (program, unit string) {
	var programs, units []string
	for _, folder := range append(filepath.SplitList(path), "/usr/sbin", "/usr/local/sbin", "/sbin") {
		programs = append(programs, filepath.Join(folder, "usbmuxd"))
	}
	for _, folder := range []string{"/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"} {
		units = append(units, filepath.Join(folder, "usbmuxd.service"))
	}
	return c.find(programs...), c.find(units...)
}
