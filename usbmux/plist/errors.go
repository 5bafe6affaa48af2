package plist

import (
	"errors"
	"strings"
)

// The ways in which a property list is refused. Errors wrap exactly one of them
// and say where and why. They never quote the message, which may hold a serial
// number, or control characters meant for the terminal.
var (
	ErrEmpty    = errors.New("plist: empty message")
	ErrFormat   = errors.New("plist: neither an XML nor a binary property list")
	ErrTooLarge = errors.New("plist: too large")
	ErrTooDeep  = errors.New("plist: nested too deep")
	ErrTooMany  = errors.New("plist: too many values")
	ErrSyntax   = errors.New("plist: malformed")
)

// reason gives what the decoder says without the text it quotes: strconv and
// time put the offending text in quotation marks, at the end of what they say.
func reason(err error) string {
	said, _, _ := strings.Cut(err.Error(), `"`)
	said = strings.TrimPrefix(said, "plist: ")
	return strings.TrimRight(said, ": ")
}
