package recording

import (
	"slices"

	"error53/usbmux/plist"
)

// The speakers that are no services of lockdownd, which go by their names.
const (
	Usbmuxd   = "usbmuxd"
	Lockdownd = "lockdownd"
	Restored  = "restored"
	USB       = "usb" // no conversation: what a phone shows on the bus
)

// Recording is a conversation with one phone.
type Recording struct {
	Header Header
	Flows  []Flow
}

// Header says what it is a recording of. All of it may be empty.
type Header struct {
	Tool   string // that wrote it, with its version
	Model  string // product type
	IOS    string // "9.1 (13B143)"
	Mode   string // as diag has it
	Trust  string // as diag has it; "" where there is none to have
	Taken  string // when, RFC 3339 in UTC: what depends on the clock is judged by it
	Masked string // kinds of identifiers that were replaced
}

// Flow is what passed between one connection and one speaker.
type Flow struct {
	Speaker   string
	Exchanges []Exchange
}

// Exchange is a request and its answer.
type Exchange struct {
	TLS     bool
	Request plist.Dict // nil in a flow of USB
	Answer  plist.Dict // nil = none came
}

// Name is that of the request: its MessageType, or Request.
func (x Exchange) Name() string { return requestName(x.Request) }

func requestName(request plist.Dict) string {
	if name, ok := request.String("MessageType"); ok {
		return name
	}
	name, _ := request.String("Request")
	return name
}

// flow gives the first flow of a speaker.
func (r Recording) flow(speaker string) (Flow, bool) {
	at := slices.IndexFunc(r.Flows, func(f Flow) bool { return f.Speaker == speaker })
	if at < 0 {
		return Flow{}, false
	}
	return r.Flows[at], true
}
