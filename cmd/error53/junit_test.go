package main

import (
	"encoding/xml"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The report can be read back, its counts are those of its cases, and hostile text in a
// file's name or a phone's model does no harm.
func TestJUnit(t *testing.T) {
	t.Parallel()
	report := junitOf([]result{
		{file: "a/one.e53", outcome: hasPassed, model: "iPhone7,2", took: time.Second},
		{file: "a/b/two.txt", outcome: hasFailed, differences: []difference{{"risk", "high", "low"}, {"effect", "error-53", "none"}}},
		{file: "a/<&\"\x1b\xff.txt", outcome: hasFailed, reason: "]]>\x00", model: "\u202e"},
		{file: "a/three.json", outcome: wasSkipped, reason: "no expectation beside it"},
		{file: "a/four.json", outcome: wasUpdated, differences: []difference{{"risk", "high", "low"}}},
	})
	var read junitSuites
	require.NoError(t, xml.Unmarshal(report, &read))
	require.Len(t, read.Suites, 2)
	above, below := read.Suites[0], read.Suites[1]
	assert.Equal(t, []int{4, 1, 0, 1}, []int{above.Tests, above.Failures, above.Errors, above.Skipped})
	assert.Equal(t, []int{1, 1, 0, 0}, []int{below.Tests, below.Failures, below.Errors, below.Skipped})
	assert.Len(t, above.Cases, 4)
	assert.Equal(t, "1.000", above.Cases[0].Time)
	assert.Nil(t, above.Cases[0].Failure)
	assert.Equal(t, "risk: expected high, got low\neffect: expected error-53, got none", below.Cases[0].Failure.Text)
	assert.Equal(t, "no expectation beside it", above.Cases[2].Skipped.Message)
	assert.Nil(t, above.Cases[3].Failure, "an expectation that was rewritten fits")
}
