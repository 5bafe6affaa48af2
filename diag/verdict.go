package diag

import "reflect"

// Outcome is the bare decision, without words. Computing it allocates nothing.
type Outcome struct {
	Effect     Effect
	Worst      Effect // equals Effect where that is known
	Documented Result
	Risk       Risk
}

// Outcome decides the case.
func (c Case) Outcome() Outcome {
	effect, worst := c.predict()
	return Outcome{Effect: effect, Worst: worst, Documented: c.documented(), Risk: c.risk()}
}

// Verdict is the decision with its reasons.
type Verdict struct {
	Prediction Prediction
	Check      Check
	Risk       Risk
	Question   *Question // nil where no answer would change the headline
	Next       []Advice  // what to do, in the order of what to do first
	Warnings   []Advice
}

// Prediction is what the evidence says will happen.
type Prediction struct {
	Effect     Effect     `json:"effect"`
	Worst      Effect     `json:"worst"`
	Confidence Confidence `json:"confidence"`
	Assumed    []FactName `json:"assumed"` // what nobody stated and the effect hangs on
	Reasons    []Reason   `json:"reasons"`
}

// Reason is one step of the prediction, with where it is known from.
type Reason struct {
	ID     string `json:"id"`
	Text   string `json:"text"`
	Source string `json:"source"`
}

// Check is what the documents say, held against the prediction.
type Check struct {
	Documented   Result         `json:"documented"`
	Agrees       *bool          `json:"agrees"` // nil where one of the two does not know
	Disagreement []Disagreement `json:"disagreement"`
	Rules        []RuleResult   `json:"rules"`
}

// RuleResult is what one rule says.
type RuleResult struct {
	ID     string `json:"id"`
	Result Result `json:"result"`
}

// Question is what to ask the operator, since the answer changes the headline.
type Question struct {
	Fact FactName `json:"fact"`
	Text string   `json:"text"`
}

// Advice is a step to take or a warning to heed.
type Advice struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Decide gives the whole verdict on the facts. Where only a range of releases is
// known to be installed, it counts if all of them lead to the same verdict.
func Decide(f Facts) Verdict {
	c := NewCase(f)
	verdict := c.verdict(f.Session)
	if ranged, ok := c.verdictWithin(f.InstalledRange, f.Session); ok && !reflect.DeepEqual(ranged, verdict) {
		ranged.Warnings = append(ranged.Warnings, c.warnOfIBoot(f.InstalledRange.Value))
		return ranged
	}
	return verdict
}

func (c Case) verdict(s Session) Verdict {
	return Verdict{
		Prediction: c.prediction(),
		Check:      c.check(),
		Risk:       c.risk(),
		Question:   c.ask(),
		Next:       c.next(s),
		Warnings:   c.warnings(s),
	}
}

func (c Case) prediction() Prediction {
	effect, worst := c.predict()
	assumed := []FactName{}
	if !c.undecidable() && !c.targetStated() {
		assumed = append(assumed, AskTarget)
	}
	return Prediction{
		Effect:     effect,
		Worst:      worst,
		Confidence: c.confidence(),
		Assumed:    assumed,
		Reasons:    c.reasons(),
	}
}

func (c Case) check() Check {
	check := Check{Documented: c.documented(), Agrees: c.agrees(), Disagreement: c.disagreement()}
	for _, rule := range rules {
		check.Rules = append(check.Rules, RuleResult{rule.ID, rule.apply(c)})
	}
	return check
}
