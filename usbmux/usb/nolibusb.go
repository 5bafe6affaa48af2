//go:build !(libusb && cgo)

package usb

import (
	"fmt"
	"runtime"
)

// Libusb tells whether this build can open devices, through libusb.
const Libusb = false

// library stands for the libusb that is not built in.
type library struct{}

func (*library) list() ([]Device, error) {
	return nil, fmt.Errorf("%w: built without libusb, this program cannot see phones in recovery or DFU mode on %s",
		ErrUnsupported, runtime.GOOS)
}

func (*library) texts(Device) (serial, product string, err error) { return "", "", nil }

func (*library) use(Device, func(endpoint) error) error {
	return fmt.Errorf("%w: built without libusb, this program cannot ask a phone in recovery or DFU mode", ErrUnsupported)
}

func (*library) close() error { return nil }
