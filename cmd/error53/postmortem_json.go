package main

import (
	"fmt"
	"io"

	"error53/diag"
	"error53/diag/postmortem"
)

// autopsyReport is what postmortem prints with --json; schema.json describes it.
type autopsyReport struct {
	showIDs bool
	runs    []jsonRun
	files   []jsonLog
	errors  []jsonError
}

type jsonRun struct {
	File          string           `json:"file"`
	FirstLine     int              `json:"firstLine"`
	LastLine      int              `json:"lastLine"`
	Tool          postmortem.Tool  `json:"tool"`
	ProductType   *string          `json:"productType"`
	BaseVersion   *string          `json:"baseVersion"`
	BaseBuild     *string          `json:"baseBuild"`
	TargetVersion *string          `json:"targetVersion"`
	TargetBuild   *string          `json:"targetBuild"`
	Code          *int64           `json:"code"`
	Step          *jsonStep        `json:"step"`
	OtherCodes    []jsonCode       `json:"otherCodes"`
	Cause         postmortem.Cause `json:"cause"`
	Confidence    diag.Confidence  `json:"confidence"`
	Summary       string           `json:"summary"`
	Evidence      []jsonEvidence   `json:"evidence"`
	Next          []diag.Advice    `json:"next"`
}

type jsonStep struct {
	ID   *string `json:"id"` // "0x0634"
	Name *string `json:"name"`
}

type jsonCode struct {
	Code   int64    `json:"code"`
	Domain *string  `json:"domain"`
	Step   jsonStep `json:"step"`
}

type jsonEvidence struct {
	Line int    `json:"line"`
	Text string `json:"text"`
}

// jsonLog is what was read of a file, and what was not.
type jsonLog struct {
	File       string `json:"file"`
	Lines      int    `json:"lines"`
	CutLines   int    `json:"cutLines"`
	MoreRuns   int    `json:"moreRuns"`
	Unfinished bool   `json:"unfinished"`
}

func (r *autopsyReport) add(a autopsy) {
	for _, run := range a.log.Runs {
		r.runs = append(r.runs, r.run(a.file, run))
	}
	if a.err != nil {
		r.errors = append(r.errors, errorJSON(a.err, a.file))
	}
	if len(a.log.Runs) > 0 {
		r.files = append(r.files, jsonLog{a.file, a.log.Lines, a.log.CutLines, a.log.MoreRuns, a.log.Unfinished})
	}
}

func (r autopsyReport) run(file string, run postmortem.Run) jsonRun {
	shown := jsonRun{
		File: file, FirstLine: run.FirstLine, LastLine: run.LastLine, Tool: run.Tool,
		ProductType: orNull(run.ProductType), BaseVersion: orNull(run.BaseVersion), BaseBuild: orNull(run.BaseBuild),
		TargetVersion: orNull(run.TargetVersion), TargetBuild: orNull(run.TargetBuild),
		Code: run.Code, OtherCodes: []jsonCode{}, Cause: run.Cause, Confidence: run.Confidence, Summary: run.Summary,
		Evidence: []jsonEvidence{}, Next: append([]diag.Advice{}, run.Next()...),
	}
	if run.Step != nil {
		step := stepJSON(*run.Step)
		shown.Step = &step
	}
	for _, c := range run.Others {
		shown.OtherCodes = append(shown.OtherCodes, jsonCode{c.Number, orNull(c.Domain), stepJSON(c.Step)})
	}
	for _, e := range run.Evidence {
		shown.Evidence = append(shown.Evidence, jsonEvidence{e.Line, redact(e.Text, r.showIDs)})
	}
	return shown
}

func stepJSON(s postmortem.Step) jsonStep {
	if s.ID == 0 {
		return jsonStep{nil, orNull(s.Name)}
	}
	return jsonStep{orNull(fmt.Sprintf("0x%04x", s.ID)), orNull(s.Name)}
}

// orNull is nil for what is not known.
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// exit is 1 where a file failed.
func (r autopsyReport) exit() int {
	if len(r.errors) > 0 {
		return exitFailure
	}
	return exitOK
}

func (r autopsyReport) write(w io.Writer) error {
	return writeJSON(w, struct {
		SchemaVersion int         `json:"schemaVersion"`
		Simulated     bool        `json:"simulated"`
		Runs          []jsonRun   `json:"runs"`
		Files         []jsonLog   `json:"files"`
		Errors        []jsonError `json:"errors"`
	}{schemaVersion, false, append([]jsonRun{}, r.runs...), append([]jsonLog{}, r.files...), append([]jsonError{}, r.errors...)})
}
