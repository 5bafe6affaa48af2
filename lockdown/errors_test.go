package lockdown_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/lockdown"
	"error53/usbmux/plist"
)

var kinds = []error{
	lockdown.ErrMissingValue, lockdown.ErrGetProhibited, lockdown.ErrPasswordProtected,
	lockdown.ErrTrustPending, lockdown.ErrTrustDenied, lockdown.ErrInvalidHostID,
	lockdown.ErrSessionInactive, lockdown.ErrNotLockdown,
}

// Every error string of lockdownd: shown as it is, and of one kind or of none.
func TestErrorStrings(t *testing.T) {
	t.Parallel()
	want := map[string]error{
		"MissingValue":                 lockdown.ErrMissingValue,
		"GetProhibited":                lockdown.ErrGetProhibited,
		"PasswordProtected":            lockdown.ErrPasswordProtected,
		"PairingDialogResponsePending": lockdown.ErrTrustPending,
		"UserDeniedPairing":            lockdown.ErrTrustDenied,
		"InvalidHostID":                lockdown.ErrInvalidHostID,
		"SessionInactive":              lockdown.ErrSessionInactive,
	}
	all := strings.Fields(`InvalidResponse MissingKey MissingValue GetProhibited SetProhibited
		RemoveProhibited ImmutableValue PasswordProtected UserDeniedPairing
		PairingDialogResponsePending MissingHostID InvalidHostID SessionActive SessionInactive
		MissingSessionID InvalidSessionID MissingService InvalidService ServiceLimit
		MissingPairRecord SavePairRecordFailed InvalidPairRecord InvalidActivationRecord
		MissingActivationRecord ServiceProhibited EscrowLocked
		PairingProhibitedOverThisConnection FMiPProtected MCProtected MCChallengeRequired
		InvalidConnection`)
	for _, code := range all {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			_, client := dial(t, always(t, plist.Dict{"Request": "GetValue", "Error": code}))
			_, err := client.GetValue(t.Context(), "", "K")
			assert.EqualError(t, err, "lockdown: GetValue K: the phone answers "+code)
			var refusal *lockdown.Error
			require.ErrorAs(t, err, &refusal)
			assert.Equal(t, lockdown.Error{Code: code, Request: "GetValue"}, *refusal)
			for _, kind := range kinds {
				assert.Equal(t, kind == want[code], errors.Is(err, kind), "%v", kind)
			}
			var op *lockdown.OpError
			require.ErrorAs(t, err, &op)
			assert.False(t, op.Timeout())
		})
	}
}

// What a phone may say that is in no list.
func TestUnknownErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		answer plist.Dict
		code   string
		text   string
	}{
		{"a new one", plist.Dict{"Error": "BrandNew"}, "BrandNew", `the phone answers "BrandNew"`},
		{"hostile text", plist.Dict{"Error": "\x1b[2J" + strings.Repeat("x", 500)}, "", "x…"},
		{"not a text", plist.Dict{"Error": 7}, "", `the phone answers ""`},
		{"before iOS 5", plist.Dict{"Result": "Failure"}, "Failure", `the phone answers "Failure"`},
		{"both", plist.Dict{"Result": "Failure", "Error": "GetProhibited"}, "GetProhibited", "GetProhibited"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, client := dial(t, always(t, tt.answer))
			_, err := client.GetValue(t.Context(), "", "K")
			var refusal *lockdown.Error
			require.ErrorAs(t, err, &refusal)
			assert.ErrorContains(t, err, tt.text)
			assert.NotContains(t, err.Error(), "\x1b")
			assert.Less(t, len(err.Error()), 200)
			if tt.code != "" {
				assert.Equal(t, tt.code, refusal.Code)
			}
		})
	}
}
