package watch

import (
	"slices"
	"time"

	"error53/diag"
)

// Outcome is how a journey through an update ended, beside what was predicted when the
// phone left normal mode.
type Outcome struct {
	End       End
	From, To  diag.Release // in normal mode, before and after; zero where not known
	Predicted diag.Prediction
	Held      *bool // the prediction held; nil where nothing was predicted, or nothing shows
	AskAgain  bool  // whether Touch ID works now, which nobody can read
	Journey   []Leg
}

// End is where a journey ended.
type End string

// The ends.
const (
	OnTarget   End = "on-target"   // back in normal mode, on the release that was planned
	OnOther    End = "on-other"    // back on another release than before, and no plan or another one
	Unchanged  End = "unchanged"   // back on the release it had
	Back       End = "back"        // back, and its release is not known
	InRecovery End = "in-recovery" // it stands in recovery mode and does not go on
)

// Ends lists every end.
var Ends = []End{OnTarget, OnOther, Unchanged, Back, InRecovery}

// standstill is how long a phone has to stay in recovery mode, after a restore began,
// to be taken for stranded. In a restore that goes on, recovery mode lasts until the
// ramdisk has been sent; hosts give it 60 s (libimobiledevice/idevicerestore
// src/idevicerestore.c).
const standstill = 2 * time.Minute

// maxLegs bounds the journey of a phone that never arrives.
const maxLegs = 64

// standing is what was known of a phone while it stayed in a mode.
type standing struct {
	installed  diag.Release // zero where not known
	target     diag.Release // as stated; zero where it was not
	prediction diag.Prediction
}

func (of *row) standing() *standing {
	return &standing{
		installed:  releaseOf(of.Facts.InstalledVersion, of.Facts.InstalledBuild),
		target:     releaseOf(of.Facts.TargetVersion, of.Facts.TargetBuild),
		prediction: of.Verdict.Prediction,
	}
}

func releaseOf(version, build diag.Fact[string]) diag.Release {
	v, _ := diag.ParseVersion(version.Value)
	b, _ := diag.ParseBuild(build.Value)
	return diag.Release{Version: v, Build: b}
}

// arrive notes where the phone stands now, and ends its journey where it has come back
// to normal mode. An update over the air shows by the release alone.
func (r *round) arrive(of *row) {
	if of.Verdict == nil {
		return
	}
	now, left := of.standing(), of.left
	if of.Mode() == diag.Normal {
		leg := &of.Journey[len(of.Journey)-1]
		leg.Version, leg.Build = of.Facts.InstalledVersion.Value, of.Facts.InstalledBuild.Value
		if left == nil && of.stood != nil && !sameRelease(of.stood.installed, now.installed) {
			left = of.stood
		}
		if left != nil {
			o := outcome(left, now, of.Journey)
			of.Journey = []Leg{*leg}
			r.end(of, o)
		}
		of.left = nil
	}
	if of.left == nil {
		of.stood = now
	}
}

func (r *round) end(of *row, o Outcome) {
	of.Outcome = &o
	r.emit(Outcame, of, nil)
}

func sameRelease(a, b diag.Release) bool {
	if a.Build.IsZero() || b.Build.IsZero() {
		return a.Version == b.Version
	}
	return a == b
}

// outcome judges a journey that led back to normal mode.
func outcome(left, now *standing, journey []Leg) Outcome {
	o := Outcome{From: left.installed, To: now.installed, Predicted: left.prediction, Journey: slices.Clone(journey)}
	switch {
	case o.To.Version.IsZero():
		o.End = Back
	case !left.target.Version.IsZero() && sameRelease(left.target, o.To):
		o.End = OnTarget
	case sameRelease(o.From, o.To):
		o.End = Unchanged
	default:
		o.End = OnOther
	}
	installed := restored(journey) || o.End != Unchanged && o.End != Back
	o.AskAgain = installed
	if installed {
		o.Held = held(o)
	}
	return o
}

// restored tells whether a restore was seen on the way.
func restored(journey []Leg) bool {
	return slices.ContainsFunc(journey, func(l Leg) bool { return l.Mode == diag.Restore })
}

// held tells whether what was predicted is what is seen. A phone that came back did not
// end in Error 53; what Touch ID does, nobody can see.
func held(o Outcome) *bool {
	var came bool
	switch o.Predicted.Effect {
	case diag.EffectUnknown:
		return nil
	case diag.Error53:
		came = o.End == InRecovery
	case diag.UpdateRefused:
		came = o.End == Unchanged
	default:
		came = o.End != InRecovery
	}
	return &came
}

// mayStrand tells when the phone will be taken for stranded, if nothing happens.
func (of *row) mayStrand() (at time.Time, may bool) {
	if !of.Present || of.Mode() != diag.Recovery || of.left == nil || of.stranded || !restored(of.Journey) {
		return time.Time{}, false
	}
	return of.Journey[len(of.Journey)-1].Since.Add(standstill), true
}

// strand ends the journey of a phone that stands in recovery mode after a restore.
func (r *round) strand(of *row, now time.Time) {
	at, may := of.mayStrand()
	if !may || now.Before(at) {
		return
	}
	of.stranded = true
	o := Outcome{End: InRecovery, From: of.left.installed, Predicted: of.left.prediction, Journey: slices.Clone(of.Journey)}
	o.Held = held(o)
	r.end(of, o)
}
