package main

import (
	"context"
	"encoding/json"
	"maps"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/inspect"
	"error53/mocks"
	"error53/usbmux"
	"error53/usbmux/usb"
)

// record is a pair record with something that must not be seen.
const record = `<plist version="1.0"><dict><key>HostID</key><string>SECRET-HOST</string></dict></plist>`

func twoPhones(t *testing.T) []mocks.Phone {
	t.Helper()
	return []mocks.Phone{
		attached(t, mocks.Profile{ProductType: "iPhone7,2", ECID: 0x5353_0000_00a1, PairRecord: []byte(record)}),
		attached(t, mocks.Profile{ProductType: "iPhone12,1", ECID: 0x5353_0000_00a2}),
	}
}

// Two phones and nothing wrong, as it is printed: to the letter.
func TestDoctorPrints(t *testing.T) {
	t.Parallel()
	stdout, code := healthy(t, twoPhones(t)...).examine(t, nil)
	assert.Equal(t, exitOK, code)
	assert.Equal(t, `pass     address     UNIX:///var/run/usbmuxd, the default
pass     daemon      usbmuxd answers, and lists 2 phones
pass     service     /usr/sbin/usbmuxd is installed, its unit is
                     /usr/lib/systemd/system/usbmuxd.service
pass     socket      /dev/node belongs to root:root, mode 0666; own groups:
                     tech, video
pass     libusb      built in
skipped  usb-rights  no phone in recovery or DFU mode is plugged in
pass     unlisted    usbmuxd lists every phone in normal mode that is on the USB
                     buses
pass     clock       it shows 2030-05-04
pass     pairing     usbmuxd gives the id of this computer
pass     pairing     …00a1: paired with this computer
pass     pairing     …00A2: not paired with this computer, which no verdict
                     needs (error53 pair)

10 passed, 0 failed, 1 skipped
`, stdout)
}

// The rule stands behind the checks that ask for it, whole, and nowhere else.
func TestDoctorPrintsRule(t *testing.T) {
	t.Parallel()
	p := healthy(t)
	stdout, _ := p.examine(t, nil)
	assert.NotContains(t, stdout, "SUBSYSTEM")
	d, _ := p.diagnose(t)
	assert.Nil(t, d.UdevRule)
	p.plug(t, "1-1", "1281", recoverySerial)
	p.access = func(string) (usb.Access, error) { return nodeOf("root", "root", 0o664, false), nil }
	stdout, _ = p.examine(t, nil)
	assert.True(t, strings.HasSuffix(stdout, "\n"+usb.UdevRule()), stdout)
	d, _ = p.diagnose(t)
	require.NotNil(t, d.UdevRule)
	assert.Equal(t, usb.UdevRule(), *d.UdevRule)
	p.access = func(string) (usb.Access, error) { return nodeOf("root", "plugdev", 0o660, false), nil }
	stdout, _ = p.examine(t, nil)
	assert.NotContains(t, stdout, "SUBSYSTEM", "another rule has opened it to a group")
	bare, code := p.examine(t, func(o *doctorOptions) { o.udevRule = true })
	assert.Equal(t, usb.UdevRule(), bare)
	assert.Equal(t, exitOK, code)
}

// Identifiers are masked as everywhere, and of a pair record nothing is shown.
func TestDoctorMasks(t *testing.T) {
	t.Parallel()
	phones := twoPhones(t)
	p := healthy(t, phones...)
	p.plug(t, "1-7", "12a8", normalSerial)
	for _, form := range []func(*doctorOptions){nil, inJSONForm} {
		stdout, _ := p.examine(t, form)
		for _, id := range []string{phones[0].UDID, phones[1].UDID, normalSerial, "SECRET"} {
			assert.NotContains(t, stdout, id)
		}
	}
	stdout, _ := p.examine(t, func(o *doctorOptions) { o.showIDs = true })
	assert.Contains(t, stdout, phones[0].UDID)
	assert.Contains(t, stdout, normalSerial)
	assert.NotContains(t, stdout, "SECRET")
}

// Names that devices give themselves, and the environment, do not act on the terminal.
func TestDoctorEscapes(t *testing.T) {
	t.Parallel()
	p := healthy(t)
	p.plug(t, "1-7", "12a8", "\x1b[2Jabcd")
	stdout, _ := p.examine(t, func(o *doctorOptions) { o.showIDs = true })
	assert.NotContains(t, stdout, "\x1b")
	assert.Contains(t, stdout, `\x1b[2Jabcd`)
	p.env[usbmux.AddressVariable] = "/run/\x1b[2J"
	stdout, _ = p.examine(t, nil)
	assert.NotContains(t, stdout, "\x1b")
}

