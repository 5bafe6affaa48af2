package mocks_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/mocks"
	"error53/usbmux/plist"
)

func load(t *testing.T, name string) mocks.Scenario {
	t.Helper()
	s, err := mocks.LoadScenario(name)
	require.NoError(t, err)
	return s
}

func TestScenariosComeWithTheProgram(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"bench", "day", "empty", "faults", "one"}, mocks.Scenarios())
	for _, name := range mocks.Scenarios() {
		s := load(t, name)
		assert.Equal(t, name, s.Name)
		assert.NotEmpty(t, s.Title)
	}
}

func TestNoSuchScenario(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"nothing", "", "../scenario", "bench.json"} {
		_, err := mocks.LoadScenario(name)
		assert.ErrorIs(t, err, mocks.ErrNoScenario, "%q", name)
	}
}

// Ids of scenarios are made up, as anybody can see: all hold 5353.
func TestScenarioIdentifiersAreMadeUp(t *testing.T) {
	t.Parallel()
	for _, name := range mocks.Scenarios() {
		for _, p := range load(t, name).Phones {
			assert.Contains(t, p.Phone.UDID, "5353")
			assert.Regexp(t, "^E53M", p.Phone.Values["SerialNumber"])
		}
	}
}

// The default bench has what a newcomer should see: a phone for every headline, one
// each in restore, recovery and DFU mode, one that hangs.
func TestBenchScenario(t *testing.T) {
	t.Parallel()
	s := load(t, "bench")
	var got []string
	for i, p := range s.Phones {
		assert.Equal(t, fmt.Sprintf("1-%d", i+1), p.Port)
		verdict := diag.Decide(facts(p))
		got = append(got, fmt.Sprintf("%s %s %s", p.Phone.Values["ProductType"], p.Phone.Values["ProductVersion"], verdict.Risk))
		if verdict.Risk == diag.RiskUnknown {
			assert.NotNil(t, verdict.Question)
		}
	}
	assert.Equal(t, []string{
		"iPhone7,2 9.1 high",
		"iPhone6,2 9.2 elevated", // the documents name the device
		"iPhone7,1 12.5.8 low",
		"iPad5,3 15.8.8 none",
		"iPhone8,1 9.0.2 unknown",
		"iPhone7,2 9.2.1 elevated", // the fix is a build
		"iPhone10,3 16.7.12 none",
		"iPhone8,2 15.8.8 low", // in restore mode
		"iPhone9,1 15.8.8 low", // if it said what it is; but it hangs
		"iPhone7,2 12.5.8 low", // in recovery mode: the newest revives it
		"iPhone9,3 15.8.8 low", // in DFU mode
	}, got)
	var modes []diag.Mode
	for _, p := range s.Phones[7:] {
		modes = append(modes, p.Phone.Mode)
	}
	assert.Equal(t, []diag.Mode{diag.Restore, "", diag.Recovery, diag.DFU}, modes)
	assert.Equal(t, []mocks.Fault{{Side: mocks.Lockdownd, Kind: mocks.Silent}}, s.Phones[8].Phone.Faults)
}

// facts are what a perfect inspection would find, and the operator's word.
func facts(p mocks.ScenarioPhone) diag.Facts {
	text := func(key string) diag.Fact[string] {
		s, _ := p.Phone.Values.String(key)
		return diag.Known(s, diag.FromLockdown)
	}
	f := diag.Facts{
		Mode:        diag.Known(cmp.Or(p.Phone.Mode, diag.Normal), diag.FromUSB),
		ProductType: text("ProductType"),
		Repair:      diag.Known(cmp.Or(p.Repair, diag.RepairUnknown), diag.FromOperator),
		TouchID:     diag.Known(cmp.Or(p.TouchID, diag.TouchIDUnknown), diag.FromOperator),
	}
	if p.Phone.Mode == "" { // neither restored nor iBoot tells
		f.InstalledVersion, f.InstalledBuild = text("ProductVersion"), text("BuildVersion")
	}
	return f
}

func TestScenarioOnTheWire(t *testing.T) {
	t.Parallel()
	b := load(t, "bench").Bench()
	t.Cleanup(func() { b.Close() })
	c := dial(t, b)
	c.ask(1, plist.Dict{"MessageType": "ListDevices"})
	list, _ := c.told(1).List("DeviceList")
	assert.Len(t, list, 9)
	assert.Equal(t, "田中のiPhone", toPhone(t, b, 2).get(getValue("", "DeviceName"))["Value"])
}

