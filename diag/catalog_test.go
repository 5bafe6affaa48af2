package diag_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

func device(t *testing.T, productType string) *diag.Device {
	t.Helper()
	d, ok := diag.DeviceByType(productType)
	require.True(t, ok, productType)
	return d
}

// TestCatalogCounts as data/SOURCES.md gives them.
func TestCatalogCounts(t *testing.T) {
	t.Parallel()
	families, biometrics, buttons, boards := map[string]int{}, map[diag.Biometric]int{}, map[string]int{}, 0
	for _, d := range diag.Devices() {
		family := strings.TrimRight(d.ProductType, "0123456789,")
		families[family]++
		biometrics[d.Biometric]++
		buttons[d.HomeButton]++
		boards += len(d.Boards)
	}
	assert.Equal(t, map[string]int{"iPhone": 63, "iPad": 105, "iPod": 7}, families)
	assert.Equal(t, map[diag.Biometric]int{diag.TouchIDHardware: 70, diag.FaceIDHardware: 67, diag.NoBiometric: 38}, biometrics)
	assert.Equal(t, map[string]int{"mechanical": 74, "capacitive-solid-state": 10, "none": 91}, buttons)
	assert.Equal(t, 180, boards)
	assert.Len(t, readTable("data/ios_releases.tsv"), 347)
}

// TestEveryRowDecodes: each device as its row says, and found by all its names.
func TestEveryRowDecodes(t *testing.T) {
	t.Parallel()
	table := readTable("data/devices.tsv")
	require.Len(t, diag.Devices(), len(table))
	for i, row := range table {
		d := diag.Devices()[i]
		assert.Equal(t, row["product_type"], d.ProductType, "the catalog keeps the order of the table")
		assert.Equal(t, row["marketing_name"], d.MarketingName)
		assert.Equal(t, row["biometric"], string(d.Biometric))
		assert.Equal(t, row["home_button"], d.HomeButton)
		assert.Equal(t, mustParse(row["first_ios"], row["first_build"]), d.First)
		assert.Equal(t, mustParse(row["last_ios"], row["last_build"]), d.Last)
		assert.LessOrEqual(t, d.First.Compare(d.Last), 0, d.ProductType)
		assert.Same(t, d, device(t, row["product_type"]))
		var models, cpids, bdids []string
		for _, b := range d.Boards {
			models = append(models, b.HardwareModel)
			cpids, bdids = append(cpids, fmt.Sprintf("0x%04x", b.CPID)), append(bdids, fmt.Sprintf("0x%02x", b.BDID))
		}
		assert.Equal(t, row["board_configs"], strings.Join(models, ","))
		assert.Equal(t, strings.ToLower(row["cpid"]), strings.Join(cpids, ","))
		assert.Equal(t, strings.ToLower(row["bdid"]), strings.Join(bdids, ","))
	}
}

// TestReleasesOfEveryDevice: those of the table, each once, in ascending order,
// with the first and the last among them.
func TestReleasesOfEveryDevice(t *testing.T) {
	t.Parallel()
	total := 0
	for _, d := range diag.Devices() {
		releases := d.Releases()
		total += len(releases)
		require.True(t, slices.IsSortedFunc(releases, diag.Release.Compare), d.ProductType)
		var want, got []string
		for _, r := range models()[d.ProductType].releases {
			want = append(want, mustParse(r.version, r.build).String())
		}
		for i, r := range releases {
			got = append(got, r.String())
			assert.False(t, i > 0 && r == releases[i-1], "%s twice for %s", r, d.ProductType)
			assert.False(t, r.Build.IsBeta(), "%s for %s", r, d.ProductType)
		}
		assert.ElementsMatch(t, want, got, d.ProductType)
		if d.First.Version.Major >= 7 {
			assert.Contains(t, releases, d.First, d.ProductType)
		}
		if d.Last.Version.Major >= 7 {
			assert.Contains(t, releases, d.Last, d.ProductType)
		}
	}
	assert.Greater(t, total, 10000)
}

func TestDeviceByBoard(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ board, productType string }{
		{"n61ap", "iPhone7,2"}, {"N61AP", "iPhone7,2"}, {"N69uAP", "iPhone8,4"}, {"n69ap", "iPhone8,4"}, {"J71sAP", "iPad6,11"},
		{"N53AP", "iPhone6,2"}, {"", ""}, {"n61", ""}, {"b238ap", ""},
	} {
		t.Run(row.board, func(t *testing.T) {
			t.Parallel()
			d, ok := diag.DeviceByBoard(row.board)
			require.Equal(t, row.productType != "", ok)
			if ok {
				assert.Equal(t, row.productType, d.ProductType)
			}
		})
	}
}

