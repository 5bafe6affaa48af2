package postmortem

import (
	"slices"
	"strings"

	"error53/diag"
)

// finish judges a run, now that all of its lines are known.
func (r *recorder) finish() *finished {
	r.base.resolve(r.device.value)
	r.target.resolve(r.device.value)
	run := Run{
		Tool: r.tool, ProductType: r.device.value,
		BaseVersion: r.base.version.value, BaseBuild: r.base.build.value,
		TargetVersion: r.target.version.value, TargetBuild: r.target.build.value,
	}
	if r.final.known && !r.final.succeeded() {
		run.Code = &r.final.code
	}
	if !r.final.succeeded() {
		run.Step = r.failedStep()
		run.Others = r.otherCodes()
	}
	j := r.judge(run)
	run.Cause, run.Confidence, run.Summary = j.cause, j.confidence, j.summary
	return &finished{run: run, first: r.first, last: r.last, evidence: r.evidence(j)}
}

// judgement is the finding about a run, and the lines that lead to it.
type judgement struct {
	cause      Cause
	confidence diag.Confidence
	summary    string
	lines      []mark // those of the cause; the others follow from it
}

func (r *recorder) judge(run Run) judgement {
	switch {
	case r.final.succeeded():
		return judgement{None, diag.High, "The restore succeeded.", nil}
	case r.final.known && !r.final.isCode(fdrFailure):
		return judgement{OtherCode, r.certainty(), r.otherCodeSummary(), nil}
	case r.final.known, run.Step != nil && run.Step.isFDR(), r.chained():
		return r.judgeFDR(run)
	case run.Step != nil && !run.Step.isFrame(), r.failedOutsideFDR(run):
		return judgement{OtherCode, diag.Medium, otherStepSummary(run), nil}
	case r.gaveUp.text != "":
		return judgement{Undecidable, diag.Low, "It failed; neither the step nor the code is in the log.", nil}
	default:
		return judgement{Undecidable, diag.Low, "No failure is in this log: it begins too late, or ends too early.", nil}
	}
}

// certainty is how sure a code other than 53 is the final one.
func (r *recorder) certainty() diag.Confidence {
	switch {
	case r.final.rank == byHost, r.final.rank == byPhone && r.open != "":
		return diag.High
	case r.final.rank == byPhone:
		return diag.Medium
	default:
		return diag.Low
	}
}

// chained tells whether the chain of errors of a step speaks of FDR.
func (r *recorder) chained() bool {
	for _, b := range r.blames {
		if b.chained.text != "" {
			return true
		}
	}
	return false
}

// failedOutsideFDR: the ramdisk ended with an error that has a text, and no word of FDR.
func (r *recorder) failedOutsideFDR(run Run) bool {
	n := len(r.failures)
	return run.Step != nil && n > 0 && strings.Contains(r.failures[n-1].line.text, "]D(")
}

// judgeFDR judges a failure of FDR: 53, or one that broke off before its code was told.
func (r *recorder) judgeFDR(run Run) judgement {
	for _, cause := range []Cause{HostProxy, FDRServer, Network} {
		if line := r.blames[cause].chained; line.text != "" {
			return judgement{cause, r.lower(diag.High), r.fdrSummary(cause), []mark{line, r.mesa}}
		}
	}
	for _, cause := range []Cause{HostProxy, FDRServer, Network} {
		if line := r.blames[cause].loose; line.text != "" {
			return judgement{cause, r.lower(diag.Medium), r.fdrSummary(cause), []mark{line, r.mesa}}
		}
	}
	if r.final.known && bricks(run) || r.mesa.text != "" && bricks(run) {
		return judgement{Sensor, r.sensorConfidence(run), r.sensorSummary(run), r.sensorLines()}
	}
	return judgement{Undecidable, diag.Low, r.openSummary(run), r.sensorLines()}
}

// lower takes a degree off where the log does not say 53, and one where the driver of the
// sensor complains too.
func (r *recorder) lower(c diag.Confidence) diag.Confidence {
	degrees := []diag.Confidence{diag.Low, diag.Medium, diag.High}
	at := slices.Index(degrees, c)
	if !r.final.known {
		at--
	}
	if r.mesa.text != "" {
		at--
	}
	return degrees[max(at, 0)]
}

// bricks tells whether a sensor that does not answer as it should would end this very
// restore in Error 53: the phone is an affected one, and the target is below the fix.
func bricks(run Run) bool { return prediction(run).Effect == diag.Error53 }

func prediction(run Run) diag.Prediction {
	return diag.Decide(diag.Facts{
		Mode:          diag.Known(diag.Recovery, diag.FromLog),
		ProductType:   diag.Known(run.ProductType, diag.FromLog),
		TargetVersion: diag.Known(run.TargetVersion, diag.FromLog),
		TargetBuild:   diag.Known(run.TargetBuild, diag.FromLog),
		Repair:        diag.Known(diag.ThirdPartySensor, diag.FromDefault),
		TouchID:       diag.Known(diag.TouchIDNo, diag.FromDefault),
		Way:           diag.Known(diag.ComputerRestore, diag.FromLog),
	}).Prediction
}

// sensorConfidence: by elimination it is medium at best; the driver's errors beside the
// code make it high, as far as the prediction itself goes.
func (r *recorder) sensorConfidence(run Run) diag.Confidence {
	switch {
	case !r.final.known, prediction(run).Confidence == diag.Low:
		return diag.Low
	case r.mesa.text != "":
		return prediction(run).Confidence
	default:
		return diag.Medium
	}
}

func (r *recorder) sensorLines() []mark { return []mark{r.fdrEntered, r.mesa} }
