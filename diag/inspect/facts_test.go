package inspect

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/usbmux/plist"
	"error53/usbmux/usb"
)

// What a phone did not tell, or told in a way that is not understood, is not
// known, and the reason says which of the two.
func TestLockdownFactsReasons(t *testing.T) {
	t.Parallel()
	version := func(f diag.Facts) diag.Fact[string] { return f.InstalledVersion }
	tests := []struct {
		name   string
		values plist.Dict
		fact   func(diag.Facts) diag.Fact[string]
		want   string
	}{
		{"absent", plist.Dict{}, version, "lockdownd did not give it"},
		{"empty", plist.Dict{"ProductVersion": ""}, version, "lockdownd did not give it"},
		{"null", plist.Dict{"ProductVersion": nil}, version, "lockdownd did not give it"},
		{"a number", plist.Dict{"ProductVersion": 9.1}, version, "lockdownd gave it in a form that is no text"},
		{"bytes", plist.Dict{"ProductVersion": []byte("9.1")}, version, "lockdownd gave it in a form that is no text"},
		{"a dictionary", plist.Dict{"ProductVersion": plist.Dict{}}, version, "lockdownd gave it in a form that is no text"},
		{"no version", plist.Dict{"ProductVersion": "abc"}, version, `lockdownd gave "abc", which is not an iOS version`},
		{"control characters", plist.Dict{"ProductVersion": "9.1\x1b[2J\u202e"}, version,
			`lockdownd gave "9.1\x1b[2J\u202e", which is not an iOS version`},
		{"long", plist.Dict{"ProductVersion": strings.Repeat("9", 1000)}, version,
			`lockdownd gave "` + strings.Repeat("9", 40) + `…", which is not an iOS version`},
		{"no build", plist.Dict{"BuildVersion": "13-D20"}, func(f diag.Facts) diag.Fact[string] { return f.InstalledBuild },
			`lockdownd gave "13-D20", which is not a build number`},
		{"no product type", plist.Dict{"ProductType": "iPhone"}, func(f diag.Facts) diag.Fact[string] { return f.ProductType },
			`lockdownd gave "iPhone", which is not a product type`},
		{"no board", plist.Dict{"HardwareModel": "N61 AP"}, func(f diag.Facts) diag.Fact[string] { return f.HardwareModel },
			`lockdownd gave "N61 AP", which is not a board name`},
		{"an identifier is not quoted", plist.Dict{"UniqueDeviceID": "0011…2233"}, func(f diag.Facts) diag.Fact[string] { return f.UDID },
			"lockdownd gave something that is not a UDID"},
		{"UDID of restore mode", plist.Dict{"UniqueDeviceID": strings.Repeat("f", 40)}, func(f diag.Facts) diag.Fact[string] { return f.UDID },
			"lockdownd gave something that is not a UDID"},
		{"masked serial", plist.Dict{"SerialNumber": "XXXXXXXXXXXX"}, func(f diag.Facts) diag.Fact[string] { return f.SerialNumber },
			"lockdownd gave something that is not a serial number"},
		{"unknown model", plist.Dict{}, func(f diag.Facts) diag.Fact[string] { return f.MarketingName }, "the model is not known"},
		{"newer than the catalog", plist.Dict{"ProductType": "iPhone99,9"}, func(f diag.Facts) diag.Fact[string] { return f.MarketingName },
			"iPhone99,9 is not in the catalog"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.fact(lockdownFacts(tt.values))
			assert.False(t, got.Known())
			assert.Equal(t, tt.want, got.Reason)
			assert.Empty(t, got.Value)
		})
	}
}

