package diag

import "slices"

// standing is how a release stands to what the catalog lists for a device.
type standing uint8

const (
	listed           standing = iota
	unlistedBuild             // the version is listed, the build is not: a beta, or Apple's twin + 6000
	newerThanCatalog          // above everything listed
	olderThanCatalog          // before 7.0, where the catalog begins
	belowFloor                // older than the device itself
	neverHad                  // any other release the device never had
)

// catalogStart is the first version in the table of releases.
var catalogStart = Version{Major: 7}

// plausible tells whether a phone can run the release, listed or not.
func (s standing) plausible() bool { return s < belowFloor }

// standing judges a release; one without a version is listed.
func (d *Device) standing(r Release) standing {
	v := r.Version
	switch {
	case v.IsZero():
		return listed
	case v.Compare(d.floor()) < 0:
		return belowFloor
	case d.lists(v):
		return d.standingOfBuild(r)
	case v.Compare(d.newest().Version) > 0:
		return newerThanCatalog
	case v.Compare(catalogStart) < 0:
		return olderThanCatalog
	default:
		return neverHad
	}
}

// standingOfBuild judges the build of a version that is listed. A build that is
// listed under another version cannot belong to this one.
func (d *Device) standingOfBuild(r Release) standing {
	if r.Build.IsZero() {
		return listed
	}
	version, ok := d.versionOf(r.Build)
	switch {
	case !ok:
		return unlistedBuild
	case sameBase(version, r.Version):
		return listed
	default:
		return neverHad
	}
}

// floor is the oldest version of the device: the lower of the one it was sold
// with and the lowest listed.
func (d *Device) floor() Version {
	return d.oldest().Version
}

// oldest is the oldest release known for the device.
func (d *Device) oldest() Release {
	if releases := d.Releases(); len(releases) > 0 && releases[0].Compare(d.First) < 0 {
		return releases[0]
	}
	return d.First
}

// newest is the highest release known for the device, security responses among
// them. What is offered as "newest" is d.Last, which leaves them out.
func (d *Device) newest() Release {
	if releases := d.Releases(); len(releases) > 0 && releases[len(releases)-1].Compare(d.Last) > 0 {
		return releases[len(releases)-1]
	}
	return d.Last
}

// lists tells whether the catalog has the version for the device. A phone may leave
// out the letter of its security response; one that it gives has to be listed.
func (d *Device) lists(v Version) bool {
	fits := func(r Release) bool { return r.Version == v || v.Response == 0 && sameBase(r.Version, v) }
	return fits(d.First) || fits(d.Last) || slices.ContainsFunc(d.Releases(), fits)
}

// versionOf finds the version a build belongs to on the device.
func (d *Device) versionOf(b Build) (Version, bool) {
	for _, r := range d.Releases() {
		if r.Build == b {
			return r.Version, true
		}
	}
	for _, r := range [...]Release{d.First, d.Last} {
		if r.Build == b {
			return r.Version, true
		}
	}
	return Version{}, false
}

// VersionOf finds the iOS version that a build number stands for on the device:
// "13D20" is 9.2.1. It is false where the catalog does not list the build.
func (d *Device) VersionOf(build string) (version string, ok bool) {
	b, err := ParseBuild(build)
	if err != nil {
		return "", false
	}
	v, ok := d.versionOf(b)
	return v.String(), ok
}

// from lists the releases at or above r, all of them where r is not known.
func (d *Device) from(r Release) []Release {
	releases := d.Releases()
	if r.Version.IsZero() {
		return releases
	}
	at, _ := slices.BinarySearchFunc(releases, r, Release.Compare)
	return releases[at:]
}

func sameBase(v, w Version) bool {
	v.Response, w.Response = 0, 0
	return v == w
}
