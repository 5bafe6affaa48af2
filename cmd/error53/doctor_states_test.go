package main

import (
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clipperhouse/displaywidth"
	"github.com/stretchr/testify/assert"

	"error53/diag"
	"error53/diag/inspect"
	"error53/mocks"
	"error53/usbmux"
	"error53/usbmux/usb"
)

// state is one state of the chain, and what doctor says of it.
type state struct {
	name          string
	spoil         func(*testing.T, *patient)
	exit          int
	fails, skips  []string
	words, silent []string // what is said, and what is not
}

// onFault puts a daemon with a fault there.
func onFault(kind mocks.Kind) func(*testing.T, *patient) {
	return func(t *testing.T, p *patient) {
		bench := mocks.NewBench()
		bench.Faults = []mocks.Fault{{Side: mocks.Usbmuxd, Kind: kind}}
		t.Cleanup(func() { bench.Close() })
		p.dial = bench.Dial
	}
}

// tryStates: each state has its words, its remedy and its exit code, in time, and what
// builds on the part that is broken is skipped.
func tryStates(t *testing.T, states []state) {
	for _, s := range states {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, s.try) // a daemon that hangs takes no time
		})
	}
}

func (s state) try(t *testing.T) {
	p := healthy(t)
	s.spoil(t, p)
	start := time.Now()
	d, code := p.diagnose(t)
	assert.LessOrEqual(t, time.Since(start), inspect.DefaultTimeout)
	assert.Equal(t, s.exit, code)
	assert.Equal(t, s.fails, d.of("fail"))
	assert.Equal(t, s.skips, d.of("skipped"))
	for _, said := range s.words {
		assert.Contains(t, "\n"+d.words(), said)
	}
	for _, said := range s.silent {
		assert.NotContains(t, d.words(), said)
	}
	stdout, again := p.examine(t, nil)
	assert.Equal(t, s.exit, again)
	assert.Equal(t, len(s.fails), strings.Count("\n"+stdout, "\nFAIL "), stdout)
	for line := range strings.Lines(stdout) {
		if len(strings.Fields(line)) == 1 {
			continue // a word cannot be wrapped: a test's folders have long names
		}
		assert.LessOrEqual(t, displaywidth.String(strings.TrimRight(line, "\n")), defaultWidth, line)
	}
}

// usbmuxd that does not run, by what else is known of the computer.
func TestDoctorDaemonMissing(t *testing.T) {
	t.Parallel()
	tryStates(t, []state{
		{
			name: "nothing plugged in", spoil: func(*testing.T, *patient) {},
			skips: []string{"usb-rights"},
		},
		{
			name: "no daemon, a phone is there", exit: exitDaemon,
			spoil: func(t *testing.T, p *patient) {
				p.withoutDaemon()
				p.plug(t, "1-1", "12a8", normalSerial)
				p.access = func(string) (usb.Access, error) { return usb.Access{}, usb.ErrGone }
			},
			fails: []string{"daemon"}, skips: []string{"socket", "usb-rights", "unlisted", "pairing"},
			words: []string{"there is no socket " + socketPath + ", though a phone in normal mode is plugged in", "\nsudo systemctl start usbmuxd\n"},
		},
		{
			name: "no daemon, no phone", exit: exitDaemon,
			spoil: func(_ *testing.T, p *patient) { p.withoutDaemon() },
			fails: []string{"daemon"}, skips: []string{"usb-rights", "unlisted", "pairing"},
			words: []string{"it starts with the first phone", "none is plugged in", "\nplug the phone in, or start it: "},
		},
		{
			name: "no daemon, buses not to be seen", exit: exitDaemon,
			spoil: func(t *testing.T, p *patient) { p.withoutDaemon(); p.remove(t, "sys") },
			fails: []string{"daemon"}, skips: []string{"usb-rights", "unlisted", "pairing"},
			words: []string{"does not show the USB devices"}, silent: []string{"plugged in\n"},
		},
		{
			name: "not installed", exit: exitDaemon,
			spoil: func(t *testing.T, p *patient) {
				p.withoutDaemon()
				p.remove(t, "/usr/sbin/usbmuxd")
			},
			fails: []string{"daemon", "service"}, skips: []string{"usb-rights", "unlisted", "pairing"},
			words: []string{"usbmuxd is not installed", "\nsudo apt install usbmuxd"}, silent: []string{"systemctl"},
		},
		{
			name: "installed without a unit", exit: exitDaemon,
			spoil: func(t *testing.T, p *patient) { p.withoutDaemon(); p.remove(t, unitPath) },
			fails: []string{"daemon"}, skips: []string{"usb-rights", "unlisted", "pairing"},
			words: []string{"\nsudo /usr/sbin/usbmuxd\n"}, silent: []string{"systemctl"},
		},
		{
			name:  "not installed, yet it answers",
			spoil: func(t *testing.T, p *patient) { p.remove(t, "/usr/sbin/usbmuxd") },
			skips: []string{"service", "usb-rights"}, words: []string{"yet it answers"},
		},
	})
}

