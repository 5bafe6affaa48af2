package inspect_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/inspect"
)

// known is the facts of a reading that are known: "value source" by name.
type known map[string]string

// knownOf writes facts down; numbers in hexadecimal.
func knownOf(f diag.Facts) known {
	k := known{}
	for name, fact := range map[string]diag.Fact[string]{
		"type": f.ProductType, "name": f.MarketingName, "board": f.HardwareModel, "version": f.InstalledVersion,
		"build": f.InstalledBuild, "udid": f.UDID, "serial": f.SerialNumber, "called": f.DeviceName,
		"iboot": f.IBoot, "nonc": f.APNonce, "snon": f.SEPNonce,
	} {
		if fact.Known() {
			k[name] = fact.Value + " " + string(fact.Source)
		}
	}
	for name, fact := range map[string]diag.Fact[uint32]{"cpid": f.CPID, "bdid": f.BDID} {
		if fact.Known() {
			k[name] = fmt.Sprintf("%x %s", fact.Value, fact.Source)
		}
	}
	if f.ECID.Known() {
		k["ecid"] = fmt.Sprintf("%x %s", f.ECID.Value, f.ECID.Source)
	}
	if f.InstalledRange.Known() {
		k["range"] = f.InstalledRange.Value.String() + " " + string(f.InstalledRange.Source)
	}
	if f.Mode.Known() {
		k["mode"] = string(f.Mode.Value) + " " + string(f.Mode.Source)
	}
	return k
}

// with is k and what differs from it; "" takes a fact away.
func (k known) with(other known) known {
	merged := maps.Clone(k)
	maps.Copy(merged, other)
	maps.DeleteFunc(merged, func(_, v string) bool { return v == "" })
	return merged
}

// Identifiers of the fixtures, all invented.
const (
	udid40  = "00112233445566778899aabbccddeeff00112233 lockdown"
	udidB   = "33221100ffeeddccbbaa99887766554433221100 lockdown"
	udidA12 = "00008101-000A1B2C3D4E5F60 lockdown"
	serial  = "F2LTEST00001"
	ecid    = "a1b2c3d4e5f"
	nonce   = "000102030405060708090a0b0c0d0e0f10111213"
)

// iPhone6 is the phone of most fixtures.
var iPhone6 = known{
	"mode": "normal lockdown", "type": "iPhone7,2 lockdown", "name": "iPhone 6 catalog", "board": "N61AP lockdown",
	"version": "9.1 lockdown", "build": "13B143 lockdown", "udid": udid40, "ecid": "a1b087421e5 lockdown",
	"cpid": "7000 lockdown", "bdid": "6 lockdown", "called": "测试 lockdown",
}

// iBoot6 is what the boot ROM of an iPhone 6 tells.
var iBoot6 = known{
	"mode": "dfu iboot", "type": "iPhone7,2 catalog", "name": "iPhone 6 catalog", "board": "n61ap catalog",
	"cpid": "7000 iboot", "bdid": "6 iboot", "ecid": ecid + " iboot",
}

// bare is a phone in normal mode of which the dump tells but the model and release.
func bare(productType, name, board, version, build string) known {
	k := known{"mode": "normal lockdown", "type": productType + " lockdown", "name": name + " catalog", "version": version + " lockdown"}
	return k.with(known{"board": board, "build": build})
}

