package mocks

import "slices"

// Attach plugs a phone in, also while the bench serves, and gives its DeviceID.
// Clients that listen hear of it. A PairRecord of the phone joins those of the host.
func (b *Bench) Attach(p Phone) (id uint32) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ports++
	return b.join(newDevice(b.ports, p, b.keep(p)))
}

// Detach pulls a phone: no list has it any more, every connection to it ends, and
// clients that listen hear of it. A DeviceID that nobody has is no error.
func (b *Bench) Detach(id uint32) {
	if d := b.byID(id); d != nil {
		b.detach(d)
	}
}

// Replug pulls a phone and plugs it in again at the same port, as it seems when a
// phone enumerates anew. It gives the new DeviceID, or 0 where nobody had the old one.
func (b *Bench) Replug(id uint32) uint32 {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.devices, func(d *device) bool { return d.id == id })
	if i < 0 {
		return 0
	}
	d := b.devices[i]
	b.leave(d)
	return b.join(newDevice(d.port, d.phone, d.memory))
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
		d := *old
		b.lastID++
		d.id = b.lastID
		b.devices[i] = &d
	}
}

// attached lists the phones that are there.
func (b *Bench) attached() []*device {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.devices)
}

// find gives the first phone that fits, nil when there is none.
func (b *Bench) find(fits func(*device) bool) *device {
	devices := b.attached()
	if i := slices.IndexFunc(devices, fits); i >= 0 {
		return devices[i]
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
	return slices.Contains(b.devices, d)
}

// detach pulls a phone, and tells whether it was still there.
func (b *Bench) detach(d *device) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	there := slices.Contains(b.devices, d)
	if there {
		b.leave(d)
	}
	return there
}

// join gives a phone the next DeviceID and address, and tells of it. Bench.mu is held,
// as it is for leave.
func (b *Bench) join(d *device) uint32 {
	b.lastID++
	b.addresses++
	d.id, d.address = b.lastID, b.addresses
	b.devices = append(b.devices, d)
	b.tell(notice{kind: attached, device: d})
	return d.id
}

func (b *Bench) leave(d *device) {
	b.devices = slices.DeleteFunc(b.devices, func(other *device) bool { return other == d })
	for c := range b.clients {
		if c.device == d {
			c.Close()
		}
	}
	b.tell(notice{kind: detached, device: d})
}
