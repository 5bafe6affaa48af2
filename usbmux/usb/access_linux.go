package usb

import (
	"fmt"
	"os"
	"os/user"
	"slices"
	"strconv"
	"syscall"
)

// readWrite is what libusb opens a node for: R_OK and W_OK of access(2).
const readWrite = 4 | 2

// Access looks at the node of the device; it does not open it. Names come from the
// user database of the system. Groups that the user has joined since login do not
// count, neither here nor for the kernel.
//
// It fails with ErrUnsupported where the device has no node, and ErrGone when the node
// vanished.
func (d Device) Access() (Access, error) {
	if d.NodePath == "" {
		return Access{}, opError("look at node", d.Port, ErrUnsupported)
	}
	info, err := os.Stat(d.NodePath)
	if err != nil {
		return Access{}, opError("look at node", d.Port, fileError(err))
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return Access{}, opError("look at node", d.Port, fmt.Errorf("%w: no owner", ErrUnsupported))
	}
	return Access{
		NodePath: d.NodePath,
		Owner:    userName(stat.Uid), Group: groupName(stat.Gid), Mode: info.Mode().Perm(),
		Groups:   ownGroups(),
		Writable: syscall.Access(d.NodePath, readWrite) == nil,
	}, nil
}

func userName(uid uint32) string {
	id := strconv.FormatUint(uint64(uid), 10)
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return id
}

func groupName(gid uint32) string {
	id := strconv.FormatUint(uint64(gid), 10)
	if g, err := user.LookupGroupId(id); err == nil {
		return g.Name
	}
	return id
}

func ownGroups() []string {
	ids, _ := os.Getgroups() // the effective group is one of them, or alone
	ids = append(ids, os.Getegid())
	slices.Sort(ids)
	var names []string
	for _, id := range slices.Compact(ids) {
		names = append(names, groupName(uint32(id)))
	}
	return names
}
