package mocks_test

import (
	"testing"

	"go.uber.org/goleak"
)

// Every test must leave the process as it found it: benches end all they started.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
