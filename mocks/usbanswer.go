package mocks

import (
	"slices"
	"syscall"
	"time"
)

// Types of descriptors: [USB2] table 9-5.
const (
	descriptorDevice = 1
	descriptorString = 3
)

// transferTime is how long the host waits for a device that does not answer.
const transferTime = 500 * time.Millisecond

// endpoint0 is the device's end of a conversation about its descriptors, which its
// faults spoil. Errors are those that Linux gives: [USBERR].
type endpoint0 struct {
	bench   *Bench
	device  *attachment
	answers int // so far; the faults go by it
}

// descriptor gives a descriptor. Index counts strings.
func (e *endpoint0) descriptor(kind, index uint8) ([]byte, error) {
	b := e.device.descriptor(kind, index)
	for _, f := range e.due() {
		if err := e.delay(f, transferTime); err != nil {
			return nil, err
		}
		if kind == descriptorString {
			b = spoil(b, f)
		}
	}
	if e.device.left() {
		return nil, syscall.ENODEV
	}
	if b == nil {
		return nil, syscall.EPIPE
	}
	return b, nil
}

// enumerate reads a string as the kernel does when the device comes, which is patient.
func (e *endpoint0) enumerate(index uint8) string {
	b := e.device.descriptor(descriptorString, index)
	for _, f := range e.due() {
		b = spoil(b, f)
	}
	return kernelText(b)
}

// due gives the faults that have set in, and counts the answer that is now made.
func (e *endpoint0) due() []Fault {
	faults := slices.DeleteFunc(e.device.faults(), func(f Fault) bool { return e.answers < f.After })
	e.answers++
	return faults
}

// faults are those of the device itself.
func (a *attachment) faults() []Fault { return faultsOf(OnBus, a.phone.Faults) }

// has tells whether the device has a fault that is there from the beginning.
func (a *attachment) has(kind Kind) bool {
	return slices.ContainsFunc(a.faults(), func(f Fault) bool { return f.Kind == kind })
}

// delay does what a fault does before there is an answer.
func (e *endpoint0) delay(f Fault, patience time.Duration) error {
	switch f.Kind {
	case Silent:
		if err := e.bench.sleep(patience); err != nil {
			return err
		}
		return syscall.ETIMEDOUT
	case Slow:
		return e.bench.sleep(f.Delay)
	case Vanish:
		e.bench.pull(e.device)
	}
	return nil
}

// spoil makes a string descriptor wrong; nil for one that stalls.
func spoil(b []byte, f Fault) []byte {
	if b == nil {
		return nil
	}
	switch f.Kind {
	case Stall:
		return nil
	case WrongLength:
		b[0] = 0xff
	case WrongType:
		b[1] = descriptorDevice
	case Garbage: // a NUL, half a pair, a control character
		return append([]byte{10, descriptorString}, 'C', 0, 0, 0, 0x00, 0xd8, 0x1b, 0)
	}
	return b
}

// descriptor gives a descriptor as it should be; nil for one that the device lacks.
func (a *attachment) descriptor(kind, index uint8) []byte {
	switch {
	case kind == descriptorDevice:
		return a.deviceDescriptor()
	case kind == descriptorString && index == 0:
		return []byte{4, descriptorString, 0x09, 0x04} // English
	case kind == descriptorString && a.text(index) != "":
		return stringDescriptor(a.text(index))
	}
	return nil
}

// text is a string of the phone, or "" where this device has none.
func (a *attachment) text(index uint8) string {
	if index == indexSerial && a.has(NoSerial) {
		return ""
	}
	return a.phone.text(index)
}
