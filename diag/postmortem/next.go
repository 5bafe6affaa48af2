package postmortem

import (
	"slices"

	"error53/diag"
)

// The steps that diag does not know: what to do after a restore that has failed.
var (
	anotherNetwork = diag.Advice{ID: "another-network", Text: "Try again on another network: a cable instead of Wi-Fi, or the hotspot of another phone; no VPN, proxy or filter between this computer and Apple."}
	anotherProgram = diag.Advice{ID: "another-program", Text: "Try again with Finder, Apple Devices or iTunes, or with the newest version of the program that was used. Apple's own pass FDR requests on."}
	tryLater       = diag.Advice{ID: "try-later", Text: "Try again some hours later, with Finder, Apple Devices or iTunes. If Apple's server goes on refusing, only Apple can tell why."}
	provesNothing  = diag.Advice{ID: "proves-nothing", Text: "Do not exchange anything because of the number 53: it also stands for faults of network, proxy and server."}
	findTarget     = diag.Advice{ID: "find-target", Text: "Find out which iOS was being installed: the name of the IPSW tells it."}
	wholeLog       = diag.Advice{ID: "whole-log", Text: "Look at the whole log, from its first line to its last: what decides is not in this part."}
	newestRevives  = diag.Advice{ID: "newest-revives", Text: "Do not install that iOS again: take the newest. It has Apple's fix, and revives the phone; Touch ID stays off."}
	lookUpCode     = diag.Advice{ID: "look-up-code", Text: "Look the code up on Apple's support pages: it has nothing to do with Error 53."}
)

// Next lists what to do, in the order of what to do first. A restore that succeeded needs
// nothing.
func (run Run) Next() []diag.Advice {
	switch run.Cause {
	case Sensor:
		return append([]diag.Advice{newestRevives}, inRecovery(run, diag.ThirdPartySensor)...)
	case HostProxy:
		return append([]diag.Advice{anotherProgram, anotherNetwork}, inRecovery(run, diag.RepairNone)...)
	case FDRServer:
		return append([]diag.Advice{tryLater, anotherNetwork}, inRecovery(run, diag.RepairNone)...)
	case Network:
		return append([]diag.Advice{anotherNetwork, anotherProgram}, inRecovery(run, diag.RepairNone)...)
	case OtherCode:
		return []diag.Advice{otherFault(run)}
	case Undecidable:
		return undecided(run)
	default:
		return nil
	}
}

func otherFault(run Run) diag.Advice {
	if run.Code == nil {
		return wholeLog
	}
	return lookUpCode
}

func undecided(run Run) []diag.Advice {
	var steps []diag.Advice
	switch {
	case run.Code == nil && run.Step == nil:
		return []diag.Advice{wholeLog}
	case run.Code == nil:
		steps = []diag.Advice{wholeLog}
	case affected(run) && run.TargetVersion == "":
		steps = []diag.Advice{findTarget, provesNothing, anotherNetwork, anotherProgram}
	default:
		steps = []diag.Advice{provesNothing, anotherNetwork, anotherProgram}
	}
	return append(steps, inRecovery(run, diag.RepairNone)...)
}

// inRecovery is what diag says of a phone that a restore has left in recovery mode: Update
// before Restore, which erases. Whom to ask is known by then.
func inRecovery(run Run, repair diag.Repair) []diag.Advice {
	verdict := diag.Decide(diag.Facts{
		Mode:        diag.Known(diag.Recovery, diag.FromLog),
		ProductType: diag.Known(run.ProductType, diag.FromLog),
		Repair:      diag.Known(repair, diag.FromDefault),
	})
	return slices.DeleteFunc(verdict.Next, func(step diag.Advice) bool { return step.ID == diag.StepAsk })
}