// Every form of dump, and every oddity seen in dumps that people posted.
func TestReadDump(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file string
		want []known
	}{
		{"ideviceinfo.txt", []known{iPhone6.with(known{"serial": serial + " lockdown", "called": "测试 “Workshop” phone: 6 lockdown"})}},
		{"ideviceinfo-masked.txt", []known{bare("iPhone9,2", "iPhone 7 Plus (CDMA)", "D11AP lockdown", "13.5.1", "17F80 lockdown").with(
			known{"cpid": "8010 lockdown", "bdid": "a lockdown", "called": "iPhone lockdown"})}},
		{"ideviceinfo-link-in-base64.txt", []known{bare("iPhone10,2", "iPhone 8 Plus (CDMA)", "D21AP lockdown", "11.4", "15F79 lockdown").with(
			known{"udid": udid40})}},
		{"ideviceinfo-cut.txt", []known{bare("iPad6,4", "iPad Pro (9.7-inch) Wi-Fi + Cellular", "j128ap catalog", "9.3", "")}},
		{"ideviceinfo-one-line.txt", []known{bare("iPhone8,2", "iPhone 6s Plus", "", "11.4", "")}},
		{"ideviceinfo-rtf.txt", []known{bare("iPhone5,2", "iPhone 5 (CDMA)", "n42ap catalog", "9.1", "13B143 lockdown")}},
		{"ideviceinfo-two-phones.txt", []known{
			bare("iPhone7,2", "iPhone 6", "n61ap catalog", "9.1", "").with(known{"udid": udid40, "called": "first lockdown"}),
			bare("iPhone8,1", "iPhone 6s", "", "9.2", "").with(known{"udid": udidB, "called": "second lockdown"}),
		}},
		{"ideviceinfo-build-only.txt", []known{{
			"mode": "normal lockdown", "type": "iPhone8,1 catalog", "name": "iPhone 6s catalog", "board": "n71map lockdown",
			"version": "9.2.1 catalog", "build": "13D20 lockdown"}}},
		{"ideviceinfo-iboot.txt", []known{iPhone6.with(known{ // neither version nor build
			"version": "", "build": "", "udid": "", "ecid": "a1b087421e5 lockdown", "bdid": "", "called": "",
			"iboot": "iBoot-4513.270.14 lockdown", "range": "12.3.1 to 12.5.8 iboot"})}},
		{"ideviceinfo-security-response.txt", []known{
			bare("iPhone14,5", "iPhone 13", "d17ap catalog", "16.5.1 (c)", "20F770750d lockdown")}},
		{"ideviceinfo-nonsense.txt", []known{{
			"mode": "normal lockdown", "type": "iPhone7,2 lockdown", "name": "iPhone 6 catalog", "board": "n61ap catalog",
			"ecid": "ffffffffffffffff lockdown"}}},
		{"device-list.txt", []known{bare("iPhone12,8", "iPhone SE (2nd generation)", "d79ap catalog", "15.3.1", "19D52 lockdown").with(
			known{"udid": udidA12, "cpid": "8030 lockdown"})}},
		{"labels.txt", []known{bare("iPhone6,2", "iPhone 5s (CDMA)", "N53AP lockdown", "12.5.8", "").with(
			known{"cpid": "8960 lockdown", "ecid": ecid + " lockdown", "called": "test lockdown"})}},
		{"labels-mixed.txt", []known{bare("iPad5,3", "iPad Air 2 Wi-Fi", "j81ap lockdown", "15.8.8", "19H422 lockdown")}},
		{"table.txt", []known{bare("iPhone7,1", "iPhone 6 Plus", "n56ap catalog", "9.2.1", "13D20 lockdown")}},
		{"python.txt", []known{bare("iPhone10,3", "iPhone X (CDMA)", "d22ap catalog", "13.3", "17C54 lockdown").with(
			known{"udid": udid40, "ecid": "a1b087421e5 lockdown", "cpid": "8015 lockdown", "bdid": "6 lockdown", "called": "O'Test lockdown"})}},
		{"ruby.txt", []known{bare("iPhone8,4", "iPhone SE (1st generation)", "N69uAP lockdown", "15.2", "19C56 lockdown").with(
			known{"ecid": "a1b087421e5 lockdown"})}},
		{"json-masked.txt", []known{bare("iPhone12,1", "iPhone 11", "n104ap catalog", "13.7", "17H35 lockdown").with(
			known{"called": "Tést lockdown"})}},

		{"ideviceinfo-x.plist", []known{iPhone6}},
		{"ideviceinfo-x-binary.plist", []known{iPhone6}},
		{"ideviceinfo-x-two-phones.plist", []known{iPhone6, iPhone6.with(known{
			"type": "iPhone8,1 lockdown", "name": "iPhone 6s catalog", "board": "N71AP lockdown", "udid": udidB,
			"cpid": "8000 lockdown", "bdid": "4 lockdown", "called": "second lockdown"})}},
		{"getvalue.plist", []known{iPhone6}},
		{"restored.plist", []known{{
			"mode": "restore restored", "type": "iPhone6,2 catalog", "name": "iPhone 5s (CDMA) catalog", "board": "N53AP restored",
			"serial": serial + " restored", "ecid": "fffffffffffffffe restored", "cpid": "8960 restored", "bdid": "2 restored"}}},
		{"wrong-types.plist", []known{{
			"mode": "normal lockdown", "type": "iPhone7,2 lockdown", "name": "iPhone 6 catalog", "board": "n61ap catalog"}}},

		{"go-ios-info.json", []known{bare("iPhone13,2", "iPhone 12", "D53gAP lockdown", "18.4.1", "22E252 lockdown").with(known{
			"udid": udidA12, "ecid": "a1b2c3d4e5f60 lockdown", "cpid": "8101 lockdown", "bdid": "c lockdown",
			"serial": "TESTTEST01 lockdown", "called": "Tést’s iPhone lockdown"})}},
		{"go-ios-by-udid.json", []known{
			bare("iPhone13,2", "iPhone 12", "d53gap catalog", "18.4.1", "22E252 lockdown").with(known{"udid": udidA12}),
			bare("iPhone8,4", "iPhone SE (1st generation)", "N69AP lockdown", "14.3", "18C66 lockdown").with(known{"udid": udid40}),
			{"mode": "normal lockdown", "type": "Watch6,1 lockdown", "version": "9.1 lockdown"}, // and an error
		}},
		{"go-ios-lines.json", []known{ // two phones that cannot be told apart stay two
			bare("iPhone7,2", "iPhone 6", "n61ap catalog", "9.1", ""),
			bare("iPhone7,2", "iPhone 6", "n61ap catalog", "9.1", ""),
		}},
		{"pymobiledevice3-usbmux-list.json", []known{ // one iPad, over USB and over the network
			bare("iPad5,2", "iPad mini 4 Wi-Fi + Cellular", "j97ap catalog", "15.8.8", "19H422 lockdown").with(
				known{"udid": udid40, "called": "test lockdown"})}},
		{"idb-describe.json", []known{bare("iPhone13,2", "iPhone 12", "d53gap catalog", "18.4.1", "22E252 lockdown").with(known{"udid": udidA12})}},
		{"rsd.json", []known{bare("iPhone11,6", "iPhone XS Max", "D331pAP lockdown", "17.0.3", "21A360 lockdown").with(known{
			"udid": "00008020-000A1B2C3D4E5F60 lockdown", "ecid": "a1b2c3d4e5f60 lockdown", "serial": "TESTTEST0001 lockdown",
			"cpid": "8020 lockdown", "bdid": "1a lockdown"})}},

		{"irecovery-recovery.txt", []known{{
			"mode": "recovery usb", "type": "iPhone8,4 catalog", "name": "iPhone SE (1st generation) catalog", "board": "n69ap catalog",
			"cpid": "8003 iboot", "bdid": "2 iboot", "ecid": ecid + " iboot", "serial": serial + " iboot",
			"nonc": nonce + " iboot", "snon": nonce + " iboot"}}},
		{"irecovery-iboot.txt", []known{iBoot6.with(known{ // as forks print it
			"mode": "recovery usb", "serial": serial + " iboot", "nonc": nonce + " iboot",
			"iboot": "iBoot-2817.1.94~1 iboot", "range": "9.0 to 9.2.1 iboot"})}},
		{"irecovery-iboot-dfu.txt", []known{iBoot6.with(known{"mode": "dfu usb"})}}, // no iBoot of the phone
		{"irecovery-dfu.txt", []known{{
			"mode": "dfu usb", "type": "iPhone10,1 catalog", "name": "iPhone 8 (CDMA) catalog", "board": "d20ap catalog",
			"cpid": "8015 iboot", "bdid": "2 iboot"}}},
		{"irecovery-short.txt", []known{{
			"mode": "dfu usb", "type": "iPhone14,5 iboot", "name": "iPhone 13 catalog", "board": "d17ap iboot", "cpid": "8110 iboot"}}},
		{"irecovery-newer-than-catalog.txt", []known{{
			"mode": "recovery usb", "type": "iPhone99,9 iboot", "board": "v999ap iboot",
			"cpid": "9999 iboot", "bdid": "2 iboot", "serial": "TESTTEST01 iboot"}}},

		{"iboot.txt", []known{iBoot6}},
		{"iboot-homepod.txt", []known{{"mode": "dfu iboot", "cpid": "7000 iboot", "bdid": "38 iboot", "ecid": ecid + " iboot"}}},
		{"iboot-twice.txt", []known{iBoot6}},
		{"iboot-console.txt", []known{{
			"mode": "recovery iboot", "type": "iPhone10,6 catalog", "name": "iPhone X (GSM) catalog", "board": "d221ap catalog",
			"cpid": "8015 iboot", "bdid": "e iboot"}}},
		{"iboot-lsusb.txt", []known{{
			"mode": "dfu iboot", "type": "iPhone14,5 catalog", "name": "iPhone 13 catalog", "board": "d17ap catalog",
			"cpid": "8110 iboot", "bdid": "a iboot"}}},
		{"iboot-dmesg.txt", []known{{
			"mode": "recovery iboot", "type": "iPhone9,1 catalog", "name": "iPhone 7 (CDMA) catalog", "board": "d10ap catalog",
			"cpid": "8010 iboot", "bdid": "8 iboot", "ecid": ecid + " iboot", "serial": serial + " iboot"}}},
		{"iboot-windows.txt", []known{{
			"mode": "recovery iboot", "type": "iPhone10,5 catalog", "name": "iPhone 8 Plus (GSM) catalog", "board": "d211ap catalog",
			"cpid": "8015 iboot", "bdid": "c iboot", "ecid": ecid + " iboot", "serial": serial + " iboot"}}},
		{"iboot-two-lines.txt", []known{{
			"mode": "dfu iboot", "type": "iPad1,1 catalog", "name": "iPad catalog", "board": "k48ap catalog",
			"cpid": "8930 iboot", "bdid": "2 iboot", "ecid": ecid + " iboot"}}},
		{"iboot-ibss.txt", []known{{
			"mode": "recovery default", "type": "iPhone6,2 catalog", "name": "iPhone 5s (CDMA) catalog", "board": "n53ap catalog",
			"cpid": "8960 iboot", "bdid": "2 iboot", "ecid": ecid + " iboot"}}},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			readings, err := inspect.ReadDump(fixture(t, tt.file))
			require.NoError(t, err)
			var got []known
			for _, r := range readings {
				got = append(got, knownOf(r.Facts))
				assertReasons(t, r.Facts)
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

// A fact has a source or a reason, never both, and a reason fits a line.
func assertReasons(t *testing.T, f diag.Facts) {
	t.Helper()
	reasons := []string{}
	for _, fact := range []diag.Fact[string]{
		f.ProductType, f.MarketingName, f.HardwareModel, f.InstalledVersion, f.InstalledBuild, f.UDID, f.SerialNumber, f.DeviceName,
		f.IBoot, f.APNonce, f.SEPNonce, {Value: f.InstalledRange.Value.Lowest, Source: f.InstalledRange.Source, Reason: f.InstalledRange.Reason},
	} {
		assert.Equal(t, fact.Known(), fact.Reason == "", fact)
		reasons = append(reasons, fact.Reason)
	}
	for _, fact := range []diag.Fact[uint32]{f.CPID, f.BDID} {
		assert.Equal(t, fact.Known(), fact.Reason == "", fact)
		reasons = append(reasons, fact.Reason)
	}
	for _, reason := range append(reasons, f.ECID.Reason, f.Mode.Reason) {
		assert.NotContains(t, reason, "\n")
		assert.LessOrEqual(t, len(reason), 200)
	}
}

// One phone that cannot be used does not take the others with it.
func TestReadDumpOneOfSeveralRefused(t *testing.T) {
	t.Parallel()
	readings, err := inspect.ReadDump(fixture(t, "go-ios-by-udid.json"))
	require.NoError(t, err)
	require.Len(t, readings, 3)
	assert.NoError(t, readings[0].Err)
	assert.NoError(t, readings[1].Err)
	assert.ErrorIs(t, readings[2].Err, inspect.ErrOtherDevice)
	assert.ErrorContains(t, readings[2].Err, "an Apple Watch (Watch6,1)")
}

func TestReadDumpRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file string
		want error
		says string
	}{
		{"refused-watch.txt", inspect.ErrOtherDevice, "an Apple Watch (Watch6,1)"},
		{"refused-appletv.json", inspect.ErrOtherDevice, "an Apple TV (AppleTV5,3)"},
		{"refused-mac.txt", inspect.ErrOtherDevice, "a Mac (MacBookPro16,3)"},
		{"refused-ios1.txt", inspect.ErrNoProductType, "lockdownd did not give it"},
		{"refused-chip-alone.txt", inspect.ErrNoProductType, "a chip id without a board id"},
		{"refused-typed-by-hand.txt", inspect.ErrNoProductType, `"iphone 4", which is not a product type`},
		{"usbmux-list.plist", inspect.ErrNoProductType, "lockdownd did not give it"},
		{"refused-restore.log", inspect.ErrNotADump, "neither lockdown values nor an iBoot string"},
		{"refused-prose.txt", inspect.ErrNotADump, "neither"},
		{"refused-serial-in-bad-state.txt", inspect.ErrNotADump, "neither"},
		{"refused-mobilegestalt.plist", inspect.ErrNotADump, "without lockdown values"},
		{"refused-cut.plist", inspect.ErrNotADump, "malformed"},
		{"refused-no-values.json", inspect.ErrNotADump, "without lockdown values"},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			readings, err := inspect.ReadDump(fixture(t, tt.file))
			require.ErrorIs(t, err, tt.want)
			assert.ErrorContains(t, err, tt.says)
			assert.Empty(t, readings)
		})
	}
}

