package main

import (
	"errors"
	"io/fs"
	"path"
	"slices"

	"error53/usbmux"
	"error53/usbmux/usb"
)

const otherComputer = usbmux.AddressVariable + " names the daemon, whose phones need not be on the buses of this computer: they are not looked at"

// rulesFolder is where the rules of the administrator lie: udev(7).
const rulesFolder = "/etc/udev/rules.d"

// checkLibusb tells what this build can do with USB devices.
func (c *chain) checkLibusb() []check {
	switch {
	case c.libusb && c.goos != "linux" && c.scanErr != nil:
		return failed("libusb", exitFailure, "built in, but it cannot look: "+visible(c.scanErr.Error()), "run it again; if it stays, report it")
	case c.libusb:
		return passed("libusb", "built in")
	case c.goos == "linux":
		return []check{{id: "libusb", status: isSkipped, remedy: []string{buildLibusb},
			reason: "not built in. Phones in recovery and DFU mode are seen all the same; what they have to be opened for is not read"}}
	default:
		return failed("libusb", exitFailure, "not built in: phones in recovery and DFU mode are not seen", buildLibusb)
	}
}

const buildLibusb = "build it with libusb: make build"

// whyNotLooked tells why nothing is known of the buses, "" where they were looked at.
func (c *chain) whyNotLooked() string {
	switch {
	case c.moved:
		return otherComputer
	case errors.Is(c.scanErr, usb.ErrUnsupported):
		return "this build, or this system, does not show the USB devices"
	case c.scanErr != nil:
		return "the USB buses could not be looked at: " + withoutPackage(c.scanErr)
	default:
		return ""
	}
}

// checkRights tells of each phone in recovery, DFU and WTF mode whether this user may
// open it.
func (c *chain) checkRights() []check {
	phones := c.those(listedPhone.openable)
	switch why := c.whyNotLooked(); {
	case len(phones) == 0 && why != "":
		return skipped("usb-rights", why)
	case len(phones) == 0:
		return skipped("usb-rights", "no phone in recovery or DFU mode is plugged in")
	case !c.libusb:
		return skipped("usb-rights", "without libusb no device is opened")
	}
	var all []check
	for _, p := range phones {
		all = append(all, about(p.onBus(), c.rightsOf(p.raw))...)
	}
	return all
}

func (c *chain) rightsOf(d usb.Device) []check {
	access, err := c.access(d.NodePath)
	switch {
	case errors.Is(err, usb.ErrGone):
		return skipped("usb-rights", "it was unplugged, or restarted, meanwhile")
	case err != nil:
		return skipped("usb-rights", "owner and mode are not looked at on "+c.goos)
	case access.Writable:
		return passed("usb-rights", access.String())
	default:
		remedy, withRule := grant(access, c.ruleInstalled())
		return []check{{id: "usb-rights", status: isFailed, exit: exitDaemon, reason: access.String(), remedy: remedy, wantsRule: withRule}}
	}
}

// groupMay are the permission bits by which a group may open a device.
const groupMay fs.FileMode = 0o060

// grant is the way to the rights: the rule, plugging in again where it was installed
// since, or joining the group that the node is open to.
func grant(a usb.Access, ruleInstalled bool) (steps []string, withRule bool) {
	open := a.Mode&groupMay == groupMay && a.Group != "root"
	switch {
	case open && !slices.Contains(a.Groups, a.Group):
		return []string{"sudo usermod -aG " + a.Group + " $USER", "log out and in again"}, false
	case ruleInstalled:
		return []string{"pull the cable, plug it in again: the rule is installed, and acts on plugging in"}, false
	default:
		// No udevadm trigger: see usb.UdevRule.
		return []string{
			"error53 doctor --udev-rule > " + usb.RuleName,
			"sudo install -m 644 " + usb.RuleName + " " + rulesFolder + "/",
			"sudo udevadm control --reload",
			"pull the cable, plug it in again",
		}, true
	}
}

func (h host) ruleInstalled() bool {
	return h.find(path.Join(rulesFolder, usb.RuleName), "/usr/lib/udev/rules.d/"+usb.RuleName, "/lib/udev/rules.d/"+usb.RuleName) != ""
}

// checkUnlisted tells of each phone that usbmuxd should list and does not.
func (c *chain) checkUnlisted() []check {
	phones := c.those(listedPhone.unlisted)
	switch why := c.whyNotLooked(); {
	case len(phones) == 0 && why != "":
		return skipped("unlisted", why)
	case c.daemonErr != nil:
		return skipped("unlisted", "usbmuxd gives no list to compare with")
	case len(phones) == 0:
		return passed("unlisted", "usbmuxd lists every phone in normal mode that is on the USB buses")
	}
	var all []check
	for _, p := range phones {
		all = append(all, about(p.onBus(), c.whyUnlisted(p.raw))...)
	}
	return all
}

// whyUnlisted tells what is known, and what may be behind it. usbmuxd lists a phone once
// it has spoken with lockdownd on it: libimobiledevice/usbmuxd src/preflight.c.
func (c *chain) whyUnlisted(d usb.Device) []check {
	if d.Err != nil && d.Serial == "" {
		return failed("unlisted", exitFailure, "it is on the USB bus in normal mode but did not give its serial number, without which usbmuxd does not list it",
			"pull the cable, plug it in again", "if it stays, force the phone to restart")
	}
	return failed("unlisted", exitFailure,
		"it is on the USB bus in normal mode, and usbmuxd does not list it: it lists a phone only once the phone has answered it. Not known is which it is: "+
			"plugged in a moment ago; locked, or asking for trust; not answering; or usbmuxd has lost it",
		"wait some seconds, unlock the phone, tap Trust", "pull the cable, plug it in again", "if it stays: "+restartDaemon(c.goos))
}

// onBus names a phone on the bus by its identifier and its place.
func (p listedPhone) onBus() string {
	if label := p.label(); label != p.place {
		return label + " on " + p.place
	}
	return p.place
}
