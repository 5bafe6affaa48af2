package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"

	"error53/diag/inspect"
	"error53/mocks"
	"error53/mocks/recording"
)

// openScenario makes the bench of a scenario, which is one that comes with the program,
// or a file. The caller closes it.
func openScenario(name string) (mocks.Scenario, *mocks.Bench, error) {
	scenario, err := loadScenario(name)
	if err != nil {
		return scenario, nil, err
	}
	return scenario, scenario.Bench(), nil
}

// loadScenario finds a scenario by name; else it reads the file of that name, which holds
// a scenario, a recording or a dump.
func loadScenario(name string) (mocks.Scenario, error) {
	scenario, err := mocks.LoadScenario(name)
	if !errors.Is(err, mocks.ErrNoScenario) {
		return scenario, err
	}
	data, err := loadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return scenario, &usageError{fmt.Sprintf("there is no scenario %q, and no such file", name), "the scenarios are " + words(mocks.Scenarios())}
	case err != nil:
		return scenario, &fileError{name, err}
	case recording.Is(data):
		return scenarioOfRecording(name, data)
	case looksLikeScenario(data):
		return mocks.ParseScenario(name, data)
	}
	return scenarioOfDump(name, data)
}

// scenarioKeys are those of a scenario that no dump has: a dump spells its own in other
// letters.
var scenarioKeys = regexp.MustCompile(`"(phones|productType|timeline)"\s*:`)

// looksLikeScenario tells a scenario, which may have typos, from a dump in JSON.
func looksLikeScenario(data []byte) bool { return scenarioKeys.Match(data) }

// scenarioOfRecording lays the phone of a recording on a bench.
func scenarioOfRecording(name string, data []byte) (mocks.Scenario, error) {
	recorded, err := recording.Parse(data)
	if err != nil {
		return mocks.Scenario{}, &fileError{name, err}
	}
	p, err := recorded.Phone()
	if err != nil {
		return mocks.Scenario{}, &fileError{name, err}
	}
	return mocks.Join(mocks.Scenario{
		Name: filepath.Base(name), Title: "the phone of a recording", Phones: []mocks.ScenarioPhone{{Phone: p}},
	})
}

// scenarioOfDump lays the phones of a dump on a bench.
func scenarioOfDump(name string, data []byte) (mocks.Scenario, error) {
	dumped, err := inspect.DumpValues(data)
	if err != nil {
		return mocks.Scenario{}, &fileError{name, err}
	}
	s := mocks.Scenario{Name: filepath.Base(name), Title: "the phones of a dump"}
	for _, values := range dumped {
		p, err := mocks.PhoneOf(values)
		if err != nil {
			return s, &fileError{name, err}
		}
		s.Phones = append(s.Phones, mocks.ScenarioPhone{Phone: p})
	}
	return mocks.Join(s)
}
