package usbmux_test

import (
	"testing"

	"go.uber.org/goleak"
)

// Every connection, timer and goroutine of every test is gone at the end.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
