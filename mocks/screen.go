package mocks

import "time"

// reenumeration is how long a phone is away when it enumerates anew because Trust was
// tapped. Observed: libimobiledevice/usbmuxd issue 5.
const reenumeration = 700 * time.Millisecond

// Trust taps Trust on a phone's screen, and enters the passcode where one is due: the
// next Pair succeeds. A phone whose Trust has Replug leaves, and is back a moment later
// with a new DeviceID. A DeviceID that nobody has is no error.
func (b *Bench) Trust(id uint32) { b.touchByID(ActTrust, id) }

// Unlock enters the passcode of a phone. A DeviceID that nobody has is no error.
func (b *Bench) Unlock(id uint32) { b.touchByID(ActUnlock, id) }

func (b *Bench) touchByID(act Act, id uint32) {
	if d := b.byID(id); d != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.touch(act, d.attachment)
	}
}

// touch does something on the screen of a phone. Bench.mu is held.
func (b *Bench) touch(act Act, a *attachment) {
	switch act {
	case ActTrust:
		a.memory.tap()
		b.trusted(a)
	case ActDeny:
		a.memory.deny()
	case ActUnlock:
		a.memory.unlock()
	}
}

// waited is called when a phone has answered that it waits for somebody, who may act
// at this very moment, or later.
func (b *Bench) waited(d *device) {
	first, screen, now := d.memory.waited()
	act := func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if d.memory.act(screen) {
			b.trusted(d.attachment)
		}
	}
	if now {
		act()
	} else if after := d.memory.trust.After; first && after > 0 {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.later(after, act)
	}
}

// trusted is called when Trust was tapped. Bench.mu is held.
func (b *Bench) trusted(a *attachment) {
	if !a.memory.trust.Replug || a.left() {
		return
	}
	b.leave(a)
	b.later(reenumeration, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if a.seat.plugged == nil {
			b.join(a.seat)
		}
	})
}

// later does something after a while, unless the bench is closed before. Bench.mu is
// held, but not when it is done.
func (b *Bench) later(d time.Duration, do func()) {
	if b.closed {
		return
	}
	b.work.Go(func() {
		if b.sleep(d) == nil {
			do()
		}
	})
}
