package diag_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

// TestSurveyCountsWhatTheOracleCounts goes through the same cases by other code.
func TestSurveyCountsWhatTheOracleCounts(t *testing.T) {
	t.Parallel()
	cases, parting, counts := 0, 0, map[string]int{}
	for _, productType := range productTypes() {
		if class(productType) == "no sensor" {
			continue
		}
		for s := range surveyOf(productType) {
			switch agrees(s) {
			case "true":
				cases++
			case "false":
				cases++
				parting++
				for _, reason := range disagreement(s) {
					counts[reason]++
				}
			}
		}
	}
	survey := diag.TakeSurvey()
	assert.Equal(t, cases, survey.Cases)
	assert.Equal(t, parting, survey.Parting)
	for _, group := range survey.Groups {
		assert.Equal(t, counts[string(group.ID)], group.Count, group.ID)
		delete(counts, string(group.ID))
	}
	assert.Empty(t, counts, "reasons that no group counts")
}

func surveyOf(productType string) func(func(situation) bool) {
	return func(yield func(situation) bool) {
		m := models()[productType]
		for _, installed := range m.releases {
			for _, target := range []release{{}, m.last} {
				for _, way := range []string{"computer-update", "ota"} {
					for _, repair := range allRepairs {
						for _, touchID := range allTouchIDs {
							if !yield(situation{productType, "normal", installed, repair, touchID, target, way}) {
								return
							}
						}
					}
				}
			}
		}
	}
}

// TestSurveyExamplesPart: each reason is shown by a case that has it, and every
// reason does occur.
func TestSurveyExamplesPart(t *testing.T) {
	t.Parallel()
	survey := diag.TakeSurvey()
	require.Len(t, survey.Groups, len(diag.Contradictions()))
	for _, group := range survey.Groups {
		require.Positive(t, group.Count, group.ID)
		assert.Contains(t, group.Example.Summary().Disagreement, group.ID)
		assert.True(t, slices.Contains(group.Devices, group.Example.Device), group.ID)
	}
}
