package mocks

import "slices"

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

// plug connects a client to a phone; false when the phone has left meanwhile.
func (b *Bench) plug(c *client, d *device) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	c.device = d
	return slices.Contains(b.devices, d)
}

// detach pulls a phone off the bench: no list has it any more, and every
// connection to it ends.
func (b *Bench) detach(d *device) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.devices = slices.DeleteFunc(b.devices, func(other *device) bool { return other == d })
	for c := range b.clients {
		if c.device == d {
			c.Close()
		}
	}
}
