package watch

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"error53/usbmux"
	"error53/usbmux/usb"
)

// probeEvery is how often usbmuxd is asked whether it is still there.
const probeEvery = 30 * time.Second

// backlog is how many events may wait while the caller is busy.
const backlog = 256

// listen hears usbmuxd.
func (r *round) listen() <-chan usbmux.Event {
	events := make(chan usbmux.Event, backlog)
	r.wg.Go(func() {
		for e := range r.inspector.Mux.Listen(r.ctx) {
			if !send(r.ctx, events, e) {
				return
			}
		}
	})
	return events
}

// watchBus looks at the USB buses. Where that cannot be done, nothing comes.
func (r *round) watchBus() <-chan []usb.Device {
	looks := make(chan []usb.Device)
	if r.inspector.USB == nil {
		return looks
	}
	r.wg.Go(func() {
		for devices := range r.inspector.USB.Watch(r.ctx) {
			if !send(r.ctx, looks, devices) {
				return
			}
		}
	})
	return looks
}

// probe asks usbmuxd for its list from time to time.
func (r *round) probe() <-chan error {
	answers := make(chan error)
	r.wg.Go(func() {
		ticker := time.NewTicker(probeEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				_, err := r.inspector.Mux.ListDevices(r.ctx)
				send(r.ctx, answers, err)
			case <-r.ctx.Done():
				return
			}
		}
	})
	return answers
}

// probed tells when usbmuxd falls silent, and when it speaks again. All other trouble
// the listener hears of itself.
func (r *round) probed(err error) {
	silent := errors.Is(err, usbmux.ErrTimeout)
	if silent != r.silent {
		r.silent = silent
		r.emit(Daemon, nil, err)
	}
}

func send[T any](ctx context.Context, to chan<- T, value T) bool {
	select {
	case to <- value:
		return true
	case <-ctx.Done():
		return false
	}
}

// hear takes an event of usbmuxd.
func (r *round) hear(e usbmux.Event) {
	r.changed = true
	switch e.Kind {
	case usbmux.Attached:
		r.served[e.Device.ID] = e.Device
	case usbmux.Changed: // perhaps to another attachment, with another number
		maps.DeleteFunc(r.served, func(_ uint32, d usbmux.Device) bool { return d.SerialNumber == e.Device.SerialNumber && !d.Restore() })
		r.served[e.Device.ID] = e.Device
	case usbmux.Detached:
		delete(r.served, e.Device.ID)
		delete(r.overruled, e.Device.ID)
	case usbmux.Paired:
		r.reread(e.Device.ID)
	case usbmux.Daemon:
		r.silent = false
		r.emit(Daemon, nil, e.Err)
	}
}

// devices lists what usbmuxd lists, in the order in which it came.
func (r *round) devices() []usbmux.Device {
	devices := make([]usbmux.Device, 0, len(r.served))
	for _, id := range slices.Sorted(maps.Keys(r.served)) {
		devices = append(devices, r.served[id])
	}
	return devices
}