// Every fixture is in one of the tables above.
func TestFixturesAreUsed(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("dump_test.go")
	require.NoError(t, err)
	for _, name := range fixtures(t) {
		assert.Contains(t, string(source), `"`+name+`"`)
	}
}

func TestReadDumpByProductType(t *testing.T) {
	t.Parallel()
	tests := []struct {
		productType string
		want        error
		says        string
	}{
		{"iPhone7,2", nil, ""},
		{"iPad4,7", nil, ""},
		{"iPod7,1", nil, ""},
		{"iPhone99,9", nil, ""}, // newer than the catalog
		{"Watch3,4", inspect.ErrOtherDevice, "an Apple Watch"},
		{"AppleTV11,1", inspect.ErrOtherDevice, "an Apple TV"},
		{"AudioAccessory1,1", inspect.ErrOtherDevice, "a HomePod"},
		{"RealityDevice14,1", inspect.ErrOtherDevice, "an Apple Vision"},
		{"iBridge2,1", inspect.ErrOtherDevice, "the T2 chip of a Mac"},
		{"iMac21,1", inspect.ErrOtherDevice, "a Mac"},
		{"Mac15,3", inspect.ErrOtherDevice, "a Mac"},
		{"Toaster1,1", inspect.ErrOtherDevice, "an unknown device"},
		{"iphone", inspect.ErrNoProductType, `"iphone"`},
		{"iPhone7,2 ", nil, ""},
		{"iPhone\x1b[31m7,2", inspect.ErrNoProductType, `"iPhone\x1b[31m7,2"`},
		{strings.Repeat("a", 99), inspect.ErrNoProductType, strings.Repeat("a", 40) + "…"},
		{"-", inspect.ErrNoProductType, "-"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%q", tt.productType), func(t *testing.T) {
			readings, err := inspect.ReadDump([]byte("DeviceClass: x\nProductType: " + tt.productType + "\n"))
			if tt.want == nil {
				require.NoError(t, err)
				require.Len(t, readings, 1)
				return
			}
			require.ErrorIs(t, err, tt.want)
			assert.ErrorContains(t, err, tt.says)
		})
	}
}