// A socket with nobody, nothing sensible, or a closed door behind it.
func TestDoctorSocket(t *testing.T) {
	t.Parallel()
	tryStates(t, []state{
		{
			name: "stale socket", exit: exitDaemon,
			spoil: func(t *testing.T, p *patient) { p.leaveSocket(t) },
			fails: []string{"daemon"}, skips: []string{"usb-rights", "unlisted", "pairing"},
			words: []string{"left its socket " + socketPath + " behind", "(stale socket)", "none is plugged in"},
		},
		{
			name: "a file instead of the socket", exit: exitDaemon,
			spoil: func(t *testing.T, p *patient) { p.put(t, socketPath, ""); p.refuse(syscall.ECONNREFUSED) },
			fails: []string{"daemon"}, skips: []string{"usb-rights", "unlisted", "pairing"},
			words: []string{socketPath + " is no socket"},
		},
		{
			name: "socket not for this user", exit: exitDaemon,
			spoil: func(_ *testing.T, p *patient) {
				p.refuse(syscall.EACCES)
				p.access = func(string) (usb.Access, error) { return nodeOf("usbmux", "plugdev", 0o660, false), nil }
			},
			fails: []string{"daemon", "socket"}, skips: []string{"usb-rights", "unlisted", "pairing"},
			words: []string{"belongs to usbmux:plugdev, mode 0660; own groups: tech, video", "\nls -l " + socketPath, "something else narrowed it"},
		},
		{
			name: "folder of the socket not for this user", exit: exitDaemon,
			spoil: func(_ *testing.T, p *patient) {
				p.refuse(syscall.EACCES)
				p.access = func(string) (usb.Access, error) { return usb.Access{}, usb.ErrPermission }
			},
			fails: []string{"daemon", "socket"}, skips: []string{"usb-rights", "unlisted", "pairing"},
			words: []string{"not even look at " + socketPath, "namei -l " + socketPath},
		},
		{
			name: "silent daemon", exit: exitDaemon, spoil: onFault(mocks.Silent),
			fails: []string{"daemon"}, skips: []string{"usb-rights", "unlisted", "pairing"},
			words: []string{"accepts the connection and answers nothing", "sudo systemctl restart usbmuxd"},
		},
		{
			name: "garbage daemon", exit: exitDaemon, spoil: onFault(mocks.Garbage),
			fails: []string{"daemon"}, skips: []string{"usb-rights", "unlisted", "pairing"},
			words: []string{"does not speak usbmuxd's protocol"},
		},
		{
			name: "daemon that hangs up", exit: exitDaemon, spoil: onFault(mocks.Cut),
			fails: []string{"daemon"}, skips: []string{"usb-rights", "unlisted", "pairing"},
			words: []string{"hung up"},
		},
	})
}

// Phones on the buses: what they lack, and what is to be done, one thing at a time.
func TestDoctorUSB(t *testing.T) {
	t.Parallel()
	tryStates(t, []state{
		{
			name: "recovery without rights", exit: exitDaemon,
			spoil: func(t *testing.T, p *patient) {
				p.plug(t, "1-1", "1281", recoverySerial)
				p.access = func(string) (usb.Access, error) { return nodeOf("root", "root", 0o664, false), nil }
			},
			fails: []string{"usb-rights " + onPort},
			words: []string{
				"/dev/node belongs to root:root, mode 0664; own groups: tech, video",
				"\nerror53 doctor --udev-rule > 70-error53.rules\nsudo install -m 644 70-error53.rules /etc/udev/rules.d/\nsudo udevadm control --reload\npull the cable, plug it in again\n",
			},
			silent: []string{"trigger", "as root", "sudo error53"},
		},
		{
			name: "rule installed, not plugged in since", exit: exitDaemon,
			spoil: func(t *testing.T, p *patient) {
				p.plug(t, "1-1", "1281", recoverySerial)
				p.put(t, "/etc/udev/rules.d/"+usb.RuleName, usb.UdevRule())
				p.access = func(string) (usb.Access, error) { return nodeOf("root", "root", 0o664, false), nil }
			},
			fails: []string{"usb-rights " + onPort},
			words: []string{"\npull the cable, plug it in again: the rule is installed"}, silent: []string{"--udev-rule"},
		},
		{
			name: "rule at work, user not in the group", exit: exitDaemon,
			spoil: func(t *testing.T, p *patient) {
				p.plug(t, "1-1", "1281", recoverySerial)
				p.put(t, "/etc/udev/rules.d/"+usb.RuleName, usb.UdevRule())
				p.access = func(string) (usb.Access, error) { return nodeOf("root", usb.RuleGroup, 0o660, false), nil }
			},
			fails: []string{"usb-rights " + onPort},
			words: []string{"\nsudo usermod -aG plugdev $USER\nlog out and in again\n"},
		},
		{
			name:  "recovery with rights",
			spoil: func(t *testing.T, p *patient) { p.plug(t, "1-1", "1281", recoverySerial) },
		},
		{
			name: "recovery unplugged meanwhile",
			spoil: func(t *testing.T, p *patient) {
				p.plug(t, "1-1", "1281", recoverySerial)
				p.access = func(string) (usb.Access, error) { return usb.Access{}, usb.ErrGone }
			},
			skips: []string{"socket", "usb-rights " + onPort},
		},
		{
			name:  "recovery, and no libusb",
			spoil: func(t *testing.T, p *patient) { p.libusb = false; p.plug(t, "1-1", "1281", recoverySerial) },
			skips: []string{"libusb", "usb-rights"}, words: []string{"not built in", "make build"},
		},
		{
			name: "usbmuxd does not list a phone", exit: exitFailure,
			spoil: func(t *testing.T, p *patient) { p.plug(t, "1-4", "12a8", normalSerial) },
			fails: []string{"unlisted …00e1 on USB port 1-4"}, skips: []string{"usb-rights"},
			words: []string{"usbmuxd does not list it", "Not known is which it is", "unlock the phone", "restart usbmuxd"},
		},
		{
			name: "a phone that gave no serial number", exit: exitFailure,
			spoil: func(t *testing.T, p *patient) { p.plug(t, "1-4", "12a8", "") },
			fails: []string{"unlisted USB port 1-4"}, skips: []string{"usb-rights"},
			words: []string{"did not give its serial number"},
		},
	})
}

