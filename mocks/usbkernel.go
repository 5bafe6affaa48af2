package mocks

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"syscall"
	"unicode/utf16"
)

// USBFiles is what Linux shows of the bus in /sys/bus/usb/devices: a folder of small
// files for each phone on the cable, in any mode, and for each of its interfaces. The
// strings in it were read when the phone started.
//
// A device that is silent or slow holds up who reads its strings, as the kernel does
// while it is busy with a device; one that vanishes goes when they are read.
func (b *Bench) USBFiles() fs.FS { return tree{b.usbEntry, b.usbEntries} }

// rootHub is the only thing that is always there. [SYSFS]
var rootHub = node{name: "usb1", folder: func() []node {
	return []node{textNode("idVendor", "1d6b"), textNode("idProduct", "0002")}
}}

// usbEntries lists what is on the bus.
func (b *Bench) usbEntries() []node {
	b.mu.Lock()
	defer b.mu.Unlock()
	entries := []node{rootHub}
	for _, s := range b.seats {
		if s.plugged != nil {
			entries = append(entries, b.deviceFolder(s.plugged), s.plugged.interfaceFolder())
		}
	}
	return entries
}

// usbEntry finds one entry of the list.
func (b *Bench) usbEntry(name string) (node, bool) {
	if name == rootHub.name {
		return rootHub, true
	}
	device, _, _ := strings.Cut(name, ":")
	b.mu.Lock()
	a := b.at(device)
	b.mu.Unlock()
	if a == nil {
		return node{}, false
	}
	return named([]node{b.deviceFolder(a), a.interfaceFolder()}, name)
}

// deviceFolder is that of a device. [SYSFS]
func (b *Bench) deviceFolder(a *attachment) node {
	return node{name: a.path(), folder: func() []node {
		files := []node{
			textNode("idVendor", "05ac"),
			textNode("idProduct", fmt.Sprintf("%04x", a.usbProductID())),
			textNode("busnum", "1"),
			textNode("devnum", fmt.Sprint(a.devnum())),
			textNode("speed", "480"),
			a.interfaceFolder(),
		}
		for name, text := range a.strings {
			files = append(files, node{name: name, read: func() (string, error) { return text + "\n", b.hold(a) }})
		}
		return files
	}}
}

func textNode(name, text string) node {
	return node{name: name, read: func() (string, error) { return text + "\n", nil }}
}

// interfaceFolder is that of the first interface. A program that has claimed it shows
// as the driver usbfs. [USBFS] claimintf
func (a *attachment) interfaceFolder() node {
	return node{name: a.path() + ":1.0", folder: func() []node {
		files := []node{textNode("bInterfaceNumber", "00")}
		if a.has(Held) {
			files = append(files, node{name: "driver", link: "../../../../../../bus/usb/drivers/usbfs"})
		}
		return files
	}}
}

// enumerate reads the strings, in the order of the kernel, and keeps those that there
// are. [HUB] usb_enumerate_device
func (b *Bench) enumerate(a *attachment) {
	e := endpoint0{bench: b, device: a}
	a.strings, a.reading = map[string]string{}, endpoint0{bench: b, device: a}
	for _, s := range []struct {
		name  string
		index uint8
	}{{"product", indexProduct}, {"manufacturer", indexManufacturer}, {"serial", indexSerial}} {
		if text := e.enumerate(s.index); text != "" {
			a.strings[s.name] = text
		}
	}
}

// hold keeps who reads a string of a device as long as its faults say.
func (b *Bench) hold(a *attachment) error {
	b.mu.Lock()
	due := a.reading.due()
	b.mu.Unlock()
	for _, f := range due {
		if f.Kind == Silent {
			select {
			case <-a.gone:
			case <-b.ctx.Done():
			}
			return syscall.ENODEV
		}
		if err := a.reading.delay(f, 0); err != nil {
			return err
		}
	}
	if a.left() {
		return syscall.ENODEV
	}
	return nil
}

// kernelText reads a string descriptor as Linux does: what is behind its end or behind
// a NUL does not count, nor does half a pair. "" for one of the wrong type.
// [MESSAGE] usb_string; [NLS] utf16s_to_utf8s
func kernelText(b []byte) string {
	if len(b) < 2 || b[1] != descriptorString {
		return ""
	}
	b = b[2:min(int(b[0]), len(b))]
	var units []uint16
	for ; len(b) >= 2; b = b[2:] {
		unit := binary.LittleEndian.Uint16(b)
		if unit == 0 {
			break
		}
		units = append(units, unit)
	}
	runes := slices.DeleteFunc(utf16.Decode(units), func(r rune) bool { return r == '\ufffd' })
	return string(runes)
}
