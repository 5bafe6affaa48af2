package diag_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

func ibootVersion(t *testing.T, numbers string) diag.IBootVersion {
	t.Helper()
	v, err := diag.ParseIBootVersion("iBoot-" + numbers)
	require.NoError(t, err)
	return v
}

func version(t *testing.T, text string) diag.Version {
	t.Helper()
	v, err := diag.ParseVersion(text)
	require.NoError(t, err)
	return v
}

// TestIBootTable holds the table against what a range by its neighbours takes for
// granted: a higher iBoot is never in a lower release.
func TestIBootTable(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, row := range readTable("data/ios_releases.tsv") {
		known[row["version"]] = true
	}
	lines, seen := map[uint32]map[string]string{}, 0
	var before map[string]string
	for _, row := range readTable("data/iboot.tsv") {
		v := ibootVersion(t, row["iboot"])
		lowest, highest := version(t, row["lowest"]), version(t, row["highest"])
		require.True(t, known[row["lowest"]] && known[row["highest"]], "%v: releases of the catalog", row)
		require.LessOrEqual(t, lowest.Compare(highest), 0, row)
		require.Equal(t, lowest.Major, highest.Major, "%v: one major version", row)
		require.NotEmpty(t, row["source"], row)
		if row["kind"] == "line" {
			require.Equal(t, diag.IBootVersion{v[0]}, v, "a line is one number")
			require.Nil(t, lines[v[0]], "%v: each line once, before its builds", row)
			lines[v[0]] = row
			continue
		}
		require.Equal(t, "build", row["kind"])
		seen++
		line := lines[v[0]]
		require.NotNil(t, line, "%v: a line of its own", row)
		require.GreaterOrEqual(t, lowest.Compare(version(t, line["lowest"])), 0, row)
		require.LessOrEqual(t, highest.Compare(version(t, line["highest"])), 0, row)
		if before != nil {
			require.Positive(t, v.Compare(ibootVersion(t, before["iboot"])), "%v: in ascending order", row)
			require.GreaterOrEqual(t, lowest.Compare(version(t, before["highest"])), 0, "%v: not older than %v", row, before)
		}
		before = row
	}
	assert.Len(t, lines, 14, "as data/SOURCES.md says")
	assert.Equal(t, 33, seen, "as data/SOURCES.md says")
}

// TestIBootSeenWithinRange: whatever release a build was seen in lies in the range that
// the build stands for, on every model that has the release.
func TestIBootSeenWithinRange(t *testing.T) {
	t.Parallel()
	for _, row := range readTable("data/iboot.tsv") {
		for _, d := range diag.Devices() {
			for _, seen := range []string{row["lowest"], row["highest"]} {
				if row["kind"] != "build" || !hasRelease(d, seen) {
					continue
				}
				r := diag.RangeOfIBoot("iBoot-"+row["iboot"], d)
				require.True(t, r.Known(), "%v on %s", row, d.ProductType)
				assert.Equal(t, diag.FromIBoot, r.Source)
				assert.LessOrEqual(t, version(t, r.Value.Lowest).Compare(version(t, seen)), 0, "%v on %s", row, d.ProductType)
				assert.GreaterOrEqual(t, version(t, r.Value.Highest).Compare(version(t, seen)), 0, "%v on %s", row, d.ProductType)
			}
		}
	}
}

func hasRelease(d *diag.Device, version string) bool {
	for _, r := range d.Releases() {
		if r.Version.String() == version {
			return true
		}
	}
	return false
}

func TestRangeOfIBoot(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, iboot, productType, want string
	}{
		{"seen", "iBoot-4513.270.14", "iPhone7,2", "12.3.1 to 12.5.8"},
		{"between two that were seen", "iBoot-4513.270.6", "iPhone7,2", "12.3.1 to 12.4.8"},
		{"as an image file spells it", "iBoot-4513.270.6~3", "iPhone7,2", "12.3.1 to 12.4.8"},
		{"below all of its line", "iBoot-4513.1", "iPhone7,2", "12.0 to 12.0.1"},
		{"above all of its line", "iBoot-4513.999.9", "iPhone7,2", "12.4.8 to 12.5.8"},
		{"the first iOS 9", "iBoot-2817.1.94", "iPhone7,2", "9.0 to 9.2.1"},
		{"about the documents' 9.3.1", "iBoot-2817.40.9", "iPhone7,2", "9.2.1 to 9.3.2"},
		{"the last iOS 9", "iBoot-2817.60.2", "iPhone7,2", "9.3.2 to 9.3.5"},
		{"of a line without a build", "iBoot-6723.80.19", "iPhone8,1", "14.0 to 14.8.1"},
		{"of the second line of a major", "iBoot-8422.100.1", "iPhone10,6", "16.3.1 to 16.6"},
		{"the model came later", "iBoot-2261.30.37", "iPhone7,2", "8.1 to 8.4.1"},
		{"of a model that came with it", "iBoot-4513.200.297", "iPhone11,8", "12.0 to 12.1.1"},
		{"the model had part of it", "iBoot-5540.40.51", "iPhone12,1", "13.0 to 13.3.1"},
		{"one release is left", "iBoot-2261.1.68", "iPad5,3", "8.1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			r := diag.RangeOfIBoot(row.iboot, device(t, row.productType))
			require.True(t, r.Known(), r.Reason)
			assert.Equal(t, row.want, r.Value.String())
		})
	}
}

