package diag

// Disagreement names a reason for which documents and evidence part.
type Disagreement string

// The reasons, in the order in which they are told.
const (
	ByWay     Disagreement = "way"
	ByTarget  Disagreement = "target"
	ByBuild   Disagreement = "build"
	ByDevice  Disagreement = "device"
	ByScreen  Disagreement = "screen"
	ByCause   Disagreement = "cause"
	ByWorking Disagreement = "working"
)

// Contradiction tells where the documents contradict each other or the evidence.
type Contradiction struct {
	ID     Disagreement
	Text   string
	Source string

	applies func(Case) bool
}

// Contradictions lists every reason for a disagreement.
func Contradictions() []Contradiction { return contradictions[:] }

var contradictions = [...]Contradiction{
	{
		ByWay, "The documents make no difference between a computer and the air. Over the air the phone was seen to refuse the update and to go on working.",
		"iphoneblog.de 2016-02-18, ilounge.com; mobilesyrup.com 2016-02-18 says otherwise",
		func(c Case) bool { effect, _ := c.predict(); return effect == UpdateRefused },
	},
	{
		ByTarget, "The documents read the iOS on the phone. The sensor is checked by the restore ramdisk of the target, so the target decides.",
		"libimobiledevice/idevicerestore src/restore.c; 9.2.1 (13D20) revived phones that were already dead",
		Case.sidesDiffer,
	},
	{
		ByBuild, "The documents name 9.3.1 of March 2016. Apple's fix is the build 13D20 of 9.2.1, of 18 February 2016, and every 9.3 has it.",
		"macobserver.com (Apple's statement), littlebyteorg/appledb; the two documents contradict each other here",
		func(c Case) bool { read := c.versionRead(); return read == Fix || read.Version == betaVersion },
	},
	{
		ByDevice, "The documents name every Touch ID phone from the 5s to the 8. Those that were really bricked are the 6, the 6s, their Plus models, " +
			"iPad mini 3, mini 4, Air 2 and the first iPad Pro 12.9.",
		"digitaltrends.com/mobile/apple-error-53-iphone-6, talkbackcomms.com, littlebyteorg/appledb (13D20 exists for no other)",
		func(c Case) bool { k := classOf(c.Device); return k == never53 || k == buttonBound },
	},
	{
		ByScreen, "One document counts every third-party screen. A screen whose original button was moved over unhurt keeps the pairing.",
		"mendmyi.com/blog/2016/02/iphone-restore-error-53, talkbackcomms.com",
		func(c Case) bool { return c.Repair == ThirdPartyScreen && sensorOf(c.Repair, c.TouchID) == good },
	},
	{
		ByCause, "The documents' rules ask for a third-party repair. A cable or button damaged without any repair is as silent to the check as a foreign one.",
		"irishtimes.com, February 2016 (drop and water damage); jolt.richmond.edu 2016-03-03",
		func(c Case) bool { effect, _ := c.predict(); return c.Repair == Damaged && effect == Error53 },
	},
	{
		ByWorking, "The documents ask about the repair only. A Touch ID that works today proves that sensor and phone are paired.",
		"iclarified.com/53790 (pairing is validated by Apple's service)",
		func(c Case) bool { return c.Repair == ThirdPartySensor && sensorOf(c.Repair, c.TouchID) == good },
	},
}

// agrees tells whether documents and evidence say the same; nil where one of them
// does not know.
func (c Case) agrees() *bool {
	effect, _ := c.predict()
	documented := c.documented()
	if documented == Indeterminate || effect == EffectUnknown {
		return nil
	}
	same := (documented == AtRisk) == (effect == Error53)
	return &same
}

// disagreement lists every reason that applies, none where the two agree.
func (c Case) disagreement() []Disagreement {
	reasons := []Disagreement{}
	if agrees := c.agrees(); agrees == nil || *agrees {
		return reasons
	}
	for _, each := range contradictions {
		if each.applies(c) {
			reasons = append(reasons, each.ID)
		}
	}
	return reasons
}

// sidesDiffer tells whether the release the documents read and the target lie on
// different sides of the fix.
func (c Case) sidesDiffer() bool {
	read := c.versionRead()
	if read.Version.IsZero() {
		return false
	}
	return (bandOf(read) == belowFix) != (bandOf(c.target()) == belowFix)
}
