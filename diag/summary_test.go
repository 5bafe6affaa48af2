package diag_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"error53/diag"
)

// checkSummary: whoever asks about a million phones gets the answers of whoever
// asks about one.
func checkSummary(t *testing.T, v diag.Verdict, s diag.Summary) {
	question := diag.FactName("")
	if v.Question != nil {
		question = v.Question.Fact
	}
	assert.Equal(t, diag.Summary{
		Outcome:      diag.Outcome{Effect: v.Prediction.Effect, Worst: v.Prediction.Worst, Documented: v.Check.Documented, Risk: v.Risk},
		Confidence:   v.Prediction.Confidence,
		Agrees:       v.Check.Agrees,
		Disagreement: v.Check.Disagreement,
		Question:     question,
	}, s)
}

func BenchmarkSummary(b *testing.B) {
	for _, s := range everyday {
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			c := diag.NewCase(s.facts())
			for b.Loop() {
				c.Summary()
			}
		})
	}
}
