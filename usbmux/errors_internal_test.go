package usbmux

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
)

var kinds = []error{ErrNoDaemon, ErrPermission, ErrAddress, ErrProtocol, ErrTimeout, ErrGone, ErrRefused, ErrNoRecord}

// Each Result is exactly one kind. What 2 means depends on what was asked.
func TestResultErrorIs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		request messageType
		number  uint64
		want    error
	}{
		{connect, 1, ErrProtocol},
		{connect, 2, ErrGone},
		{connect, 3, ErrRefused},
		{connect, 6, ErrProtocol},
		{connect, 22, ErrProtocol},
		{listDevices, 2, ErrProtocol},
		{listen, 2, ErrProtocol},
		{readBUID, 2, ErrProtocol},
		{readPairRecord, 1, ErrProtocol},
		{readPairRecord, 2, ErrNoRecord},
		{readPairRecord, 13, ErrPermission},
		{readPairRecord, 22, ErrProtocol},
		{deletePairRecord, 2, ErrNoRecord},
		{deletePairRecord, 13, ErrPermission},
		{savePairRecord, 2, ErrPermission},
		{savePairRecord, 13, ErrPermission},
		{savePairRecord, 22, ErrProtocol},
	} {
		err := &ResultError{Request: string(tt.request), Number: tt.number}
		for _, kind := range kinds {
			assert.Equal(t, kind == tt.want, errors.Is(err, kind), "%s %d: %v", tt.request, tt.number, kind)
		}
	}
}

func TestResultErrorText(t *testing.T) {
	t.Parallel()
	assert.EqualError(t, &ResultError{Number: 3}, "the daemon answers 3 (connection refused)")
	assert.EqualError(t, &ResultError{Number: 99}, "the daemon answers 99")
	assert.EqualError(t, &ResultError{Request: "ReadPairRecord", Number: 2}, "the daemon answers 2 (no pair record)")
}

func TestOpError(t *testing.T) {
	t.Parallel()
	assert.NoError(t, opError("list devices", nil))
	err := opError("list devices", interrupted(context.DeadlineExceeded))
	assert.EqualError(t, err, "usbmux: list devices: no answer in time: context deadline exceeded")
	var op *OpError
	assert.ErrorAs(t, err, &op)
	assert.True(t, op.Timeout())
	assert.False(t, (&OpError{Op: "connect", Err: ErrGone}).Timeout())
	assert.ErrorIs(t, opError("connect", interrupted(context.Canceled)), context.Canceled)
}
