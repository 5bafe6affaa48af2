package usb

import (
	"fmt"
	"io/fs"
	"strings"
)

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
