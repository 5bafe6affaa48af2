package diag

import (
	"fmt"
	"slices"
)

// Case is what decides, parsed: the facts without their sources and texts.
type Case struct {
	ProductType   string  // "" where not known
	Device        *Device // nil where not known, or not in the catalog
	Mode          Mode
	Installed     Release // zero where not known
	Contradictory bool    // the device cannot run what it claims to run
	Repair        Repair
	TouchID       TouchID
	Target        Release // zero where not stated
	Way           Way     // WayNotStated where not stated
}

// NewCase parses the facts. Text that is no version, no build or no word of this
// package counts as not known; what is not said takes its default: normal mode,
// repair and Touch ID unknown.
func NewCase(f Facts) Case {
	c := Case{
		ProductType: f.ProductType.Value,
		Mode:        wordOr(f.Mode, Modes, Normal),
		Installed:   release(f.InstalledVersion, f.InstalledBuild),
		Repair:      wordOr(f.Repair, Repairs, RepairUnknown),
		TouchID:     wordOr(f.TouchID, TouchIDs, TouchIDUnknown),
		Target:      release(f.TargetVersion, f.TargetBuild),
		Way:         wordOr(f.Way, Ways, WayNotStated),
	}
	c.Device, _ = DeviceByType(c.ProductType)
	c.Contradictory = c.Device != nil && !c.Device.standing(c.Installed).plausible()
	return c
}

// wordOr gives the fact where it is one of the words, else the default.
func wordOr[T comparable](f Fact[T], words []T, otherwise T) T {
	if f.Known() && slices.Contains(words, f.Value) {
		return f.Value
	}
	return otherwise
}

// release joins a version and a build; a build alone is no release.
func release(version, build Fact[string]) Release {
	v, ok := parseVersion(version.Value)
	if !ok {
		return Release{}
	}
	b, _ := parseBuild(build.Value)
	return Release{v, b}
}

// Contradiction says why the reading cannot be true; "" where it can.
func (c Case) Contradiction() string {
	if !c.Contradictory {
		return ""
	}
	return fmt.Sprintf("it claims iOS %s, but %s", c.Installed, c.Device.neverReason(c.Installed))
}

// undecidable tells whether nothing can be predicted for the phone.
func (c Case) undecidable() bool { return c.Device == nil || c.Contradictory }

// targetStated tells whether somebody has said what will be installed.
func (c Case) targetStated() bool { return !c.Target.Version.IsZero() }

// target is the release to be judged. Where none is stated it is the newest in
// every mode but normal, in which a restore is the only way on, and otherwise the
// oldest that may still come: releases only get better, so that is the worst.
func (c Case) target() Release {
	switch {
	case c.targetStated() || c.Device == nil:
		return c.Target
	case c.Mode != Normal:
		return c.Device.Last
	case c.Installed.Version.IsZero():
		return c.Device.oldest()
	default:
		return c.installed()
	}
}

// installed is the release on the phone. A 9.2.1 without a build counts as the
// first one, 13D15.
func (c Case) installed() Release {
	if c.Installed.Version == fixVersion && c.Installed.Build.IsZero() {
		return Release{fixVersion, firstBuild}
	}
	return c.Installed
}
