package usb

import (
	"cmp"
	"context"
	"sync"
	"time"
)

// readings are those of strings that are under way. Linux holds up whoever reads those
// of a device that it is busy with, and nothing ends that: so there is one at a time for
// each device. Whoever comes later waits for it as well, but no longer than the first:
// a device that hangs must not delay each look at the others.
type readings struct {
	mu       sync.Mutex
	underway map[place]*reading
}

// place names a device from one start to the next.
type place struct {
	port    string
	address int
}

// reading is one of them; the rest is good once done is closed.
type reading struct {
	begun           time.Time
	done            chan struct{}
	serial, product string
	err             error
}

// begin starts to read the strings of a device, or joins who does.
func (r *readings) begin(d Device, texts func(Device) (serial, product string, err error)) *reading {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := place{d.Port, d.Address}
	if one, ok := r.underway[at]; ok {
		return one
	}
	if r.underway == nil {
		r.underway = map[place]*reading{}
	}
	one := &reading{begun: time.Now(), done: make(chan struct{})}
	r.underway[at] = one
	go func() {
		one.serial, one.product, one.err = texts(d)
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.underway, at)
		close(one.done)
	}()
	return one
}

// wait is nil once the reading is done. It waits until ctx ends, or the time from the
// beginning of the reading.
func (r *reading) wait(ctx context.Context, most time.Duration) error {
	ctx, cancel := context.WithDeadline(ctx, r.begun.Add(most))
	defer cancel()
	select {
	case <-r.done:
		return nil
	default:
	}
	select {
	case <-r.done:
		return nil
	case <-ctx.Done():
		return interrupted(ctx.Err())
	}
}

// fill reads the strings of all devices at once, so that one that does not answer
// delays no other, and gives up when ctx ends, or after the time.
func (r *readings) fill(ctx context.Context, devices []Device, texts func(Device) (serial, product string, err error), most time.Duration) {
	all := make([]*reading, len(devices))
	for i, d := range devices {
		all[i] = r.begin(d, texts)
	}
	for i, one := range all {
		d := &devices[i]
		err := one.wait(ctx, most)
		if err == nil {
			d.Serial, d.Product, err = one.serial, one.product, one.err
		}
		d.Err = cmp.Or(d.Err, opError("read strings", d.Port, err))
	}
}
