package usb

import (
	"cmp"
	"context"
	"io"
	"io/fs"
	"os"
	"runtime"
	"time"

	"github.com/sirupsen/logrus"
)

// scanTimeout bounds a scan. It is generous: the kernel holds a device for seconds
// while that device starts, and its strings cannot be read meanwhile.
const scanTimeout = 2 * time.Second

// Bus finds Apple devices. A program needs one. The zero value is ready for use; it must
// not be copied after that. Its methods may be called from several goroutines.
type Bus struct {
	// Files are those of the folder in which Linux shows the USB devices; nil:
	// /sys/bus/usb/devices on Linux, none elsewhere.
	Files fs.FS
	// Open opens the device at the node for control transfers, and gives what closes
	// it. Its errors are those of the kernel; nil: through libusb, where it is built in.
	Open func(node string) (Transfer, func(), error)
	// Access tells who may open the node; nil: the file system's answer, on Linux.
	Access func(node string) (Access, error)
	// Events opens what tells of devices that come and go: each Read gives a message of
	// the kernel, as a socket of NETLINK_KOBJECT_UEVENT does. Nil: that socket, on
	// Linux, unless there are Files.
	Events func() (io.ReadCloser, error)

	Timeout time.Duration      // bound of one scan; 0: 2 s
	Log     logrus.FieldLogger // one line per call, at debug level; nil: silent

	lib      library
	readings readings
}

// backend is one of the ways to see what is on the bus.
type backend interface {
	list() ([]Device, error)                            // everything but the strings
	texts(d Device) (serial, product string, err error) // the strings of a listed device
}

// Scan lists the Apple devices on the bus, each once, in any mode, ordered by port as
// text. No device is opened on Linux; elsewhere, only those in recovery, DFU or WTF
// mode, so a phone in normal mode has no Serial there.
//
// A device that cannot be read entirely is in the list all the same, with its Err: it
// was unplugged meanwhile (ErrGone), gives no serial number (ErrRefused), does not
// answer before the deadline (ErrTimeout). The error concerns the scan as a whole, and
// does not mean that the list is empty: ErrUnsupported where this build or system has
// no way to look, or what could not even be told to be an Apple device or not.
func (b *Bus) Scan(ctx context.Context) ([]Device, error) {
	start := time.Now()
	devices, err := b.scan(ctx)
	b.debug("scan", "", start, err)
	return devices, err
}

func (b *Bus) scan(ctx context.Context) ([]Device, error) {
	most := cmp.Or(b.Timeout, scanTimeout)
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	from := b.backend()
	devices, err := within(ctx, from.list)
	devices = unique(devices)
	b.readings.fill(ctx, devices, from.texts, most)
	return devices, opError("scan", "", err)
}

// CanList tells whether the buses can be looked at: it fails as [Bus.Scan] does as a
// whole, and reads no strings.
func (b *Bus) CanList(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(b.Timeout, scanTimeout))
	defer cancel()
	_, err := within(ctx, b.backend().list)
	return opError("scan", "", err)
}

// Close stops libusb, where it was used. It waits for transfers that still run, and
// for libusb's event loop: 100 ms. A program that ends anyway need not call it.
func (b *Bus) Close() error { return b.lib.close() }

// CanOpen tells whether devices can be opened at all: by Open, or through libusb.
func (b *Bus) CanOpen() bool { return b.Open != nil || Libusb }

// files are the kernel's files of USB devices; nil where this system has none.
func (b *Bus) files() fs.FS {
	if b.Files == nil && runtime.GOOS == "linux" {
		return os.DirFS(kernelRoot)
	}
	return b.Files
}

func (b *Bus) backend() backend {
	if files := b.files(); files != nil {
		return kernel{files}
	}
	return &b.lib
}

func (b *Bus) debug(op, port string, start time.Time, err error) {
	if b.Log != nil {
		b.Log.WithFields(logrus.Fields{"op": op, "port": port, "dur": time.Since(start), "err": err}).Debug("usb")
	}
}

// within bounds a call that knows no context. When ctx ends first, the call goes on in
// its goroutine: it has limits of its own, and closes itself what it opened.
func within[T any](ctx context.Context, call func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	var none T
	if ctx.Err() != nil {
		return none, interrupted(ctx.Err())
	}
	done := make(chan result, 1)
	go func() {
		value, err := call()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		return none, interrupted(ctx.Err())
	}
}