// One old phone trusts the host, and has not the sensor that it was made with; another
// asks, and somebody taps Trust after a while.
func TestTrustInTheBenchScenario(t *testing.T) {
	t.Parallel()
	s := load(t, "bench")
	synctest.Test(t, func(t *testing.T) {
		b := s.Bench()
		t.Cleanup(func() { b.Close() })
		c := session(t, b, s.Phones[0].Phone, asOld())
		assert.Equal(t, "9.1", c.get(getValue("", "ProductVersion"))["Value"])
		c = toPhone(t, b, 3)
		public, _ := newRecord(t, c)
		assert.Equal(t, []any{pending}, c.asks(public, 1))
		time.Sleep(4 * time.Second)
		synctest.Wait()
		assert.Equal(t, []any{nil}, c.asks(public, 1))
	})
}

// Each kind of fault has a phone of its own, beside one that is well.
func TestFaultsScenario(t *testing.T) {
	t.Parallel()
	s := load(t, "faults")
	kinds := map[mocks.Kind]int{}
	onBus := map[mocks.Kind]int{mocks.Silent: 1, mocks.Slow: 1} // no scan should be kept waiting
	for _, p := range s.Phones {
		for _, f := range p.Phone.Faults {
			switch f.Side {
			case mocks.OnBus:
				onBus[f.Kind]++
			case mocks.Usbmuxd, mocks.Lockdownd:
				kinds[f.Kind]++
			}
		}
	}
	for _, kind := range mocks.Kinds {
		assert.Equal(t, 1, kinds[kind], kind)
	}
	for _, kind := range mocks.USBKinds {
		assert.Equal(t, 1, onBus[kind], kind)
	}
	assert.Empty(t, s.Phones[0].Phone.Faults)

	var names strings.Builder
	for _, p := range s.Phones {
		names.WriteString(p.Phone.Name)
	}
	for _, hostile := range []string{"\x1b", "\x07", "\u202E", "\u009b", "\n"} {
		assert.Contains(t, names.String(), hostile, "a name that must not reach a terminal as it is")
	}
}

const goodScenario = `{
	"title": "All there is to say",
	"faults": [{"side": "usbmuxd", "kind": "slow", "delay": "1s", "after": 2}],
	"phones": [
		{"productType": "iPhone7,2", "mode": "recovery", "iBoot": "CPID:7000", "iBootVersion": "iBoot-1"},
		{
			"productType": "iPhone8,1", "productVersion": "9.3", "buildVersion": "13E233", "hardwareModel": "N71mAP",
			"deviceName": "N", "mode": "restore", "ecid": "0xFFFF535300000002", "udid": "U", "network": true,
			"repair": "damaged", "touchId": "no",
			"values": {"A": 18446744073709551615, "B": -1, "C": 1.5, "D": [true, {"E": "x"}], "ChipID": null},
			"domains": {"com.apple.fmip": {"IsAssociated": true}},
			"faults": [{"side": "restored", "kind": "cut", "after": 7}]
		}
	]
}`

func TestParseScenario(t *testing.T) {
	t.Parallel()
	s, err := mocks.ParseScenario("some/where/all.json", []byte(goodScenario))
	require.NoError(t, err)
	assert.Equal(t, "all", s.Name)
	assert.Equal(t, []mocks.Fault{{Side: mocks.Usbmuxd, Kind: mocks.Slow, Delay: time.Second, After: 2}}, s.Faults)
	require.Len(t, s.Phones, 2)
	assert.Empty(t, s.Phones[0].Repair, "nothing said")
	first := s.Phones[0].Phone
	assert.Equal(t, []any{diag.Recovery, "CPID:7000", "iBoot-1"}, []any{first.Mode, first.IBoot, first.BuildVersion})

	p := s.Phones[1]
	assert.Equal(t, "1-2", p.Port)
	assert.Equal(t, []any{diag.Damaged, diag.TouchIDNo, true}, []any{p.Repair, p.TouchID, p.Network})
	assert.Equal(t, []mocks.Fault{{Side: mocks.Restored, Kind: mocks.Cut, After: 7}}, p.Phone.Faults)
	assert.Equal(t, []any{"U", "N", diag.Restore}, []any{p.Phone.UDID, p.Phone.Name, p.Phone.Mode})
	for key, want := range map[string]any{
		"A": uint64(1<<64 - 1), "B": int64(-1), "C": 1.5, "D": []any{true, plist.Dict{"E": "x"}},
		"UniqueChipID": uint64(0xFFFF535300000002), "BuildVersion": "13E233", "HardwareModel": "N71mAP",
	} {
		assert.Equal(t, want, p.Phone.Values[key], key)
	}
	assert.NotContains(t, p.Phone.Values, "ChipID")
	assert.Equal(t, plist.Dict{"IsAssociated": true}, p.Phone.Domains["com.apple.fmip"])
}

