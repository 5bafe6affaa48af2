package diag

import (
	_ "embed"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// DataDate is the day of the newest source behind the catalog (data/SOURCES.md).
const DataDate = "2026-08-22"

// Biometric is the kind of sensor a model was built with.
type Biometric string

// The kinds of sensor.
const (
	NoBiometric     Biometric = "none"
	TouchIDHardware Biometric = "touch-id"
	FaceIDHardware  Biometric = "face-id"
)

// Device is one model of the catalog.
type Device struct {
	ProductType   string // "iPhone7,2"
	MarketingName string // "iPhone 6"
	Boards        []Board
	Biometric     Biometric
	HomeButton    string // mechanical, capacitive-solid-state, none
	First         Release
	Last          Release // the newest known; believed signed

	releases func() []Release
}

// Releases lists the releases for the model from 7.0 on, in ascending order.
// Callers must not change the list.
func (d *Device) Releases() []Release { return d.releases() }

// Board is one main board of a model, as recovery and DFU mode name it.
type Board struct {
	HardwareModel string // "n61ap", lower case
	CPID, BDID    uint32
}

//go:embed data/devices.tsv
var devicesTSV string

//go:embed data/ios_releases.tsv
var releasesTSV string

// catalog is decoded at first use: most commands need it, `version` does not.
var catalog = sync.OnceValue(decodeCatalog)

type tables struct {
	devices []*Device
	byType  map[string]*Device
	byBoard map[string]*Device
	byChip  map[[2]uint32]*Device
}

// Devices lists the catalog in its own order: iPhones, iPads, iPods, by age.
func Devices() []*Device { return catalog().devices }

// DeviceByType finds a model by its ProductType, spelt exactly.
func DeviceByType(productType string) (*Device, bool) {
	d, ok := catalog().byType[productType]
	return d, ok
}

// DeviceByBoard finds a model by its HardwareModel; case does not matter, since
// restored says N53AP where tables say n53ap.
func DeviceByBoard(hardwareModel string) (*Device, bool) {
	d, ok := catalog().byBoard[strings.ToLower(hardwareModel)]
	return d, ok
}

// DeviceByChip finds a model by chip and board id. A chip alone names no model:
// 0x7000 is the iPhone 6, the iPad mini 4 and the HomePod.
func DeviceByChip(cpid, bdid uint32) (*Device, bool) {
	d, ok := catalog().byChip[[2]uint32{cpid, bdid}]
	return d, ok
}

// decodeCatalog reads the embedded tables. They are part of the program, so a
// fault in them is a fault of the program: it panics, and the tests see it.
func decodeCatalog() tables {
	t := tables{
		byType:  map[string]*Device{},
		byBoard: map[string]*Device{},
		byChip:  map[[2]uint32]*Device{},
	}
	for row := range rows(devicesTSV) {
		t.add(decodeDevice(row))
	}
	return t
}

func (t *tables) add(d *Device) {
	t.devices = append(t.devices, d)
	t.byType[d.ProductType] = d
	for _, b := range d.Boards {
		t.byBoard[b.HardwareModel] = d
		t.byChip[[2]uint32{b.CPID, b.BDID}] = d
	}
}

// decodeDevice reads one row: product_type, marketing_name, board_configs, cpid,
// bdid, biometric, home_button, first_ios, first_build, last_ios, last_build.
func decodeDevice(row []string) *Device {
	d := &Device{
		ProductType:   row[0],
		MarketingName: row[1],
		Biometric:     Biometric(row[5]),
		HomeButton:    row[6],
		First:         mustRelease(row[7], row[8]),
		Last:          mustRelease(row[9], row[10]),
	}
	// A run meets few models, and the table of releases is long.
	d.releases = sync.OnceValue(func() []Release { return decodeReleases(d.ProductType) })
	cpids, bdids := strings.Split(row[3], ","), strings.Split(row[4], ",")
	for i, model := range strings.Split(row[2], ",") {
		d.Boards = append(d.Boards, Board{model, mustHex(cpids[i]), mustHex(bdids[i])})
	}
	return d
}

// decodeReleases collects the releases of one model: version, build,
// release_date, devices, note. A release with an iOS and an iPadOS date stands
// twice in the table and once in the list.
func decodeReleases(productType string) []Release {
	var releases []Release
	for row := range rows(releasesTSV) {
		if strings.Contains(" "+row[3]+" ", " "+productType+" ") {
			releases = append(releases, mustRelease(row[0], row[1]))
		}
	}
	slices.SortFunc(releases, Release.Compare)
	return slices.Compact(releases)
}

// rows yields the cells of each line of a table but its header.
func rows(tsv string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		_, body, _ := strings.Cut(tsv, "\n")
		for line := range strings.SplitSeq(strings.TrimSpace(body), "\n") {
			if !yield(strings.Split(line, "\t")) {
				return
			}
		}
	}
}

func mustRelease(version, build string) Release {
	v, err := ParseVersion(version)
	if err != nil {
		panic(fmt.Sprintf("diag: catalog: %v", err))
	}
	b, err := ParseBuild(build)
	if err != nil {
		panic(fmt.Sprintf("diag: catalog: %v", err))
	}
	return Release{v, b}
}

func mustHex(s string) uint32 {
	n, err := strconv.ParseUint(s, 0, 32)
	if err != nil {
		panic(fmt.Sprintf("diag: catalog: %v", err))
	}
	return uint32(n)
}
