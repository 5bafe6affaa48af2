package diag_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"error53/diag"
)

// cites finds a source in a sentence: a page, a repository, or a judgment.
var cites = regexp.MustCompile(`[a-z0-9-]+\.(com|co\.uk|nz|au)\b|libimobiledevice/idevicerestore|littlebyteorg/appledb|\[2018\] FCA`)

// assertStatement: a document's statement has its source, and what corrects it has its
// own.
func assertStatement(t *testing.T, s diag.Statement) {
	t.Helper()
	assert.Regexp(t, kebab, s.ID)
	assertText(t, s.Text)
	assert.Regexp(t, `^(appfixing\.com|ihelpit\.com\.au)`, s.Source, s.ID)
	if s.Later != "" {
		assertText(t, s.Later)
	}
	if s.Superseded {
		assert.Regexp(t, cites, s.Later, "%s: superseded by what?", s.ID)
	}
}

// TestStatements: no statement stands twice, none shares its id with a rule or a
// contradiction, and a Restore never goes without what it costs.
func TestStatements(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range diag.Rules() {
		seen[r.ID] = true
	}
	for _, c := range diag.Contradictions() {
		seen[string(c.ID)] = true
	}
	for _, s := range diag.Statements() {
		assert.False(t, seen[s.ID], "%s stands twice", s.ID)
		seen[s.ID] = true
		assertStatement(t, s)
		assert.Equal(t, strings.Contains(s.Text, "Restore "), strings.Contains(s.Text, "erases"), s.ID)
	}
}
