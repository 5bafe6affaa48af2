package mocks

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"
)

// Bounds of a scenario file. Linux shows two entries of a folder for each phone, and
// readers of that folder have bounds as well.
const (
	maxScenario = 1 << 20 // bytes
	maxPhones   = 2000
	maxSteps    = 10_000 // of all phones
)

// ScenarioError is a scenario file that cannot be used.
type ScenarioError struct {
	File         string // as it was called
	Line, Column int    // of the field, or of where the text makes no sense; from 1, in characters
	Field        string // "phones[2].mode"; "" = the file as a whole
	Err          error
}

func (e *ScenarioError) Error() string {
	text := fmt.Sprintf("mocks: scenario %s:%d:%d: ", e.File, e.Line, e.Column)
	if e.Field != "" {
		text += e.Field + ": "
	}
	return text + e.Err.Error()
}

func (e *ScenarioError) Unwrap() error { return e.Err }

// scenarioFile is the form of a file. What has fields of its own is decoded one by one,
// so that an error can name the field.
type scenarioFile struct {
	Title    string            `json:"title"`
	Phones   []json.RawMessage `json:"phones"`
	Faults   []json.RawMessage `json:"faults"`
	Timeline []string          `json:"timeline"` // of usbmuxd: "after 30s restart"
}

// ParseScenario reads a scenario file. Whatever it does not know is an error: every
// error is a [*ScenarioError].
func ParseScenario(file string, data []byte) (Scenario, error) {
	s := Scenario{Name: strings.TrimSuffix(path.Base(file), ".json")}
	if err := s.parse(data); err != nil {
		return Scenario{}, newScenarioError(file, data, err)
	}
	return s, nil
}

// parse fills the scenario in.
func (s *Scenario) parse(data []byte) error {
	if len(data) > maxScenario {
		return fmt.Errorf("more than %d bytes", maxScenario)
	}
	var file scenarioFile
	if err := decodeStrictly(data, &file); err != nil {
		return err
	}
	if file.Title == "" {
		return inField("title", errors.New("missing"))
	}
	s.Title = file.Title
	var err error
	if s.Faults, err = faults(file.Faults); err != nil {
		return err
	}
	if s.timeline, err = timeline(file.Timeline, parseDaemonStep); err != nil {
		return err
	}
	for i, raw := range file.Phones {
		if err := s.addEntry(raw); err != nil {
			return inField(fmt.Sprintf("phones[%d]", i), err)
		}
	}
	return nil
}

// addEntry reads the next phone, or the next phones.
func (s *Scenario) addEntry(raw json.RawMessage) error {
	var entry phoneEntry
	if err := decodeStrictly(raw, &entry); err != nil {
		return err
	}
	count, err := entry.count(len(s.Phones))
	if err != nil {
		return err
	}
	first, err := entry.phone()
	if err != nil {
		return err
	}
	if s.steps += count * len(first.timeline); s.steps > maxSteps {
		return inField("timeline", fmt.Errorf("more than %d steps in all", maxSteps))
	}
	for i := range count {
		if err := s.add(first.another(i)); err != nil {
			return err
		}
	}
	return nil
}

// timeline reads steps, each with its time since the one before.
func timeline(texts []string, parse func(string) (Step, error)) (steps []Step, err error) {
	var now Step
	for i, text := range texts {
		s, err := parse(text)
		if err != nil {
			return nil, inField(fmt.Sprintf("timeline[%d]", i), err)
		}
		s.At += now.At
		now = s
		steps = append(steps, s)
	}
	return steps, nil
}
