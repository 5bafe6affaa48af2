package main

import (
	"errors"
	"strings"

	"error53/usbmux/usb"
)

// explain tells what is not seen, and by what means it would be.
func (e *unseenError) explain(goos string, libusb bool) explanation {
	words := explanation{"usb-unseen", exitOK, "phones in recovery and DFU mode are not seen: ", "run it again; if it stays: error53 doctor"}
	switch {
	case !errors.Is(e.err, usb.ErrUnsupported):
		words.message = "the USB buses could not be looked at in full: " + withoutPackage(e.err)
	case goos == "linux":
		words.message += "this system shows no USB buses"
		words.hint = "in a container: mount /sys of its host"
	case !libusb:
		words.message += "this build is without libusb, by which that is done on " + systemName(goos)
		words.hint = buildLibusb
	default:
		words.message += withoutPackage(e.err)
	}
	return words
}

func systemName(goos string) string {
	switch goos {
	case "darwin":
		return "macOS"
	case "windows":
		return "Windows"
	}
	return goos
}

// explain tells as well which phones might be there and are not seen.
func (e *noPhoneError) explain() explanation {
	words := explainRow(phoneRows, errNoPhone, "")
	if e.unseen != nil {
		more := explain(e.unseen)
		words.message += " that can be seen; " + more.message
		words.hint = more.hint + "; or " + words.hint
	}
	return words
}

// explainAccess tells whose the device is, and how this user gets the rights.
func explainAccess(a usb.Access, ruleInstalled bool) explanation {
	steps, _ := grant(a, ruleInstalled)
	return explanation{"usb-permission", exitFailure, "this user may not open the USB device: " + visible(a.String()), strings.Join(steps, "; ")}
}

// seizeHint is for a device that may not be opened, where that is no matter of a node.
func seizeHint(goos string) string {
	switch goos {
	case "darwin":
		return "macOS lets one program at a time open it: quit Finder, iTunes and Apple Configurator, pull the cable, plug it in again"
	case "windows":
		return appleDriver
	default:
		return "see error53 help permissions"
	}
}

func heldHint(goos string) string {
	if goos == "darwin" {
		return "wait until it has finished, or quit Finder, iTunes and Apple Configurator; then run it again"
	}
	return "wait until it has finished, then run it again"
}

// unaskable: a device that cannot be asked here by anybody.
func unaskable(goos string, libusb bool) explanation {
	words := explanation{"usb-unsupported", exitFailure, "this build cannot ask USB devices", buildLibusb}
	switch {
	case libusb && goos == "windows":
		words.message, words.hint = "Windows has given the USB device to a driver that libusb cannot talk to", appleDriver
	case libusb:
		words.message, words.hint = "the USB device cannot be asked here: %e", "run it again with -v to see the exchange"
	}
	return words
}

const appleDriver = "Apple's driver has it, which Apple Devices and iTunes need: leave it, and read the phone on Linux or macOS, or dump it there and use --from"
