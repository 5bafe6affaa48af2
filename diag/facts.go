package diag

// Source tells where a fact came from.
type Source string

// The sources of facts. FromDefault marks a value that stands in for one nobody
// has said.
const (
	FromLockdown Source = "lockdown" // the phone's lockdownd
	FromRestored Source = "restored" // the restore ramdisk's daemon
	FromIBoot    Source = "iboot"    // the serial string of recovery or DFU mode
	FromUSB      Source = "usb"      // usbmuxd's or the bus's view of the device
	FromOperator Source = "operator" // said by the person who uses the program
	FromCatalog  Source = "catalog"  // looked up in the tables of this package
	FromLog      Source = "log"      // read in a restore log
	FromIPSW     Source = "ipsw"     // read in an IPSW, or in one of its lists
	FromRelay    Source = "relay"    // the phone's diagnostics relay
	FromClock    Source = "clock"    // the clock of this computer
	FromDefault  Source = "default"  // taken for granted until said
)

// Fact is a value with its source, or, without a source, the reason why it is
// not known. A value may have a reason too, where it does not speak for itself.
type Fact[T any] struct {
	Value  T
	Source Source
	Reason string
}

// Known makes a fact.
func Known[T any](value T, source Source) Fact[T] {
	return Fact[T]{Value: value, Source: source}
}

// NotKnown makes the absence of a fact, with the reason.
func NotKnown[T any](reason string) Fact[T] {
	return Fact[T]{Reason: reason}
}

// Known tells whether there is a value.
func (f Fact[T]) Known() bool { return f.Source != "" }

// Mode is the state a phone stands in, as the protocols name it.
type Mode string

// The modes. USB product ids tell them apart.
const (
	Normal   Mode = "normal"
	Restore  Mode = "restore"
	Recovery Mode = "recovery"
	DFU      Mode = "dfu"
	WTF      Mode = "wtf"
	PortDFU  Mode = "port-dfu"
	KIS      Mode = "kis"
)

// Modes lists every mode.
var Modes = []Mode{Normal, Restore, Recovery, DFU, WTF, PortDFU, KIS}

// Repair is the operator's word on what was done to the phone.
type Repair string

// The repairs. Where several were made the first of this order applies:
// third-party-sensor, damaged, third-party-screen, unknown, apple, none.
const (
	RepairNone       Repair = "none"               // none, or nothing near the sensor
	RepairApple      Repair = "apple"              // by Apple or an authorised provider
	ThirdPartySensor Repair = "third-party-sensor" // button, sensor, its cable, or the logic board exchanged
	ThirdPartyScreen Repair = "third-party-screen" // screen only, the original button moved over
	Damaged          Repair = "damaged"            // button, sensor or cable hurt, not repaired
	RepairUnknown    Repair = "unknown"
)

// Repairs lists every repair.
var Repairs = []Repair{RepairNone, RepairApple, ThirdPartySensor, ThirdPartyScreen, Damaged, RepairUnknown}

// TouchID is the operator's word on whether Touch ID works today.
type TouchID string

// The answers about Touch ID.
const (
	TouchIDYes     TouchID = "yes"
	TouchIDNo      TouchID = "no"
	TouchIDUnknown TouchID = "unknown"
)

// TouchIDs lists every answer about Touch ID.
var TouchIDs = []TouchID{TouchIDYes, TouchIDNo, TouchIDUnknown}

// Way is how the target is to be installed.
type Way string

// The ways. WayNotStated counts as one over USB.
const (
	ComputerUpdate  Way = "computer-update"
	ComputerRestore Way = "computer-restore"
	OTA             Way = "ota"
	WayNotStated    Way = ""
)

// Ways lists the ways that can be stated.
var Ways = []Way{ComputerUpdate, ComputerRestore, OTA}

// Facts is what is known of one phone and of the plan for it.
// Versions and builds are text here: a phone may answer anything.
type Facts struct {
	Mode             Fact[Mode]
	ProductType      Fact[string] // "iPhone7,2"
	MarketingName    Fact[string] // "iPhone 6"
	HardwareModel    Fact[string] // "N61AP", in any case
	InstalledVersion Fact[string] // "9.1"
	InstalledBuild   Fact[string] // "13B143"
	IBoot            Fact[string] // "iBoot-4513.270.14": the one that is installed
	InstalledRange   Fact[Range]  // by IBoot, where the version is not known

	ECID         Fact[uint64] // exclusive chip id, 64 bit
	UDID         Fact[string] // as the daemon spells it
	SerialNumber Fact[string] // the serial of the phone, not of USB
	DeviceName   Fact[string] // free text by its owner: hostile
	CPID         Fact[uint32] // chip id
	BDID         Fact[uint32] // board id
	APNonce      Fact[string] // hexadecimal digits; another one after each start
	SEPNonce     Fact[string] // the same, of the Secure Enclave

	Repair        Fact[Repair]
	TouchID       Fact[TouchID]
	TargetVersion Fact[string] // "12.5.8"
	TargetBuild   Fact[string] // "16H88"
	TargetFile    Fact[string] // the IPSW that is to be installed, without its folder
	TargetFDR     Fact[bool]   // whether that says FDRSupport of the model; decides nothing
	Way           Fact[Way]

	Session // what does not decide, and only a phone that trusts this computer tells
}
