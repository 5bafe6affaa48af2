package main

import (
	"encoding/json"
	"fmt"
	"strconv"

	"error53/diag"
)

// fact is one fact as it is shown, in text and in JSON.
type fact struct {
	name   string
	value  string // "" where not known
	source diag.Source
	reason string // why it is not known; with a value, what more there is to say
}

// factsOf lists the facts in the order in which they are shown, identifiers as
// the masker shows them.
func factsOf(f diag.Facts, m masker) []fact {
	return append([]fact{
		text("mode", f.Mode),
		text("productType", f.ProductType),
		text("marketingName", f.MarketingName),
		text("hardwareModel", f.HardwareModel),
		text("installedVersion", f.InstalledVersion),
		text("installedBuild", f.InstalledBuild),
		text("iboot", f.IBoot),
		text("installedLowest", endOf(f.InstalledRange, f.InstalledRange.Value.Lowest)),
		text("installedHighest", endOf(f.InstalledRange, f.InstalledRange.Value.Highest)),
		masked("ecid", ecidText(f.ECID), m),
		masked("udid", f.UDID, m),
		masked("serialNumber", f.SerialNumber, m),
		text("deviceName", f.DeviceName),
		text("cpid", hex("0x%04x", f.CPID)),
		text("bdid", hex("0x%02x", f.BDID)),
		masked("apNonce", f.APNonce, m),
		masked("sepNonce", f.SEPNonce, m),
		text("repair", f.Repair),
		text("touchId", f.TouchID),
		text("targetVersion", f.TargetVersion),
		text("targetBuild", f.TargetBuild),
		text("targetFile", f.TargetFile),
		text("targetFdrSupport", truth(f.TargetFDR)),
		text("way", f.Way),
	}, sessionFactsOf(f.Session, m)...)
}

func text[T ~string](name string, f diag.Fact[T]) fact {
	return fact{name: name, value: string(f.Value), source: f.Source, reason: f.Reason}
}

func masked(name string, f diag.Fact[string], m masker) fact {
	shown := text(name, f)
	if f.Known() {
		shown.value = m.show(f.Value)
	}
	return shown
}

func truth(f diag.Fact[bool]) diag.Fact[string] {
	if !f.Known() {
		return diag.NotKnown[string](f.Reason)
	}
	return diag.Known(strconv.FormatBool(f.Value), f.Source)
}

// endOf is one end of a range, as a fact of its own.
func endOf(r diag.Fact[diag.Range], end string) diag.Fact[string] {
	return diag.Fact[string]{Value: end, Source: r.Source, Reason: r.Reason}
}

func hex(format string, f diag.Fact[uint32]) diag.Fact[string] {
	return spelt(f, func(n uint32) string { return fmt.Sprintf(format, n) })
}

// ecidText writes an ECID as 0x and 16 hex digits: as a JSON number it would lose
// its last digits.
func ecidText(f diag.Fact[uint64]) diag.Fact[string] {
	return spelt(f, func(n uint64) string { return fmt.Sprintf("0x%016x", n) })
}

// MarshalJSON gives {"value","source"}, with a reason where a value needs one, and null
// for both with a reason where the fact is not known.
func (f fact) MarshalJSON() ([]byte, error) {
	if f.source == "" {
		return json.Marshal(struct {
			Value  *string `json:"value"`
			Source *string `json:"source"`
			Reason string  `json:"reason"`
		}{Reason: f.reason})
	}
	return json.Marshal(struct {
		Value  string      `json:"value"`
		Source diag.Source `json:"source"`
		Reason string      `json:"reason,omitempty"`
	}{f.value, f.source, f.reason})
}
