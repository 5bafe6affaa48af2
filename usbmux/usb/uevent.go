package usb

import (
	"bytes"
	"strconv"
	"strings"
)

// maxUevent is the most that is read of a message of the kernel, in bytes. It sends 2 kB
// of variables at the most, and the path in front of them: [UEVENT] UEVENT_BUFFER_SIZE.
const maxUevent = 8 << 10

// uevent is what one message of the kernel says of a device.
type uevent struct {
	action    string // "add", "remove", "bind" …
	subsystem string // "usb"
	devtype   string // "usb_device" or "usb_interface"
	product   string // "5ac/1281/0": vendor, product and release, in hexadecimal digits
}

// parseUevent reads "ACTION@DEVPATH" and the variables behind it, each with a NUL at its
// end: [UEVENT] kobject_uevent_env. What udev sends to its own listeners is none.
func parseUevent(message []byte) (uevent, bool) {
	head, variables, _ := bytes.Cut(message, []byte{0})
	action, path, found := strings.Cut(string(head), "@")
	if !found || action == "" || !strings.HasPrefix(path, "/") {
		return uevent{}, false
	}
	e := uevent{action: action}
	for variable := range bytes.SplitSeq(variables, []byte{0}) {
		key, value, _ := strings.Cut(string(variable), "=")
		switch key {
		case "SUBSYSTEM":
			e.subsystem = value
		case "DEVTYPE":
			e.devtype = value
		case "PRODUCT":
			e.product = value
		}
	}
	return e, true
}

// concernsApple tells whether a message says that one of Apple's devices came or left.
// That one was given a driver means nothing here.
func concernsApple(message []byte) bool {
	e, ok := parseUevent(message)
	if !ok || e.subsystem != "usb" || e.devtype != "usb_device" || e.action == "bind" || e.action == "unbind" {
		return false
	}
	vendor, _, _ := strings.Cut(e.product, "/")
	id, err := strconv.ParseUint(vendor, 16, 16)
	return err != nil || id == AppleVendorID
}