func TestParseScenarioOfTrust(t *testing.T) {
	t.Parallel()
	s, err := mocks.ParseScenario("trust", []byte(`{"title": "t", "phones": [
		{
			"productType": "iPhone7,2", "productVersion": "10.3.3", "tls": "1.0", "plainServices": true,
			"trust": {"state": "paired", "locked": true, "polls": 2, "after": "20s", "replug": true},
			"sensor": "replaced", "lastBackup": "48h",
			"domains": {"com.apple.fmip": null, "com.apple.mobile.backup": {"WillEncrypt": true}},
			"mobileGestalt": {"HasMesa": null, "touch-id": true},
			"ioRegistry": {"AppleMesaShim": {"patch-version": 53}, "AppleBiometricServices": {}},
			"errors": {"com.apple.mobile.battery": "PasswordProtected"},
			"faults": [{"side": "tls", "kind": "stranger"}, {"side": "diagnostics_relay", "kind": "silent", "after": 1}]
		},
		{"productType": "iPhone8,1"}
	]}`))
	require.NoError(t, err)
	p := s.Phones[0].Phone
	assert.Equal(t, mocks.Trust{State: mocks.Paired, Locked: true, Polls: 2, After: 20 * time.Second, Replug: true}, p.Trust)
	assert.Equal(t, mocks.OldTLS, p.TLS)
	assert.True(t, p.PlainServices)
	backup := p.Domains["com.apple.mobile.backup"]
	assert.Equal(t, []any{mocks.Ago(48 * time.Hour), true}, []any{backup["LastiTunesBackupDate"], backup["WillEncrypt"]})
	assert.NotContains(t, p.Domains, "com.apple.fmip")
	assert.Contains(t, p.Domains, "com.apple.mobile.battery", "as it is made up")
	assert.Equal(t, true, p.MobileGestalt["touch-id"])
	assert.NotContains(t, p.MobileGestalt, "HasMesa")
	assert.Contains(t, p.MobileGestalt, "MesaSerialNumber")
	assert.Equal(t, map[string]plist.Dict{"AppleMesaShim": {"patch-version": uint64(53)}, "AppleBiometricServices": {}}, p.IORegistry)
	assert.Equal(t, map[string]string{"com.apple.mobile.battery": "PasswordProtected"}, p.Errors)
	assert.Len(t, p.Faults, 2)
	assert.Zero(t, s.Phones[1].Phone.Trust, "nothing said")
}

func TestNetworkTwinsStandBehindAllOthers(t *testing.T) {
	t.Parallel()
	s, err := mocks.ParseScenario("twins", []byte(`{"title": "t", "phones": [
		{"productType": "iPhone7,2", "network": true}, {"productType": "iPhone8,1"}]}`))
	require.NoError(t, err)
	b := s.Bench()
	t.Cleanup(func() { b.Close() })
	c := dial(t, b)
	c.ask(1, plist.Dict{"MessageType": "ListDevices"})
	list, _ := c.told(1).List("DeviceList")
	var got []string
	for _, v := range list {
		p, _ := v.(plist.Dict).Dict("Properties")
		got = append(got, p["ConnectionType"].(string)+" "+p["SerialNumber"].(string)[36:])
	}
	assert.Equal(t, []string{"USB 0001", "USB 0002", "Network 0001"}, got)
	assert.Equal(t, "iPhone7,2", toPhone(t, b, 3).get(getValue("", "ProductType"))["Value"])
}

