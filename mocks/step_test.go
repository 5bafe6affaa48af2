package mocks_test

import (
	"context"
	"crypto/tls"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/mocks"
)

func TestParseStep(t *testing.T) {
	t.Parallel()
	p := iPhone6(t)
	stranger := mocks.Phone{}
	for _, tt := range []struct {
		name, text string
		phone      mocks.Phone
		want       string // "" = it fails
		at         time.Duration
		failure    string
	}{
		{"plug", "plug", p, "plug", 0, ""},
		{"after a time", "after 1m3s unplug", p, "unplug", 63 * time.Second, ""},
		{"blanks", "  after  3s   replug ", p, "replug", 3 * time.Second, ""},
		{"a mode", "mode dfu", p, "mode dfu", 0, ""},
		{"a version", "update 9.3.5", p, "update 9.3.5 (13G36)", 0, ""},
		{"a build", "update 13D20", p, "update 9.2.1 (13D20)", 0, ""},
		{"both", "update 9.2.1:13D20", p, "update 9.2.1 (13D20)", 0, ""},
		{"the newest", "after 500ms update newest", p, "update 12.5.8 (16H88)", 500 * time.Millisecond, ""},
		{"a version of a model that nobody knows", "update 99.1", stranger, "update 99.1", 0, ""},
		{"trust", "trust", p, "trust", 0, ""},
		{"deny", "deny", p, "deny", 0, ""},
		{"unlock", "unlock", p, "unlock", 0, ""},

		{"nothing", "", p, "", 0, "it lacks one of plug, unplug, replug, mode, update, trust, deny, unlock"},
		{"a typo", "unplugg", p, "", 0, `"unplugg" is none of plug, unplug`},
		{"no time", "after unplug", p, "", 0, `"unplug" is no time such as`},
		{"a time and nothing else", "after 3s", p, "", 0, "it lacks one of plug"},
		{"after alone", "after", p, "", 0, `"after" is none of`},
		{"a time without a unit", "after 3 unplug", p, "", 0, `"3" is no time such as`},
		{"a negative time", "after -3s unplug", p, "", 0, "negative"},
		{"something behind", "unplug now", p, "", 0, `nothing may follow, but "now" does`},
		{"no mode", "mode", p, "", 0, "it lacks one of normal, restore, recovery"},
		{"no such mode", "mode recovry", p, "", 0, `"recovry" is none of normal, restore, recovery`},
		{"something behind the mode", "mode dfu 3s", p, "", 0, `but "3s" does`},
		{"no release", "update", p, "", 0, "it lacks a release such as 12.5.8"},
		{"a release it never had", "update 7.0", p, "", 0, "the first iOS of the iPhone 6 was 8.0"},
		{"no release at all", "update soon", p, "", 0, "neither a version"},
		{"what happens to usbmuxd", "restart", p, "", 0, `"restart" is none of`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, err := tt.phone.ParseStep(tt.text)
			if tt.want == "" {
				require.ErrorContains(t, err, tt.failure)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.want, s.String())
			assert.Equal(t, tt.at, s.At)
		})
	}
}

// do lets something happen to the phone at the first port.
func do(t *testing.T, b *mocks.Bench, words string) {
	t.Helper()
	require.NoError(t, b.Do(step(t, b, words)))
}

func step(t *testing.T, b *mocks.Bench, words string) mocks.Step {
	t.Helper()
	phone := b.Seats()[0].Phone
	s, err := phone.ParseStep(words)
	require.NoError(t, err)
	s.Port = "1-1"
	return s
}

// A phone keeps its port while it comes and goes, and walks through its modes.
func TestDo(t *testing.T) {
	t.Parallel()
	b := bench(t)
	assert.Equal(t, "1-1", b.Lay(iPhone6(t)))
	assert.Equal(t, "1-2", b.Lay(inRestore(t)))
	c := listen(t, b)
	assert.Equal(t, []bool{false, false}, []bool{b.Seats()[0].Plugged, b.Seats()[1].Plugged})
	assert.Empty(t, shown(t, b, "1-1/idProduct"))
	do(t, b, "plug")
	assert.Equal(t, "Attached 1", c.event())
	assert.EqualValues(t, 1, b.Seats()[0].DeviceID)
	assert.Equal(t, "12a8\n", shown(t, b, "1-1/idProduct"))
	do(t, b, "unplug")
	assert.Equal(t, "Detached 1", c.event())
	do(t, b, "plug")
	assert.Equal(t, "Attached 2", c.event())
	do(t, b, "replug")
	assert.Equal(t, []string{"Detached 2", "Attached 3"}, []string{c.event(), c.event()})
	do(t, b, "mode recovery")
	assert.Equal(t, "Detached 3", c.event())
	assert.Equal(t, "1281\n", shown(t, b, "1-1/idProduct"))
	do(t, b, "unplug")
	do(t, b, "plug")
	assert.Equal(t, "1281\n", shown(t, b, "1-1/idProduct"), "it stays in its mode")
	do(t, b, "update 9.3.5")
	assert.Equal(t, "Attached 4", c.event())
	values := toPhone(t, b, 4)
	assert.Equal(t, "9.3.5", values.get(getValue("", "ProductVersion"))["Value"])
	assert.Equal(t, "13G36", values.get(getValue("", "BuildVersion"))["Value"])
	require.NoError(t, b.Do(mocks.Step{Act: mocks.ActRestart}))
	_, err := c.conn.Read(make([]byte, 1))
	require.Error(t, err, "usbmuxd hung up")
	assert.EqualValues(t, 1, b.Seats()[0].DeviceID)
}

