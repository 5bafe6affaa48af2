package postmortem

import "error53/diag"

// Run is what one restore in a log was and how it ended. What its lines do not say is
// empty, or nil.
type Run struct {
	FirstLine, LastLine int // from 1
	Tool                Tool
	ProductType         string // "iPhone7,2"
	BaseVersion         string // the iOS that was on the phone
	BaseBuild           string
	TargetVersion       string // the iOS that was being installed
	TargetBuild         string
	Code                *int64 // how the restore ended, in Apple's numbers
	Step                *Step  // where it failed
	Others              []Code // further codes of the same run
	Cause               Cause
	Confidence          diag.Confidence
	Summary             string // the finding in a sentence
	Evidence            []Evidence
}

// Step is a checkpoint of the restore ramdisk, or one of its functions in the days before
// it had checkpoints.
type Step struct {
	ID   uint16 // 0x0634; 0 where the log gives none
	Name string // "fdr_recover"; "" where nobody says
}

// Code is a code beside the final one.
type Code struct {
	Number int64
	Domain string // "RamrodErrorDomain"; "" where the log gives none
	Step   Step
}

// Evidence is a line of the log that the finding rests on.
type Evidence struct {
	Line int    // from 1
	Text string // without what surrounds it, and cut where it is long; it may hold anything
}

// Cause is what the lines of a run support.
type Cause string

// The causes.
const (
	Sensor      Cause = "sensor"      // the Touch ID sensor, by target and device
	HostProxy   Cause = "host-proxy"  // the FDR proxy of the program that restored
	FDRServer   Cause = "fdr-server"  // Apple's FDR server
	Network     Cause = "network"     // between this computer and Apple
	OtherCode   Cause = "other-code"  // not Error 53 at all
	Undecidable Cause = "undecidable" // the lines do not tell
	None        Cause = "none"        // the restore succeeded
)

// Causes lists every cause.
var Causes = []Cause{Sensor, HostProxy, FDRServer, Network, OtherCode, Undecidable, None}

// Tool is the program that wrote the log.
type Tool string

// The programs. Device is the phone's own log, where nothing shows who asked for it.
const (
	ITunes          Tool = "itunes"
	Finder          Tool = "finder" // or Apple Devices on Windows: both are AMPDevicesAgent
	Configurator    Tool = "configurator"
	IDeviceRestore  Tool = "idevicerestore"
	FutureRestore   Tool = "futurerestore"
	PyMobileDevice3 Tool = "pymobiledevice3"
	ThreeUTools     Tool = "3utools"
	Device          Tool = "device"
)

// Tools lists every program.
var Tools = []Tool{ITunes, Finder, Configurator, IDeviceRestore, FutureRestore, PyMobileDevice3, ThreeUTools, Device}

// fdrFailure is the code that users know as Error 53 ([AMRESTORE], [IDR]).
const fdrFailure = 53