func TestLockdownFactsNumbers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		value any
		want  diag.Fact[uint64]
	}{
		{"as decoded", uint64(11111222223333), diag.Known(uint64(11111222223333), diag.FromLockdown)},
		{"negative, the upper half of 64 bits", int64(-2), diag.Known(uint64(math.MaxUint64-1), diag.FromLockdown)},
		{"largest", uint64(math.MaxUint64), diag.Known(uint64(math.MaxUint64), diag.FromLockdown)},
		{"zero", uint64(0), diag.NotKnown[uint64]("given as 0, which stands for none")},
		{"absent", nil, diag.NotKnown[uint64]("lockdownd did not give it")},
		{"text", "11111222223333", diag.NotKnown[uint64]("lockdownd gave it in a form that is no integer")},
		{"masked", "################", diag.NotKnown[uint64]("lockdownd gave it in a form that is no integer")},
		{"rounded", 1.1111222223333e+18, diag.NotKnown[uint64]("lockdownd gave it in a form that is no integer")},
		{"a list", []any{uint64(1)}, diag.NotKnown[uint64]("lockdownd gave it in a form that is no integer")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, lockdownFacts(plist.Dict{"UniqueChipID": tt.value}).ECID)
		})
	}
	f := lockdownFacts(plist.Dict{"ChipID": uint64(1) << 32, "BoardId": uint64(0)})
	assert.Equal(t, diag.NotKnown[uint32]("lockdownd gave a number that is too large"), f.CPID)
	assert.Equal(t, diag.Known(uint32(0), diag.FromLockdown), f.BDID, "board 0 is a board")
}

func TestLockdownFactsModel(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		values      plist.Dict
		productType diag.Fact[string]
		board       string
	}{
		{"product type", plist.Dict{"ProductType": "iPhone7,2"}, diag.Known("iPhone7,2", diag.FromLockdown), "n61ap"},
		{"board alone", plist.Dict{"HardwareModel": "N69uAP"}, diag.Known("iPhone8,4", diag.FromCatalog), "N69uAP"},
		{"board as the discovery service names it", plist.Dict{"HWModel": "D331pAP"}, diag.Known("iPhone11,6", diag.FromCatalog), "D331pAP"},
		{"chip and board id alone", plist.Dict{"ChipID": uint64(0x8003), "BoardId": uint64(4)}, diag.Known("iPhone8,1", diag.FromCatalog), "n71map"},
		{"product type and chip", plist.Dict{"ProductType": "iPhone8,1", "ChipID": uint64(0x8000)}, diag.Known("iPhone8,1", diag.FromLockdown), "n71ap"},
		{"two boards, no chip", plist.Dict{"ProductType": "iPhone8,1"}, diag.Known("iPhone8,1", diag.FromLockdown), ""},
		{"contradiction: as they stand", plist.Dict{"ProductType": "iPhone8,2", "HardwareModel": "N61AP"},
			diag.Known("iPhone8,2", diag.FromLockdown), "N61AP"},
		{"nonsense beside a board", plist.Dict{"ProductType": "iphone 4", "HardwareModel": "N61AP"}, diag.Known("iPhone7,2", diag.FromCatalog), "N61AP"},
		{"unknown chip", plist.Dict{"ChipID": uint64(0x7000), "BoardId": uint64(0)},
			diag.NotKnown[string]("chip 0x7000 on board 0x00 is not in the catalog"), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := lockdownFacts(tt.values)
			assert.Equal(t, tt.productType, f.ProductType)
			assert.Equal(t, tt.board, f.HardwareModel.Value)
			assert.Equal(t, diag.Known(diag.Normal, diag.FromLockdown), f.Mode)
		})
	}
}

func TestLockdownFactsRelease(t *testing.T) {
	t.Parallel()
	lockdown := func(s string) diag.Fact[string] { return diag.Known(s, diag.FromLockdown) }
	absent := diag.NotKnown[string]("lockdownd did not give it")
	tests := []struct {
		name           string
		values         plist.Dict
		version, build diag.Fact[string]
	}{
		{"both", plist.Dict{"ProductVersion": "9.2.1", "BuildVersion": "13D20"}, lockdown("9.2.1"), lockdown("13D20")},
		{"version alone", plist.Dict{"ProductVersion": "9.2.1"}, lockdown("9.2.1"), absent},
		{"build alone", plist.Dict{"BuildVersion": "13D20"}, diag.Known("9.2.1", diag.FromCatalog), lockdown("13D20")},
		{"build the model never had", plist.Dict{"BuildVersion": "22E252"}, absent, lockdown("22E252")},
		{"OSVersion", plist.Dict{"OSVersion": "12.4"}, lockdown("12.4"), absent},
		{"ProductVersion before OSVersion", plist.Dict{"OSVersion": "12.4", "ProductVersion": "12.3"}, lockdown("12.3"), absent},
		{
			"security response",
			plist.Dict{"ProductVersion": "16.5.1", "ProductVersionExtra": "(c)", "BuildVersion": "20F75", "SupplementalBuildVersion": "20F770750d"},
			lockdown("16.5.1 (c)"), lockdown("20F770750d"),
		},
		{
			"security response without its build",
			plist.Dict{"ProductVersion": "16.5.1", "ProductVersionExtra": "(c)", "BuildVersion": "20F75"},
			lockdown("16.5.1 (c)"), lockdown("20F75"),
		},
		{
			"the supplemental build of a release is its build",
			plist.Dict{"ProductVersion": "17.0.3", "BuildVersion": "21A360", "SupplementalBuildVersion": "21A999"},
			lockdown("17.0.3"), lockdown("21A360"),
		},
		{
			"an extra that is none",
			plist.Dict{"ProductVersion": "16.5.1", "ProductVersionExtra": "beta", "BuildVersion": "20F75", "SupplementalBuildVersion": "20F1"},
			lockdown("16.5.1"), lockdown("20F75"),
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.values["ProductType"] = "iPhone8,1"
			f := lockdownFacts(tt.values)
			assert.Equal(t, tt.version, f.InstalledVersion)
			assert.Equal(t, tt.build, f.InstalledBuild)
		})
	}
}

