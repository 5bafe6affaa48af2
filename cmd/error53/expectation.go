package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"error53/diag"
)

// expectation stands beside a recording or a dump: what the operator says, and what the
// verdict should be. What is left out of Expect may be anything.
type expectation struct {
	Said   statement `json:"said"`
	Expect expected  `json:"expect"`
}

// statement is the operator's word, as on the command line.
type statement struct {
	Repair  string `json:"repair,omitempty"`
	TouchID string `json:"touchId,omitempty"`
	Target  string `json:"target,omitempty"`
	Way     string `json:"way,omitempty"`
}

type expected struct {
	Risk       diag.Risk   `json:"risk,omitempty"`
	Effect     diag.Effect `json:"effect,omitempty"`
	Documented diag.Result `json:"documented,omitempty"`
	Rules      *[]string   `json:"rules,omitempty"` // the ids of those at risk, in any order
}

// expectationError is an expectation that means nothing.
type expectationError struct {
	line   int // from 1; 0 = not known
	reason string
}

func (e *expectationError) Error() string {
	if e.line == 0 {
		return "its expectation: " + e.reason
	}
	return fmt.Sprintf("its expectation: line %d: %s", e.line, e.reason)
}

// maxExpectation bounds an expectation, in bytes.
const maxExpectation = 1 << 16

// parseExpectation reads one; whatever it does not know is an error.
func parseExpectation(data []byte) (e expectation, err error) {
	if len(data) > maxExpectation {
		return e, &expectationError{0, fmt.Sprintf("larger than %d bytes", maxExpectation)}
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(&e)
	if err == nil {
		if _, end := decoder.Token(); end != io.EOF {
			err = errors.New("something follows the end")
		}
	}
	if err != nil {
		return e, &expectationError{lineOf(data, err, decoder.InputOffset()), visible(strings.TrimPrefix(err.Error(), "json: "))}
	}
	return e, e.validate()
}

// lineOf gives the line in which an error of the decoder lies.
func lineOf(data []byte, err error, offset int64) int {
	var syntax *json.SyntaxError
	var mistyped *json.UnmarshalTypeError
	_, field, unknown := strings.Cut(err.Error(), "unknown field ")
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &mistyped):
		offset = mistyped.Offset
	case unknown:
		offset = int64(max(0, bytes.Index(data, []byte(field)))) // the decoder has read on
	}
	return 1 + bytes.Count(data[:min(int(offset), len(data))], []byte("\n"))
}

// validate refuses words that mean nothing.
func (e expectation) validate() error {
	if err := e.operator().validate(); err != nil {
		return &expectationError{0, err.Error()}
	}
	x := e.Expect
	for _, each := range []error{
		oneOf("risk", string(x.Risk), diag.Risks),
		oneOf("effect", string(x.Effect), diag.Effects),
		oneOf("documented", string(x.Documented), []diag.Result{diag.Clear, diag.Indeterminate, diag.AtRisk}),
	} {
		if each != nil {
			return &expectationError{0, each.Error()}
		}
	}
	if x == (expected{}) {
		return &expectationError{0, `it expects nothing: "expect" takes risk, effect, documented and rules`}
	}
	return e.validateRules()
}

func (e expectation) validateRules() error {
	if e.Expect.Rules == nil {
		return nil
	}
	for _, id := range *e.Expect.Rules {
		if !slices.ContainsFunc(diag.Rules(), func(r diag.Rule) bool { return r.ID == id }) {
			return &expectationError{0, fmt.Sprintf("there is no rule %q", id)}
		}
	}
	return nil
}

// operator says it as on the command line.
func (e expectation) operator() *operator {
	return &operator{repair: e.Said.Repair, touchID: e.Said.TouchID, target: e.Said.Target, way: e.Said.Way}
}

// says tells whether the operator has said anything of a fact.
func (s statement) says(fact diag.FactName) bool {
	switch fact {
	case diag.AskRepair:
		return s.Repair != ""
	case diag.AskTouchID:
		return s.TouchID != ""
	case diag.AskTarget, diag.AskTargetBuild:
		return s.Target != ""
	case diag.AskWay:
		return s.Way != ""
	}
	return false
}

// difference is one thing that is not as expected.
type difference struct {
	What     string `json:"what"`
	Expected string `json:"expected"`
	Got      string `json:"got"`
}

// differences compares what is expected with a verdict.
func (x expected) differences(v diag.Verdict) []difference {
	got := x.of(v)
	all := []difference{}
	for _, each := range []difference{
		{"risk", string(x.Risk), string(got.Risk)},
		{"effect", string(x.Effect), string(got.Effect)},
		{"documented", string(x.Documented), string(got.Documented)},
		{"rules", ruleList(x.Rules), ruleList(got.Rules)},
	} {
		if each.Expected != each.Got {
			all = append(all, each)
		}
	}
	return all
}

// of gives the verdict in the form of x: what x leaves out is left out.
func (x expected) of(v diag.Verdict) expected {
	var got expected
	if x.Risk != "" {
		got.Risk = v.Risk
	}
	if x.Effect != "" {
		got.Effect = v.Prediction.Effect
	}
	if x.Documented != "" {
		got.Documented = v.Check.Documented
	}
	if x.Rules != nil {
		rules := []string{}
		for _, rule := range v.Check.Rules {
			if rule.Result == diag.AtRisk {
				rules = append(rules, rule.ID)
			}
		}
		got.Rules = &rules
	}
	return got
}

// ruleList writes rules so that their order does not matter.
func ruleList(ids *[]string) string {
	if ids == nil {
		return ""
	}
	if len(*ids) == 0 {
		return "none at risk"
	}
	return strings.Join(slices.Sorted(slices.Values(*ids)), ", ")
}

// bytes is the file.
func (e expectation) bytes() ([]byte, error) {
	text, err := json.MarshalIndent(e, "", "  ")
	return append(text, '\n'), err
}
