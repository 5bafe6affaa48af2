package usb

import (
	"context"
	"iter"
	"slices"
)

// Watch gives the devices as [Bus.Scan] does: once at the beginning, and then each time
// that they differ. It ends when ctx does, or when the caller leaves the loop:
//
//	for devices, err := range bus.Watch(ctx) { … }
//
// On Linux the kernel tells that something changed; where it does not, a look each
// second finds out. Changes that follow each other closely may be seen as one. Trouble
// with the scan as a whole that goes on in the same words is told once.
func (b *Bus) Watch(ctx context.Context) iter.Seq2[[]Device, error] {
	return func(yield func([]Device, error) bool) {
		e := b.listen()
		defer e.close()
		var last look
		for {
			devices, err := b.scan(ctx)
			now := look{true, devices, err}
			switch {
			case ctx.Err() != nil:
				return
			case !now.same(last) && !yield(devices, err):
				return
			}
			if last = now; !e.wait(ctx, now.whole()) {
				return
			}
		}
	}
}

// look is what a scan gave.
type look struct {
	taken   bool // false for that before the first
	devices []Device
	err     error
}

// whole tells whether every device was read entirely.
func (l look) whole() bool {
	return !slices.ContainsFunc(l.devices, func(d Device) bool { return d.Err != nil })
}

func (l look) same(other look) bool {
	return l.taken == other.taken && text(l.err) == text(other.err) && slices.EqualFunc(l.devices, other.devices, same)
}

// same compares devices; the errors of two scans are never one value.
func same(a, b Device) bool {
	inWords := text(a.Err) == text(b.Err)
	a.Err, b.Err = nil, nil
	return inWords && a == b
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
