//go:build !linux

package usb

import "io"

// kernelEvents is for Linux: elsewhere a look each second has to do.
func kernelEvents() (io.ReadCloser, error) {
	return nil, opError("listen to the kernel", "", ErrUnsupported)
}
