package mocks

import "error53/usbmux/plist"

// lockdownType is QueryType's answer in normal mode. [LIBIMOBILEDEVICE] src/lockdown.c.
const lockdownType = "com.apple.mobile.lockdown"

// Errors that lockdownd gives. [LIBIMOBILEDEVICE] src/lockdown.c has the list, but
// for the last one: what a phone says to a request it does not know is not recorded.
const (
	errMissingValue     = "MissingValue"
	errGetProhibited    = "GetProhibited"
	errSetProhibited    = "SetProhibited"
	errRemoveProhibited = "RemoveProhibited"
	errDialogPending    = "PairingDialogResponsePending"
	errMissingHostID    = "MissingHostID"
	errInvalidHostID    = "InvalidHostID"
	errSessionInactive  = "SessionInactive"
	errInvalidRequest   = "InvalidRequest"
)

// lockdownd answers one request as to a host that it does not trust. The answer
// repeats the Request; an Error in it is the failure, its absence the success.
func (p *Phone) lockdownd(name string, request plist.Dict) reply {
	body := plist.Dict{}
	if name != "" {
		body["Request"] = name
	}
	switch name {
	case "QueryType":
		body["Type"], body["Result"] = lockdownType, "Success"
	case "GetValue":
		p.getValue(body, request)
	case "Goodbye":
		body["Result"] = "Success"
	case "StartSession":
		body["Error"] = errInvalidHostID
		if _, ok := request.String("HostID"); !ok {
			body["Error"] = errMissingHostID
		}
	case "StopSession", "StartService":
		body["Error"] = errSessionInactive
	default:
		body["Error"] = refusal(name)
		return reply{body: body, refused: true}
	}
	return reply{body: body}
}

// refusal is the error for a request that would change the phone, or that lockdownd
// does not know.
func refusal(name string) string {
	switch name {
	case "SetValue":
		return errSetProhibited
	case "RemoveValue":
		return errRemoveProhibited
	case "Pair": // a real phone shows the Trust dialog at this
		return errDialogPending
	case "Unpair", "ValidatePair":
		return errInvalidHostID
	case "EnterRecovery", "Activate", "Deactivate", "ResetPairing":
		return errSessionInactive
	}
	return errInvalidRequest
}

// getValue adds the answer to a GetValue: a dictionary without a Key, else one value.
func (p *Phone) getValue(body, request plist.Dict) {
	domain, hasDomain := request.String("Domain")
	key, hasKey := request.String("Key")
	if hasDomain {
		body["Domain"] = domain
	}
	var value any
	var failure string
	if hasKey {
		body["Key"] = key
		value, failure = p.value(domain, key)
	} else {
		value, failure = p.readable(domain)
	}
	if failure != "" {
		body["Error"] = failure
		return
	}
	body["Value"] = value
}

// domain gives the values of a domain; "" is the global one.
func (p *Phone) domain(name string) plist.Dict {
	if name == "" {
		return p.Values
	}
	return p.Domains[name]
}

// value gives one value, or the error: guarded is not the same as missing.
func (p *Phone) value(domain, key string) (value any, failure string) {
	value, ok := p.domain(domain)[key]
	switch {
	case !ok:
		return nil, errMissingValue
	case !p.public(domain, key):
		return nil, errGetProhibited
	}
	return value, ""
}

// readable gives what may be read of a domain, or the error.
func (p *Phone) readable(domain string) (values plist.Dict, failure string) {
	all := p.domain(domain)
	if all == nil {
		return nil, errMissingValue
	}
	values = plist.Dict{}
	for key, v := range all {
		if p.public(domain, key) {
			values[key] = v
		}
	}
	if len(values) == 0 && len(all) > 0 {
		return nil, errGetProhibited
	}
	return values, ""
}
