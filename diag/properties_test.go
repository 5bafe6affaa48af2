package diag_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

// TestPropertiesHoldEverywhere goes through the scope, compares every outcome
// with the oracle's and checks what must hold whatever the tables say.
func TestPropertiesHoldEverywhere(t *testing.T) {
	sc := theScope()
	start := time.Now()
	var cases, verdicts atomic.Int64
	t.Run("models", func(t *testing.T) {
		for _, productType := range sc.types {
			t.Run(productType, func(t *testing.T) {
				t.Parallel()
				inspected := inspection{t: t, sample: sc.sample}
				sc.blocks(models()[productType], inspected.block)
				cases.Add(int64(inspected.cases))
				verdicts.Add(int64(inspected.verdicts))
			})
		}
	})
	t.Logf("%d models, %d cases, %d whole verdicts in %v", len(sc.types), cases.Load(), verdicts.Load(), time.Since(start).Round(time.Millisecond))
	require.Positive(t, verdicts.Load())
}

// inspection counts and checks the cases of one model.
type inspection struct {
	t               *testing.T
	sample          int
	cases, verdicts int
}

func (in *inspection) block(b block) {
	b.each(func(s situation, o diag.Outcome) {
		in.cases++
		checkOutcome(in.t, s, o)
		if in.cases%in.sample == 0 {
			in.verdicts++
			checkVerdict(in.t, s)
		}
	})
	checkHigherTargets(in.t, b)
	checkRepairs(in.t, b)
	checkTouchID(in.t, b)
	if in.t.Failed() {
		in.t.FailNow() // one block's failures are enough to read
	}
}

// checkOutcome compares with the oracle and checks the outcome in itself. It
// calls testify only on a failure: there are millions of cases.
func checkOutcome(t *testing.T, s situation, o diag.Outcome) {
	effect, worst := predict(s)
	says := documented(s)
	want := diag.Outcome{
		Effect:     diag.Effect(effect),
		Worst:      diag.Effect(worst),
		Documented: diag.Result(says),
		Risk:       diag.Risk(headline(effect, worst, says)),
	}
	if o != want {
		assert.Equal(t, want, o, "the oracle differs on %s", s)
	}
	if rank(o.Risk) < 0 && o.Risk != diag.RiskUnknown {
		assert.Fail(t, "no such headline", "%q on %s", o.Risk, s)
	}
	if o.Risk == diag.RiskNone && o.Worst != diag.EffectNone {
		assert.Fail(t, "none hides something", "worst %s on %s", o.Worst, s)
	}
	if o.Effect != diag.EffectUnknown && o.Worst != o.Effect {
		assert.Fail(t, "worst is not the known effect", "%+v on %s", o, s)
	}
}

// rank orders the headlines; -1 for the one that compares with nothing.
func rank(r diag.Risk) int {
	switch r {
	case diag.RiskNone:
		return 0
	case diag.RiskLow:
		return 1
	case diag.RiskElevated:
		return 2
	case diag.RiskHigh:
		return 3
	default:
		return -1
	}
}

// above tells whether both headlines are ranked and a is the graver.
func above(a, b diag.Outcome) bool {
	return rank(a.Risk) >= 0 && rank(b.Risk) >= 0 && rank(a.Risk) > rank(b.Risk)
}

// checkHigherTargets: raising the target never raises the risk.
func checkHigherTargets(t *testing.T, b block) {
	for i, repair := range allRepairs {
		for j, touchID := range allTouchIDs {
			previous := -1 // index of the last ranked headline
			for k, o := range b.outcomes[i][j] {
				if k == 0 || rank(o.Risk) < 0 {
					continue // 0 is no target stated
				}
				if previous >= 0 && above(o, b.outcomes[i][j][previous]) {
					assert.Fail(t, "a higher target is riskier", "%s repair=%s touchId=%s: %s is %s, %s is %s",
						b.base, repair, touchID, b.targets[previous], b.outcomes[i][j][previous].Risk, b.targets[k], o.Risk)
				}
				previous = k
			}
		}
	}
}

