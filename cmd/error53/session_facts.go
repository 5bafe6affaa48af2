package main

import (
	"fmt"
	"time"

	"error53/diag"
)

// sessionFactsOf lists what does not decide, in the order in which it is shown.
func sessionFactsOf(s diag.Session, m masker) []fact {
	return []fact{
		text("trust", s.Trust),
		text("readAt", dateText(s.ReadAt)),
		text("activationState", s.Activation),
		text("passcodeLocked", truth(s.PasscodeLocked)),
		text("lastComputerBackup", dateText(s.LastBackup)),
		text("lastCloudBackup", dateText(s.LastCloudBackup)),
		text("cloudBackup", truth(s.CloudBackup)),
		text("backupEncrypted", truth(s.BackupEncrypted)),
		text("findMy", truth(s.FindMy)),
		text("capacity", decimal(s.Capacity)),
		text("freeSpace", decimal(s.FreeSpace)),
		text("battery", decimal(s.Battery)),
		text("charging", truth(s.Charging)),
		text("sensorTrace", s.SensorTrace),
		masked("fittedSensor", s.FittedSensor, m),
		masked("factorySensor", s.FactorySensor, m),
	}
}

// spelt is a fact whose value is spelt for people and for JSON, where it is known.
func spelt[T any](f diag.Fact[T], spell func(T) string) diag.Fact[string] {
	if !f.Known() {
		return diag.NotKnown[string](f.Reason)
	}
	return diag.Fact[string]{Value: spell(f.Value), Source: f.Source, Reason: f.Reason}
}

func dateText(f diag.Fact[time.Time]) diag.Fact[string] {
	return spelt(f, func(at time.Time) string { return at.UTC().Format(time.RFC3339) })
}

func decimal[T uint8 | uint64](f diag.Fact[T]) diag.Fact[string] {
	return spelt(f, func(n T) string { return fmt.Sprint(n) })
}
