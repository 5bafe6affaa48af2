package mocks

import (
	"embed"
	"errors"
	"fmt"
	"path"
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
}

// ScenarioPhone is one phone of a scenario.
type ScenarioPhone struct {
	Port    string // of the scenario's bench, "1-2"
	Phone   Phone
	Network bool // it is listed a second time, over the network

	// The operator's word, which USB cannot see: to be taken as if the technician
	// had said it. "" = nothing said.
	Repair  diag.Repair
	TouchID diag.TouchID
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

// Bench makes the bench of the scenario. Phones that are listed over the network as
// well come a second time behind all others.
func (s Scenario) Bench() *Bench {
	var phones, twins []Phone
	for _, p := range s.Phones {
		phones = append(phones, p.Phone)
		if p.Network {
			twins = append(twins, p.Phone.OverNetwork())
		}
	}
	b := NewBench(append(phones, twins...)...)
	b.Faults = s.Faults
	return b
}
