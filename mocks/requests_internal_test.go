package mocks

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// On the wire this would take a minute.
func TestLogKeepsTheFirstRequests(t *testing.T) {
	t.Parallel()
	b := NewBench()
	for n := range maxRequests + 10 {
		b.journal.record(Request{Connection: n})
	}
	kept := b.Requests()
	assert.Len(t, kept, maxRequests)
	assert.Equal(t, maxRequests-1, kept[maxRequests-1].Connection)
	assert.NoError(t, b.Close())
}
