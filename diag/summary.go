package diag

// Summary is a verdict without its texts: what is needed of thousands.
type Summary struct {
	Outcome
	Confidence   Confidence
	Agrees       *bool // nil where documents or evidence do not know
	Disagreement []Disagreement
	Question     FactName // "" where no answer would change the headline
}

// Summary decides the case. It equals what Decide says of the same facts.
func (c Case) Summary() Summary {
	return Summary{
		Outcome:      c.Outcome(),
		Confidence:   c.confidence(),
		Agrees:       c.agrees(),
		Disagreement: c.disagreement(),
		Question:     c.question(),
	}
}
