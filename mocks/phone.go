package mocks

import (
	"maps"
	"slices"
	"strings"

	"error53/diag"
	"error53/usbmux/plist"
)

// The ways a phone can be connected, as usbmuxd's ConnectionType spells them.
const (
	USB     = "USB"
	Network = "Network"
)

// restoreSerial is the USB serial of every phone in restore mode.
// Observed: libimobiledevice/idevicerestore issue 328.
var restoreSerial = strings.Repeat("f", 40)

// Phone is all that a virtual phone answers. [Profile.Phone] makes one from little;
// a test may also write one by hand. It must not be changed once it is on a bench.
type Phone struct {
	Name string    // what its owner calls it; on the wire is DeviceName of Values
	Mode diag.Mode // "" = Normal; usbmuxd serves Normal and Restore, the others are on the USB bus alone

	// What usbmuxd says of it. In restore mode the UDID is hidden, as on a real one.
	UDID           string
	ProductID      uint16 // USB; 0 = 0x12a8
	LocationID     uint32 // USB; 0 = made up as the bench's Flavour has it
	ConnectionType string // USB (or "") or Network
	PairRecord     []byte // what the host keeps of it from the start; nil = as Trust has it

	Trust Trust
	TLS   TLS // "" = that of ProductVersion

	// What lockdownd says of it, and restored of SerialNumber and HardwareModel.
	Values  plist.Dict            // the global domain, as in a session
	Domains map[string]plist.Dict // the named domains
	Public  []string              // what a host without a session may read: keys, or domain/key; nil = PublicKeys

	// Errors are given instead of answers: of a value ("SerialNumber",
	// "com.apple.fmip/IsAssociated"), of a domain and all in it ("com.apple.fmip"), of
	// the global one as a whole (""), or when a service is started by its name.
	Errors map[string]string

	// What diagnostics_relay says of it.
	MobileGestalt plist.Dict            // by key; from iOS 17.4 on nobody gets at it. A Status in it is that of all answers
	IORegistry    map[string]plist.Dict // by EntryName or EntryClass
	PlainServices bool                  // services speak no TLS

	// What restored says of it.
	HardwareInfo   plist.Dict
	SavedDebugInfo plist.Dict

	// What iBoot says of it, or its boot ROM.
	IBoot        string // the serial number string as it is; "" = made up of Values
	BuildVersion string // iBoot's build-version; "" = it gives none

	Faults []Fault

	keyBits int // of its key, where that is older than ProductVersion; 0: it is not
}

// updated is the phone on another release, in normal mode. Its key stays, and with it
// every pairing.
func (p Phone) updated(r diag.Release) Phone {
	p.keyBits = p.bits()
	p.Mode = diag.Normal
	p.Values = maps.Clone(p.Values)
	p.Values["ProductVersion"] = r.Version.String()
	delete(p.Values, "BuildVersion")
	if !r.Build.IsZero() {
		p.Values["BuildVersion"] = r.Build.String()
	}
	return p
}

// complete makes up what the phone does not say of itself.
func (p *Phone) complete() {
	if p.ConnectionType == "" {
		p.ConnectionType = USB
	}
	if p.Public == nil {
		p.Public = PublicKeys()
	}
}

// served tells whether usbmuxd serves the phone.
func (p *Phone) served() bool {
	return p.Mode == "" || p.Mode == diag.Normal || p.Mode == diag.Restore
}

// PublicKeys lists the values of the global domain that an unpaired host reads.
// [PYIOSDEVICE] iOS 14.7.1, and doronz88/pymobiledevice3 issue 275 (BasebandVersion).
func PublicKeys() []string {
	return strings.Fields(`BasebandCertId BasebandKeyHashInformation BasebandSerialNumber
		BasebandVersion BoardId BuildVersion CPUArchitecture ChipID DeviceClass DeviceColor
		DeviceName DieID HardwareModel HasSiDP PartitionType ProductName ProductType
		ProductVersion ProductionSOC ProtocolVersion SupportedDeviceFamilies
		TelephonyCapability UniqueChipID UniqueDeviceID WiFiAddress`)
}

// OverNetwork gives the same phone as a daemon lists it a second time when it is
// also connected over the network.
func (p Phone) OverNetwork() Phone {
	p.ConnectionType, p.ProductID, p.LocationID = Network, 0, 0
	return p
}

// serial is the SerialNumber in usbmuxd's properties.
func (p *Phone) serial() string {
	if p.Mode == diag.Restore {
		return restoreSerial
	}
	return p.UDID
}

// domain gives the values of a domain; "" is the global one.
func (p *Phone) domain(name string) plist.Dict {
	if name == "" {
		return p.Values
	}
	return p.Domains[name]
}

// failure gives the error that stands in for a value, if any.
func (p *Phone) failure(domain, key string) (failure string, refused bool) {
	if domain == "" {
		failure, refused = p.Errors[key]
		return failure, refused
	}
	if failure, refused = p.Errors[domain+"/"+key]; !refused {
		failure, refused = p.Errors[domain]
	}
	return failure, refused
}

// byNameOnly tells the values that a dictionary of all leaves out.
// Observed: libimobiledevice/libimobiledevice issues 275 and 378.
func byNameOnly(domain, key string) bool { return domain == fmipDomain && key == "IsAssociated" }

// public tells whether a host without a session may read a value.
func (p *Phone) public(domain, key string) bool {
	if domain != "" {
		key = domain + "/" + key
	}
	return slices.Contains(p.Public, key)
}