func TestDoWhatCannotBe(t *testing.T) {
	t.Parallel()
	other := phone(t, mocks.Profile{ProductType: "iPhone8,1", ECID: 0x53, Mode: diag.DFU})
	b := bench(t, iPhone6(t), other)
	b.Lay(inRestore(t))
	for _, tt := range []struct {
		step mocks.Step
		want string
	}{
		{mocks.Step{Port: "1-1", Act: mocks.ActPlug}, "1-1 plug: the phone is plugged in already"},
		{mocks.Step{Port: "1-9", Act: mocks.ActPlug}, "1-9 plug: no phone belongs to this port"},
		{mocks.Step{Port: "1-3", Act: mocks.ActMode, Mode: diag.DFU}, "1-3 mode dfu: the phone is not plugged in"},
		{mocks.Step{Port: "1-2", Act: mocks.ActTrust}, "1-2 trust: a phone in dfu mode asks nothing"},
		{mocks.Step{Port: "1-1", Act: "drop"}, "1-1 drop: nothing of that name happens to a phone"},
	} {
		var failure *mocks.StepError
		require.ErrorAs(t, b.Do(tt.step), &failure)
		assert.Equal(t, "mocks: "+tt.want, failure.Error())
	}
}

// What is done on the screen of a phone, whoever does it.
func TestDoOnTheScreen(t *testing.T) {
	t.Parallel()
	b := bench(t, ofAge(t, "9.1", mocks.Trust{Locked: true}))
	c := toPhone(t, b, 1)
	public, _ := newRecord(t, c)
	assert.Equal(t, []any{locked}, c.asks(public, 1))
	assert.True(t, b.Seats()[0].Locked)
	do(t, b, "unlock")
	assert.Equal(t, []any{pending}, c.asks(public, 1))
	do(t, b, "deny")
	assert.Equal(t, []any{denied, denied}, c.asks(public, 2))
	assert.Zero(t, b.Seats()[0].Hosts)
	do(t, b, "trust")
	assert.Equal(t, []any{nil}, c.asks(public, 1))
	do(t, b, "deny")
	assert.Equal(t, []any{nil}, c.asks(public, 1), "who is trusted stays so")
	assert.Equal(t, 1, b.Seats()[0].Hosts)
}

// A pairing outlives an update, although phones got longer keys and another TLS with it.
func TestPairingsOutliveAnUpdate(t *testing.T) {
	t.Parallel()
	p := ofAge(t, "9.1", mocks.Trust{State: mocks.Paired})
	b := bench(t, p)
	assert.Equal(t, "9.1", session(t, b, p, asOld()).get(getValue("", "ProductVersion"))["Value"])
	do(t, b, "update newest")
	b.Restart() // so that it has the first number again
	updated := b.Seats()[0].Phone
	c := session(t, b, updated, &tls.Config{})
	assert.Equal(t, text(t, updated.Values, "ProductVersion"), c.get(getValue("", "ProductVersion"))["Value"])
	assert.NotEmpty(t, c.get(getValue("", "SerialNumber"))["Value"])
}

// A timeline happens by the clock, each step at its time.
func TestPlay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := bench(t, iPhone6(t))
		steps := []mocks.Step{
			{At: time.Second, Port: "1-1", Act: mocks.ActUnplug},
			{At: time.Second, Port: "1-1", Act: mocks.ActUnplug},
			{At: 3 * time.Second, Port: "1-1", Act: mocks.ActPlug},
		}
		start := time.Now()
		var happened []string
		for s, err := range b.Play(t.Context(), steps) {
			assert.Equal(t, s.At, time.Since(start))
			if err != nil {
				happened = append(happened, err.Error())
				continue
			}
			happened = append(happened, s.String())
		}
		assert.Equal(t, []string{"1-1 unplug", "mocks: 1-1 unplug: the phone is not plugged in", "1-1 plug"}, happened)
	})
}

// It ends with its context, and with the bench.
func TestPlayEnds(t *testing.T) {
	t.Parallel()
	later := []mocks.Step{{At: time.Hour, Port: "1-1", Act: mocks.ActUnplug}}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range bench(t, iPhone6(t)).Play(ctx, later) {
		t.Fatal("the context has ended")
	}
	b := bench(t, iPhone6(t))
	require.NoError(t, b.Close())
	for range b.Play(t.Context(), later) {
		t.Fatal("the bench is closed")
	}
}

// A phone has one seat: where it was plugged in last.
func TestSeats(t *testing.T) {
	t.Parallel()
	p, other := iPhone6(t), phone(t, mocks.Profile{ProductType: "iPhone8,1", ECID: 0x53})
	b := bench(t, p, p.OverNetwork(), other)
	ports := func() (list []string) {
		for _, s := range b.Seats() {
			list = append(list, s.Port)
		}
		return list
	}
	assert.Equal(t, []string{"1-1", "1-2"}, ports(), "the network is no port")
	b.Unplug("1-1")
	b.Attach(p)
	assert.Equal(t, []string{"1-2", "1-3"}, ports())
	b.Swap("1-2", p)
	b.Unplug("1-3")
	b.Attach(other)
	assert.Equal(t, []string{"1-2", "1-3", "1-4"}, ports())
}
