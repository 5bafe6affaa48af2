package mocks

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"syscall"

	"error53/diag"
)

// OpenUSB opens the phone with a node such as "/dev/bus/usb/001/002" for control
// transfers ([USB2] 9.3), and gives what closes it. Descriptors are answered, and in
// recovery mode "getenv build-version"; every other request stalls and changes nothing.
// The log has each, under the side [OnBus]. Errors are those of Linux: [USBERR].
func (b *Bench) OpenUSB(node string) (transfer func(typ, request uint8, value, index uint16, data []byte) (int, error), shut func(), err error) {
	a := b.byNode(node)
	switch {
	case a == nil:
		return nil, nil, &fs.PathError{Op: "open", Path: node, Err: fs.ErrNotExist}
	case a.has(Refuse):
		return nil, nil, &fs.PathError{Op: "open", Path: node, Err: fs.ErrPermission}
	}
	c := &conversation{endpoint0: endpoint0{bench: b, device: a}}
	return c.transfer, func() {}, nil
}

func (b *Bench) byNode(node string) *attachment {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.seats {
		if s.plugged != nil && s.plugged.node == node {
			return s.plugged
		}
	}
	return nil
}

// conversation is one opening of a device.
type conversation struct {
	mu sync.Mutex // one transfer at a time, as on the wire
	endpoint0
	answer []byte // of iBoot, to be fetched
}

// Requests of a device, by bmRequestType and bRequest: [USB2] table 9-4 for the first.
// [LIBIRECOVERY] src/libirecovery.c, irecv_send_command_raw and irecv_getenv.
const (
	getDescriptor = 0x8006
	sendCommand   = 0x4000
	fetchAnswer   = 0xc000
)

func (c *conversation) transfer(typ, request uint8, value, index uint16, data []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch uint16(typ)<<8 | uint16(request) {
	case getDescriptor:
		c.record("GET_DESCRIPTOR", false)
		b, err := c.descriptor(uint8(value>>8), uint8(value))
		return copy(data, b), err
	case sendCommand:
		return c.command(data)
	case fetchAnswer:
		c.record("answer", false)
		return copy(data, c.answer), c.halted(c.answer == nil)
	}
	c.record(fmt.Sprintf("%02x %02x", typ, request), true)
	return 0, c.halted(true)
}

// command takes a line for iBoot, which a NUL ends.
func (c *conversation) command(data []byte) (int, error) {
	line, _, _ := bytes.Cut(data, []byte{0})
	reads := string(line) == "getenv build-version"
	c.record(string(line), !reads)
	c.answer = nil
	p := c.device.phone
	if !reads || p.Mode != diag.Recovery || p.BuildVersion == "" {
		return 0, c.halted(true)
	}
	c.answer = append([]byte(p.BuildVersion), 0)
	return len(data), c.halted(false)
}

// halted is nil, the error of a stall, or that of a device that has left. A fault that
// comes before an answer comes before this one as well.
func (c *conversation) halted(stalls bool) error {
	for _, f := range c.due() {
		if err := c.delay(f, transferTime); err != nil {
			return err
		}
		stalls = stalls || f.Kind == Stall
	}
	switch {
	case c.device.left():
		return syscall.ENODEV
	case stalls:
		return syscall.EPIPE
	}
	return nil
}

func (c *conversation) record(name string, refused bool) {
	c.bench.record(Request{Side: OnBus, Name: strings.ToValidUTF8(name, "?"), Key: c.device.path(), Refused: refused})
}
