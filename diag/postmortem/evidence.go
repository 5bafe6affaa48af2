package postmortem

import "slices"

// maxEvidence is how many lines a finding rests on at most.
const maxEvidence = 10

// evidence gives the lines that the finding rests on, in their order: those of its cause,
// and those that tell code, step, target, phone and base.
func (r *recorder) evidence(j judgement) []mark {
	all := append(slices.Clone(j.lines), r.final.line, r.stepMark(), r.target.line(), r.device.line, r.base.line())
	if !r.final.known {
		all = append(all, r.gaveUp)
	}
	var kept []mark
	for _, m := range all {
		if m.text != "" && len(kept) < maxEvidence && !slices.Contains(kept, m) { // a long line may be there in two parts
			kept = append(kept, m)
		}
	}
	slices.SortFunc(kept, func(a, b mark) int { return a.at.compare(b.at) })
	return kept
}

// stepMark is the line that shows the failed step.
func (r *recorder) stepMark() mark {
	switch {
	case r.final.succeeded():
		return mark{}
	case r.stepLine.text != "":
		return r.stepLine
	case r.errorLine.text != "":
		return r.errorLine
	case len(r.failures) > 0:
		return r.failures[len(r.failures)-1].line
	default:
		return mark{}
	}
}
