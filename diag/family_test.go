package diag_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"error53/diag"
)

func TestFamily(t *testing.T) {
	t.Parallel()
	tests := []struct {
		productType string
		name        string
		ours        bool
	}{
		{"iPhone7,2", "an iPhone", true},
		{"iPad14,11", "an iPad", true},
		{"iPod9,1", "an iPod touch", true},
		{"Watch1,1", "an Apple Watch", false},
		{"AppleTV5,3", "an Apple TV", false},
		{"AudioAccessory1,1", "a HomePod", false},
		{"RealityDevice14,1", "an Apple Vision", false},
		{"iBridge2,1", "the T2 chip of a Mac", false},
		{"Mac15,3", "a Mac", false},
		{"MacBookPro18,1", "a Mac", false},
		{"VirtualMac2,1", "a Mac", false},
		{"iFridge1,1", "an unknown device", false},
		{"", "an unknown device", false},
	}
	for _, test := range tests {
		t.Run(test.productType, func(t *testing.T) {
			t.Parallel()
			name, ours := diag.Family(test.productType)
			assert.Equal(t, test.name, name)
			assert.Equal(t, test.ours, ours)
		})
	}
	for _, d := range diag.Devices() {
		_, ours := diag.Family(d.ProductType)
		assert.True(t, ours, d.ProductType)
	}
}

func TestIsProductType(t *testing.T) {
	t.Parallel()
	for _, d := range diag.Devices() {
		assert.True(t, diag.IsProductType(d.ProductType), d.ProductType)
	}
	for _, text := range []string{"Watch1,1", "iPhone99,123", "xy1,1"} {
		assert.True(t, diag.IsProductType(text), text)
	}
	for _, text := range []string{
		"", ",", "7,2", "iPhone", "iPhone7", "iPhone7,", "iPhone,2", "iPhone7,2,1", "iPhone7, 2", "iPhone1234,1", "i7,2",
		"iPhone 7,2", "iPhone7,2\u202e", "\x1b[2J7,2", "averyveryverylongfamilyname1,1",
	} {
		assert.False(t, diag.IsProductType(text), text)
	}
}
