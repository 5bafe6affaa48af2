package main

import (
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/firmware"
)

// At any width from 40 columns on, no line of a plan is wider.
func TestPlanWidth(t *testing.T) {
	t.Parallel()
	for width := 40; width <= 120; width += 8 {
		s := piped()
		s.width = width
		code := execute(t.Context(), s.streams, strings.Fields("plan --product-type iPhone7,2 --ios 9.1 --target ../../diag/firmware/testdata/iphone6-13D15.plist"))
		require.Equal(t, exitOK, code, s.stderr.String())
		for line := range strings.Lines(s.stdout.String()) {
			assert.LessOrEqual(t, displaywidth.String(strings.TrimSuffix(line, "\n")), width, line)
		}
	}
}

// A cost of every way is told once, one of some ways with their names.
func TestPlanCosts(t *testing.T) {
	t.Parallel()
	option := func(way diag.Way, costs ...string) diag.Option {
		o := diag.Option{Way: way}
		for _, cost := range costs {
			o.Cost = append(o.Cost, diag.Advice{ID: cost, Text: cost})
		}
		return o
	}
	update, restore, ota := diag.ComputerUpdate, diag.ComputerRestore, diag.OTA
	tests := []struct {
		name    string
		options []diag.Option
		want    []string
	}{
		{"one way", []diag.Option{option(restore, "a", "b")}, []string{"a", "b"}},
		{"the same for both", []diag.Option{option(update, "a"), option(restore, "a")}, []string{"a"}},
		{"the common ones first", []diag.Option{option(update, "a", "c"), option(restore, "b", "c")}, []string{"c", "computer-update: a", "computer-restore: b"}},
		{"by a computer", []diag.Option{option(update, "a"), option(restore, "a"), option(ota, "b")}, []string{"by a computer: a", "ota: b"}},
		{"two others", []diag.Option{option(update, "a"), option(restore), option(ota, "a")}, []string{"computer-update, ota: a"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, wayOn{options: test.options}.costs())
		})
	}
}

// The newest image for a model is taken, the first by name of two that are the same.
func TestImagesChoose(t *testing.T) {
	t.Parallel()
	image := func(name, version, build string, productTypes ...string) firmware.Image {
		v, err := diag.ParseVersion(version)
		require.NoError(t, err)
		b, err := diag.ParseBuild(build)
		require.NoError(t, err)
		return firmware.Image{Name: name, Release: diag.Release{Version: v, Build: b}, ProductTypes: productTypes}
	}
	from := &images{name: "images", folder: true, usable: []firmware.Image{
		image("a", "9.2.1", "13D15", "iPhone7,2"),
		image("b", "9.2.1", "13D20", "iPhone7,2", "iPhone7,1"),
		image("c", "9.2.1", "13D20", "iPhone7,2"),
		image("d", "9.3", "13E5181d", "iPhone7,1"),
		image("e", "10.0", "14A346", "iPhone9,1", "iPhone9,2", "iPhone9,3", "iPhone9,4"),
	}}
	for productType, want := range map[string]string{"iPhone7,2": "b", "iPhone7,1": "d", "iPhone9,3": "e"} {
		chosen, err := from.choose(productType)
		require.NoError(t, err)
		assert.Equal(t, want, chosen.Name, productType)
	}
	_, err := from.choose("iPhone10,3")
	assert.EqualError(t, err, "target images: no image in it is for iPhone X (CDMA) [iPhone10,3], only for iPhone 6 [iPhone7,2], iPhone 6 Plus [iPhone7,1], "+
		"iPhone 7 (CDMA) [iPhone9,1], iPhone 7 Plus (CDMA) [iPhone9,2], 2 more")
}

// Of a phone whose model nobody knows no image can be chosen; that is no mistake of the
// operator's, and the phone has an error of its own.
func TestImagesWithoutModel(t *testing.T) {
	t.Parallel()
	var f diag.Facts
	require.NoError(t, (&operator{target: "images", images: &images{usable: []firmware.Image{{}}}}).applyTarget(&f))
	assert.False(t, f.TargetVersion.Known())
	assert.Contains(t, f.TargetVersion.Reason, "without its model")
	assert.False(t, f.TargetFile.Known())
}
