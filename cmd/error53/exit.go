package main

import (
	"slices"

	"error53/diag"
)

// Exit codes, a contract with every script that calls the program.
const (
	exitOK       = 0
	exitFailure  = 1
	exitUsage    = 2
	exitNoPhone  = 3
	exitTrust    = 4
	exitDaemon   = 5
	exitLost     = 6
	exitElevated = 10
	exitHigh     = 11
	exitUnknown  = 12
)

// gravest is the order in which one phone's code speaks for all of them.
var gravest = []int{exitHigh, exitElevated, exitUnknown, exitLost, exitTrust, exitFailure}

// exitOfRisk gives the code of a verdict.
func exitOfRisk(risk diag.Risk) int {
	switch risk {
	case diag.RiskHigh:
		return exitHigh
	case diag.RiskElevated:
		return exitElevated
	case diag.RiskUnknown:
		return exitUnknown
	default:
		return exitOK
	}
}

// exitOfPhone gives the code of one phone. Without a product type there is no
// verdict, and its error speaks for it. A pairing that failed counts beside both.
func exitOfPhone(p phone) int {
	if p.pairing != nil {
		failed := explain(p.pairing).exit
		p.pairing = nil
		return gravestOf([]int{failed, exitOfPhone(p)})
	}
	if p.err == nil {
		return exitOfRisk(p.verdict.Risk)
	}
	code := explain(p.err).exit
	if code == exitUsage {
		code = exitFailure // one phone's impossible target does not end the run
	}
	if p.hasVerdict() && code == exitTrust {
		return exitOfRisk(p.verdict.Risk) // trust was not needed after all
	}
	if p.hasVerdict() {
		return gravestOf([]int{code, exitOfRisk(p.verdict.Risk)})
	}
	return code
}

// exitOfPhones gives the code of the run.
func exitOfPhones(phones []phone) int {
	codes := make([]int, len(phones))
	for i, p := range phones {
		codes[i] = exitOfPhone(p)
	}
	return gravestOf(codes)
}

func gravestOf(codes []int) int {
	for _, code := range gravest {
		if slices.Contains(codes, code) {
			return code
		}
	}
	return exitOK
}
