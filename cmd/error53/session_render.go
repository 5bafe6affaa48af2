package main

import (
	"cmp"
	"fmt"
	"strings"

	"error53/diag"
)

// session shows in a line or two what does not decide, and why it could not be read.
func (s screen) session(p phone) {
	s.line("state", strings.Join(stateOf(p.facts.Session), " · "))
	if trace := p.facts.SensorTrace; trace.Known() {
		s.line("sensor", fmt.Sprintf("%s [%s]", trace.Value.Text(), trace.Value))
	}
	if err := p.sessionFailure(); err != nil {
		e := explain(err)
		s.line("trust", p.sessionClause()+e.message)
		s.line("hint", e.hint)
	}
}

// sessionClause says how much is missing.
func (p phone) sessionClause() string {
	switch {
	case p.pairing != nil:
		return ""
	case p.facts.Trust.Value == diag.Trusted:
		return "not all was read that takes trust: "
	default:
		return "nothing was read that takes trust: "
	}
}

// stateOf lists what is known, in the order in which it is asked for at a counter.
func stateOf(f diag.Session) []string {
	var parts []string
	add := func(known bool, format string, args ...any) {
		if known {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	add(f.Trust.Value == diag.Trusted, "trusted")
	add(f.Activation.Known(), "%s", f.Activation.Value)
	add(f.LastBackup.Known(), "backup %s", diag.Ago(f.LastBackup.Value, f.ReadAt))
	add(f.BackupEncrypted.Value, "backups encrypted")
	add(f.LastCloudBackup.Known(), "iCloud backup %s", diag.Ago(f.LastCloudBackup.Value, f.ReadAt))
	add(f.FindMy.Value, "Find My on")
	add(f.Battery.Known(), "battery %d%%%s", f.Battery.Value, chargingClause(f.Charging))
	add(f.FreeSpace.Known(), "%s free%s", diag.Bytes(f.FreeSpace.Value), capacityClause(f.Capacity))
	add(f.PasscodeLocked.Value, "locked")
	return parts
}

func chargingClause(charging diag.Fact[bool]) string {
	switch {
	case !charging.Known():
		return ""
	case charging.Value:
		return ", charging"
	default:
		return ", not charging"
	}
}

func capacityClause(capacity diag.Fact[uint64]) string {
	if !capacity.Known() {
		return ""
	}
	return " of " + diag.Bytes(capacity.Value)
}

// sessionFailure is why pairing failed that was asked for, or why a session did, unless
// that is a mere want of trust: for that there is a step.
func (p phone) sessionFailure() error {
	if trust := p.facts.Trust; p.pairing == nil && trust.Known() && trust.Value != diag.Trusted {
		return nil
	}
	return cmp.Or(p.pairing, p.session)
}
