package diag

import (
	"fmt"
	"strings"
)

// TargetError says why a target cannot be meant for a device: the operator's
// mistake, not the phone's.
type TargetError struct {
	Target string
	Reason string
}

// Error gives the target and the reason.
func (e *TargetError) Error() string { return fmt.Sprintf("target %s: %s", e.Target, e.Reason) }

// Newest is the target that stands for the newest release of each device.
const Newest = "newest"

// ParseTarget reads a target: "9.1", "13D20", "9.2.1:13D20" or "newest". The
// device may be nil, which only "newest" and a build alone cannot do without.
// The version of a build, and what is newest, come from the catalog. It fails
// with a *TargetError on text of no such form and on a release the device never
// had.
func ParseTarget(d *Device, text string) (version, build Fact[string], err error) {
	target, fail := strings.TrimSpace(text), func(format string, args ...any) error {
		return &TargetError{Target: text, Reason: fmt.Sprintf(format, args...)}
	}
	if target == Newest {
		if d == nil {
			return version, build, fail("what is newest is known only for a device of the catalog; state a version such as 12.5.8")
		}
		return Known(d.Last.Version.String(), FromCatalog), Known(d.Last.Build.String(), FromCatalog), nil
	}
	if b, ok := parseBuild(target); ok {
		return targetOfBuild(d, b, fail)
	}
	versionText, buildText, withBuild := strings.Cut(target, ":")
	r := Release{}
	if r.Version, err = ParseVersion(versionText); err != nil {
		return version, build, fail("neither a version such as 9.2.1, nor a build such as 13D20, nor 9.2.1:13D20, nor newest")
	}
	if withBuild {
		if r.Build, err = ParseBuild(buildText); err != nil {
			return version, build, fail("%q is not a build number such as 13D20", buildText)
		}
	}
	if d != nil && !d.standing(r).plausible() {
		return version, build, fail("%s", d.neverReason(r))
	}
	version, build = Known(r.Version.String(), FromOperator), NotKnown[string]("no build was stated")
	if withBuild {
		build = Known(r.Build.String(), FromOperator)
	}
	return version, build, nil
}

func targetOfBuild(d *Device, b Build, fail func(string, ...any) error) (version, build Fact[string], err error) {
	if d == nil {
		return version, build, fail("the version of a build is known only for a device of the catalog; state it, as in 9.2.1:13D20")
	}
	v, ok := d.versionOf(b)
	if !ok {
		return version, build, fail("the %s has no such build on record; if it is right, state its version as well, as in 9.3:%s", d.MarketingName, b)
	}
	return Known(v.String(), FromCatalog), Known(b.String(), FromOperator), nil
}

// neverReason says why the device never had the release.
func (d *Device) neverReason(r Release) string {
	if d.standing(r) == belowFloor {
		return fmt.Sprintf("the first iOS of the %s was %s", d.MarketingName, d.floor())
	}
	if d.lists(r.Version) {
		v, _ := d.versionOf(r.Build)
		return fmt.Sprintf("%s is the build of iOS %s", r.Build, v)
	}
	return fmt.Sprintf("no iOS %s is known for the %s; its newest is %s", r.Version, d.MarketingName, d.Last)
}
