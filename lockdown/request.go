package lockdown

import "error53/usbmux/plist"

// verb is the name of a request. The constants of this type are the only values, and
// request is the only type that is sent to lockdownd and restored, so that nothing else
// can be asked of a phone. The one that pairs is in pairing.go.
type verb string

const (
	queryType    verb = "QueryType"    // [LOCKDOWN] lockdownd_query_type, [RESTORE] restored_query_type
	getValue     verb = "GetValue"     // [LOCKDOWN] lockdownd_get_value
	queryValue   verb = "QueryValue"   // [RESTORE] restored_query_value
	startSession verb = "StartSession" // [LOCKDOWN] lockdownd_start_session
	startService verb = "StartService" // [LOCKDOWN] lockdownd_do_start_service
)

// request is the plist of a request.
type request struct {
	Label           string // who asks, free text
	Request         verb
	ProtocolVersion string `plist:",omitempty"`
	Domain          string `plist:",omitempty"`
	Key             string `plist:",omitempty"`
	QueryKey        string `plist:",omitempty"`
	HostID          string `plist:",omitempty"`
	SystemBUID      string `plist:",omitempty"`
	Service         string `plist:",omitempty"`
	EscrowBag       []byte `plist:",omitempty"`

	PairRecord     *pairOffer      `plist:",omitempty"`
	PairingOptions *pairingOptions `plist:",omitempty"`
}

// The label that the phone may log.
const label = "error53"

// QueryType goes to a daemon not known yet, so it carries no more than restored's own
// client sends.
func newQueryType() request { return request{Label: label, Request: queryType} }

// newRequest is one of lockdownd's. The version is the one that libimobiledevice and
// go-ios state.
func newRequest(name verb) request {
	return request{Label: label, Request: name, ProtocolVersion: "2"}
}

func newGetValue(domain, key string) request {
	r := newRequest(getValue)
	r.Domain, r.Key = domain, key
	return r
}

func newQueryValue(key string) request {
	return request{Label: label, Request: queryValue, QueryKey: key}
}

// op names the request in errors and logs.
func (r request) op() string {
	op := string(r.Request)
	for _, part := range []string{r.Domain, r.Key, r.QueryKey, r.Service} {
		if part != "" {
			op += " " + part
		}
	}
	return op
}

// answeredBy tells whether an answer belongs to r. lockdownd repeats the name of the
// request and the key; restored repeats neither.
func (r request) answeredBy(answer plist.Dict) error {
	if err := echoes(answer, "Request", string(r.Request)); err != nil {
		return err
	}
	return echoes(answer, "Key", r.Key)
}
