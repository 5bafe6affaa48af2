package mocks

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"
)

// maxScenario bounds a scenario file, in bytes.
const maxScenario = 1 << 20

// ScenarioError is a scenario file that cannot be used.
type ScenarioError struct {
	File  string // as it was called
	Field string // "phones[2].mode"; "" = the file as a whole
	Err   error
}

func (e *ScenarioError) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("mocks: scenario %s: %v", e.File, e.Err)
	}
	return fmt.Sprintf("mocks: scenario %s: %s: %v", e.File, e.Field, e.Err)
}

func (e *ScenarioError) Unwrap() error { return e.Err }

// scenarioFile is the form of a file. Phones are decoded one by one, so that an error
// can name the phone.
type scenarioFile struct {
	Title  string            `json:"title"`
	Phones []json.RawMessage `json:"phones"`
	Faults []faultEntry      `json:"faults"`
}

// ParseScenario reads a scenario file. Whatever it does not know is an error: every
// error is a [*ScenarioError].
func ParseScenario(file string, data []byte) (Scenario, error) {
	s := Scenario{Name: strings.TrimSuffix(path.Base(file), ".json")}
	field, err := s.parse(data)
	if err != nil {
		return Scenario{}, &ScenarioError{File: file, Field: field, Err: err}
	}
	return s, nil
}

// parse fills the scenario in; with an error it says in which field it lies.
func (s *Scenario) parse(data []byte) (field string, err error) {
	if len(data) > maxScenario {
		return "", fmt.Errorf("more than %d bytes", maxScenario)
	}
	var file scenarioFile
	if field, err := decodeStrictly(data, &file); err != nil {
		return field, err
	}
	if file.Title == "" {
		return "title", errors.New("missing")
	}
	s.Title = file.Title
	if s.Faults, field, err = faults(file.Faults); err != nil {
		return field, err
	}
	for i, raw := range file.Phones {
		field, err := s.addPhone(raw)
		if err != nil {
			return strings.TrimSuffix(fmt.Sprintf("phones[%d].%s", i, field), "."), err
		}
	}
	return "", nil
}

// addPhone reads the next phone.
func (s *Scenario) addPhone(raw json.RawMessage) (field string, err error) {
	var entry phoneEntry
	if field, err := decodeStrictly(raw, &entry); err != nil {
		return field, err
	}
	profile, field, err := entry.profile(len(s.Phones) + 1)
	if err != nil {
		return field, err
	}
	phone, err := profile.Phone()
	if err != nil {
		return "", err
	}
	for _, other := range s.Phones {
		if other.Phone.UDID == phone.UDID {
			return "udid", fmt.Errorf("the same as that of %q", other.Phone.Name)
		}
	}
	s.Phones = append(s.Phones, ScenarioPhone{
		Port:    rootPort(uint32(len(s.Phones)) + 1),
		Phone:   phone,
		Network: entry.Network,
		Repair:  entry.Repair,
		TouchID: entry.TouchID,
	})
	return "", nil
}