// What happens in the demonstration, and what there is at the beginning and in the end.
func TestDayScenario(t *testing.T) {
	t.Parallel()
	s := load(t, "day")
	var told []string
	for _, step := range s.Timeline() {
		told = append(told, fmt.Sprint(step.At, " ", step))
	}
	assert.Equal(t, []string{
		"2s 1-3 plug", "3s 1-1 mode recovery", "5s 1-1 mode restore", "5s 1-2 mode recovery", "7s 1-2 mode restore",
		"8s 1-3 unplug", "8s 1-4 unlock", "12s 1-3 plug", "13s 1-3 replug", "14s 1-4 trust",
		"17s 1-1 update 15.8.8 (19H422)", "21s 1-2 mode recovery",
	}, told)
	synctest.Test(t, func(t *testing.T) {
		b := s.Bench()
		t.Cleanup(func() { b.Close() })
		assert.Equal(t, []string{"normal 9.3.5", "normal 9.1", "away 15.8.8", "normal 12.4"}, states(b))
		start := time.Now()
		for _, err := range b.Play(t.Context(), s.Timeline()) {
			require.NoError(t, err)
		}
		assert.Equal(t, 21*time.Second, time.Since(start))
		assert.Equal(t, []string{"normal 15.8.8", "recovery 9.1", "normal 15.8.8", "normal 12.4"}, states(b))
	})
}

// states gives mode and version of the phones on a bench.
func states(b *mocks.Bench) (list []string) {
	for _, seat := range b.Seats() {
		mode := string(cmp.Or(seat.Phone.Mode, diag.Normal))
		if !seat.Plugged {
			mode = "away"
		}
		list = append(list, fmt.Sprint(mode, " ", seat.Phone.Values["ProductVersion"]))
	}
	return list
}

// One entry may stand for many phones: each has an ECID of its own, and does the same.
func TestCount(t *testing.T) {
	t.Parallel()
	s, err := mocks.ParseScenario("many", []byte(`{"title": "t", "timeline": ["after 1s restart", "after 1s restart"], "phones": [
		{"productType": "iPhone7,2", "count": 3, "timeline": ["after 1s plug", "after 2s unplug"]},
		{"productType": "iPhone8,1", "ecid": "0x53A0", "deviceName": "N", "count": 2},
		{"productType": "iPhone8,1"}]}`))
	require.NoError(t, err)
	var got []string
	for _, p := range s.Phones {
		got = append(got, fmt.Sprintf("%s %s %X %v", p.Port, p.Phone.Name, p.Phone.Values["UniqueChipID"], p.Away))
	}
	assert.Equal(t, []string{
		"1-1 iPhone 6 535300000001 true", "1-2 iPhone 6 2 535300000002 true", "1-3 iPhone 6 3 535300000003 true",
		"1-4 N 53A0 false", "1-5 N 2 53A1 false", "1-6 iPhone 6s 535300000006 false",
	}, got)
	var told []string
	for _, step := range s.Timeline() {
		told = append(told, fmt.Sprint(step.At, " ", step))
	}
	assert.Equal(t, []string{"1s restart", "1s 1-1 plug", "1s 1-2 plug", "1s 1-3 plug", "2s restart", "3s 1-1 unplug", "3s 1-2 unplug", "3s 1-3 unplug"}, told)
}

// Several scenarios on one bench have ports, and what follows from them, one after the
// other.
func TestJoin(t *testing.T) {
	t.Parallel()
	byHand := mocks.Scenario{Name: "hand", Title: "By hand", Phones: []mocks.ScenarioPhone{{Phone: mocks.Phone{UDID: "u"}}}}
	s, err := mocks.Join(load(t, "one"), load(t, "one"), byHand, load(t, "day"))
	require.NoError(t, err)
	assert.Equal(t, "one one hand day", s.Name)
	assert.Contains(t, s.Title, "; By hand; ")
	b := s.Bench()
	t.Cleanup(func() { b.Close() })
	seats := b.Seats()
	require.Len(t, seats, 7)
	for i, seat := range seats {
		assert.Equal(t, s.Phones[i].Port, seat.Port)
		assert.Equal(t, s.Phones[i].Phone.UDID, seat.Phone.UDID)
		assert.Equal(t, s.Phones[i].Away, !seat.Plugged)
	}
	assert.Equal(t, "u", seats[2].Phone.UDID)
	assert.Equal(t, "1-6 plug", s.Timeline()[0].String())

	_, err = mocks.Join(byHand, byHand)
	require.ErrorContains(t, err, "scenario hand: one of its phones has the UDID of another")

	nameless := mocks.Scenario{Phones: []mocks.ScenarioPhone{{Phone: mocks.Phone{Mode: diag.DFU, IBoot: "CPID:7000"}}}}
	s, err = mocks.Join(nameless, nameless)
	require.NoError(t, err, "below iOS a phone may tell no UDID")
	two := s.Bench()
	t.Cleanup(func() { two.Close() })
	two.Unplug("1-1")
	two.Attach(nameless.Phones[0].Phone)
	assert.Len(t, two.Seats(), 3)
}