// checkRepairs: a third party's sensor never ranks below no repair.
func checkRepairs(t *testing.T, b block) {
	const none, foreign = 0, 2 // in allRepairs
	for j, touchID := range allTouchIDs {
		for k, target := range b.targets {
			if above(b.outcomes[none][j][k], b.outcomes[foreign][j][k]) {
				assert.Fail(t, "a third party's sensor ranks below none", "%s touchId=%s target=%s", b.base, touchID, target)
			}
		}
	}
}

// checkTouchID: a Touch ID that works never ranks above one that does not.
func checkTouchID(t *testing.T, b block) {
	const yes, no = 0, 1 // in allTouchIDs
	for i, repair := range allRepairs {
		for k, target := range b.targets {
			if above(b.outcomes[i][yes][k], b.outcomes[i][no][k]) {
				assert.Fail(t, "a working Touch ID ranks above a dead one", "%s repair=%s target=%s", b.base, repair, target)
			}
		}
	}
}

// checkVerdict compares the whole verdict with the oracle's and puts the question
// to the test.
func checkVerdict(t *testing.T, s situation) {
	v := diag.Decide(s.facts())
	assert.Equal(t, v, diag.Decide(s.facts()), "not the same verdict twice on %s", s)
	assert.Equal(t, rule(s), rulingOf(v), "the oracle differs on %s", s)
	if v.Check.Agrees != nil && !*v.Check.Agrees {
		assert.NotEmpty(t, v.Check.Disagreement, "disagrees without a reason on %s", s)
	} else {
		assert.Empty(t, v.Check.Disagreement, "reasons for no disagreement on %s", s)
	}
	checkQuestion(t, s, v)
	checkSummary(t, v, diag.NewCase(s.facts()).Summary())
}

// checkQuestion: an answer to the question changes the headline; where there is
// none, no answer to anything does.
func checkQuestion(t *testing.T, s situation, v diag.Verdict) {
	graveEnough := v.Risk == diag.RiskUnknown || v.Risk == diag.RiskElevated || v.Risk == diag.RiskHigh
	if !graveEnough {
		assert.Nil(t, v.Question, "asks about %s on %s", v.Risk, s)
		return
	}
	asked := ""
	if v.Question != nil {
		asked = string(v.Question.Fact)
		assert.True(t, headlineChanges(openFacts(s)[asked], v.Risk), "asks %s in vain on %s", asked, s)
		return
	}
	for fact, answers := range openFacts(s) {
		assert.False(t, headlineChanges(answers, v.Risk), "does not ask %s on %s", fact, s)
	}
}

func headlineChanges(answers []situation, present diag.Risk) bool {
	for _, answered := range answers {
		if diag.NewCase(answered.facts()).Outcome().Risk != present {
			return true
		}
	}
	return false
}

// rulingOf puts a verdict into the oracle's words.
func rulingOf(v diag.Verdict) ruling {
	r := ruling{
		effect:       string(v.Prediction.Effect),
		worst:        string(v.Prediction.Worst),
		confidence:   string(v.Prediction.Confidence),
		assumed:      []string{},
		rules:        map[string]string{},
		documented:   string(v.Check.Documented),
		agrees:       "null",
		disagreement: []string{},
		risk:         string(v.Risk),
	}
	for _, fact := range v.Prediction.Assumed {
		r.assumed = append(r.assumed, string(fact))
	}
	for _, result := range v.Check.Rules {
		r.rules[result.ID] = string(result.Result)
	}
	if v.Check.Agrees != nil {
		r.agrees = fmt.Sprint(*v.Check.Agrees)
	}
	for _, reason := range v.Check.Disagreement {
		r.disagreement = append(r.disagreement, string(reason))
	}
	if v.Question != nil {
		r.question = string(v.Question.Fact)
	}
	return r
}