func TestNoRangeOfIBoot(t *testing.T) {
	t.Parallel()
	iPhone7 := device(t, "iPhone9,1")
	for _, row := range []struct {
		name, iboot string
		device      *diag.Device
		reason      string
	}{
		{"another text", "iBEC-4513", iPhone7, `"iBEC-4513" is not an iBoot version such as iBoot-4513.270.14`},
		{"a line nobody noted", "iBoot-13822.42.2", iPhone7, "no release with iBoot-13822.42.2 is known"},
		{"older than the catalog", "iBoot-1537.9.55", iPhone7, "no release with iBoot-1537.9.55 is known"},
		{"an unknown model", "iBoot-4513.270.14", nil, "the model is not known, and so its releases are not"},
		{"not of this model", "iBoot-2817.1.94", iPhone7, "iBoot-2817.1.94 belongs to iOS 9.0 to 9.2.1, and the iPhone 7 (CDMA) had none of these"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			r := diag.RangeOfIBoot(row.iboot, row.device)
			assert.False(t, r.Known())
			assert.Equal(t, row.reason, r.Reason)
		})
	}
}

// TestBootROMsHaveNoRange: what SRTG names in DFU mode is the boot ROM of the chip,
// which tells nothing of the iOS on the device. Should such a version come this way,
// it is not taken for an iBoot. The versions are those of axi0mX/ipwndfu checkm8.py and
// of strings that people posted.
func TestBootROMsHaveNoRange(t *testing.T) {
	t.Parallel()
	for _, rom := range []string{
		"359.3", "359.3.2", "359.5", "574.4", "838.3", "889.24", "1145.3", "1145.3.3", "1704.10", "1991.0.0.2.16", "1992.0.0.1.19",
		"2098.0.0.2.4", "2234.0.0.2.22", "2234.0.0.3.3", "2481.0.0.2.1", "2651.0.0.1.31", "2696.0.0.1.33", "3135.0.0.2.3",
		"3332.0.0.1.14", "3332.0.0.1.23", "3865.0.0.4.7", "6338.0.0.200.19", "7195.0.0.300.25",
	} {
		for _, d := range diag.Devices() {
			require.False(t, diag.RangeOfIBoot("iBoot-"+rom, d).Known(), "%s on %s", rom, d.ProductType)
		}
	}
}

func TestParseIBootVersion(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		text string
		want diag.IBootVersion
	}{
		{"iBoot-4513.270.14", diag.IBootVersion{4513, 270, 14}},
		{"iBoot-4513.270.14~5", diag.IBootVersion{4513, 270, 14}},
		{"iBoot-159", diag.IBootVersion{159}},
		{"iBoot-11881.140.96.700.4", diag.IBootVersion{11881, 140, 96, 700, 4}},
		{"iBoot-4513.200.204.100.6.1", diag.IBootVersion{4513, 200, 204, 100, 6, 1}},
		{"iBoot-999999.0.0", diag.IBootVersion{999999}},
	} {
		t.Run(row.text, func(t *testing.T) {
			t.Parallel()
			v, err := diag.ParseIBootVersion(row.text)
			require.NoError(t, err)
			assert.Equal(t, row.want, v)
		})
	}
	assert.Negative(t, ibootVersion(t, "8422.142.2").Compare(ibootVersion(t, "8422.142.2.700.1")))
	assert.Negative(t, ibootVersion(t, "4513.30").Compare(ibootVersion(t, "4513.270.14")), "by numbers, not as text")
}

func TestParseIBootVersionRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "iBoot", "iBoot-", "iboot-4513.270.14", "4513.270.14", " iBoot-4513", "iBoot-4513 ", "iBoot-4513.", "iBoot-.4513", "iBoot-4513..1",
		"iBoot-0", "iBoot-0.1", "iBoot--4513", "iBoot-+4513", "iBoot-4513.270.14~", "iBoot-4513~x", "iBoot-4513~1~2", "iBoot-1234567",
		"iBoot-1.2.3.4.5.6.7", "iBoot-٤٥١٣", "iBoot-4513\n", "iBoot-4513.270.14 (RELEASE)", "iBoot-" + strings.Repeat("1.", 1000), "12.4",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			v, err := diag.ParseIBootVersion(text)
			assert.ErrorContains(t, err, "is not an iBoot version such as iBoot-4513.270.14")
			assert.Equal(t, diag.IBootVersion{}, v, "a refusal gives nothing")
		})
	}
}

func FuzzParseIBootVersion(f *testing.F) {
	for _, seed := range []string{"iBoot-4513.270.14", "iBoot-2817.60.2~2", "iBoot-11881.140.96.700.4", "iBoot-1992.0.0.1.19", "iBoot-", "iBoot-0.1"} {
		f.Add(seed)
	}
	devices := diag.Devices()
	f.Fuzz(func(t *testing.T, text string) {
		v, err := diag.ParseIBootVersion(text)
		if err != nil {
			require.Equal(t, diag.IBootVersion{}, v)
		} else {
			require.True(t, strings.HasPrefix(text, "iBoot-"))
			require.Zero(t, v.Compare(v))
		}
		for _, d := range []*diag.Device{nil, devices[0], devices[len(devices)/2], devices[len(devices)-1]} {
			r := diag.RangeOfIBoot(text, d)
			require.Equal(t, r.Known(), r.Reason == "")
			if !r.Known() {
				continue
			}
			require.NoError(t, err)
			lowest, err := diag.ParseVersion(r.Value.Lowest)
			require.NoError(t, err)
			highest, err := diag.ParseVersion(r.Value.Highest)
			require.NoError(t, err)
			require.LessOrEqual(t, lowest.Compare(highest), 0)
		}
	})
}
