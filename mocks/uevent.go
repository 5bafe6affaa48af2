package mocks

import (
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// maxEvents bounds what waits for a watcher that does not read.
const maxEvents = 1 << 10

// USBEvents tells of what comes and goes on the bus in the words of the kernel: each
// Read gives one message as a socket of NETLINK_KOBJECT_UEVENT does, from now on, until
// it is closed or the bench is. It never fails. [UEVENT]
func (b *Bench) USBEvents() (io.ReadCloser, error) {
	w := &watcher{bench: b, messages: make(chan []byte, maxEvents), closed: make(chan struct{})}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.watchers[w] = struct{}{}
	return w, nil
}

// watcher is one that reads the kernel's messages.
type watcher struct {
	bench    *Bench
	messages chan []byte
	closed   chan struct{}
}

func (w *watcher) Read(p []byte) (int, error) {
	select {
	case m := <-w.messages:
		return copy(p, m), nil
	case <-w.closed:
		return 0, fs.ErrClosed
	case <-w.bench.ctx.Done():
		return 0, fs.ErrClosed
	}
}

func (w *watcher) Close() error {
	w.bench.mu.Lock()
	defer w.bench.mu.Unlock()
	if _, open := w.bench.watchers[w]; !open {
		return fs.ErrClosed
	}
	delete(w.bench.watchers, w)
	close(w.closed)
	return nil
}

// announce tells every watcher that a device came ("add") or left ("remove"). What
// finds no room is lost, as with the kernel. Bench.mu is held.
func (b *Bench) announce(action string, a *attachment) {
	b.events++
	path := "/devices/pci0000:00/0000:00:14.0/usb1/" + a.path()
	message := strings.Join([]string{
		action + "@" + path,
		"ACTION=" + action, "DEVPATH=" + path, "SUBSYSTEM=usb",
		"DEVNAME=" + strings.TrimPrefix(a.node, "/dev/"), "DEVTYPE=usb_device",
		fmt.Sprintf("PRODUCT=5ac/%x/0", a.usbProductID()), "TYPE=0/0/0",
		"BUSNUM=001", fmt.Sprintf("DEVNUM=%03d", a.devnum()),
		fmt.Sprintf("SEQNUM=%d", b.events), "",
	}, "\x00")
	for w := range b.watchers {
		select {
		case w.messages <- []byte(message):
		default:
		}
	}
}
