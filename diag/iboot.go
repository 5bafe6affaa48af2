package diag

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Range is the releases that a phone can be on, from the lowest to the highest
// version, as text: "12.3.1", "12.4.8". Both ends belong to it.
type Range struct {
	Lowest, Highest string
}

// String gives "12.3.1 to 12.4.8", or the version alone where there is but one.
func (r Range) String() string {
	if r.Lowest == r.Highest {
		return r.Lowest
	}
	return r.Lowest + " to " + r.Highest
}

// IBootVersion is the version of an iBoot such as iBoot-4513.270.14: its numbers,
// 0 where there are fewer. The first one is that of the line, which all releases of
// a major version of iOS share, but for a few majors with two lines.
type IBootVersion [6]uint32

// ParseIBootVersion reads "iBoot-4513.270.14": one to six numbers of up to six
// digits. The count of attempts that image files have behind it, "~5", is left out.
func ParseIBootVersion(s string) (IBootVersion, error) {
	numbers, ok := strings.CutPrefix(s, "iBoot-")
	if v, fine := parseIBootNumbers(numbers); ok && fine {
		return v, nil
	}
	return IBootVersion{}, fmt.Errorf("%q is not an iBoot version such as iBoot-4513.270.14", s)
}

func parseIBootNumbers(s string) (v IBootVersion, ok bool) {
	numbers, attempt, counted := strings.Cut(s, "~")
	if _, ok := ibootNumber(attempt); counted && !ok {
		return v, false
	}
	fields := strings.Split(numbers, ".")
	if len(fields) > len(v) {
		return v, false
	}
	for i, field := range fields {
		if v[i], ok = ibootNumber(field); !ok {
			return IBootVersion{}, false
		}
	}
	return v, v[0] != 0
}

// ibootNumber reads one to six decimal digits and nothing else.
func ibootNumber(s string) (uint32, bool) {
	if s == "" || len(s) > 6 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseUint(s, 10, 32)
	return uint32(n), err == nil
}

// Compare orders versions: negative when v is the older, 0 when both are equal.
func (v IBootVersion) Compare(w IBootVersion) int { return slices.Compare(v[:], w[:]) }

//go:embed data/iboot.tsv
var ibootTSV string

// ibootRow is a line, or a build that was seen, with the versions of iOS it was seen
// in or, of a line, can belong to.
type ibootRow struct {
	version         IBootVersion
	lowest, highest Version
}

// ibootTable is what is known of iBoot versions: the lines by their number, and the
// builds in ascending order.
type ibootTable struct {
	lines  map[uint32]ibootRow
	builds []ibootRow
}

// ibootVersions decodes data/iboot.tsv: kind, iboot, lowest, highest, and two columns
// for people. A fault in it is a fault of the program, as in the other tables.
var ibootVersions = sync.OnceValue(func() ibootTable {
	table := ibootTable{lines: map[uint32]ibootRow{}}
	for line := range lines(ibootTSV) {
		column := strings.Split(line, "\t")
		version, ok := parseIBootNumbers(column[1])
		if !ok {
			panic(fmt.Sprintf("diag: iboot.tsv: %q", column[1]))
		}
		row := ibootRow{version, mustVersion(column[2]), mustVersion(column[3])}
		if column[0] == "line" {
			table.lines[version[0]] = row
		} else {
			table.builds = append(table.builds, row)
		}
	}
	return table
})

func mustVersion(s string) Version {
	v, err := ParseVersion(s)
	if err != nil {
		panic(fmt.Sprintf("diag: iboot.tsv: %v", err))
	}
	return v
}

// RangeOfIBoot tells which releases of the device an iBoot can belong to, by the
// version of an iBoot that is installed on it. The version that a device names in DFU
// mode (SRTG) is none of these: it is that of the boot ROM, and of no use here.
//
// It is not known where the version is malformed, where its line is in no table, so
// that a boot ROM has no range, and where the device never had such a release.
func RangeOfIBoot(iboot string, d *Device) Fact[Range] {
	v, err := ParseIBootVersion(iboot)
	if err != nil {
		return NotKnown[Range](err.Error())
	}
	lowest, highest, ok := v.bounds()
	switch {
	case !ok:
		return NotKnown[Range](fmt.Sprintf("no release with %s is known", iboot))
	case d == nil:
		return NotKnown[Range]("the model is not known, and so its releases are not")
	}
	releases := d.between(lowest, highest)
	if len(releases) == 0 {
		return NotKnown[Range](fmt.Sprintf("%s belongs to iOS %s, and the %s had none of these",
			iboot, Range{lowest.String(), highest.String()}, d.MarketingName))
	}
	return Known(Range{releases[0].Version.String(), releases[len(releases)-1].Version.String()}, FromIBoot)
}

// bounds gives the versions between which the release of an iBoot lies. A build is
// never in a release older than one with a lower build, nor in one newer than one
// with a higher build: the table shows no exception (TestIBootTable). The neighbours'
// own versions belong to the range, since a version can have several builds.
func (v IBootVersion) bounds() (lowest, highest Version, ok bool) {
	table := ibootVersions()
	line, ok := table.lines[v[0]]
	if !ok {
		return Version{}, Version{}, false
	}
	lowest, highest = line.lowest, line.highest
	for _, build := range table.builds {
		switch order := build.version.Compare(v); {
		case order < 0 && build.highest.Compare(lowest) > 0:
			lowest = build.highest
		case order > 0 && build.lowest.Compare(highest) < 0:
			highest = build.lowest
		}
	}
	return lowest, highest, true
}

// between lists the releases from one version to another, both included. A security
// response goes with its version: it changes no iBoot.
func (d *Device) between(lowest, highest Version) []Release {
	var found []Release
	for _, r := range d.Releases() {
		v := r.Version
		v.Response = 0
		if v.Compare(lowest) >= 0 && v.Compare(highest) <= 0 {
			found = append(found, r)
		}
	}
	return found
}
