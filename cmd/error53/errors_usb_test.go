package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux"
	"error53/usbmux/usb"
)

// What cannot be seen is told by the system and the build, with what would help there.
func TestUnseenBuses(t *testing.T) {
	t.Parallel()
	unsupported := &usb.OpError{Op: "scan", Err: fmt.Errorf("%w: no such thing", usb.ErrUnsupported)}
	tests := []struct {
		name          string
		err           error
		goos          string
		libusb        bool
		message, hint string
	}{
		{"Linux without USB", unsupported, "linux", true, "shows no USB buses", "mount /sys"},
		{"macOS without libusb", unsupported, "darwin", false, "recovery and DFU mode are not seen: this build is without libusb, by which that is done on macOS", "make build"},
		{"Windows without libusb", unsupported, "windows", false, "on Windows", "make build"},
		{"another system", unsupported, "freebsd", false, "on freebsd", "make build"},
		{"libusb that does not start", unsupported, "darwin", true, "not seen: scan: not supported here: no such thing", "error53 doctor"},
		{"in part", &usb.OpError{Op: "scan", Err: fmt.Errorf("1-1: %w", usb.ErrMalformed)}, "linux", false, "not be looked at in full: scan: 1-1: malformed", "error53 doctor"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := (&unseenError{tt.err}).explain(tt.goos, tt.libusb)
			assert.Equal(t, "usb-unseen", e.code)
			assert.Contains(t, e.message, tt.message)
			assert.Contains(t, e.hint, tt.hint)
		})
	}
}

// No phone is no phone; where not all could be seen, that is said with it.
func TestNoPhone(t *testing.T) {
	t.Parallel()
	e := explain(&noPhoneError{})
	assert.Equal(t, explain(errNoPhone), e)
	e = explain(&noPhoneError{&unseenError{usb.ErrMalformed}})
	assert.Equal(t, exitNoPhone, e.exit)
	assert.Equal(t, "no-phone", e.code)
	assert.Contains(t, e.message, "no phone is attached that can be seen; the USB buses could not be looked at in full")
	assert.Contains(t, e.hint, "error53 doctor; or plug one in")
}

// A device that this user may not open: whose it is, and the way to the rights.
func TestExplainAccess(t *testing.T) {
	t.Parallel()
	refused := func(group string, mode fs.FileMode) usb.Access {
		return usb.Access{NodePath: "/dev/bus/usb/001/005", Owner: "root", Group: group, Mode: mode, Groups: []string{"tech"}}
	}
	err := &usb.OpError{Op: "read serial number", Port: "1-2", Err: &usb.AccessError{Access: refused("root", 0o664), Err: usb.ErrPermission}}
	e := explain(err)
	assert.Equal(t, "usb-permission", e.code)
	assert.Equal(t, "this user may not open the USB device: /dev/bus/usb/001/005 belongs to root:root, mode 0664; own groups: tech", e.message)
	rule := explainAccess(refused("root", 0o664), false)
	assert.Equal(t, "error53 doctor --udev-rule > 70-error53.rules; sudo install -m 644 70-error53.rules /etc/udev/rules.d/; sudo udevadm control --reload; pull the cable, plug it in again", rule.hint)
	assert.Contains(t, explainAccess(refused("root", 0o664), true).hint, "the rule is installed")
	assert.Equal(t, "sudo usermod -aG plugdev $USER; log out and in again", explainAccess(refused("plugdev", 0o660), true).hint)
}

// What holds a device, or cannot be asked, differs from system to system; nobody is told
// to become root, or to take a driver away.
func TestHintsOfUSB(t *testing.T) {
	t.Parallel()
	for goos, want := range map[string][3]string{
		"linux":   {"help permissions", "has finished", "make build"},
		"darwin":  {"one program at a time", "quit Finder", "make build"},
		"windows": {"Apple's driver", "has finished", "make build"},
	} {
		assert.Contains(t, seizeHint(goos), want[0], goos)
		assert.Contains(t, heldHint(goos), want[1], goos)
		assert.Contains(t, unaskable(goos, false).hint, want[2], goos)
	}
	assert.Contains(t, unaskable("windows", true).hint, "Apple's driver has it")
	assert.NotContains(t, unaskable("linux", true).hint, "make build")
}

// unseeable is a bus that cannot be looked at, before a bench that lists phones.
func unseeable(t *testing.T, phones ...mocks.Phone) *bus {
	t.Helper()
	bench := mocks.NewBench(phones...)
	t.Cleanup(func() { bench.Close() })
	b := &bus{}
	b.inspector.Mux = &usbmux.Client{Dial: bench.Dial}
	b.inspector.USB = &usb.Bus{Files: noUSB{}}
	return b
}

type noUSB struct{}

func (noUSB) Open(string) (fs.File, error) { return nil, fs.ErrNotExist }

// Buses that cannot be looked at are no failure of the run, but are not kept quiet.
func TestListWithoutBuses(t *testing.T) {
	t.Parallel()
	b := unseeable(t, attached(t, mocks.Profile{ProductType: "iPhone7,2"}))
	listed, err := b.list(t.Context())
	require.NoError(t, err)
	require.Len(t, listed, 1)
	var text bytes.Buffer
	reportMissing(&text, nil, b.unseen)
	assert.True(t, strings.HasPrefix(text.String(), "note: phones in recovery and DFU mode are not seen: "), text.String())
	assert.Contains(t, text.String(), "\nhint: ")
	e := envelope{schemaVersion, false, []any{}, []jsonError{}}
	e.add(b.unseen)
	e.add(nil)
	require.Len(t, e.Errors, 1)
	assert.Nil(t, e.Errors[0].Device)

	_, err = unseeable(t).list(t.Context())
	require.ErrorIs(t, err, errNoPhone)
	assert.Contains(t, explain(err).message, "that can be seen")

	nowhere := &bus{}
	nowhere.inspector.Mux = b.inspector.Mux
	_, err = nowhere.list(context.Background())
	require.NoError(t, err)
	assert.NoError(t, nowhere.unseen, "another computer's daemon: there is nothing to be seen here")
}
