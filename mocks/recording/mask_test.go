package recording_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag/inspect"
	"error53/mocks"
	"error53/mocks/recording"
	"error53/usbmux/plist"
	"error53/usbmux/usb"
)

// chance is the same in every run.
func chance() *rand.ChaCha8 { return rand.NewChaCha8([32]byte{53}) }

// real has identifiers that look like those of a phone out of a shop, all of them made up.
var realIdentifiers = map[string]any{
	"UniqueChipID":                          uint64(0x000A1B2C3D4E5F60),
	"DieID":                                 uint64(0x000A1B2C3D4E5F60),
	"SerialNumber":                          "DNPQ40AAG5MR",
	"MLBSerialNumber":                       "C0752960BKJFQJV12",
	"InternationalMobileEquipmentIdentity":  "352066061234563",
	"MobileEquipmentIdentifier":             "35206606123456",
	"IntegratedCircuitCardIdentity":         "8944110064821337421",
	"InternationalMobileSubscriberIdentity": "262011234567890",
	"PhoneNumber":                           "+49 (171) 234-5678",
	"WiFiAddress":                           "a4:5e:60:c1:d2:e3",
	"BluetoothAddress":                      "a4:5e:60:c1:d2:e4",
	"DeviceName":                            "Karl-Heinz’ Telefon",
	"SomethingNew":                          "a4:5e:60:c1:d2:e3 and Karl-Heinz’ Telefon, DNPQ40AAG5MR",
	"NewToken":                              "dGhpcyBpcyBhIHNlY3JldCAxMjM=",
	"BootSessionID":                         "0E8D5A51-7D9C-4B5D-9A4B-1C2D3E4F5A6B",
	"UnknownBytes":                          []byte("\x01\xa4\x5e\x60\xc1\xd2\xe3\x00\x00\x60\x5f\x4e\x3d\x2c\x1b\x0a\x00"),
	"PkHash":                                []byte("\x9a\x01\x9b\x02\x9c\x03\x9d\x04\x9e\x05\x9f\x06\xa0\x07\xa1\x08"),
}

func realPhone(t testing.TB, productType, udid string) mocks.Phone {
	values := plist.Dict{"UniqueDeviceID": udid}
	for key, value := range realIdentifiers {
		values[key] = value
	}
	p := mocks.Profile{
		ProductType: productType, ECID: 0x000A1B2C3D4E5F60, UDID: udid, Values: values, Name: "Karl-Heinz’ Telefon",
		Trust: mocks.Trust{State: mocks.Paired},
		Domains: map[string]plist.Dict{"com.apple.mobile.internal": {"SysCfgData": mocks.SysCfg(
			mocks.SysCfgEntry{Tag: "SrNm", Data: []byte("DNPQ40AAG5MR")},
			mocks.SysCfgEntry{Tag: "NSrN", Data: []byte("\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff\x01")},
			mocks.SysCfgEntry{Tag: "Long", Data: []byte("calibration that only this phone has 0815")},
		)}},
		MobileGestalt: plist.Dict{"MesaSerialNumber": []byte("\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff\x01")},
		IORegistry: map[string]plist.Dict{"AppleMesaSEPDriver": {
			"IOPropertySerial": "DNPQ40AAG5MR", "calibration-blob": []byte("0123456789abcdef-unique"), "IOMatchCategory": "AppleMesa",
		}},
	}
	return virtual(t, p)
}

// Nothing by which the phone could be known is left, in any spelling; all else is.
func TestMask(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ productType, udid string }{
		{"iPhone7,2", "0b1c2d3e4f50617283940a1b2c3d4e5f60718293"},
		{"iPhone11,8", "00008020-000A1B2C3D4E5F60"},
	} {
		t.Run(c.productType, func(t *testing.T) {
			t.Parallel()
			plain, read := record(t, realPhone(t, c.productType, c.udid))
			assert.NotEmpty(t, recording.Check([]byte(written(t, plain))))
			masked, err := plain.Mask(chance())
			require.NoError(t, err)
			text := written(t, masked)
			assert.Empty(t, recording.Check([]byte(text)))
			for _, secret := range []string{
				c.udid, "0A1B2C3D4E5F60", "0a1b2c3d4e5f60", "2843900021366624", "DNPQ40AAG5MR", "C0752960BKJFQJV12", "352066061234563",
				"35206606123456", "8944110064821337421", "262011234567890", "(171)", "c1:d2:e3", "Karl", "Telefon", "dGhpcyBpcyBh",
				"0E8D5A51", "unique", "calibration that",
			} {
				assert.False(t, strings.Contains(text, secret), secret)
			}
			assert.Contains(t, text, "<string>a4:5e:60:53:53:")
			assert.Contains(t, text, "<string>352066065353")
			assert.Contains(t, text, " and F53")

			again, err := masked.Replay(t.Context())
			require.NoError(t, err)
			assert.Equal(t, read.Facts.SensorTrace, again.Facts.SensorTrace)
			assert.Equal(t, read.Facts.Session.Battery, again.Facts.Session.Battery)
			if len(c.udid) == 25 {
				ecid, _ := again.Device.ECID()
				assert.Equal(t, again.Facts.ECID.Value, ecid, "the ECID within the UDID is that of the phone")
			}
		})
	}
}

