package diag

import "slices"

// Result is what a documented rule says of a case.
type Result string

// The results of a rule.
const (
	NotApplicable Result = "not-applicable" // the rule is not about this device
	Clear         Result = "clear"          // a condition is known not to hold
	Indeterminate Result = "indeterminate"  // a condition is not known
	AtRisk        Result = "at-risk"        // every condition holds
)

// Rule is a statement of one of the documents, applied to the letter.
type Rule struct {
	Statement

	apply func(Case) Result
}

// documentedFix is the version seed articles name; Apple's fix is [Fix].
var documentedFix = Version{Major: 9, Minor: 3, Patch: 1}

// coreTypes: iPhone 5s to 8, the roster of [APPFIXING].
var coreTypes = []string{
	"iPhone6,1", "iPhone6,2", "iPhone7,1", "iPhone7,2", "iPhone8,1", "iPhone8,2", "iPhone8,4",
	"iPhone9,1", "iPhone9,2", "iPhone9,3", "iPhone9,4",
	"iPhone10,1", "iPhone10,2", "iPhone10,4", "iPhone10,5",
}

// screenTypes: iPhone 5s to 6s Plus and the Touch ID iPads of early 2016, the
// roster of [IHELPIT].
var screenTypes = []string{
	"iPhone6,1", "iPhone6,2", "iPhone7,1", "iPhone7,2", "iPhone8,1", "iPhone8,2",
	"iPad4,7", "iPad4,8", "iPad4,9", "iPad5,1", "iPad5,2", "iPad5,3", "iPad5,4",
	"iPad6,3", "iPad6,4", "iPad6,7", "iPad6,8",
}

// Rules lists the documented rules in the order in which they are shown.
func Rules() []Rule { return rules[:] }

var rules = [...]Rule{
	{Statement{
		ID: "core",
		Text: "An iPhone 5s to 8 on an iOS before 9.3.1 whose Touch ID sensor, home button or its cable was replaced by a third party " +
			"can stop with Error 53 in an update or restore.",
		Source: appfixing,
		Later: "The target decides, not the iOS on the phone (libimobiledevice/idevicerestore src/restore.c). Apple's fix is 9.2.1 (13D20) of 18 February 2016; " +
			"the 5s was never bricked, and the SE, 7 and 8 never had an iOS that old (littlebyteorg/appledb).",
		Superseded: true,
	}, Case.coreRule},
	{Statement{
		ID: "screen",
		Text: "An iPhone 5s to 6s Plus, iPad Air 2, iPad Pro, iPad mini 3 or 4 whose screen was replaced by anyone but Apple: " +
			"back up, do not update, have Apple look at it.",
		Source: ihelpit,
		Later: "A screen whose original button and cable were moved over unhurt keeps its pairing (mendmyi.com, February 2016). " +
			"The first iPad Pro 9.7 came with 9.3, past the fix (littlebyteorg/appledb).",
		Superseded: true,
	}, Case.screenRule},
	{Statement{
		ID:     "face-id",
		Text:   "The iPhone X and later do not have Error 53 \"in the same way\": their Face ID is paired by other means.",
		Source: appfixing,
		Later: "True of the Touch ID kind. Status 53 itself means that factory data could not be restored and was logged on an iPhone 12 " +
			"(libimobiledevice/idevicerestore issue 751), there for want of network.",
		Superseded: true,
	}, Case.faceIDRule},
	{Statement{
		ID:     "fixed",
		Text:   "Since iOS 9.3.1 the error no longer disables a phone for good: it can be restored, Touch ID stays off.",
		Source: appfixing,
		Later:  "No other source names 9.3.1. Apple's statement belongs to 9.2.1 (13D20), six weeks before it (macobserver.com).",

		Superseded: true,
	}, Case.fixedRule},
	{Statement{
		ID:     "update-of-19-feb",
		Text:   "Apple has released an update that brings phones stopped by Error 53 back: restore them with the newest iTunes, set Touch ID up later.",
		Source: ihelpit + ", update of 19 February 2016",
		Later: "It is 9.2.1 (13D20), offered through iTunes only (forums.macrumors.com thread 1957025). Every iOS Apple has released since has it. " +
			"Step by step: error53 guide restore.",
	}, silent},
	{Statement{
		ID:     "cable",
		Text:   "Error 53 on a phone that no third party ever repaired: a loose or damaged home button cable.",
		Source: appfixing,
		Later:  "Reports agree: a nicked cable, water or a drop is enough (irishtimes.com, February 2016).",
	}, silent},
}

// silent is a rule that lends its text only.
func silent(Case) Result { return NotApplicable }

func (c Case) coreRule() Result {
	return c.conditions(coreTypes, c.repairIs(ThirdPartySensor))
}

func (c Case) screenRule() Result {
	return c.conditions(screenTypes, c.repairIs(ThirdPartySensor, ThirdPartyScreen))
}

func (c Case) faceIDRule() Result {
	if c.Device != nil && c.Device.Biometric == FaceIDHardware {
		return Clear
	}
	return NotApplicable
}

func (c Case) fixedRule() Result {
	if c.beforeDocumentedFix() == no {
		return Clear
	}
	return NotApplicable
}

// truth is a three-valued answer.
type truth uint8

const (
	unknown truth = iota
	no
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// conditions is the three-valued AND of a rule: device, version, repair.
func (c Case) conditions(types []string, repair truth) Result {
	device, version := c.typeIn(types), c.beforeDocumentedFix()
	switch {
	case device == no:
		return NotApplicable
	case version == no || repair == no:
		return Clear
	case device == unknown || version == unknown || repair == unknown:
		return Indeterminate
	default:
		return AtRisk
	}
}

func (c Case) typeIn(types []string) truth {
	if c.ProductType == "" {
		return unknown
	}
	return truthOf(slices.Contains(types, c.ProductType))
}

func (c Case) repairIs(repairs ...Repair) truth {
	if c.Repair == RepairUnknown {
		return unknown
	}
	return truthOf(slices.Contains(repairs, c.Repair))
}

func (c Case) beforeDocumentedFix() truth {
	read := c.versionRead().Version
	if read.IsZero() {
		return unknown
	}
	return truthOf(read.Compare(documentedFix) < 0)
}

// versionRead is the release the documents are applied to: the installed one and,
// where that is not known in any mode but normal, the target.
func (c Case) versionRead() Release {
	if c.Installed.Version.IsZero() && c.Mode != Normal {
		return c.target()
	}
	return c.installed()
}

// documented is what the documents say together: the gravest of their two rules.
func (c Case) documented() Result {
	core, screen := c.coreRule(), c.screenRule()
	switch {
	case core == AtRisk || screen == AtRisk:
		return AtRisk
	case core == Indeterminate || screen == Indeterminate:
		return Indeterminate
	default:
		return Clear
	}
}
