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

// The tables are decoded piece by piece, at first use: a run meets few models, and
// reading all of them would be the longest part of its start.

// decoded holds the models met so far by product type, so that each is one *Device.
var decoded sync.Map

// Devices lists the catalog in its own order: iPhones, iPads, iPods, by age.
func Devices() []*Device { return devices() }

var devices = sync.OnceValue(func() []*Device {
	var all []*Device
	for line := range lines(devicesTSV) {
		all = append(all, deviceOf(line))
	}
	return all
})

// DeviceByType finds a model by its ProductType, spelt exactly.
func DeviceByType(productType string) (*Device, bool) {
	if d, ok := decoded.Load(productType); ok {
		return d.(*Device), true
	}
	if productType == "" || strings.ContainsAny(productType, "\t\n") {
		return nil, false
	}
	at := strings.Index(devicesTSV, "\n"+productType+"\t")
	if at < 0 {
		return nil, false
	}
	line, _, _ := strings.Cut(devicesTSV[at+1:], "\n")
	return deviceOf(line), true
}

// DeviceByBoard finds a model by its HardwareModel; case does not matter, since
// restored says N53AP where tables say n53ap.
func DeviceByBoard(hardwareModel string) (*Device, bool) {
	d, ok := boards().byModel[strings.ToLower(hardwareModel)]
	return d, ok
}

// DeviceByChip finds a model by chip and board id. A chip alone names no model:
// 0x7000 is the iPhone 6, the iPad mini 4 and the HomePod.
func DeviceByChip(cpid, bdid uint32) (*Device, bool) {
	d, ok := boards().byChip[[2]uint32{cpid, bdid}]
	return d, ok
}

type boardIndex struct {
	byModel map[string]*Device
	byChip  map[[2]uint32]*Device
}

var boards = sync.OnceValue(func() boardIndex {
	index := boardIndex{map[string]*Device{}, map[[2]uint32]*Device{}}
	for _, d := range Devices() {
		for _, b := range d.Boards {
			index.byModel[b.HardwareModel] = d
			index.byChip[[2]uint32{b.CPID, b.BDID}] = d
		}
	}
	return index
})

// deviceOf gives the model of a line, the same one each time.
func deviceOf(line string) *Device {
	productType, _, _ := strings.Cut(line, "\t")
	if d, ok := decoded.Load(productType); ok {
		return d.(*Device)
	}
	d, _ := decoded.LoadOrStore(productType, decodeDevice(line))
	return d.(*Device)
}

// decodeDevice reads one line: product_type, marketing_name, board_configs, cpid,
// bdid, biometric, home_button, first_ios, first_build, last_ios, last_build. The
// tables are part of the program, so a fault in them is a fault of the program: it
// panics, and the tests see it.
func decodeDevice(line string) *Device {
	row := strings.Split(line, "\t")
	d := &Device{
		ProductType:   row[0],
		MarketingName: row[1],
		Biometric:     Biometric(row[5]),
		HomeButton:    row[6],
		First:         mustRelease(row[7], row[8]),
		Last:          mustRelease(row[9], row[10]),
	}
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
	for line := range lines(releasesTSV) {
		version, rest, _ := strings.Cut(line, "\t")
		build, rest, _ := strings.Cut(rest, "\t")
		_, rest, _ = strings.Cut(rest, "\t")
		devices, _, _ := strings.Cut(rest, "\t")
		if hasWord(devices, productType) {
			releases = append(releases, mustRelease(version, build))
		}
	}
	slices.SortFunc(releases, Release.Compare)
	return slices.Compact(releases)
}

// hasWord looks for a word in a list with blanks between. Nothing is set aside for
// it: every run does this with the whole table.
func hasWord(list, word string) bool {
	for each := range strings.SplitSeq(list, " ") {
		if each == word {
			return true
		}
	}
	return false
}

// lines yields each line of a table but its header.
func lines(tsv string) iter.Seq[string] {
	_, body, _ := strings.Cut(strings.TrimSpace(tsv), "\n")
	return strings.SplitSeq(body, "\n")
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
