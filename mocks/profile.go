package mocks

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"error53/diag"
	"error53/usbmux/plist"
)

// defaultECID is the ECID of a profile that states none. Nothing real is 5353….
const defaultECID = 0x0000_5353_0000_0001

// Profile is a phone in few words. [Profile.Phone] adds the rest: from the catalog
// of package diag what its type decides, else something made up that has the right
// form. Phones that share a bench need an ECID each; their other identifiers follow
// from it.
type Profile struct {
	ProductType    string // "iPhone7,2"; the catalog must have it
	ProductVersion string // "9.1"; "" = the newest the catalog has for the type
	BuildVersion   string // "13B143"; "" = the lowest the catalog has for the version, or none
	HardwareModel  string // "N71mAP", for types with several boards; "" = the first
	Name           string // the DeviceName; "" = the marketing name
	Mode           diag.Mode
	IBoot          string // see Phone.IBoot
	IBootVersion   string // "iBoot-4513.270.6"; Phone.BuildVersion
	ECID           uint64 // 0 = 0x0000535300000001
	UDID           string // "" = of the type's form, made from chip and ECID

	Sensor         Sensor                // Touch ID's; "" = Original
	Values         plist.Dict            // laid over the values made up; a nil takes one away
	Domains        map[string]plist.Dict // laid over those made up, likewise
	MobileGestalt  plist.Dict            // laid over those made up, likewise
	IORegistry     map[string]plist.Dict // by EntryName or EntryClass
	Errors         map[string]string     // see Phone
	PlainServices  bool                  // see Phone
	PairRecord     []byte                // for ReadPairRecord; nil = as Trust has it
	Trust          Trust
	TLS            TLS    // "" = that of the version
	ConnectionType string // USB (or "") or Network
	Faults         []Fault
}

// Phone makes the phone. It fails on a type, board or mode that cannot be, on a
// version or build that is none, and on a fault that means nothing.
func (p Profile) Phone() (Phone, error) {
	phone, err := p.phone()
	if err != nil {
		return Phone{}, fmt.Errorf("mocks: %w", err)
	}
	return phone, nil
}

// phone makes the phone, or says which field of a scenario is to blame.
func (p Profile) phone() (Phone, error) {
	m, err := p.model()
	if err != nil {
		return Phone{}, err
	}
	if p.ECID == 0 {
		p.ECID = defaultECID
	}
	if p.UDID == "" {
		p.UDID = m.udid(p.ECID)
	}
	if p.Name == "" {
		p.Name = m.device.MarketingName
	}
	values := m.values(p)
	overlay(values, p.Values)
	return Phone{
		Name:           p.Name,
		Mode:           p.Mode,
		UDID:           p.UDID,
		ProductID:      productIDOf(p.ProductType),
		ConnectionType: p.ConnectionType,
		PairRecord:     p.PairRecord,
		IBoot:          p.IBoot,
		BuildVersion:   p.IBootVersion,
		Trust:          p.Trust,
		TLS:            p.TLS,
		Values:         values,
		Domains:        m.domains(p),
		MobileGestalt:  m.mobileGestalt(p),
		IORegistry:     p.IORegistry,
		Errors:         p.Errors,
		PlainServices:  p.PlainServices,
		HardwareInfo:   m.hardwareInfo(p.ECID),
		SavedDebugInfo: savedDebugInfo(),
		Faults:         p.Faults,
	}, nil
}

// overlay lays values over others; a nil takes one away.
func overlay(values, over plist.Dict) {
	maps.Copy(values, over)
	maps.DeleteFunc(values, func(_ string, v any) bool { return v == nil })
}

// model finds what the catalog knows of a profile, and checks the profile on the way.
func (p Profile) model() (model, error) {
	device, ok := diag.DeviceByType(p.ProductType)
	if !ok {
		return model{}, inField("productType", fmt.Errorf("product type %q is not in the catalog", p.ProductType))
	}
	board, err := p.board(device)
	if err != nil {
		return model{}, err
	}
	release, err := p.release(device)
	if err != nil {
		return model{}, err
	}
	return model{device: device, board: board, release: release}, p.check()
}

// check tells whether what is stated of sessions and faults means something.
func (p Profile) check() error {
	switch {
	case p.Mode != "" && !slices.Contains(diag.Modes, p.Mode):
		return inField("mode", fmt.Errorf("no mode is called %q", p.Mode))
	case p.Trust.State != "" && !slices.Contains(TrustStates, p.Trust.State):
		return inField("trust.state", fmt.Errorf("no state of trust is called %q", p.Trust.State))
	case p.Trust.Polls < 0 || p.Trust.After < 0:
		return inField("trust", errors.New("nobody acts after a negative number of polls or time"))
	case p.TLS != "" && !slices.Contains(AllTLS, p.TLS):
		return inField("tls", fmt.Errorf("no way to speak TLS is called %q", p.TLS))
	case p.Sensor != "" && !slices.Contains(Sensors, p.Sensor):
		return inField("sensor", fmt.Errorf("no sensor is called %q", p.Sensor))
	}
	for _, f := range p.Faults {
		if err := f.Validate(); err != nil {
			return fmt.Errorf("fault: %w", err)
		}
	}
	return nil
}

// board picks the main board of the phone.
func (p Profile) board(device *diag.Device) (diag.Board, error) {
	if p.HardwareModel == "" {
		return device.Boards[0], nil
	}
	for _, b := range device.Boards {
		if hardwareModel(b) == p.HardwareModel {
			return b, nil
		}
	}
	return diag.Board{}, inField("hardwareModel", fmt.Errorf("%s has no board %q", p.ProductType, p.HardwareModel))
}

// release picks what the phone runs. One that the catalog lacks is welcome, and so is
// (nil) a device: tests need phones that claim the impossible.
func (p Profile) release(device *diag.Device) (diag.Release, error) {
	if p.ProductVersion == "" && p.BuildVersion == "" {
		return device.Last, nil
	}
	version, err := diag.ParseVersion(p.ProductVersion)
	if err != nil {
		return diag.Release{}, inField("productVersion", fmt.Errorf("product version: %w", err))
	}
	if p.BuildVersion != "" {
		build, err := diag.ParseBuild(p.BuildVersion)
		if err != nil {
			return diag.Release{}, inField("buildVersion", fmt.Errorf("build version: %w", err))
		}
		return diag.Release{Version: version, Build: build}, nil
	}
	if device != nil {
		for _, r := range device.Releases() {
			if r.Version == version {
				return r, nil
			}
		}
	}
	return diag.Release{Version: version}, nil
}
