//go:build libusb && cgo

package usb

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/gousb"
)

// transferTimeout limits each control transfer. gousb by itself waits for ever.
const transferTimeout = 500 * time.Millisecond

// Libusb tells whether this build can open devices, through libusb.
const Libusb = true

// library is libusb, started at first use. gousb knows no context: all its calls run
// in goroutines that nobody has to wait for, and end by the limit of the transfers.
//
// Errors of its event loop go to the standard logger of package log; that cannot be
// changed from outside.
type library struct {
	mu    sync.Mutex // guards ctx
	ctx   *gousb.Context
	users sync.WaitGroup // calls that use ctx
}

// acquire starts libusb. The caller ends with users.Done.
func (l *library) acquire() (ctx *gousb.Context, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer func() { // NewContext panics when libusb cannot start
		if cause := recover(); cause != nil {
			err = fmt.Errorf("%w: libusb does not start: %v", ErrUnsupported, cause)
		}
	}()
	if l.ctx == nil {
		l.ctx = gousb.NewContext()
	}
	l.users.Add(1)
	return l.ctx, nil
}

func (l *library) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ctx == nil {
		return nil
	}
	l.users.Wait()
	err := l.ctx.Close()
	l.ctx = nil
	return err
}

// list describes the devices without opening any: the filter turns all of them down.
// An error means that some device, not told which, could not be described.
func (l *library) list() ([]Device, error) {
	ctx, err := l.acquire()
	if err != nil {
		return nil, err
	}
	defer l.users.Done()
	var devices []Device
	_, err = ctx.OpenDevices(func(desc *gousb.DeviceDesc) bool {
		if d := describe(desc); d.Mode != Unknown {
			devices = append(devices, d)
		}
		return false
	})
	return devices, kindOf(err)
}

// texts leaves the strings of other modes unread: it would have to open the device.
func (l *library) texts(d Device) (serial, product string, err error) {
	if !openable(d.Mode) {
		return "", "", nil
	}
	err = l.use(d, func(send endpoint) error {
		serial, product, err = readTexts(send)
		return err
	})
	return serial, product, err
}

// use opens the device, if it still is where it was and in the same mode, and closes
// it afterwards. No configuration is set and no interface claimed.
func (l *library) use(d Device, f func(endpoint) error) error {
	ctx, err := l.acquire()
	if err != nil {
		return err
	}
	defer l.users.Done()
	dev, err := open(ctx, d)
	if err != nil {
		return err
	}
	defer dev.Close()
	dev.ControlTimeout = transferTimeout
	return f(guarded(func(r request, data []byte) (int, error) {
		n, err := dev.Control(r.typ, r.request, r.value, r.index, data)
		return max(n, 0), kindOf(err)
	}))
}

// open opens one device. The error of OpenDevices may come from any other device, and
// says nothing as long as ours was opened.
func open(ctx *gousb.Context, d Device) (*gousb.Device, error) {
	seen := false
	devices, err := ctx.OpenDevices(func(desc *gousb.DeviceDesc) bool {
		now := describe(desc)
		found := now.Bus == d.Bus && now.Address == d.Address && now.ProductID == d.ProductID
		if seen || !found || !openable(now.Mode) {
			return false
		}
		seen = true
		return true
	})
	switch {
	case len(devices) > 0:
		return devices[0], nil
	case seen:
		return nil, cmp.Or(kindOf(err), ErrGone)
	case err != nil: // it may be there still, but libusb cannot describe it
		return nil, fmt.Errorf("%w: %w", ErrGone, err)
	}
	return nil, ErrGone
}

// openable guards the modes in which no device is ever opened, whatever is asked:
// normal mode above all, which is that of a restore too.
func openable(mode Mode) bool { return mode == Recovery || mode == DFU || mode == WTF }

// describe is the zero Device for what is none of Apple's.
func describe(desc *gousb.DeviceDesc) Device {
	if uint16(desc.Vendor) != AppleVendorID {
		return Device{}
	}
	return Device{
		VendorID: uint16(desc.Vendor), ProductID: uint16(desc.Product), Mode: ModeOf(uint16(desc.Product)),
		Bus: desc.Bus, Address: desc.Address, Port: port(desc), Speed: speedOf(desc.Speed),
	}
}

// port writes the path of ports as Linux does: "1-2.3".
func port(desc *gousb.DeviceDesc) string {
	ports := make([]string, len(desc.Path))
	for i, n := range desc.Path {
		ports[i] = strconv.Itoa(n)
	}
	return strconv.Itoa(desc.Bus) + "-" + strings.Join(ports, ".")
}

func speedOf(s gousb.Speed) uint64 {
	switch s {
	case gousb.SpeedLow:
		return 1_500_000
	case gousb.SpeedFull:
		return 12_000_000
	case gousb.SpeedHigh:
		return 480_000_000
	case gousb.SpeedSuper:
		return 5_000_000_000
	}
	return 0
}

// kindOf puts an error of gousb under the kind that its code tells.
func kindOf(err error) error {
	if code, ok := errors.AsType[gousb.Error](err); ok {
		return libusbError(int(code), err)
	}
	return err
}
