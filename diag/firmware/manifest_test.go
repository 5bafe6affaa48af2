package firmware_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag/firmware"
	"error53/usbmux/plist"
)

// xml writes a property list around the entries of a dictionary.
func xml(entries string) []byte {
	return fmt.Appendf(nil, `<plist version="1.0"><dict>%s</dict></plist>`, entries)
}

const (
	aRelease = "<key>ProductVersion</key><string>9.2.1</string><key>ProductBuildVersion</key><string>13D20</string>"
	aModel   = "<key>SupportedProductTypes</key><array><string>iPhone7,2</string></array>"
)

// A list that cannot be used says why, in a few words of ours.
func TestManifestRefused(t *testing.T) {
	t.Parallel()
	types := func(list string) []byte {
		return xml(aRelease + "<key>SupportedProductTypes</key><array>" + list + "</array>")
	}
	tests := []struct {
		name string
		data []byte
		want error
		says string
	}{
		{"of another kind", xml("<key>CFBundleName</key><string>x</string>"), firmware.ErrNotFirmware, "another kind"},
		{"not of a dictionary", []byte(`<plist version="1.0"><array/></plist>`), firmware.ErrDamaged, "not a whole property list"},
		{"no models", xml(aRelease), firmware.ErrIncomplete, "no SupportedProductTypes"},
		{"models of another type", xml(aRelease + "<key>SupportedProductTypes</key><string>iPhone7,2</string>"), firmware.ErrIncomplete, "no SupportedProductTypes"},
		{"models that are none", types("<string>iPhone</string><string>7,2</string><string>iPhone7,2,3</string><integer>7</integer><string>i Phone7,2</string><string>iPhone7,2\u202e</string>"), firmware.ErrIncomplete, "no SupportedProductTypes"},
		{"no build", xml("<key>ProductVersion</key><string>9.2.1</string>" + aModel), firmware.ErrIncomplete, "no ProductBuildVersion"},
		{"no version", xml("<key>ProductBuildVersion</key><string>13D20</string>" + aModel), firmware.ErrIncomplete, "no ProductVersion"},
		{"a version that is none", xml(strings.Replace(aRelease, "9.2.1", "nine", 1) + aModel), firmware.ErrIncomplete, "no ProductVersion"},
		{"a build that is none", xml(strings.Replace(aRelease, "13D20", "D13", 1) + aModel), firmware.ErrIncomplete, "no ProductBuildVersion"},
		{"an Apple TV", types("<string>AppleTV5,3</string>"), firmware.ErrOtherDevice, "an Apple TV (AppleTV5,3)"},
		{"a Mac", types("<string>Mac14,2</string><string>MacBookPro18,1</string>"), firmware.ErrOtherDevice, "a Mac (Mac14,2)"},
		{"a HomePod", types("<string>AudioAccessory5,1</string>"), firmware.ErrOtherDevice, "a HomePod"},
		{"cut in the middle", list(t, "iphone6-13D15.plist")[:5000], firmware.ErrDamaged, "not a whole property list"},
		{"nested without end", []byte("<plist>" + strings.Repeat("<array>", 100)), firmware.ErrTooLarge, "nested too deep"},
		{"too many values elsewhere", xml(aRelease + aModel + "<key>x</key><array>" + strings.Repeat("<true/>", plist.MaxNodes) + "</array>"), firmware.ErrTooLarge, "too many values"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			image, err := read(test.data)
			require.ErrorIs(t, err, test.want)
			assert.Contains(t, err.Error(), test.says)
			assert.Less(t, len(err.Error()), 200)
			assert.Zero(t, image)
		})
	}
}

// A Watch's manifest is refused by its name, an image that is also for one of ours is
// not.
func TestManifestOfAWatch(t *testing.T) {
	t.Parallel()
	_, err := firmware.Open("testdata/watch-13S661.plist")
	require.ErrorIs(t, err, firmware.ErrOtherDevice)
	assert.EqualError(t, err, "firmware: not for an iPhone, iPad or iPod touch: it is for an Apple Watch (Watch1,1)")
	image, err := read(xml(aRelease + "<key>SupportedProductTypes</key><array><string>Watch1,1</string><string>iPad4,7</string></array>"))
	require.NoError(t, err)
	assert.Equal(t, []string{"Watch1,1", "iPad4,7"}, image.ProductTypes)
}

// What is odd in a list that can be used does no harm.
func TestManifestOdd(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		entries    string
		identities []firmware.Identity
	}{
		{"identities of another type", "<key>BuildIdentities</key><string>x</string>", nil},
		{"an identity of another type", "<key>BuildIdentities</key><array><string>x</string><dict/></array>", nil},
		{"an Info of another type", "<key>BuildIdentities</key><array><dict><key>Info</key><array/></dict></array>", nil},
		{"an empty Info", "<key>BuildIdentities</key><array><dict><key>Info</key><dict/></dict></array>", []firmware.Identity{{}}},
		{
			"values of other types",
			"<key>BuildIdentities</key><array><dict><key>Info</key><dict><key>DeviceClass</key><integer>1</integer><key>FDRSupport</key><string>yes</string></dict></dict></array>",
			[]firmware.Identity{{}},
		},
		{
			"a Manifest of another type",
			"<key>BuildIdentities</key><array><dict><key>Manifest</key><true/><key>Info</key><dict><key>DeviceClass</key><string>n61ap</string></dict></dict></array>",
			[]firmware.Identity{{Board: "n61ap"}},
		},
		{"the same model twice", "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			image, err := read(xml(aRelease + strings.Replace(aModel, "</array>", "<string>iPhone7,2</string></array>", 1) + test.entries))
			require.NoError(t, err)
			assert.Equal(t, []string{"iPhone7,2"}, image.ProductTypes)
			assert.Equal(t, test.identities, image.Identities)
		})
	}
}

// A list that somebody has turned into a binary one is the same.
func TestManifestInBinary(t *testing.T) {
	t.Parallel()
	want, err := read(list(t, "iphone6-13D15.plist"))
	require.NoError(t, err)
	value, err := plist.Decode(list(t, "iphone6-13D15.plist"))
	require.NoError(t, err)
	binary, err := plist.EncodeBinary(value)
	require.NoError(t, err)
	image, err := read(binary)
	require.NoError(t, err)
	assert.Equal(t, want, image)
}

// A manifest may be larger than any answer of a phone.
func TestManifestOfMegabytes(t *testing.T) {
	t.Parallel()
	data := largeManifest()
	require.Greater(t, len(data), 4*plist.MaxSize)
	image, err := read(data)
	require.NoError(t, err)
	assert.Len(t, image.Identities, 33)
}
