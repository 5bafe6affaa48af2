package main

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const fixtures = "../../mocks/fixtures"

// What was worked out from the rules for each recorded phone comes true.
func TestVerifyFixtures(t *testing.T) {
	t.Parallel()
	stdout, stderr, code := run(t, "verify", fixtures)
	assert.Zero(t, code, stdout)
	assert.Empty(t, stderr)
	assert.Regexp(t, `\n\d\d+ passed, 0 failed, 0 skipped\n$`, stdout)
}

// They do instead of phones, all in one run.
func TestCheckFromFixtures(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(fixtures + "/*.e53")
	require.NoError(t, err)
	stdout, stderr, code := run(t, append([]string{"check", "--json", "--from"}, files...)...)
	assert.NotEqual(t, exitFailure, code)
	assert.Empty(t, stderr)
	var document struct {
		Phones []struct {
			Error *json.RawMessage `json:"error"`
		} `json:"phones"`
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &document))
	assert.Len(t, document.Phones, len(files))
	for i, p := range document.Phones {
		assert.Nil(t, p.Error, files[i])
	}
}
