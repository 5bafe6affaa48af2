package diag_test

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"error53/diag"
)

// The oracle is a second, naive model of the decision. It shares no code with the
// package: it reads the tables itself, keeps everything as text and goes through
// the whole catalog wherever the definition says "every". Slow, and easy to check
// by eye against the definition.

// release is a version and a build; either is "" where it is not known.
type release struct {
	version, build string

	// What the texts sort by: the three numbers and the letter of a security
	// response; whether the build is no beta, its train, number and letter.
	versionKey [4]int
	buildKey   [5]int
}

// rel makes a release for the oracle. The texts must be well formed.
func rel(version, build string) release {
	r := release{version: version, build: build}
	numbers, response, _ := strings.Cut(version, " ")
	if response != "" {
		r.versionKey[3] = int(response[1])
	}
	if version != "" {
		for i, field := range strings.Split(numbers, ".") {
			r.versionKey[i] = mustInt(field)
		}
	}
	if build != "" {
		r.buildKey = keyOfBuild(build)
	}
	return r
}

func keyOfBuild(build string) [5]int {
	letter := strings.IndexAny(build, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	digits := strings.TrimRight(build[letter+1:], "abcdefghijklmnopqrstuvwxyz")
	key := [5]int{1, mustInt(build[:letter]), int(build[letter]), mustInt(digits), 0}
	if key[3] >= 5000 && key[3] <= 5999 {
		key[0] = 0 // betas sort before every final build of their version
	}
	if suffix := build[letter+1+len(digits):]; suffix != "" {
		key[4] = int(suffix[0])
	}
	return key
}

func mustInt(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(err)
	}
	return n
}

func (r release) known() bool  { return r.version != "" }
func (r release) isBeta() bool { return r.build != "" && r.buildKey[0] == 0 }

func (r release) String() string { return strings.Trim(r.version+":"+r.build, ":") }

// compareVersions orders two releases by their versions alone.
func compareVersions(a, b release) int { return slices.Compare(a.versionKey[:], b.versionKey[:]) }

// atOrAbove tells whether a is the release b or a later one. Where one of them has
// no build the versions decide.
func atOrAbove(a, b release) bool {
	if c := compareVersions(a, b); c != 0 || a.build == "" || b.build == "" {
		return c >= 0
	}
	return slices.Compare(a.buildKey[:], b.buildKey[:]) >= 0
}

// model is one row of devices.tsv with its rows of ios_releases.tsv.
type model struct {
	productType      string
	biometric, class string
	first, last      release
	releases         []release // ascending
	standing         sync.Map  // release to listedAs
}

// models holds the whole catalog, by product type.
var models = sync.OnceValue(func() map[string]*model {
	all := map[string]*model{}
	for _, row := range readTable("data/devices.tsv") {
		all[row["product_type"]] = &model{
			productType: row["product_type"],
			biometric:   row["biometric"],
			class:       classOf(row["product_type"], row["biometric"]),
			first:       rel(row["first_ios"], row["first_build"]),
			last:        rel(row["last_ios"], row["last_build"]),
		}
	}
	for _, row := range readTable("data/ios_releases.tsv") {
		for _, productType := range strings.Fields(row["devices"]) {
			m := all[productType]
			r := rel(row["version"], row["build"])
			if !slices.Contains(m.releases, r) {
				m.releases = append(m.releases, r)
			}
		}
	}
	for _, m := range all {
		slices.SortFunc(m.releases, func(a, b release) int {
			return cmp.Or(compareVersions(a, b), slices.Compare(a.buildKey[:], b.buildKey[:]))
		})
	}
	return all
})

// readTable reads a tab separated table whose first line names the columns.
func readTable(path string) []map[string]string {
	data, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	names := strings.Split(lines[0], "\t")
	var table []map[string]string
	for i, line := range lines[1:] {
		row := map[string]string{}
		fields := strings.Split(line, "\t")
		if len(fields) != len(names) {
			panic(fmt.Sprintf("%s:%d: %d fields, want %d", path, i+2, len(fields), len(names)))
		}
		for i, name := range names {
			row[name] = fields[i]
		}
		table = append(table, row)
	}
	return table
}

// productTypes lists the catalog in its own order.
func productTypes() []string {
	var types []string
	for _, row := range readTable("data/devices.tsv") {
		types = append(types, row["product_type"])
	}
	return types
}

// newest is what a target called newest stands for.
func newest(productType string) release { return models()[productType].last }

// situation is what is known of a phone and the plan for it, in plain text.
// "" is what nobody has said.
type situation struct {
	productType string
	mode        string
	installed   release
	repair      string
	touchID     string
	target      release
	way         string
}

func (s situation) String() string {
	return fmt.Sprintf("%s mode=%s installed=%s repair=%s touchId=%s target=%s way=%s",
		s.productType, s.mode, s.installed, s.repair, s.touchID, s.target, s.way)
}

// facts gives the situation as the package takes it.
func (s situation) facts() diag.Facts {
	var f diag.Facts
	set(&f.ProductType, s.productType)
	set(&f.Mode, diag.Mode(s.mode))
	set(&f.InstalledVersion, s.installed.version)
	set(&f.InstalledBuild, s.installed.build)
	set(&f.Repair, diag.Repair(s.repair))
	set(&f.TouchID, diag.TouchID(s.touchID))
	set(&f.TargetVersion, s.target.version)
	set(&f.TargetBuild, s.target.build)
	set(&f.Way, diag.Way(s.way))
	return f
}

func set[T ~string](fact *diag.Fact[T], value T) {
	if value != "" {
		*fact = diag.Known(value, diag.FromOperator)
	} else {
		*fact = diag.NotKnown[T]("not said")
	}
}
