package mocks

import (
	"fmt"
	"slices"

	"error53/diag"
)

// Attach plugs a phone in at the next port, also while the bench serves, and gives its
// DeviceID: 0 where usbmuxd does not serve it, or not yet. The ports count "1-1", "1-2"
// and so on. Clients that listen hear of it. A PairRecord of the phone joins those of
// the host.
func (b *Bench) Attach(p Phone) (id uint32) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.leaveSeat(p)
	return b.join(b.lay(p))
}

// Detach pulls a phone: no list has it any more, every connection to it ends, and
// clients that listen hear of it. A DeviceID that nobody has is no error.
func (b *Bench) Detach(id uint32) {
	if d := b.byID(id); d != nil {
		b.pull(d.attachment)
	}
}

// Replug pulls a phone and plugs it in again at the same port, as it seems when a
// phone enumerates anew. It gives the new DeviceID, or 0 where nobody had the old one.
func (b *Bench) Replug(id uint32) uint32 {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.devices, func(d *device) bool { return d.id == id })
	if i < 0 || b.devices[i].left() {
		return 0
	}
	a := b.devices[i].attachment
	return b.restart(a, a.phone)
}

// SetMode lets the phone at a port ("1-2") start anew in another mode, as the same phone
// at the same port with the next address. usbmuxd hears of it as of a phone that leaves,
// or comes. A port without a phone is no error.
func (b *Bench) SetMode(port string, mode diag.Mode) {
	b.Do(Step{Port: port, Act: ActMode, Mode: mode})
}

// Unplug pulls the phone at a port, in whatever mode. A port without one is no error.
func (b *Bench) Unplug(port string) { b.Do(Step{Port: port, Act: ActUnplug}) }

// Swap puts another phone where one was, at the same port. A port without a phone is no
// error: nothing happens.
func (b *Bench) Swap(port string, p Phone) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if a := b.at(port); a != nil {
		b.leave(a)
		b.settle(a.seat, p)
		b.join(a.seat)
	}
}

// Restart ends usbmuxd and starts it anew: every connection ends, and the phones that
// are there get new DeviceIDs, counted from 1 in the order in which they came. What
// the host keeps of pairings stays.
func (b *Bench) Restart() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.clients {
		c.Close()
	}
	b.lastID = 0
	for i, old := range b.devices {
		b.lastID++
		b.devices[i] = &device{id: b.lastID, attachment: old.attachment}
	}
}

// attached lists the phones that usbmuxd has.
func (b *Bench) attached() []*device {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.devices)
}

// find gives the first phone that fits, nil when there is none.
func (b *Bench) find(fits func(*device) bool) *device {
	b.mu.Lock()
	defer b.mu.Unlock()
	if i := slices.IndexFunc(b.devices, fits); i >= 0 {
		return b.devices[i]
	}
	return nil
}

// byID gives the phone with a DeviceID, nil when there is none.
func (b *Bench) byID(id uint32) *device {
	return b.find(func(d *device) bool { return d.id == id })
}

// plug connects a client to a phone; false when the phone has left meanwhile.
func (b *Bench) plug(c *client, d *device) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	c.device = d
	return !d.left()
}

// pull pulls a phone, unless it has left already.
func (b *Bench) pull(a *attachment) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !a.left() {
		b.leave(a)
	}
}

// join puts a phone on the bus, and into usbmuxd's list where that serves it. It gives
// the DeviceID. Bench.mu is held, as it is for all that follows.
func (b *Bench) join(s *seat) (id uint32) {
	a := newAttachment(s)
	s.plugged = a
	b.addresses++
	a.address = b.addresses
	if a.phone.ConnectionType == USB {
		a.node = fmt.Sprintf("/dev/bus/usb/001/%03d", a.devnum()) // [USBFS]
		b.enumerate(a)
		b.announce("add", a)
	}
	if a.phone.served() {
		b.lag(func() { id = b.serve(a) })
	}
	return id
}

// leave takes a phone off, and every connection to it ends.
func (b *Bench) leave(a *attachment) {
	close(a.gone)
	a.seat.plugged = nil
	if a.phone.ConnectionType == USB {
		b.announce("remove", a)
	}
	for c := range b.clients {
		if c.device != nil && c.device.attachment == a {
			c.Close()
		}
	}
	b.lag(func() { b.drop(a) })
}

// restart puts a phone in the place of another, mostly itself.
func (b *Bench) restart(a *attachment, p Phone) (id uint32) {
	b.leave(a)
	a.seat.phone = p
	return b.join(a.seat)
}

// left tells whether the phone is off the bus, which usbmuxd may not know yet.
func (a *attachment) left() bool {
	select {
	case <-a.gone:
		return true
	default:
		return false
	}
}

// serve gives a phone the next DeviceID and tells of it.
func (b *Bench) serve(a *attachment) uint32 {
	b.lastID++
	d := &device{id: b.lastID, attachment: a}
	b.devices = append(b.devices, d)
	b.tell(notice{kind: attached, device: d})
	return d.id
}

// drop takes a phone off usbmuxd's list and tells of it.
func (b *Bench) drop(a *attachment) {
	i := slices.IndexFunc(b.devices, func(d *device) bool { return d.attachment == a })
	if i < 0 {
		return
	}
	d := b.devices[i]
	b.devices = slices.Delete(b.devices, i, i+1)
	b.tell(notice{kind: detached, device: d})
}

// lag does at once, or with Bench.Lag later, what usbmuxd does when it hears of the bus.
// It does things in the order in which they happened.
func (b *Bench) lag(do func()) {
	if b.Lag == 0 || b.closed {
		do()
		return
	}
	before, done := b.lagging, make(chan struct{})
	b.lagging = done
	b.work.Go(func() {
		defer close(done)
		err := b.sleep(b.Lag)
		if before != nil {
			<-before
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		if err == nil {
			do()
		}
	})
}
