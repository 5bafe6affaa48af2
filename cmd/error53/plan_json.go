package main

import (
	"slices"

	"error53/diag"
)

// jsonPlan is what plan prints: the phone's facts, and a row for each way.
type jsonPlan struct {
	SchemaVersion int           `json:"schemaVersion"`
	Simulated     bool          `json:"simulated"`
	Facts         jsonFacts     `json:"facts"`
	Ways          []jsonWay     `json:"ways"`
	Warnings      []diag.Advice `json:"warnings"`
	Errors        []jsonError   `json:"errors"`
}

type jsonWay struct {
	Kind       string          `json:"kind"`
	Target     jsonFacts       `json:"target"`
	Way        *diag.Way       `json:"way"` // nil where nothing is installed
	Effect     diag.Effect     `json:"effect"`
	Worst      diag.Effect     `json:"worst"`
	Confidence diag.Confidence `json:"confidence"`
	Documented diag.Result     `json:"documented"`
	Risk       diag.Risk       `json:"risk"`
	Cost       []diag.Advice   `json:"cost"`
}

// targetFacts are those in which the ways differ.
var targetFacts = []string{"targetVersion", "targetBuild", "targetFile", "targetFdrSupport"}

func (o *planOptions) printJSON(p phone, ways []wayOn, refused []phone) error {
	shown := jsonPlan{
		SchemaVersion: schemaVersion, Simulated: o.dryRun,
		Facts: factsOf(p.facts, p.mask), Warnings: p.verdict.Warnings,
		Errors: errorsOf(o.daemon, append(slices.Clone(refused), p)),
	}
	for _, way := range ways {
		for _, option := range way.options {
			shown.Ways = append(shown.Ways, way.json(option))
		}
	}
	return writeJSON(o.out, shown)
}

func (w wayOn) json(option diag.Option) jsonWay {
	of := jsonWay{
		Kind: w.kind, Effect: option.Effect, Worst: option.Worst, Confidence: option.Confidence,
		Documented: option.Documented, Risk: option.Risk, Cost: option.Cost,
		Target: slices.DeleteFunc(factsOf(w.facts, masker{}), func(f fact) bool { return !slices.Contains(targetFacts, f.name) }),
	}
	if option.Way != diag.WayNotStated {
		of.Way = &option.Way
	}
	return of
}