// The same text in the encodings and line ends of other systems.
func TestReadDumpEncodings(t *testing.T) {
	t.Parallel()
	text := fixture(t, "ideviceinfo.txt")
	want, err := inspect.ReadDump(text)
	require.NoError(t, err)
	windows := bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))
	tests := []struct {
		name string
		data []byte
	}{
		{"Windows line ends", windows},
		{"UTF-8 with a byte order mark", append([]byte("\uFEFF"), text...)},
		{"UTF-16 as PowerShell writes it", utf16Of(windows, binary.LittleEndian)},
		{"UTF-16, big-endian", utf16Of(text, binary.BigEndian)},
		{"blank lines around", append(append([]byte("\n\n"), text...), "\n\n"...)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := inspect.ReadDump(tt.data)
			require.NoError(t, err)
			assert.Equal(t, want, got)
		})
	}
	t.Run("XML in UTF-16", func(t *testing.T) {
		got, err := inspect.ReadDump(utf16Of(fixture(t, "ideviceinfo-x.plist"), binary.LittleEndian))
		require.NoError(t, err)
		require.Len(t, got, 1)
		assert.Equal(t, iPhone6, knownOf(got[0].Facts))
	})
}

func utf16Of(text []byte, order binary.AppendByteOrder) []byte {
	data := order.AppendUint16(nil, 0xFEFF)
	for _, unit := range utf16.Encode([]rune(string(text))) {
		data = order.AppendUint16(data, unit)
	}
	return data
}

