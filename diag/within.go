package diag

import (
	"fmt"
	"reflect"
	"slices"
)

// verdictWithin gives the verdict on a phone of which only a range of releases is known,
// where every one of them leads to the same prediction, check, risk and warnings. It is
// false where they part, and where the range is not known or not needed: then the
// installed release stays not known.
//
// Three things may differ, and are those of all releases together: why documents and
// evidence disagree (9.2.1, 13D20, has a reason of its own), how certain the prediction
// is, of which the lowest degree counts, and what can still be installed, which the
// lowest release has most of, so that its question and steps are given.
func (c Case) verdictWithin(installed Fact[Range], s Session) (Verdict, bool) {
	candidates := c.candidates(installed)
	if len(candidates) == 0 {
		return Verdict{}, false
	}
	var verdicts []Verdict
	for _, c.Installed = range candidates {
		verdicts = append(verdicts, c.verdict(s))
		if !sameAnswer(verdicts[0], verdicts[len(verdicts)-1]) {
			return Verdict{}, false
		}
	}
	common := verdicts[0]
	common.Check.Disagreement = disagreements(verdicts)
	common.Prediction.Confidence = leastCertain(verdicts)
	return common, true
}

// optionsWithin weighs the ways as verdictWithin gives the verdict: where every release
// of the range offers the same ones at the same cost.
func (c Case) optionsWithin(installed Fact[Range], ways []Way) ([]Option, bool) {
	var common []Option
	for _, c.Installed = range c.candidates(installed) {
		options := c.options(ways)
		if common != nil && !reflect.DeepEqual(common, options) {
			return nil, false
		}
		common = options
	}
	return common, common != nil
}

// sameAnswer tells whether two verdicts say the same but for what may differ.
func sameAnswer(v, w Verdict) bool {
	v.Check.Disagreement, v.Question, v.Next = w.Check.Disagreement, w.Question, w.Next
	v.Prediction.Confidence = w.Prediction.Confidence
	return reflect.DeepEqual(v, w)
}

// disagreements lists the reasons of all the verdicts, each once, in their order.
func disagreements(verdicts []Verdict) []Disagreement {
	reasons := []Disagreement{}
	for _, each := range contradictions {
		gives := func(v Verdict) bool { return slices.Contains(v.Check.Disagreement, each.ID) }
		if slices.ContainsFunc(verdicts, gives) {
			reasons = append(reasons, each.ID)
		}
	}
	return reasons
}

// leastCertain gives the lowest confidence of the verdicts.
func leastCertain(verdicts []Verdict) Confidence {
	for _, degree := range []Confidence{Low, Medium} {
		if slices.ContainsFunc(verdicts, func(v Verdict) bool { return v.Prediction.Confidence == degree }) {
			return degree
		}
	}
	return High
}

// candidates lists the releases of the device that can be installed; none where the
// installed one is known.
func (c Case) candidates(installed Fact[Range]) []Release {
	lowest, fromErr := ParseVersion(installed.Value.Lowest)
	highest, toErr := ParseVersion(installed.Value.Highest)
	if c.Device == nil || !c.Installed.Version.IsZero() || !installed.Known() || fromErr != nil || toErr != nil {
		return nil
	}
	return c.Device.between(lowest, highest)
}

// warnOfIBoot tells what the verdict rests on. The iBoot that answers in recovery mode
// is the installed one, unless somebody has loaded another: a restore does, and answers
// to the same questions (libimobiledevice/idevicerestore src/recovery.c,
// recovery_send_ibec).
func (c Case) warnOfIBoot(installed Range) Advice {
	text := fmt.Sprintf("Which iOS is on it is told by its iBoot alone: %s.", installed)
	if c.Mode != Normal {
		text += " While another program restores the phone, that is the iBoot of the restore, not the installed one."
	}
	return Advice{"installed-by-iboot", text}
}