// No phone hears of it: usbmuxd is asked three things, and nothing is written.
func TestDoctorAsksDaemonOnly(t *testing.T) {
	t.Parallel()
	bench := mocks.NewBench(twoPhones(t)...)
	t.Cleanup(func() { bench.Close() })
	p := healthy(t)
	p.dial = bench.Dial
	_, code := p.diagnose(t)
	require.Equal(t, exitOK, code)
	asked := map[string]int{}
	for _, r := range bench.Requests() {
		assert.Equal(t, mocks.Usbmuxd, r.Side)
		assert.False(t, r.Writes, r)
		asked[r.Name]++
	}
	assert.Equal(t, map[string]int{"ListDevices": 1, "ReadBUID": 1, "ReadPairRecord": 2}, asked)
}

// A pair record that cannot be had is its phone's failure, and nobody else's; a phone in
// restore mode has none.
func TestDoctorPairing(t *testing.T) {
	t.Parallel()
	for kind, said := range map[mocks.Kind]string{
		mocks.Garbage: "does not speak usbmuxd's protocol", mocks.Silent: "answers nothing", mocks.Cut: "hung up",
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				phones := append(twoPhones(t), attached(t, mocks.Profile{ProductType: "iPhone7,1", Mode: diag.Restore, ECID: 0x33}))
				phones[0].Faults = []mocks.Fault{{Side: mocks.Usbmuxd, Kind: kind}}
				start := time.Now()
				d, code := healthy(t, phones...).diagnose(t)
				assert.LessOrEqual(t, time.Since(start), inspect.DefaultTimeout)
				assert.Equal(t, exitDaemon, code)
				assert.Equal(t, []string{"pairing …00a1"}, d.of("fail"))
				assert.Equal(t, []string{"usb-rights", "pairing usbmuxd's no. 3"}, d.of("skipped"))
				assert.Contains(t, d.words(), said)
			})
		})
	}
}

// A daemon that lists phones and says nothing of itself fails in time.
func TestDoctorWithoutBUID(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		good, silent := mocks.NewBench(twoPhones(t)...), mocks.NewBench()
		silent.Faults = []mocks.Fault{{Side: mocks.Usbmuxd, Kind: mocks.Silent}}
		t.Cleanup(func() { good.Close(); silent.Close() })
		benches := []*mocks.Bench{good, silent}
		p := healthy(t)
		p.dial = func(ctx context.Context) (net.Conn, error) {
			b := benches[0]
			benches = benches[1:]
			return b.Dial(ctx)
		}
		d, code := p.diagnose(t)
		assert.Equal(t, exitDaemon, code)
		assert.Equal(t, []string{"pairing"}, d.of("fail"))
		assert.Contains(t, d.words(), "does not give the id of this computer")
	})
}

// Whoever interrupts it gets no half report.
func TestDoctorInterrupted(t *testing.T) {
	t.Parallel()
	s := piped()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	o := &doctorOptions{streams: s.streams, host: healthy(t).host, timeout: inspect.DefaultTimeout}
	assert.Equal(t, exitFailure, exitCode(s.streams, o.run(ctx)))
	assert.Empty(t, s.stdout.String())
	assert.Contains(t, s.stderr.String(), "interrupted")
}

// What the schema promises of a report, a report that breaks it does not pass.
func TestDoctorSchema(t *testing.T) {
	t.Parallel()
	stdout, _ := healthy(t).examine(t, inJSONForm)
	for from, to := range map[string]string{
		`"id": "clock"`:          `"id": "weather"`,
		`"status": "skipped"`:    `"status": "maybe"`,
		`"status": "pass"`:       `"status": "fail"`, // without a remedy
		`"remedy": []`:           `"remedy": null`,
		`"device": null`:         `"device": 7`,
		`"udevRule": null`:       `"phones": []`,
		`"simulated": false`:     `"simulated": null`,
		`"schemaVersion": 1`:     `"schemaVersion": 2`,
		`"reason": "built in"`:   `"reason": ""`,
		`"it shows 2030-05-04",`: `"it shows 2030-05-04", "why": "",`,
	} {
		spoilt := strings.Replace(stdout, from, to, 1)
		if assert.NotEqual(t, stdout, spoilt, from) {
			assert.Error(t, validate([]byte(spoilt)), "%s for %s", to, from)
		}
	}
}

// Every check of the schema occurs in a report, in the order of the chain.
func TestDoctorChecksAll(t *testing.T) {
	t.Parallel()
	d, _ := healthy(t).diagnose(t)
	var ids []string
	for _, c := range d.Checks {
		ids = append(ids, c.ID)
	}
	var published struct {
		Defs map[string]struct {
			Properties map[string]struct{ Enum []string }
		} `json:"$defs"`
	}
	text, err := os.ReadFile("schema.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &published))
	assert.Equal(t, published.Defs["doctorCheck"].Properties["id"].Enum, slices.Compact(ids))
	assert.Contains(t, slices.Collect(maps.Keys(published.Defs)), "doctorReport")
}