// An error names the file and the place in it, for whoever wrote the file.
func TestScenarioErrors(t *testing.T) {
	t.Parallel()
	phones := func(entries string) string { return `{"title": "t", "phones": [` + entries + `]}` }
	tests := []struct{ name, file, field, want string }{
		{"nothing", ``, "", "EOF"},
		{"no JSON", `title: bench`, "", "invalid character"},
		{"cut", `{"title": "t", "phones": [`, "", "unexpected EOF"},
		{"something behind", `{"title": "t"} {}`, "", "something follows"},
		{"no title", `{}`, "title", "missing"},
		{"title of another type", `{"title": 5}`, "title", "a value of type number does not"},
		{"unknown field", `{"title": "t", "phoness": []}`, "phoness", `unknown field "phoness"`},
		{"phones of another type", `{"title": "t", "phones": {}}`, "phones", "a value of type object does not"},
		{"phone of another type", phones(`1`), "phones[0]", "a value of type number does not"},
		{"typo in a phone", phones(`{"productType": "iPhone7,2"}, {"prodctType": "x"}`), "phones[1].prodctType", `unknown field "prodctType"`},
		{"value of another type", phones(`{"productVersion": 9.1}`), "phones[0].productVersion", "a value of type number does not"},
		{"no product type", phones(`{}`), "phones[0].productType", "not in the catalog"},
		{"board", phones(`{"productType": "iPhone7,2", "hardwareModel": "N71AP"}`), "phones[0].hardwareModel", "has no board"},
		{"version", phones(`{"productType": "iPhone7,2", "productVersion": "new"}`), "phones[0].productVersion", "product version"},
		{"build", phones(`{"productType": "iPhone7,2", "productVersion": "9.1", "buildVersion": "new"}`), "phones[0].buildVersion", "build version"},
		{"sensor", phones(`{"productType": "iPhone7,2", "sensor": "dead"}`), "phones[0].sensor", "no sensor"},
		{"TLS", phones(`{"productType": "iPhone7,2", "tls": "3"}`), "phones[0].tls", "no way to speak TLS"},
		{"repair", phones(`{"repair": "glue"}`), "phones[0].repair", `"glue" is none of ["none" `},
		{"Touch ID", phones(`{"touchId": "maybe"}`), "phones[0].touchId", `"maybe" is none of`},
		{"ECID", phones(`{"ecid": "G"}`), "phones[0].ecid", `"G" is no ECID`},
		{"no ECID", phones(`{"ecid": "0"}`), "phones[0].ecid", `"0" is no ECID`},
		{"mode", phones(`{"productType": "iPhone7,2", "mode": "odd"}`), "phones[0].mode", `no mode is called "odd"`},
		{"delay", phones(`{"faults": [{"delay": "soon"}]}`), "phones[0].faults[0].delay", `"soon" is no time`},
		{"fault", phones(`{"faults": [{"side": "usbmuxd", "kind": "cut"}, {"side": "x"}]}`), "phones[0].faults[1]", "no side"},
		{"fault of the daemon", `{"title": "t", "faults": [{"side": "x"}]}`, "faults[0]", "no side"},
		{"unknown field of a fault", `{"title": "t", "faults": [{"what": "x"}]}`, "faults[0].what", `unknown field "what"`},
		{"twice the same phone", phones(`{"productType": "iPhone7,2", "ecid": "2"}, {"productType": "iPhone7,2", "ecid": "0x2"}`), "phones[1].udid", "the same as"},
		{"trust", phones(`{"productType": "iPhone7,2", "trust": {"state": "blind"}}`), "phones[0].trust.state", `no state of trust is called "blind"`},
		{"trust of another type", phones(`{"trust": "paired"}`), "phones[0].trust", "a value of type string does not"},
		{"unknown field of trust", phones(`{"trust": {"poll": 1}}`), "phones[0].trust.poll", `unknown field "poll"`},
		{"time of trust", phones(`{"trust": {"after": "soon"}}`), "phones[0].trust.after", `"soon" is no time`},
		{"time of a backup", phones(`{"lastBackup": "34 days"}`), "phones[0].lastBackup", `"34 days" is no time`},
		{"no phone at all", phones(`{"productType": "iPhone7,2", "count": 0}`), "phones[0].count", "from 1 to 2000"},
		{"too many", phones(`{"productType": "iPhone7,2"}, {"productType": "iPhone7,2", "count": 2000}`), "phones[1].count", "from 1 to 2000"},
		{"too many steps", phones(`{"productType": "iPhone7,2", "count": 1700, "timeline": ["unplug", "plug", "unplug", "plug", "unplug", "plug"]}`), "phones[0].timeline", "more than 10000 steps"},
		{"one UDID for two", phones(`{"productType": "iPhone7,2", "count": 2, "udid": "a"}`), "phones[0].udid", "that of one phone"},
		{"step", phones(`{"productType": "iPhone7,2", "timeline": ["after 3s unplug", "after 5s plugg"]}`), "phones[0].timeline[1]", `"plugg" is none of plug`},
		{"step of another type", phones(`{"productType": "iPhone7,2", "timeline": [3]}`), "phones[0].timeline", "a value of type number does not"},
		{"step that cannot be", phones(`{"productType": "iPhone7,2", "timeline": ["after 3s unplug", "mode dfu"]}`), "phones[0].timeline[1]", "the phone is not plugged in"},
		{"step of usbmuxd", `{"title": "t", "timeline": ["unplug"]}`, "timeline[0]", `"unplug" is none of restart`},
		{"too long", `{"title": "` + strings.Repeat("t", 1<<20) + `"}`, "", "more than 1048576 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := mocks.ParseScenario("shop.json", []byte(tt.file))
			var failure *mocks.ScenarioError
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, "shop.json", failure.File)
			assert.Equal(t, tt.field, failure.Field)
			assert.ErrorContains(t, failure.Unwrap(), tt.want)
			assert.ErrorContains(t, err, fmt.Sprintf("shop.json:%d:%d: %s", failure.Line, failure.Column, tt.field))
		})
	}
}