func TestRestoredFacts(t *testing.T) {
	t.Parallel()
	f := restoredFacts(plist.Dict{"HardwareModel": "N53AP", "SerialNumber": "F2LTEST00001"})
	assert.Equal(t, diag.Known(diag.Restore, diag.FromRestored), f.Mode)
	assert.Equal(t, diag.Known("iPhone6,2", diag.FromCatalog), f.ProductType)
	assert.Equal(t, diag.Known("F2LTEST00001", diag.FromRestored), f.SerialNumber)
	assert.Equal(t, "not readable in restore mode", f.InstalledVersion.Reason)
	assert.Equal(t, "restored did not give it", f.ECID.Reason)

	f = restoredFacts(plist.Dict{"HardwareModel": "X99AP", "ChipID": uint64(0x8000), "BoardID": uint64(6), "UniqueChipID": int64(-1)})
	assert.Equal(t, uint64(math.MaxUint64), f.ECID.Value)
	assert.Equal(t, diag.Known("iPhone8,2", diag.FromCatalog), f.ProductType, "by its chip, since no table has the board")
	assert.Equal(t, diag.Known("X99AP", diag.FromRestored), f.HardwareModel)
}

// What the bus says of the mode counts more than the string.
func TestIBootFactsMode(t *testing.T) {
	t.Parallel()
	const ids = "CPID:7000 BDID:06 ECID:00000A1B2C3D4E5F "
	tests := []struct {
		name, iboot string
		onBus       usb.Mode
		want        diag.Fact[diag.Mode]
	}{
		{"boot ROM", ids + "SRTG:[iBoot-1]", usb.Unknown, diag.Known(diag.DFU, diag.FromIBoot)},
		{"iBoot", ids + "SRNM:[F2LTEST00001]", usb.Unknown, diag.Known(diag.Recovery, diag.FromIBoot)},
		{"iBSS under the product id of DFU", ids, usb.DFU, diag.Known(diag.DFU, diag.FromUSB)},
		{"the bus says recovery", ids + "SRTG:[iBoot-1]", usb.Recovery, diag.Known(diag.Recovery, diag.FromUSB)},
		{"the bus says KIS", ids, usb.KIS, diag.Known(diag.KIS, diag.FromUSB)},
		{"nothing tells", ids, usb.Unknown, diag.Known(diag.Recovery, diag.FromDefault)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, err := usb.ParseIBoot(tt.iboot)
			require.NoError(t, err)
			f := ibootFacts(b, tt.onBus)
			assert.Equal(t, tt.want, f.Mode)
			assert.Equal(t, diag.Known("iPhone7,2", diag.FromCatalog), f.ProductType)
			assert.Equal(t, "iBoot does not tell the iOS version", f.InstalledVersion.Reason)
		})
	}
}

// The modes of usb are words of diag.
func TestModesAgree(t *testing.T) {
	t.Parallel()
	for _, mode := range []usb.Mode{usb.Normal, usb.Recovery, usb.DFU, usb.WTF, usb.PortDFU, usb.KIS} {
		assert.Contains(t, diag.Modes, diag.Mode(mode))
	}
}
