package usb

import (
	"fmt"
	"io/fs"
	"strings"
)

// AccessError is a permission that is missing, and what is known of why.
type AccessError struct {
	Access Access
	Err    error // ErrPermission
}

func (e *AccessError) Error() string { return e.Err.Error() + ": " + e.Access.String() }

// Unwrap gives the cause.
func (e *AccessError) Unwrap() error { return e.Err }

// AccessTo tells who may open the device; it does not open it. Errors: see
// [Device.Access].
func (b *Bus) AccessTo(d Device) (Access, error) {
	if b.Access == nil {
		return d.Access()
	}
	access, err := b.Access(d.NodePath)
	return access, opError("look at node", d.Port, err)
}

// Access is who may open a device, as far as its node in the file system tells.
type Access struct {
	NodePath     string
	Owner, Group string      // names, or numbers that have none
	Mode         fs.FileMode // permission bits
	Groups       []string    // of this process, names or numbers
	Writable     bool        // whether this process may open it; access lists count
}

// String is one line for people.
func (a Access) String() string {
	return fmt.Sprintf("%s belongs to %s:%s, mode %04o; own groups: %s", a.NodePath, a.Owner, a.Group, a.Mode, strings.Join(a.Groups, ", "))
}
