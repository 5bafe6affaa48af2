package diag

import (
	"iter"
	"math/bits"
)

// FactName names a fact that somebody can still state, as JSON spells it.
type FactName string

// The facts that can be asked for. The installed version is not among them: the
// phone says it, or nobody does.
const (
	AskRepair      FactName = "repair"
	AskTouchID     FactName = "touchId"
	AskTarget      FactName = "target"
	AskTargetBuild FactName = "targetBuild"
	AskWay         FactName = "way"
)

// openable lists the facts in the order in which ties are decided.
var openable = [...]FactName{AskRepair, AskTouchID, AskTarget, AskTargetBuild, AskWay}

// answers yields the case once for each possible answer about a fact that is
// still open, and nothing for one that is known.
func (c Case) answers(fact FactName) iter.Seq[Case] {
	return func(yield func(Case) bool) {
		switch fact {
		case AskRepair:
			c.repairAnswers(yield)
		case AskTouchID:
			c.touchIDAnswers(yield)
		case AskTarget:
			c.targetAnswers(yield)
		case AskTargetBuild:
			c.targetBuildAnswers(yield)
		case AskWay:
			c.wayAnswers(yield)
		}
	}
}

func (c Case) repairAnswers(yield func(Case) bool) {
	if c.Repair != RepairUnknown {
		return
	}
	for _, c.Repair = range Repairs {
		if c.Repair != RepairUnknown && !yield(c) {
			return
		}
	}
}

func (c Case) touchIDAnswers(yield func(Case) bool) {
	if c.TouchID != TouchIDUnknown {
		return
	}
	for _, c.TouchID = range TouchIDs {
		if c.TouchID != TouchIDUnknown && !yield(c) {
			return
		}
	}
}

func (c Case) targetAnswers(yield func(Case) bool) {
	if c.targetStated() || c.Device == nil {
		return
	}
	for c.Target = range differing(c.Device.from(c.installed())) {
		if !yield(c) {
			return
		}
	}
}

// differing yields of releases in ascending order the first of each run that the
// decision cannot tell apart: it sees their band, and whether the rules mean them.
func differing(releases []Release) iter.Seq[Release] {
	type kind struct {
		band  band
		meant bool
	}
	return func(yield func(Release) bool) {
		var last kind
		for i, r := range releases {
			k := kind{bandOf(r), r.Version.Compare(documentedFix) < 0}
			if (i == 0 || k != last) && !yield(r) {
				return
			}
			last = k
		}
	}
}

// targetBuildAnswers: 9.2.1 is the one version with a build on either side of the
// fix.
func (c Case) targetBuildAnswers(yield func(Case) bool) {
	if c.Target.Version != fixVersion || !c.Target.Build.IsZero() {
		return
	}
	for _, c.Target.Build = range [...]Build{firstBuild, fixBuild} {
		if !yield(c) {
			return
		}
	}
}

func (c Case) wayAnswers(yield func(Case) bool) {
	if c.Way != WayNotStated {
		return
	}
	for _, c.Way = range [...]Way{OTA, ComputerUpdate} {
		if !yield(c) {
			return
		}
	}
}

// question names the open fact whose answers give the most different headlines,
// "" where no answer gives another headline than the present one.
func (c Case) question() FactName {
	risk := c.risk()
	if risk != RiskUnknown && risk != RiskElevated && risk != RiskHigh {
		return ""
	}
	var best FactName
	most := 0
	for _, fact := range openable {
		var headlines uint8
		for answered := range c.answers(fact) {
			headlines |= answered.risk().bit()
		}
		if n := bits.OnesCount8(headlines); n > most && headlines&^risk.bit() != 0 {
			best, most = fact, n
		}
	}
	return best
}
