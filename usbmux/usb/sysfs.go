package usb

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Caps on what the kernel tells. A bus has 127 addresses; a USB string has 126
// characters, which the kernel turns into at most 378 bytes.
const (
	maxEntries   = 4096 // devices and interfaces
	maxAttribute = 1024 // bytes of a file
)

// kernelRoot and nodeRoot: [SYSFS] one folder per device and per interface; [USBFS] one
// file per device.
const (
	kernelRoot = "/sys/bus/usb/devices"
	nodeRoot   = "/dev/bus/usb"
)

// kernel reads what Linux knows of the devices. The kernel read the strings when the
// device was plugged in: nothing is sent to it, and anybody may read them.
type kernel struct{ files fs.FS }

// list reads the files that are free of locks: what is not on the way out answers at once.
func (k kernel) list() ([]Device, error) {
	names, err := k.names()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: this system has no USB, or does not show it: %w", ErrUnsupported, err)
	}
	if err != nil {
		return nil, fileError(err)
	}
	var devices []Device
	var problems []error
	for _, name := range names {
		d, err := k.device(name)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
		}
		if d.Mode != Unknown {
			devices = append(devices, d)
		}
	}
	return devices, errors.Join(problems...)
}

// names gives the entries that are devices, or hubs: those of interfaces have a colon.
func (k kernel) names() ([]string, error) {
	f, err := k.files.Open(".")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	folder, ok := f.(fs.ReadDirFile)
	if !ok {
		return nil, errors.New("the place of the kernel's USB devices is no folder")
	}
	entries, err := folder.ReadDir(maxEntries)
	if err != nil && err != io.EOF {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if !strings.Contains(entry.Name(), ":") {
			names = append(names, entry.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

// device is the zero Device for what is none of Apple's, or vanished before that could
// be told.
func (k kernel) device(name string) (Device, error) {
	vendor, err := k.number(name, "idVendor", 16)
	if err != nil || vendor != AppleVendorID {
		return Device{}, unlessGone(err)
	}
	product, err := k.number(name, "idProduct", 16)
	if err != nil || ModeOf(product) == Unknown {
		return Device{}, unlessGone(err)
	}
	bus, busErr := k.number(name, "busnum", 10)
	address, addressErr := k.number(name, "devnum", 10)
	speed, _ := k.attribute(name, "speed")
	return Device{
		VendorID: vendor, ProductID: product, Mode: ModeOf(product),
		Bus: int(bus), Address: int(address), Port: name, Speed: speeds[speed],
		NodePath: fmt.Sprintf("%s/%03d/%03d", nodeRoot, bus, address),
		Err:      opError("read address", name, errors.Join(busErr, addressErr)),
	}, nil
}

func unlessGone(err error) error {
	if errors.Is(err, ErrGone) {
		return nil
	}
	return err
}

// speeds in bit/s by what the kernel calls them: [SYSFS] speed_show, in Mbit/s.
var speeds = map[string]uint64{
	"1.5": 1_500_000, "12": 12_000_000, "480": 480_000_000,
	"5000": 5_000_000_000, "10000": 10_000_000_000, "20000": 20_000_000_000,
}

// texts reads the strings. These files wait for the lock of the device, which the
// kernel keeps while it configures or resets it ([SYSFS] usb_string_attr).
func (k kernel) texts(d Device) (serial, product string, err error) {
	product, productErr := k.attribute(d.Port, "product")
	serial, serialErr := k.attribute(d.Port, "serial")
	// A restart under the same port would mix the strings of one mode with the product
	// id of another. Each start gives a new address.
	if address, err := k.number(d.Port, "devnum", 10); err != nil || int(address) != d.Address {
		return "", "", fmt.Errorf("%w while it was read", ErrGone)
	}
	if errors.Is(serialErr, ErrGone) {
		serialErr = fmt.Errorf("%w: it gave no serial number when it was plugged in", ErrRefused)
	}
	return serial, product, errors.Join(serialErr, unlessGone(productErr))
}

// attribute reads one file of a device, without the line end that the kernel adds.
func (k kernel) attribute(device, name string) (string, error) {
	f, err := k.files.Open(path.Join(device, name))
	if err != nil {
		return "", fileError(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxAttribute+1))
	if err != nil {
		return "", fileError(err)
	}
	if len(data) > maxAttribute {
		return "", fmt.Errorf("%w: %s is longer than %d bytes", ErrMalformed, name, maxAttribute)
	}
	return strings.TrimSuffix(string(data), "\n"), nil
}

// number reads a file that holds a number of 16 bits.
func (k kernel) number(device, name string, base int) (uint16, error) {
	text, err := k.attribute(device, name)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseUint(text, base, 16)
	if err != nil {
		return 0, fmt.Errorf("%w: %s is no number", ErrMalformed, name)
	}
	return uint16(n), nil
}

// held tells whether a program has claimed an interface of the device: the kernel then
// shows usbfs as its driver ([USBFS] claimintf).
func (k kernel) held(d Device) (bool, error) {
	entries, err := fs.ReadDir(k.files, d.Port)
	if err != nil {
		return false, fileError(err)
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), d.Port+":") {
			continue
		}
		driver, err := fs.ReadLink(k.files, path.Join(d.Port, entry.Name(), "driver"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return false, fileError(err)
		}
		if path.Base(driver) == "usbfs" {
			return true, nil
		}
	}
	return false, nil
}
