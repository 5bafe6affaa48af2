package mocks_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

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
	assert.Equal(t, []string{"bench", "empty", "faults", "one"}, mocks.Scenarios())
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

// An error names the file and the field, for whoever wrote the file.
func TestScenarioErrors(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, field, want string }{
		{"nothing", ``, "", "EOF"},
		{"no JSON", `title: bench`, "", "invalid character"},
		{"cut", `{"title": "t", "phones": [`, "", "unexpected EOF"},
		{"something behind", `{"title": "t"} {}`, "", "something follows"},
		{"no title", `{}`, "title", "missing"},
		{"title of another type", `{"title": 5}`, "title", "a value of type number does not"},
		{"unknown field", `{"title": "t", "phoness": []}`, "", `unknown field "phoness"`},
		{"phones of another type", `{"title": "t", "phones": {}}`, "phones", "a value of type object does not"},
		{"phone of another type", `{"title": "t", "phones": [1]}`, "phones[0]", "a value of type number does not"},
		{"typo in a phone", `{"title": "t", "phones": [{"productType": "iPhone7,2"}, {"prodctType": "x"}]}`, "phones[1]", `unknown field "prodctType"`},
		{"value of another type", `{"title": "t", "phones": [{"productVersion": 9.1}]}`, "phones[0].productVersion", "a value of type number does not"},
		{"no product type", `{"title": "t", "phones": [{}]}`, "phones[0]", "not in the catalog"},
		{"repair", `{"title": "t", "phones": [{"repair": "glue"}]}`, "phones[0].repair", `"glue" is none of ["none" `},
		{"Touch ID", `{"title": "t", "phones": [{"touchId": "maybe"}]}`, "phones[0].touchId", `"maybe" is none of`},
		{"ECID", `{"title": "t", "phones": [{"ecid": "G"}]}`, "phones[0].ecid", `"G" is no ECID`},
		{"mode", `{"title": "t", "phones": [{"productType": "iPhone7,2", "mode": "odd"}]}`, "phones[0]", `no mode is called "odd"`},
		{"delay", `{"title": "t", "phones": [{"faults": [{"delay": "soon"}]}]}`, "phones[0].faults[0].delay", `"soon" is no time`},
		{"fault", `{"title": "t", "phones": [{"faults": [{"side": "usbmuxd", "kind": "cut"}, {"side": "x"}]}]}`, "phones[0].faults[1]", "no side"},
		{"fault of the daemon", `{"title": "t", "faults": [{"side": "x"}]}`, "faults[0]", "no side"},
		{"unknown field of a fault", `{"title": "t", "faults": [{"what": "x"}]}`, "", `unknown field "what"`},
		{"twice the same phone", `{"title": "t", "phones": [{"productType": "iPhone7,2", "ecid": "2"}, {"productType": "iPhone7,2", "ecid": "0x2"}]}`, "phones[1].udid", "the same as"},
		{"trust", `{"title": "t", "phones": [{"productType": "iPhone7,2", "trust": {"state": "blind"}}]}`, "phones[0]", `no state of trust is called "blind"`},
		{"trust of another type", `{"title": "t", "phones": [{"trust": "paired"}]}`, "phones[0].trust", "a value of type string does not"},
		{"unknown field of trust", `{"title": "t", "phones": [{"trust": {"poll": 1}}]}`, "phones[0]", `unknown field "poll"`},
		{"time of trust", `{"title": "t", "phones": [{"trust": {"after": "soon"}}]}`, "phones[0].trust.after", `"soon" is no time`},
		{"time of a backup", `{"title": "t", "phones": [{"lastBackup": "34 days"}]}`, "phones[0].lastBackup", `"34 days" is no time`},
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
			assert.ErrorContains(t, err, "shop.json: "+tt.field)
		})
	}
}
