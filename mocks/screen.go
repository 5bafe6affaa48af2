package mocks

import "time"

// reenumeration is how long a phone is away when it enumerates anew because Trust was
// tapped. Observed: libimobiledevice/usbmuxd issue 5.
const reenumeration = 700 * time.Millisecond

// Trust taps Trust on a phone's screen, and enters the passcode where one is due: the
// next Pair succeeds. A phone whose Trust has Replug leaves, and is back a moment later
// with a new DeviceID. A DeviceID that nobody has is no error.
func (b *Bench) Trust(id uint32) {
	if d := b.byID(id); d != nil {
		d.memory.tap()
		b.trusted(d)
	}
}

// Unlock enters the passcode of a phone. A DeviceID that nobody has is no error.
func (b *Bench) Unlock(id uint32) {
	if d := b.byID(id); d != nil {
		d.memory.unlock()
	}
}

// waited is called when a phone has answered that it waits for somebody, who may act
// at this very moment, or later.
func (b *Bench) waited(d *device) {
	first, screen, now := d.memory.waited()
	act := func() {
		if d.memory.act(screen) {
			b.trusted(d)
		}
	}
	if now {
		act()
	} else if after := d.memory.trust.After; first && after > 0 {
		b.later(after, act)
	}
}

// trusted is called when Trust was tapped.
func (b *Bench) trusted(d *device) {
	if d.memory.trust.Replug && b.detach(d) {
		b.later(reenumeration, func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.join(newAttachment(d.port, d.phone, d.memory))
		})
	}
}

// later does something after a while, unless the bench is closed before.
func (b *Bench) later(d time.Duration, do func()) {
	if !b.begin(nil) {
		return
	}
	go func() {
		defer b.work.Done()
		if b.sleep(d) == nil {
			do()
		}
	}()
}
