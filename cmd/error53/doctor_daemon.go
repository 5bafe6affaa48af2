package main

import (
	"errors"
	"fmt"
	"io/fs"

	"error53/usbmux"
	"error53/usbmux/usb"
)

const withoutAddress = "the address cannot be read"

func (c *chain) checkAddress() []check {
	if c.addressErr != nil {
		return failed("address", exitFailure, withoutPackage(c.addressErr), "for the default: unset "+usbmux.AddressVariable)
	}
	if c.moved {
		return passed("address", c.address.String()+", from "+usbmux.AddressVariable)
	}
	return passed("address", c.address.String()+", the default")
}

// checkDaemon tells whether usbmuxd is there, lets us in and lists phones in time.
func (c *chain) checkDaemon() []check {
	served := len(c.those(listedPhone.served))
	switch {
	case c.addressErr != nil:
		return skipped("daemon", withoutAddress)
	case c.daemonErr == nil:
		return passed("daemon", fmt.Sprintf("usbmuxd answers, and lists %s", count(served, "phone")))
	case errors.Is(c.daemonErr, usbmux.ErrNoDaemon):
		return failed("daemon", exitDaemon, c.whyNoDaemon(), c.startCommand())
	case errors.Is(c.daemonErr, usbmux.ErrPermission):
		return failed("daemon", exitDaemon, "this user may not open usbmuxd's socket "+c.address.Addr, "ls -l "+c.address.Addr)
	default:
		e := explainRow(daemonRows, c.daemonErr, c.address.String())
		return failed("daemon", exitDaemon, e.message, e.hint)
	}
}

// whyNoDaemon tells a socket that is not there from one that a daemon left behind, as
// usbmuxd of Linux does when it ends with the last phone (observed with Debian's).
func (c *chain) whyNoDaemon() string {
	why := "nothing listens at " + c.address.String()
	switch {
	case c.address.Network != "unix":
	case c.socket == nil:
		why = "usbmuxd is not running: there is no socket " + c.address.Addr
	case c.socket.Mode().Type() != fs.ModeSocket:
		return c.address.Addr + " is no socket"
	default:
		why = "usbmuxd is not running: it left its socket " + c.address.Addr + " behind, and nothing listens there (stale socket)"
	}
	switch {
	case !c.startsWithPhone():
		return why
	case len(c.those(listedPhone.unlisted)) > 0:
		return why + ", though a phone in normal mode is plugged in"
	default:
		return why + ". On Linux it starts with the first phone in normal mode and ends with the last: none is plugged in"
	}
}

// startsWithPhone tells whether it is known that usbmuxd comes and goes with the phones
// of this computer: that needs Linux, its default address and a look at the buses.
func (c *chain) startsWithPhone() bool { return c.goos == "linux" && !c.moved && c.scanErr == nil }

func (c *chain) startCommand() string {
	switch {
	case c.moved:
		return "start what should listen there, or go back to the default: unset " + usbmux.AddressVariable
	case c.goos != "linux":
		return startDaemon(c.goos)
	case c.program == "":
		return installDaemon
	case c.unit == "":
		return "sudo " + c.program
	case c.startsWithPhone() && len(c.those(listedPhone.unlisted)) > 0:
		return "sudo systemctl start usbmuxd"
	default:
		return startDaemon(c.goos)
	}
}

const installDaemon = "sudo apt install usbmuxd (Fedora: dnf install, Arch: pacman -S)"

// checkService tells whether usbmuxd is installed. It starts and asks nothing.
func (c *chain) checkService() []check {
	switch {
	case c.moved:
		return skipped("service", usbmux.AddressVariable+" names the daemon: it need not be this computer's")
	case c.goos == "darwin":
		return skipped("service", "macOS brings its own usbmuxd and starts it by itself")
	case c.goos == "windows":
		return skipped("service", "not looked at on Windows: it is Apple Mobile Device Service, which comes with Apple Devices or iTunes")
	case c.goos != "linux":
		return skipped("service", "not known for "+c.goos)
	case c.program == "" && c.daemonErr == nil:
		return skipped("service", "usbmuxd is not installed here, yet it answers: from outside of a container, or from another folder")
	case c.program == "":
		return failed("service", exitDaemon, "usbmuxd is not installed: it is neither in PATH nor in /usr/sbin", installDaemon)
	case c.unit == "":
		return passed("service", c.program+" is installed, without a unit of systemd")
	default:
		return passed("service", c.program+" is installed, its unit is "+c.unit)
	}
}

// checkSocket tells whether this user may open the socket.
func (c *chain) checkSocket() []check {
	switch {
	case c.addressErr != nil:
		return skipped("socket", withoutAddress)
	case c.address.Network != "unix":
		return skipped("socket", "a TCP address has no owner and no mode")
	}
	access, err := c.access(c.address.Addr)
	switch {
	case errors.Is(err, usb.ErrPermission), errors.Is(c.daemonErr, usbmux.ErrPermission) && err != nil:
		return failed("socket", exitDaemon, "this user may not even look at "+c.address.Addr, "look at the folders above it: namei -l "+c.address.Addr)
	case errors.Is(err, usb.ErrGone):
		return skipped("socket", "there is no socket "+c.address.Addr)
	case err != nil:
		return skipped("socket", "owner and mode are not looked at on "+c.goos)
	case access.Writable, c.daemonErr == nil:
		return passed("socket", access.String())
	default:
		// usbmuxd itself gives it the mode 0666: libimobiledevice/usbmuxd src/main.c.
		return failed("socket", exitDaemon, access.String()+". usbmuxd opens its socket to everybody, so something else narrowed it", restartDaemon(c.goos), "in a container: mount the socket so that this user may write to it")
	}
}

// count is a number with its noun.
func count(n int, noun string) string {
	switch n {
	case 0:
		return "no " + noun
	case 1:
		return "1 " + noun
	default:
		return fmt.Sprintf("%d %ss", n, noun)
	}
}
