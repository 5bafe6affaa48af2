package main

import (
	"fmt"
	"io"
	"strings"
)

// print tells of a case on a line, and below it what is not as expected.
func (r result) print(s streams) {
	writeWrapped(s.out, fmt.Sprintf("%-8s ", r.outcome), visible(r.file)+r.about(), s.width)
	writeWrapped(s.out, "         ", r.reason, s.width)
	for _, d := range r.differences {
		fmt.Fprintf(s.out, "         %-10s  expected %s\n                     got      %s\n", d.What, d.Expected, d.Got)
	}
}

// about is " · iPhone7,2 · iOS 9.1", as far as known.
func (r result) about() string {
	text := ""
	if r.model != "" {
		text += " · " + visible(r.model)
	}
	if r.ios != "" {
		text += " · iOS " + visible(r.ios)
	}
	return text
}

// message says in one text why a case did not pass.
func (r result) message() string {
	lines := []string{}
	if r.reason != "" {
		lines = append(lines, r.reason)
	}
	for _, d := range r.differences {
		lines = append(lines, fmt.Sprintf("%s: expected %s, got %s", d.What, d.Expected, d.Got))
	}
	return strings.Join(lines, "\n")
}

func countOf(results []result, o outcome) (n int) {
	for _, r := range results {
		if r.outcome == o {
			n++
		}
	}
	return n
}

// verifyTally is the last line.
func verifyTally(results []result) string {
	text := fmt.Sprintf("%d passed, %d failed, %d skipped", countOf(results, hasPassed), countOf(results, hasFailed), countOf(results, wasSkipped))
	if n := countOf(results, wasUpdated); n > 0 {
		text += fmt.Sprintf(", %d updated", n)
	}
	return text
}

// annotate prints a failure as GitHub shows it beside the file (docs.github.com, workflow
// commands: an error message).
func (r result) annotate(w io.Writer) {
	if r.outcome == hasFailed {
		fmt.Fprintf(w, "::error file=%s,title=error53 verify::%s\n", inProperty.Replace(r.file), inMessage.Replace(r.message()))
	}
}

// What these commands escape: actions/toolkit, packages/core/src/command.ts.
var (
	inMessage  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	inProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// jsonVerification is what verify prints.
type jsonVerification struct {
	SchemaVersion int          `json:"schemaVersion"`
	Results       []jsonResult `json:"results"`
	Passed        int          `json:"passed"`
	Failed        int          `json:"failed"`
	Skipped       int          `json:"skipped"`
	Updated       int          `json:"updated"`
}

type jsonResult struct {
	File        string       `json:"file"`
	Outcome     outcome      `json:"outcome"`
	Reason      *string      `json:"reason"`
	Differences []difference `json:"differences"`
}

func verifyJSON(results []result) jsonVerification {
	v := jsonVerification{
		schemaVersion, []jsonResult{},
		countOf(results, hasPassed), countOf(results, hasFailed), countOf(results, wasSkipped), countOf(results, wasUpdated),
	}
	for _, r := range results {
		shown := jsonResult{r.file, r.outcome, nil, r.differences}
		if r.reason != "" {
			shown.Reason = &r.reason
		}
		v.Results = append(v.Results, shown)
	}
	return v
}
