package mocks

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"error53/diag"
	"error53/usbmux/plist"
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

// phoneEntry is one phone of a file; all but productType may be left out.
type phoneEntry struct {
	ProductType    string                    `json:"productType"`
	ProductVersion string                    `json:"productVersion"`
	BuildVersion   string                    `json:"buildVersion"`
	HardwareModel  string                    `json:"hardwareModel"`
	DeviceName     string                    `json:"deviceName"`
	Mode           diag.Mode                 `json:"mode"`
	IBoot          string                    `json:"iBoot"`        // serial number string, as it is; default: made up
	IBootVersion   string                    `json:"iBootVersion"` // answer to getenv build-version; default: none
	ECID           string                    `json:"ecid"`         // "0x…"; default: made from the position
	UDID           string                    `json:"udid"`
	Network        bool                      `json:"network"` // listed over the network as well
	Repair         diag.Repair               `json:"repair"`
	TouchID        diag.TouchID              `json:"touchId"`
	Values         map[string]any            `json:"values"` // null takes a value away
	Domains        map[string]map[string]any `json:"domains"`
	Faults         []faultEntry              `json:"faults"`
}

type faultEntry struct {
	Side  Side   `json:"side"`
	Kind  Kind   `json:"kind"`
	After int    `json:"after"`
	Delay string `json:"delay"` // "20ms"
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
		Port:    rootPort(len(s.Phones) + 1),
		Phone:   phone,
		Network: entry.Network,
		Repair:  entry.Repair,
		TouchID: entry.TouchID,
	})
	return "", nil
}

// profile gives the entry's profile; position counts from 1.
func (e phoneEntry) profile(position int) (p Profile, field string, err error) {
	ecid := uint64(defaultECID) + uint64(position) - 1
	if e.ECID != "" {
		if ecid, err = strconv.ParseUint(e.ECID, 0, 64); err != nil {
			return p, "ecid", fmt.Errorf("%q is no ECID such as 0x0000535300000001", e.ECID)
		}
	}
	if e.Repair != "" && !slices.Contains(diag.Repairs, e.Repair) {
		return p, "repair", fmt.Errorf("%q is none of %q", e.Repair, diag.Repairs)
	}
	if e.TouchID != "" && !slices.Contains(diag.TouchIDs, e.TouchID) {
		return p, "touchId", fmt.Errorf("%q is none of %q", e.TouchID, diag.TouchIDs)
	}
	fs, field, err := faults(e.Faults)
	if err != nil {
		return p, field, err
	}
	p = Profile{
		ProductType: e.ProductType, ProductVersion: e.ProductVersion, BuildVersion: e.BuildVersion,
		HardwareModel: e.HardwareModel, Name: e.DeviceName, Mode: e.Mode,
		IBoot: e.IBoot, IBootVersion: e.IBootVersion,
		ECID: ecid, UDID: e.UDID, Faults: fs,
	}
	p.Values, p.Domains = valuesOf(e.Values), map[string]plist.Dict{}
	for name, domain := range e.Domains {
		p.Domains[name] = valuesOf(domain)
	}
	return p, "", nil
}

// faults reads the faults of a phone or of the daemon.
func faults(entries []faultEntry) (list []Fault, field string, err error) {
	for i, e := range entries {
		f := Fault{Side: e.Side, Kind: e.Kind, After: e.After}
		if e.Delay != "" {
			if f.Delay, err = time.ParseDuration(e.Delay); err != nil {
				return nil, fmt.Sprintf("faults[%d].delay", i), fmt.Errorf("%q is no time such as 20ms", e.Delay)
			}
		}
		if err := f.Validate(); err != nil {
			return nil, fmt.Sprintf("faults[%d]", i), err
		}
		list = append(list, f)
	}
	return list, "", nil
}
