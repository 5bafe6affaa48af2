package main

import (
	"context"
	"iter"
	"slices"
	"time"

	"error53/diag"
	"error53/diag/inspect"
	"error53/lockdown"
	"error53/usbmux"
)

// pairer makes phones trust this computer, each for itself: one that is waited for
// delays no other. It is used only where somebody asked for it.
type pairer struct {
	inspector *inspect.Inspector
	renew     bool
	wait      time.Duration
	again     bool // read a phone again once it trusts this computer
	tell      func(at int, read inspect.Phone, p lockdown.Progress)
}

// paired is a phone after the attempt.
type paired struct {
	inspect.Phone
	state lockdown.State // AlreadyTrusted, Paired; "" where it failed, or was not tried
	err   error          // why pairing failed
}

// chosen are the phones that are to trust this computer, with their rows.
type chosen struct {
	phones []inspect.Phone
	rows   []phone
	read   bool // they were read, so as to find out which are meant
}

// choose finds the phones that the DEVICEs name; nobody else's screen may show a dialog.
func (b *bus) choose(ctx context.Context, listed []inspect.Phone, devices []string, showIDs bool) (chosen, error) {
	rows := b.rows(listed)
	assignMasks(rows, showIDs)
	places, certain := asked(listed, devices, false)
	if certain {
		return chosen{pick(listed, places), pick(rows, places), false}, nil
	}
	read := b.inspector.Read(ctx, listed)
	for i := range rows {
		rows[i] = rows[i].after(b.row(read[i]))
	}
	places = nil
	for _, device := range devices {
		at, err := findPhone(rows, device)
		if err != nil {
			return chosen{}, err
		}
		places = append(places, at)
	}
	slices.Sort(places)
	places = slices.Compact(places)
	return chosen{pick(read, places), pick(rows, places), true}, nil
}

// step is what happens to a phone: something to tell of it, or that it is done with.
type step struct {
	at       int
	phone    paired
	progress lockdown.Progress
	done     bool
}

// each pairs with those of the phones that do not trust this computer, as soon as they
// are read, and yields each with its place as soon as it is done with. What there is to
// tell meanwhile is told from the same goroutine.
func (p *pairer) each(ctx context.Context, c chosen) iter.Seq2[int, paired] {
	return func(yield func(int, paired) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		steps, left := make(chan step), make(chan struct{})
		defer close(left) // nobody waits for a reader that left
		send := func(s step) {
			select {
			case steps <- s:
			case <-left:
			}
		}
		go p.begin(ctx, c, send)
		for waiting := len(c.phones); waiting > 0; {
			s := <-steps
			if !s.done {
				p.tell(s.at, s.phone.Phone, s.progress)
				continue
			}
			if waiting--; !yield(s.at, s.phone) {
				return
			}
		}
	}
}

// begin works on every phone in a goroutine of its own.
func (p *pairer) begin(ctx context.Context, c chosen, send func(step)) {
	for at, read := range p.readings(ctx, c) {
		tell := func(progress lockdown.Progress) { send(step{at: at, phone: paired{Phone: read}, progress: progress}) }
		go func() { send(step{at: at, phone: p.establish(ctx, read, tell), done: true}) }()
	}
}

// readings gives each phone as it was read.
func (p *pairer) readings(ctx context.Context, c chosen) iter.Seq2[int, inspect.Phone] {
	if c.read {
		return slices.All(c.phones)
	}
	return p.inspector.Each(ctx, c.phones)
}

// establish makes one phone trust this computer, where it can and does not yet.
func (p *pairer) establish(ctx context.Context, read inspect.Phone, tell func(lockdown.Progress)) paired {
	done := paired{Phone: read}
	switch {
	case !canPair(read):
		return done
	case read.Facts.Trust.Value == diag.Trusted:
		done.state = lockdown.AlreadyTrusted
		tell(lockdown.Progress{State: done.state})
		return done
	}
	pairing := lockdown.Pairing{Mux: p.inspector.Mux, Limit: p.wait, Renew: p.renew, Tell: tell}
	if done.state, done.err = pairing.Pair(ctx, read.Device); done.err != nil {
		if trust := inspect.TrustAfter(done.err); trust.Known() {
			done.Facts.Trust = trust
		}
		return done
	}
	if p.again {
		done.Phone = p.readAgain(ctx, read)
	}
	return done
}

// canPair tells whether there is somebody to pair with: lockdownd, which answered.
func canPair(read inspect.Phone) bool {
	return read.Err == nil && read.Facts.Mode == diag.Known(diag.Normal, diag.FromLockdown)
}

// readAgain reads a phone that trusts this computer by now. An old one has come back
// under another number.
func (p *pairer) readAgain(ctx context.Context, before inspect.Phone) inspect.Phone {
	devices, err := p.inspector.Mux.ListDevices(ctx)
	at := slices.IndexFunc(devices, func(d usbmux.Device) bool { return d.UDID() == before.Device.UDID() })
	if err == nil && at >= 0 {
		before.Device = devices[at]
	}
	after := p.inspector.Read(ctx, []inspect.Phone{before})[0]
	if after.Err != nil { // what was known before stands
		before.NoSession = after.Err
		return before
	}
	return after
}
