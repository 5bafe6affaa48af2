package mocks

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"error53/diag"
)

//go:embed scenarios/*.json
var scenarioFiles embed.FS

// ErrNoScenario says that there is no scenario of the name asked for.
var ErrNoScenario = errors.New("mocks: no such scenario")

// Scenario is a bench in a file: which phones lie on it, what is wrong with them, and
// what a technician would say of them.
type Scenario struct {
	Name   string // the file's, without .json
	Title  string // one line for people
	Phones []ScenarioPhone
	Faults []Fault // of usbmuxd, or of every phone; see Bench.Faults

	timeline []Step // of usbmuxd
	steps    int    // of all phones
}

// ScenarioPhone is one phone of a scenario.
type ScenarioPhone struct {
	Port    string // of the scenario's bench, "1-2"
	Phone   Phone
	Network bool // it is listed a second time, over the network
	Away    bool // at the beginning it is off the cable

	// The operator's word, which USB cannot see: to be taken as if the technician
	// had said it. "" = nothing said.
	Repair  diag.Repair
	TouchID diag.TouchID

	profile  Profile // without an ECID, where it follows from the port
	timeline []Step
}

// Scenarios lists the names of the scenarios that come with the program, in
// alphabetical order.
func Scenarios() []string {
	files, err := scenarioFiles.ReadDir("scenarios")
	if err != nil {
		return nil // not with a folder that is embedded
	}
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), ".json"))
	}
	return names
}

// LoadScenario reads one of [Scenarios]. The error is [ErrNoScenario], or a
// [*ScenarioError].
func LoadScenario(name string) (Scenario, error) {
	data, err := scenarioFiles.ReadFile(path.Join("scenarios", name+".json"))
	if err != nil {
		return Scenario{}, fmt.Errorf("%w: %q", ErrNoScenario, name)
	}
	return ParseScenario(name+".json", data)
}

// Join puts the phones of several scenarios on one bench. Those whose ECID follows from
// their port get another one. It fails where two phones are the same.
func Join(scenarios ...Scenario) (joined Scenario, err error) {
	var names, titles []string
	for _, s := range scenarios {
		names, titles = append(names, s.Name), append(titles, s.Title)
		joined.Faults = append(joined.Faults, s.Faults...)
		joined.timeline = append(joined.timeline, s.timeline...)
		for _, p := range s.Phones {
			if err := joined.add(p); err != nil {
				return joined, fmt.Errorf("mocks: scenario %s: one of its phones has the UDID of another", s.Name)
			}
		}
	}
	joined.Name, joined.Title = strings.Join(names, " "), strings.Join(titles, "; ")
	return joined, nil
}

// add puts a phone at the next port.
func (s *Scenario) add(p ScenarioPhone) (err error) {
	place := uint32(len(s.Phones)) + 1
	p.Port = rootPort(place)
	if profile := p.profile; profile.ProductType != "" {
		profile.ECID = cmp.Or(profile.ECID, defaultECID+uint64(place)-1)
		if p.Phone, err = profile.phone(); err != nil {
			return err
		}
	}
	same := func(other ScenarioPhone) bool { return p.Phone.UDID != "" && other.Phone.UDID == p.Phone.UDID }
	if i := slices.IndexFunc(s.Phones, same); i >= 0 {
		return inField("udid", fmt.Errorf("the same as that of %q", s.Phones[i].Phone.Name))
	}
	s.Phones = append(s.Phones, p)
	return nil
}

// Bench makes the bench of the scenario, as it is at the beginning. Phones that are
// listed over the network as well come a second time behind all others.
func (s Scenario) Bench() *Bench {
	b := NewBench()
	b.Faults = s.Faults
	b.Add(s.Phones...)
	return b
}

// Add puts phones of a scenario at the next ports, also while the bench serves, as they
// are at the beginning. Their own Port does not count.
func (b *Bench) Add(phones ...ScenarioPhone) {
	for _, p := range phones {
		if p.Away {
			b.Lay(p.Phone)
		} else {
			b.Attach(p.Phone)
		}
	}
	for _, p := range phones {
		if p.Network {
			b.Attach(p.Phone.OverNetwork())
		}
	}
}

// Timeline gives all that happens on the scenario's bench, in the order of the times.
func (s Scenario) Timeline() []Step {
	steps := slices.Clone(s.timeline)
	for _, p := range s.Phones {
		for _, step := range p.timeline {
			step.Port = p.Port
			steps = append(steps, step)
		}
	}
	slices.SortStableFunc(steps, func(a, b Step) int { return cmp.Compare(a.At, b.At) })
	return steps
}
