package usb_test

import (
	"testing"

	"go.uber.org/goleak"
)

// Every reader of every test is gone at the end, also of devices that did not answer.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