// TestDeviceByChip: chip and board together; one chip alone names nobody.
func TestDeviceByChip(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		cpid, bdid  uint32
		productType string
	}{
		{0x7000, 0x06, "iPhone7,2"}, {0x7000, 0x04, "iPhone7,1"}, {0x7000, 0x08, "iPad5,1"}, {0x8000, 0x02, "iPhone8,4"}, {0x8003, 0x02, "iPhone8,4"},
		{0x8010, 0x0A, "iPhone9,2"}, {0x8010, 0x0C, "iPhone9,3"}, // appledb has these two the other way round
		{0x7000, 0x00, ""}, {0x7000, 0x38, ""}, {0, 0x06, ""}, {0xffffffff, 0xffffffff, ""},
	} {
		t.Run(fmt.Sprintf("%#x %#x", row.cpid, row.bdid), func(t *testing.T) {
			t.Parallel()
			d, ok := diag.DeviceByChip(row.cpid, row.bdid)
			require.Equal(t, row.productType != "", ok)
			if ok {
				assert.Equal(t, row.productType, d.ProductType)
			}
		})
	}
}

// TestBoardsAreUnambiguous: no board and no pair of ids belongs to two models.
func TestBoardsAreUnambiguous(t *testing.T) {
	t.Parallel()
	for _, d := range diag.Devices() {
		for _, b := range d.Boards {
			byBoard, _ := diag.DeviceByBoard(strings.ToUpper(b.HardwareModel))
			assert.Same(t, d, byBoard, b.HardwareModel)
			byChip, _ := diag.DeviceByChip(b.CPID, b.BDID)
			assert.Same(t, d, byChip, b.HardwareModel)
		}
	}
}

func TestDeviceByTypeIsExact(t *testing.T) {
	t.Parallel()
	for _, productType := range []string{"", "iphone7,2", "iPhone7", "iPhone7,2 ", "iPhone99,1"} {
		_, ok := diag.DeviceByType(productType)
		assert.False(t, ok, "%q", productType)
	}
}

// TestTouchIDBuilds holds the catalog against a second table, made from the same
// sources: what each Touch ID model had below the fix and below 9.3.1.
func TestTouchIDBuilds(t *testing.T) {
	t.Parallel()
	v931 := mustParse("9.3.1", "")
	rows := readTable("testdata/touchid_builds.tsv")
	require.Len(t, rows, 70)
	for _, row := range rows {
		t.Run(row["product_type"], func(t *testing.T) {
			t.Parallel()
			d := device(t, row["product_type"])
			assert.Equal(t, diag.TouchIDHardware, d.Biometric)
			assert.Equal(t, row["marketing_name"], d.MarketingName)
			assert.Equal(t, mustParse(row["first_ios"], row["first_build"]), d.First)
			below, below931, last, next, offered := 0, 0, "-", "", "no"
			for _, r := range d.Releases() {
				switch {
				case r.Compare(diag.Fix) < 0:
					below, last = below+1, r.Build.String()
				case next == "":
					next = r.Version.String() + " " + r.Build.String()
				}
				if r.Version.Compare(v931.Version) < 0 {
					below931++
				}
				if r == diag.Fix {
					offered = "yes"
				}
			}
			assert.Equal(t, row["releases_below_13D20"], strconv.Itoa(below))
			assert.Equal(t, row["last_below_13D20"], last)
			assert.Equal(t, row["releases_below_9.3.1"], strconv.Itoa(below931))
			assert.Equal(t, row["offered_13D20"], offered)
			assert.Equal(t, row["next_build_at_or_above_13D20"], next)
		})
	}
}

// TestDataDate: the date said aloud is not older than the newest row.
func TestDataDate(t *testing.T) {
	t.Parallel()
	newest := ""
	for _, row := range readTable("data/ios_releases.tsv") {
		newest = max(newest, row["release_date"])
	}
	for _, row := range readTable("data/devices.tsv") {
		newest = max(newest, row["released"])
	}
	assert.Regexp(t, `^20\d\d-\d\d-\d\d$`, diag.DataDate)
	assert.LessOrEqual(t, newest, diag.DataDate)
}

func TestVersionOfBuild(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ productType, build, version string }{
		{"iPhone7,2", "13D20", "9.2.1"},
		{"iPhone7,2", "13D15", "9.2.1"},
		{"iPhone7,2", "16H88", "12.5.8"},
		{"iPhone1,1", "1A543a", "1.0"}, // older than the table of releases
		{"iPhone1,1", "7E18", "3.1.3"},
		{"iPhone6,1", "13D20", ""}, // never offered for it
		{"iPhone7,2", "13E5181d", ""},
		{"iPhone7,2", "9.2.1", ""},
		{"iPhone7,2", "", ""},
	} {
		t.Run(row.productType+" "+row.build, func(t *testing.T) {
			t.Parallel()
			version, ok := device(t, row.productType).VersionOf(row.build)
			assert.Equal(t, row.version != "", ok)
			assert.Equal(t, row.version, version)
		})
	}
}
