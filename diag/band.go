package diag

// band is what a release is to a sensor that does not answer as it should, on an
// affected device. The order is that of harm.
type band uint8

const (
	fixed    band = iota // 9.2.1 13D20, 9.3 and everything later
	beta                 // a beta of 9.3: nobody has said which had the fix
	belowFix             // 8.0 to 9.2.1 but for 13D20
)

// The releases the bands hang on. 13D20 is Apple's fix of 18 February 2016,
// 13D15 the first 9.2.1 ([APPLEDB]).
var (
	fixVersion  = Version{Major: 9, Minor: 2, Patch: 1}
	fixBuild    = Build{Major: 13, Train: 'D', Number: 20}
	firstBuild  = Build{Major: 13, Train: 'D', Number: 15}
	betaVersion = Version{Major: 9, Minor: 3}

	// Fix is the first release in which a foreign sensor costs Touch ID only.
	Fix = Release{fixVersion, fixBuild}
)

func bandOf(r Release) band {
	order := r.Version.Compare(fixVersion)
	switch {
	case order < 0, order == 0 && r.Build != fixBuild:
		return belowFix
	case r.Version == betaVersion && r.Build.IsBeta():
		return beta
	default:
		return fixed
	}
}
