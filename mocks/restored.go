package mocks

import "error53/usbmux/plist"

// What restored says of itself. Observed: libimobiledevice/idevicerestore issues 311
// and 328; version 15 is the newer of the two seen.
const (
	restoredType           = "com.apple.mobile.restored"
	restoreProtocolVersion = 15
)

// restored answers one request of a phone in restore mode. Its answers do not repeat
// the Request. StartRestore, which erases, is as unknown to it as Reboot.
func (p *Phone) restored(name string, request plist.Dict) reply {
	switch name {
	case "QueryType":
		return reply{body: p.restoredIdentity()}
	case "QueryValue":
		return reply{body: p.restoredValue(request)}
	case "Goodbye":
		return reply{body: plist.Dict{"Result": "Success"}}
	}
	return reply{body: plist.Dict{"Result": "Failure", "Error": errInvalidRequest}, refused: true}
}

// restoredIdentity is readable without any pairing, the phone's serial included.
func (p *Phone) restoredIdentity() plist.Dict {
	body := plist.Dict{
		"Type":                   restoredType,
		"RestoreProtocolVersion": uint64(restoreProtocolVersion),
		"Result":                 "Success",
	}
	for _, key := range []string{"SerialNumber", "HardwareModel"} {
		if v, ok := p.Values[key]; ok {
			body[key] = v
		}
	}
	return body
}

// restoredValue answers under the very key that was asked for, or with an empty
// dictionary. [LIBIMOBILEDEVICE] src/restore.c, restored_query_value.
func (p *Phone) restoredValue(request plist.Dict) plist.Dict {
	key, _ := request.String("QueryKey")
	values := map[string]plist.Dict{"HardwareInfo": p.HardwareInfo, "SavedDebugInfo": p.SavedDebugInfo}[key]
	if values == nil {
		return plist.Dict{}
	}
	return plist.Dict{key: values}
}