func TestReadDumpLimits(t *testing.T) {
	t.Parallel()
	line := "ProductType: iPhone7,2\n"
	tests := []struct {
		name, in, says string
	}{
		{"empty", "", "it is empty"},
		{"blanks", " \r\n\t", "it is empty"},
		{"byte order mark alone", "\xff\xfe", "it is empty"},
		{"too large", strings.Repeat(" ", inspect.MaxDumpSize+1), "larger than 1048576 bytes"},
		{"too many phones as text", strings.Repeat(line, 2000), "more than 1000 phones"},
		{"too many phones as JSON", strings.Repeat(`{"ProductType":"iPhone7,2"}`, 2000), "more than 1000 phones"},
		{"too many iBoot strings", strings.Repeat("CPID:7000 BDID:06 ECID:X\n", 2000), "more than 1000 phones"},
		{"nested beyond reason", strings.Repeat("[", 300_000), "neither"},
		{"values too deep to be looked for", strings.Repeat("[", 70) + `{"ProductType":"iPhone7,2"}` + strings.Repeat("]", 70), "without"},
		{"one long line", strings.Repeat("CPID:7000 BDID:06 ", 50_000), "neither"},
		{"bytes of no encoding", "ProductType\xff\xfe\x00 iPhone7,2", "neither"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := inspect.ReadDump([]byte(tt.in))
			require.ErrorIs(t, err, inspect.ErrNotADump)
			assert.ErrorContains(t, err, tt.says)
		})
	}
	readings, err := inspect.ReadDump([]byte(strings.Repeat(line, 1000)))
	require.NoError(t, err)
	assert.Len(t, readings, 1000, "the largest bench there may be")
}

