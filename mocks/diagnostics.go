package mocks

import (
	"cmp"

	"error53/diag"
	"error53/usbmux/plist"
)

// diagnosticsService is its name from iOS 5 on. [LIBIMOBILEDEVICE] src/diagnostics_relay.c.
const diagnosticsService = "com.apple.mobile.diagnostics_relay"

// What the Status of an answer says. [LIBIMOBILEDEVICE] src/diagnostics_relay.c; the
// last one: libimobiledevice/libimobiledevice issues 1542, 1545 and 1607.
const (
	statusSuccess    = "Success"
	statusFailure    = "Failure"
	statusUnknown    = "UnknownRequest"
	statusDeprecated = "MobileGestaltDeprecated"
)

// diagnostics answers one request to diagnostics_relay. Sleep, Restart, Shutdown and
// Obliterate are as unknown to it as anything else that does not read.
func (p *Phone) diagnostics(name string, request plist.Dict) reply {
	switch name {
	case "MobileGestalt":
		return p.mobileGestalt(request)
	case "IORegistry":
		return reply{body: p.ioRegistry(request)}
	case "Goodbye":
		return reply{body: plist.Dict{"Status": statusSuccess}}
	}
	return reply{body: plist.Dict{"Status": statusUnknown}, refused: true}
}

// mobileGestalt answers with those of the keys that there are, and with a Status of
// its own. Why a key is missing, nobody tells.
func (p *Phone) mobileGestalt(request plist.Dict) reply {
	keys, ok := request.List("MobileGestaltKeys")
	if !ok {
		return reply{body: plist.Dict{"Status": statusFailure}}
	}
	status, _ := p.MobileGestalt.String("Status")
	found := plist.Dict{"Status": cmp.Or(status, statusSuccess)}
	if p.runs(17, 4) {
		keys, found["Status"] = nil, statusDeprecated
	}
	for _, k := range keys {
		key, _ := k.(string)
		if v, ok := p.MobileGestalt[key]; ok {
			found[key] = v
		}
	}
	return reply{body: plist.Dict{"Status": statusSuccess, "Diagnostics": plist.Dict{"MobileGestalt": found}}}
}

// runs tells whether the phone runs that iOS or a later one.
func (p *Phone) runs(major, minor uint16) bool {
	text, _ := p.Values.String("ProductVersion")
	version, err := diag.ParseVersion(text)
	return err == nil && version.Compare(diag.Version{Major: major, Minor: minor}) >= 0
}

// ioRegistry answers with the properties of one entry. Where there is none, and for a
// whole plane (from iOS 9 on: libimobiledevice/libimobiledevice issue 263), the answer
// is empty.
func (p *Phone) ioRegistry(request plist.Dict) plist.Dict {
	found := plist.Dict{}
	for _, field := range []string{"EntryName", "EntryClass"} {
		name, _ := request.String(field)
		if entry, ok := p.IORegistry[name]; ok {
			found["IORegistry"] = entry
		}
	}
	return plist.Dict{"Status": statusSuccess, "Diagnostics": found}
}