// What is not this computer's usbmuxd on Linux is not judged by its rules.
func TestDoctorElsewhere(t *testing.T) {
	t.Parallel()
	tryStates(t, []state{
		{
			name: "unreadable address", exit: exitFailure,
			spoil: func(_ *testing.T, p *patient) { p.env[usbmux.AddressVariable] = "relative/path" },
			fails: []string{"address"}, skips: []string{"daemon", "service", "socket", "usb-rights", "unlisted", "pairing"},
			words: []string{`"relative/path"`, "unset USBMUXD_SOCKET_ADDRESS"},
		},
		{
			name: "another computer's daemon",
			spoil: func(t *testing.T, p *patient) {
				p.env[usbmux.AddressVariable] = "bench.example:27015"
				p.plug(t, "1-1", "12a8", normalSerial)
			},
			skips: []string{"service", "socket", "usb-rights", "unlisted"},
			words: []string{"need not be on the buses of this computer", "has no owner"},
		},
		{
			name: "another computer's daemon is not there", exit: exitDaemon,
			spoil: func(_ *testing.T, p *patient) {
				p.env[usbmux.AddressVariable] = "bench.example:27015"
				p.refuse(syscall.ECONNREFUSED)
			},
			fails: []string{"daemon"}, skips: []string{"service", "socket", "usb-rights", "unlisted", "pairing"},
			words: []string{"nothing listens at bench.example:27015", "unset USBMUXD_SOCKET_ADDRESS"}, silent: []string{"systemctl", "plugged"},
		},
		{
			name: "clock at the beginning", exit: exitFailure,
			spoil: func(_ *testing.T, p *patient) { p.now = func() time.Time { return time.Unix(0, 0).UTC() } },
			fails: []string{"clock"}, skips: []string{"usb-rights"},
			words: []string{"1970-01-01", diag.DataDate, "timedatectl"},
		},
		{
			name: "macOS without libusb", exit: exitFailure,
			spoil: func(_ *testing.T, p *patient) {
				p.goos, p.libusb = "darwin", false
				p.access = func(string) (usb.Access, error) { return usb.Access{}, usb.ErrUnsupported }
			},
			fails: []string{"libusb"}, skips: []string{"service", "socket", "usb-rights"},
			words: []string{"are not seen", "macOS brings its own", "not looked at on darwin"},
		},
		{
			name: "macOS with a libusb that cannot look, and a clock that stopped", exit: exitFailure,
			spoil: func(t *testing.T, p *patient) {
				p.goos = "darwin"
				p.remove(t, "sys")
				p.now = func() time.Time { return time.Unix(0, 0) }
			},
			fails: []string{"libusb", "clock"}, skips: []string{"service", "usb-rights", "unlisted"},
			words: []string{"it cannot look", "sudo sntp"},
		},
		{
			name: "Windows without Apple's service", exit: exitDaemon,
			spoil: func(_ *testing.T, p *patient) { p.goos = "windows"; p.withoutDaemon() },
			fails: []string{"daemon"}, skips: []string{"service", "usb-rights", "unlisted", "pairing"}, words: []string{"Apple Mobile Device Service"},
		},
		{
			name: "two causes, one of them the daemon", exit: exitDaemon,
			spoil: func(t *testing.T, p *patient) {
				p.now = func() time.Time { return time.Unix(0, 0) }
				p.withoutDaemon()
			},
			fails: []string{"daemon", "clock"}, skips: []string{"usb-rights", "unlisted", "pairing"},
		},
	})
}
