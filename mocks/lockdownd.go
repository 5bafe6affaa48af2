package mocks

import "error53/usbmux/plist"

// lockdownType is QueryType's answer in normal mode. [LIBIMOBILEDEVICE] src/lockdown.c.
const lockdownType = "com.apple.mobile.lockdown"

// Errors that lockdownd gives. [LIBIMOBILEDEVICE] src/lockdown.c has the list, but
// for the last one: what a phone says to a request it does not know is not recorded.
const (
	errMissingValue      = "MissingValue"
	errGetProhibited     = "GetProhibited"
	errSetProhibited     = "SetProhibited"
	errRemoveProhibited  = "RemoveProhibited"
	errPasswordProtected = "PasswordProtected"
	errDialogPending     = "PairingDialogResponsePending"
	errMissingHostID     = "MissingHostID"
	errInvalidHostID     = "InvalidHostID"
	errSessionActive     = "SessionActive"
	errSessionInactive   = "SessionInactive"
	errMissingSessionID  = "MissingSessionID"
	errInvalidSessionID  = "InvalidSessionID"
	errUserDenied        = "UserDeniedPairing"
	errChallengeRequired = "MCChallengeRequired"
	errMissingPairRecord = "MissingPairRecord"
	errInvalidPairRecord = "InvalidPairRecord"
	errSaveFailed        = "SavePairRecordFailed"
	errNotOverNetwork    = "PairingProhibitedOverThisConnection"
	errMissingService    = "MissingService"
	errInvalidService    = "InvalidService"
	errServiceLimit      = "ServiceLimit"
	errInvalidRequest    = "InvalidRequest"
)

// lockdownd is the phone's daemon on one connection.
type lockdownd struct {
	bench  *Bench
	device *device
	phone  *Phone
	papers *papers // of the host whose session it is; nil = no session
}

// answer answers one request. The answer repeats the Request; an Error in it is the
// failure, its absence the success.
func (l *lockdownd) answer(name string, request plist.Dict) reply {
	body := plist.Dict{}
	if name != "" {
		body["Request"] = name
	}
	switch name {
	case "QueryType":
		body["Type"], body["Result"] = lockdownType, "Success"
	case "GetValue":
		l.getValue(body, request)
	case "Goodbye":
		body["Result"] = "Success"
	case "StartSession":
		return l.startSession(body, request)
	case "StopSession":
		return l.stopSession(body, request)
	case "StartService":
		l.startService(body, request)
	case "Pair":
		return l.pair(body, request)
	case "ValidatePair":
		l.validatePair(body, request)
	default:
		body["Error"] = l.refusal(name)
		return reply{body: body, refused: true}
	}
	return reply{body: body}
}

// refusal is the error for a request that would change the phone, or that lockdownd
// does not know.
func (l *lockdownd) refusal(name string) string {
	switch name {
	case "SetValue":
		return errSetProhibited
	case "RemoveValue":
		return errRemoveProhibited
	case "Unpair":
		return errInvalidHostID
	case "EnterRecovery", "Activate", "Deactivate", "ResetPairing":
		if l.papers == nil {
			return errSessionInactive
		}
	}
	return errInvalidRequest
}

// getValue adds the answer to a GetValue: a dictionary without a Key, else one value.
func (l *lockdownd) getValue(body, request plist.Dict) {
	domain, hasDomain := request.String("Domain")
	key, hasKey := request.String("Key")
	if hasDomain {
		body["Domain"] = domain
	}
	var value any
	var failure string
	if hasKey {
		body["Key"] = key
		value, failure = l.value(domain, key)
	} else {
		value, failure = l.readable(domain)
	}
	if failure != "" {
		body["Error"] = failure
		return
	}
	body["Value"] = value
}

// may tells whether the host may read a value.
func (l *lockdownd) may(domain, key string) bool {
	return l.papers != nil || l.phone.public(domain, key)
}

// value gives one value, or the error: guarded is not the same as missing.
func (l *lockdownd) value(domain, key string) (value any, failure string) {
	value, ok := l.phone.domain(domain)[key]
	failure, refused := l.phone.failure(domain, key)
	switch {
	case refused:
		return nil, failure
	case !ok && domain == "" && key == "DevicePublicKey": // without it nobody could pair
		return l.phone.publicKey(), ""
	case !ok:
		return nil, errMissingValue
	case !l.may(domain, key):
		return nil, errGetProhibited
	}
	return resolve(value), ""
}

// readable gives what may be read of a domain, or the error.
func (l *lockdownd) readable(domain string) (values plist.Dict, failure string) {
	all := l.phone.domain(domain)
	if failure, refused := l.phone.Errors[domain]; refused {
		return nil, failure
	}
	if all == nil {
		return nil, errMissingValue
	}
	values = plist.Dict{}
	for key, v := range all {
		_, refused := l.phone.failure(domain, key)
		if l.may(domain, key) && !refused && !byNameOnly(domain, key) {
			values[key] = resolve(v)
		}
	}
	if l.papers == nil && len(values) == 0 && len(all) > 0 {
		return nil, errGetProhibited
	}
	return values, ""
}