// An editor goes to the place of the error: that of the key, of the element of a list,
// of the character that makes no sense. Of what is missing it is where it should be.
func TestPlacesOfScenarioErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, before, at, after string // the file; at begins at the place
	}{
		{"title", "{", `"title": 5, "phones": []`, "}"},
		{"missing title", "\n\n", `{"phones": []`, "}"},
		{"unknown field", "{\n  \"title\": \"t\",\n\t", `"phoness": []`, "\n}"},
		{"unknown field of a phone", "{\"title\": \"t\", \"phones\": [\n  {\"productType\": \"iPhone7,2\",\n   ", `"mod": "dfu"}`, "\n]}"},
		{"the second phone", `{"title": "Änderung 田中 🦉", "phones": [{"productType": "iPhone7,2"}, `, `{"productVersion": "9.1"}`, "]}"},
		{"fault", `{"title": "t", "phones": [{"productType": "iPhone7,2", "faults": [{"side": "usb", "kind": "stall"}, {"side": "usb", "kind": "slow", `, `"delay": "1"}`, "]}]}"},
		{"step", "{\"title\": \"t\", \"phones\": [{\"productType\": \"iPhone7,2\", \"timeline\": [\n\"unplug\",\n ", `"plug now"`, "]}]}"},
		{"a comma too few", "{\"title\": \"t\"\n", `"phones": []`, "}"},
		{"a comma too many", `{"title": "t",`, `}`, ""},
		{"cut", "{\"title\": \"t\",\n\"pho", ``, ""},
		{"something behind", `{"title": "t"}`, ` {}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := mocks.ParseScenario("shop.json", []byte(tt.before+tt.at+tt.after))
			var failure *mocks.ScenarioError
			require.ErrorAs(t, err, &failure)
			lines := strings.Split(tt.before, "\n")
			last := lines[len(lines)-1]
			assert.Equal(t, [2]int{len(lines), utf8.RuneCountInString(last) + 1}, [2]int{failure.Line, failure.Column}, err)
		})
	}
}
