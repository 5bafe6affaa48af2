package firmware_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/firmware"
)

var usb = []diag.Way{diag.ComputerUpdate, diag.ComputerRestore}

// The lists as they stand in a file, and what they say of one model.
func TestImage(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file         string
		release      string
		productTypes []string
		identities   int
		productType  string // the one asked about
		fdr, fdrSaid bool
	}{
		{"iphone6-13D15.plist", "9.2.1 (13D15)", []string{"iPhone7,2"}, 2, "iPhone7,2", true, true},
		{"iphone6-13D20.plist", "9.2.1 (13D20)", []string{"iPhone7,2"}, 2, "iPhone7,2", true, true},
		{"iphone6-13D20-Restore.plist", "9.2.1 (13D20)", []string{"iPhone7,2"}, 0, "iPhone7,2", false, false},
		{"iphone6s-13D15.plist", "9.2.1 (13D15)", []string{"iPhone8,1"}, 4, "iPhone8,1", true, true},
		{"iphone5s-13D15.plist", "9.2.1 (13D15)", []string{"iPhone6,1", "iPhone6,2"}, 4, "iPhone6,2", false, true},
		{"iphone6-16H88.plist", "12.5.8 (16H88)", []string{"iPhone7,1", "iPhone7,2"}, 4, "iPhone7,2", true, true},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			t.Parallel()
			image, err := firmware.Open("testdata/" + test.file)
			require.NoError(t, err)
			assert.Equal(t, test.file, image.Name)
			assert.Equal(t, test.release, image.Release.String())
			assert.Equal(t, test.productTypes, image.ProductTypes)
			assert.Len(t, image.Identities, test.identities)
			assert.True(t, image.Supports(test.productType))
			assert.False(t, image.Supports("iPhone10,6"))
			fdr, said := image.FDRSupport(test.productType)
			assert.Equal(t, test.fdr, fdr)
			assert.Equal(t, test.fdrSaid, said)
			assert.Equal(t, usb, image.Ways(test.productType))
		})
	}
}

func yes(b bool) *bool { return &b }

// Of an image for several models, only the identities of the model's own boards count.
func TestImageOfSeveralModels(t *testing.T) {
	t.Parallel()
	image := firmware.Image{
		ProductTypes: []string{"iPhone7,1", "iPhone7,2", "iPhone99,1"},
		Identities: []firmware.Identity{
			{Board: "n56ap", Behavior: "Erase", FDRSupport: yes(false)},
			{Board: "N61AP", Behavior: "Update", FDRSupport: yes(true)},
			{Board: "n61ap", Behavior: "Update", FDRSupport: yes(true)},
		},
	}
	tests := []struct {
		productType string
		ways        []diag.Way
		fdr, said   bool
	}{
		{"iPhone7,1", []diag.Way{diag.ComputerRestore}, false, true},
		{"iPhone7,2", []diag.Way{diag.ComputerUpdate}, true, true},
		{"iPhone99,1", usb, false, false}, // boards that nobody knows yet: all of them, which differ
	}
	for _, test := range tests {
		t.Run(test.productType, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.ways, image.Ways(test.productType))
			fdr, said := image.FDRSupport(test.productType)
			assert.Equal(t, test.fdr, fdr)
			assert.Equal(t, test.said, said)
		})
	}
}

// How an image is installed stands in the behavior, or else in the variant.
func TestImageWays(t *testing.T) {
	t.Parallel()
	erase, update := []diag.Way{diag.ComputerRestore}, []diag.Way{diag.ComputerUpdate}
	tests := []struct {
		name              string
		behavior, variant string
		want              []diag.Way
	}{
		{"erase", "Erase", "", erase},
		{"update", "Update", "", update},
		{"a variant that erases", "", "Customer Erase Install (IPSW)", erase},
		{"a variant that upgrades", "", "Customer Upgrade Install (IPSW)", update},
		{"a developer's", "", "Developer Erase Install (IPSW)", erase},
		{"the behavior decides", "Update", "Customer Erase Install (IPSW)", update},
		{"nothing said", "", "", usb},
		{"another behavior", "Wash", "", usb},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			image := firmware.Image{Identities: []firmware.Identity{{Board: "n61ap", Behavior: test.behavior, Variant: test.variant}}}
			assert.Equal(t, test.want, image.Ways("iPhone7,2"))
		})
	}
	assert.Equal(t, usb, firmware.Image{}.Ways("iPhone7,2"), "a Restore.plist does not say")
	_, said := firmware.Image{Identities: []firmware.Identity{{FDRSupport: yes(true)}, {}}}.FDRSupport("iPhone7,2")
	assert.False(t, said, "not said by each")
}
