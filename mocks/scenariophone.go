package mocks

import (
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
	Trust          trustEntry                `json:"trust"`
	TLS            TLS                       `json:"tls"`
	PlainServices  bool                      `json:"plainServices"`
	Sensor         Sensor                    `json:"sensor"`
	LastBackup     string                    `json:"lastBackup"` // how long ago: "816h"
	Values         map[string]any            `json:"values"`     // null takes a value away
	Domains        map[string]map[string]any `json:"domains"`    // likewise
	MobileGestalt  map[string]any            `json:"mobileGestalt"`
	IORegistry     map[string]map[string]any `json:"ioRegistry"`
	Errors         map[string]string         `json:"errors"` // see Phone.Errors
	Faults         []faultEntry              `json:"faults"`
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
	trust, err := e.Trust.trust()
	if err != nil {
		return p, "trust.after", err
	}
	p = Profile{
		ProductType: e.ProductType, ProductVersion: e.ProductVersion, BuildVersion: e.BuildVersion,
		HardwareModel: e.HardwareModel, Name: e.DeviceName, Mode: e.Mode,
		IBoot: e.IBoot, IBootVersion: e.IBootVersion,
		ECID: ecid, UDID: e.UDID, Faults: fs,
		Trust: trust, TLS: e.TLS, PlainServices: e.PlainServices, Sensor: e.Sensor, Errors: e.Errors,
		Values: valuesOf(e.Values), MobileGestalt: valuesOf(e.MobileGestalt),
		Domains: dictsOf(e.Domains), IORegistry: dictsOf(e.IORegistry),
	}
	if e.LastBackup != "" {
		ago, err := duration(e.LastBackup)
		if err != nil {
			return p, "lastBackup", err
		}
		overlayIn(p.Domains, backupDomain, plist.Dict{"LastiTunesBackupDate": Ago(ago)})
	}
	return p, "", nil
}

func (e trustEntry) trust() (t Trust, err error) {
	t = Trust{State: e.State, Locked: e.Locked, Polls: e.Polls, Replug: e.Replug}
	if e.After != "" {
		t.After, err = duration(e.After)
	}
	return t, err
}

func duration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, fmt.Errorf("%q is no time such as 20ms", s)
	}
	return d, nil
}

// faults reads the faults of a phone or of the daemon.
func faults(entries []faultEntry) (list []Fault, field string, err error) {
	for i, e := range entries {
		f := Fault{Side: e.Side, Kind: e.Kind, After: e.After}
		if e.Delay != "" {
			if f.Delay, err = duration(e.Delay); err != nil {
				return nil, fmt.Sprintf("faults[%d].delay", i), err
			}
		}
		if err := f.Validate(); err != nil {
			return nil, fmt.Sprintf("faults[%d]", i), err
		}
		list = append(list, f)
	}
	return list, "", nil
}
