package usb

import (
	"io"
	"os"
	"syscall"
)

// kernelGroup is the multicast group of the kernel's own messages; 2 is udev's. [UEVENT]
const kernelGroup = 1

// kernelEvents opens a socket on which the kernel tells of devices: each Read gives a
// message. It needs no rights: netlink(7), NETLINK_KOBJECT_UEVENT.
func kernelEvents() (io.ReadCloser, error) {
	kind := syscall.SOCK_RAW | syscall.SOCK_CLOEXEC | syscall.SOCK_NONBLOCK // so that Close ends a Read
	fd, err := syscall.Socket(syscall.AF_NETLINK, kind, syscall.NETLINK_KOBJECT_UEVENT)
	if err != nil {
		return nil, opError("listen to the kernel", "", os.NewSyscallError("socket", err))
	}
	if err := syscall.Bind(fd, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK, Groups: kernelGroup}); err != nil {
		syscall.Close(fd)
		return nil, opError("listen to the kernel", "", os.NewSyscallError("bind", err))
	}
	return os.NewFile(uintptr(fd), "uevents"), nil
}
