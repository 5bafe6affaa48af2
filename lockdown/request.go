package lockdown

// verb is the name of a request. The constants below are the only values, and request
// is the only type that is sent, so that nothing else can be asked of a phone.
type verb string

const (
	queryType  verb = "QueryType"  // [LOCKDOWN] lockdownd_query_type, [RESTORE] restored_query_type
	getValue   verb = "GetValue"   // [LOCKDOWN] lockdownd_get_value
	queryValue verb = "QueryValue" // [RESTORE] restored_query_value
)

// request is the plist of a request.
type request struct {
	Label           string // who asks, free text
	Request         verb
	ProtocolVersion string `plist:",omitempty"`
	Domain          string `plist:",omitempty"`
	Key             string `plist:",omitempty"`
	QueryKey        string `plist:",omitempty"`
}

// The label that the phone may log.
const label = "error53"

// QueryType goes to a daemon not known yet, so it carries no more than restored's own
// client sends.
func newQueryType() request { return request{Label: label, Request: queryType} }

func newGetValue(domain, key string) request {
	return request{Label: label, Request: getValue, ProtocolVersion: "2", Domain: domain, Key: key}
}

func newQueryValue(key string) request {
	return request{Label: label, Request: queryValue, QueryKey: key}
}

// op names the request in errors and logs.
func (r request) op() string {
	op := string(r.Request)
	for _, part := range []string{r.Domain, r.Key, r.QueryKey} {
		if part != "" {
			op += " " + part
		}
	}
	return op
}