// A name that its owner chose cannot pass for another value of the phone.
func TestReadDumpHostileName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"CPID:8010 BDID:08 SRTG:[iBoot-1]", "ProductType: iPhone9,1", `{"ProductType":"iPhone9,1"}`, "<?xml", "{", "[", `\`, "|", "'", `"`,
	} {
		t.Run(name, func(t *testing.T) {
			readings, err := inspect.ReadDump([]byte("DeviceName: " + name + "\nProductType: iPhone7,2\nProductVersion: 9.1\n"))
			require.NoError(t, err)
			require.Len(t, readings, 1)
			assert.Equal(t, "iPhone7,2", readings[0].Facts.ProductType.Value)
			assert.Equal(t, "9.1", readings[0].Facts.InstalledVersion.Value)
		})
	}
}

// fixture reads a file of testdata.
func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return data
}

// fixtures lists the dumps in testdata.
func fixtures(t testing.TB) []string {
	t.Helper()
	entries, err := os.ReadDir("testdata")
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

func FuzzReadDump(f *testing.F) {
	for _, name := range fixtures(f) {
		f.Add(fixture(f, name))
	}
	f.Add(utf16Of(fixture(f, "ideviceinfo.txt"), binary.LittleEndian))
	f.Fuzz(func(t *testing.T, data []byte) {
		readings, err := inspect.ReadDump(data)
		if err != nil {
			require.Empty(t, readings)
			requireRefusal(t, err)
			return
		}
		require.NotEmpty(t, readings)
		for _, r := range readings {
			if r.Err != nil {
				requireRefusal(t, r.Err)
			} else if !r.Facts.ProductType.Known() {
				require.True(t, r.Facts.CPID.Known() && r.Facts.BDID.Known())
			}
			assertReasons(t, r.Facts)
		}
		again, err := inspect.ReadDump(data)
		require.NoError(t, err)
		require.Equal(t, readings, again, "the same dump gives the same readings")
	})
}

// requireRefusal checks that an error is one of those that commands have hints for.
func requireRefusal(t *testing.T, err error) {
	t.Helper()
	typed := slices.ContainsFunc(
		[]error{inspect.ErrNotADump, inspect.ErrNoProductType, inspect.ErrOtherDevice},
		func(refusal error) bool { return errors.Is(err, refusal) })
	require.True(t, typed, err)
}
