package mocks

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"error53/diag"
	"error53/usbmux/plist"
)

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
	Trust          json.RawMessage           `json:"trust"`
	TLS            TLS                       `json:"tls"`
	PlainServices  bool                      `json:"plainServices"`
	Sensor         Sensor                    `json:"sensor"`
	LastBackup     string                    `json:"lastBackup"` // how long ago: "816h"
	Values         map[string]any            `json:"values"`     // null takes a value away
	Domains        map[string]map[string]any `json:"domains"`    // likewise
	MobileGestalt  map[string]any            `json:"mobileGestalt"`
	IORegistry     map[string]map[string]any `json:"ioRegistry"`
	Errors         map[string]string         `json:"errors"` // see Phone.Errors
	Faults         []json.RawMessage         `json:"faults"`
	Count          *int                      `json:"count"`    // so many of them; default: 1
	Timeline       []string                  `json:"timeline"` // see Phone.ParseStep; one that begins with "plug" has the phone off the cable at first
}

type trustEntry struct {
	State  TrustState `json:"state"`
	Locked bool       `json:"locked"`
	Polls  int        `json:"polls"`
	After  string     `json:"after"` // "20s"
	Replug bool       `json:"replug"`
}

type faultEntry struct {
	Side  Side   `json:"side"`
	Kind  Kind   `json:"kind"`
	After int    `json:"after"`
	Delay string `json:"delay"` // "20ms"
}

// count is how many phones the entry stands for, beside those that there are.
func (e phoneEntry) count(before int) (int, error) {
	n := 1
	if e.Count != nil {
		n = *e.Count
	}
	switch {
	case n < 1 || n > maxPhones-before:
		return 0, inField("count", fmt.Errorf("a bench has from 1 to %d phones", maxPhones))
	case n > 1 && e.UDID != "":
		return 0, inField("udid", errors.New("it is that of one phone: leave it to be made up"))
	}
	return n, nil
}

// phone makes the first phone of an entry.
func (e phoneEntry) phone() (p ScenarioPhone, err error) {
	if p.profile, err = e.profile(); err != nil {
		return p, err
	}
	if p.Phone, err = p.profile.phone(); err != nil {
		return p, err
	}
	p.Network, p.Repair, p.TouchID = e.Network, e.Repair, e.TouchID
	p.timeline, err = timeline(e.Timeline, p.Phone.ParseStep)
	if err != nil {
		return p, err
	}
	p.Away = len(p.timeline) > 0 && p.timeline[0].Act == ActPlug
	return p, p.rehearse()
}

// another makes one like it; they count from 0.
func (p ScenarioPhone) another(number int) ScenarioPhone {
	if p.profile.ECID != 0 {
		p.profile.ECID += uint64(number)
	}
	if number > 0 {
		p.profile.Name = fmt.Sprintf("%s %d", p.Phone.Name, number+1)
	}
	return p
}

// rehearse finds the step that cannot be.
func (p *ScenarioPhone) rehearse() error {
	b := NewBench()
	defer b.Close()
	alone := ScenarioPhone{Phone: p.Phone, Away: p.Away}
	alone.Phone.Trust.Replug = false // there is no time here in which it could come back
	b.Add(alone)
	for i, s := range p.timeline {
		s.Port = rootPort(1)
		var failed *StepError
		if errors.As(b.Do(s), &failed) {
			return inField(fmt.Sprintf("timeline[%d]", i), errors.New(failed.Reason))
		}
	}
	return nil
}

// profile gives the entry's profile.
func (e phoneEntry) profile() (p Profile, err error) {
	if e.Repair != "" && !slices.Contains(diag.Repairs, e.Repair) {
		return p, inField("repair", fmt.Errorf("%q is none of %q", e.Repair, diag.Repairs))
	}
	if e.TouchID != "" && !slices.Contains(diag.TouchIDs, e.TouchID) {
		return p, inField("touchId", fmt.Errorf("%q is none of %q", e.TouchID, diag.TouchIDs))
	}
	p = Profile{
		ProductType: e.ProductType, ProductVersion: e.ProductVersion, BuildVersion: e.BuildVersion,
		HardwareModel: e.HardwareModel, Name: e.DeviceName, Mode: e.Mode,
		IBoot: e.IBoot, IBootVersion: e.IBootVersion, UDID: e.UDID,
		TLS: e.TLS, PlainServices: e.PlainServices, Sensor: e.Sensor, Errors: e.Errors,
		Values: valuesOf(e.Values), MobileGestalt: valuesOf(e.MobileGestalt),
		Domains: dictsOf(e.Domains), IORegistry: dictsOf(e.IORegistry),
	}
	return p, cmp.Or(e.addECID(&p), e.addBackup(&p), e.addTrust(&p), e.addFaults(&p))
}

func (e phoneEntry) addECID(p *Profile) (err error) {
	if e.ECID == "" {
		return nil
	}
	if p.ECID, err = strconv.ParseUint(e.ECID, 0, 64); err != nil || p.ECID == 0 {
		return inField("ecid", fmt.Errorf("%q is no ECID such as 0x0000535300000001", e.ECID))
	}
	return nil
}

func (e phoneEntry) addBackup(p *Profile) error {
	if e.LastBackup == "" {
		return nil
	}
	ago, err := duration(e.LastBackup)
	if err != nil {
		return inField("lastBackup", err)
	}
	overlayIn(p.Domains, backupDomain, plist.Dict{"LastiTunesBackupDate": Ago(ago)})
	return nil
}

func (e phoneEntry) addTrust(p *Profile) error {
	if e.Trust == nil {
		return nil
	}
	var t trustEntry
	if err := decodeStrictly(e.Trust, &t); err != nil {
		return inField("trust", err)
	}
	p.Trust = Trust{State: t.State, Locked: t.Locked, Polls: t.Polls, Replug: t.Replug}
	if t.After != "" {
		after, err := duration(t.After)
		if err != nil {
			return inField("trust.after", err)
		}
		p.Trust.After = after
	}
	return nil
}

func (e phoneEntry) addFaults(p *Profile) (err error) {
	p.Faults, err = faults(e.Faults)
	return err
}

func duration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, fmt.Errorf("%q is no time such as 20ms", s)
	}
	return d, nil
}

// faults reads the faults of a phone or of the daemon.
func faults(entries []json.RawMessage) (list []Fault, err error) {
	for i, raw := range entries {
		f, err := fault(raw)
		if err != nil {
			return nil, inField(fmt.Sprintf("faults[%d]", i), err)
		}
		list = append(list, f)
	}
	return list, nil
}

func fault(raw json.RawMessage) (f Fault, err error) {
	var e faultEntry
	if err := decodeStrictly(raw, &e); err != nil {
		return f, err
	}
	f = Fault{Side: e.Side, Kind: e.Kind, After: e.After}
	if e.Delay != "" {
		if f.Delay, err = duration(e.Delay); err != nil {
			return f, inField("delay", err)
		}
	}
	return f, f.Validate()
}