// The same chance gives the same file, another one others.
func TestMaskHangsOnChanceAlone(t *testing.T) {
	t.Parallel()
	plain, _ := record(t, realPhone(t, "iPhone7,2", "0b1c2d3e4f50617283940a1b2c3d4e5f60718293"))
	once, err := plain.Mask(chance())
	require.NoError(t, err)
	twice, err := plain.Mask(chance())
	require.NoError(t, err)
	assert.Equal(t, written(t, once), written(t, twice))
	another, err := plain.Mask(rand.NewChaCha8([32]byte{54}))
	require.NoError(t, err)
	assert.NotEqual(t, written(t, once), written(t, another))
}

// What is masked can be masked once more.
func TestMaskTwice(t *testing.T) {
	t.Parallel()
	for name, profile := range phones() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plain, read := record(t, virtual(t, profile))
			masked, err := plain.Mask(chance())
			require.NoError(t, err)
			masked, err = masked.Mask(chance())
			require.NoError(t, err)
			again, err := masked.Replay(t.Context())
			require.NoError(t, err)
			assert.Equal(t, read.Facts.ProductType, again.Facts.ProductType)
			assert.Equal(t, read.Facts.Session.Trust.Value, again.Facts.Session.Trust.Value)
			assert.Equal(t, read.Facts.SensorTrace, again.Facts.SensorTrace)
		})
	}
}

// No fixture of this repository holds an identifier that looks real.
func TestFixturesHoldNoIdentifiers(t *testing.T) {
	t.Parallel()
	looked := 0
	require.NoError(t, filepath.WalkDir("../..", func(path string, entry os.DirEntry, err error) error {
		if strings.HasSuffix(path, "record-check.txtar") {
			return nil // which is there to be found
		}
		inFixtures := strings.Contains(path, "testdata") || strings.Contains(path, "scenarios") || strings.Contains(path, "fixtures")
		if err != nil || entry.IsDir() || !inFixtures {
			return err
		}
		text, err := os.ReadFile(path)
		looked++
		for _, finding := range recording.Check(text) {
			t.Errorf("%s:%d: %s under %q", path, finding.Line, finding.Kind, finding.Key)
		}
		return err
	}))
	assert.Greater(t, looked, 50)
}

// A phone on the bus shows its identifiers in one string.
func TestMaskOfAnIBootString(t *testing.T) {
	t.Parallel()
	const serial = "SDOM:01 CPID:8015 CPRV:11 CPFM:03 SCEP:01 BDID:0E ECID:000A1B2C3D4E5F60 IBFL:3D SRNM:[DNPQ40AAG5MR] IMEI:[352066061234563]" +
		" NONC:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c SNON:0F1E2D3C4B5A69788796A5B4C3D2E1F00F1E2D3C"
	r := recording.Recording{Flows: []recording.Flow{recording.Shown(inspect.Phone{Raw: usb.Device{ProductID: 0x1281, Serial: serial}})}}
	masked, err := r.Mask(chance())
	require.NoError(t, err)
	got, _ := masked.Flows[0].Exchanges[0].Answer.String("SerialNumber")
	assert.Regexp(t, `^SDOM:01 CPID:8015 CPRV:11 CPFM:03 SCEP:01 BDID:0E ECID:0005353[0-9A-F]{9} IBFL:3D SRNM:\[F53[0-9A-Z]{9}\] IMEI:\[352066065353\d{3}\]`+
		` NONC:53535353[0-9a-f]{32} SNON:53535353[0-9A-F]{32}$`, got)
	assert.Empty(t, recording.Check([]byte(written(t, masked))))
}
