package watch

import (
	"context"
	"errors"
	"time"

	"error53/diag"
	"error53/diag/inspect"
	"error53/usbmux"
)

// work is what is being done with a phone. No phone has two in hand.
type work struct {
	cancel  context.CancelFunc
	reading bool // else an order
	stopped bool // what it brings is no longer wanted
}

// result is what a work has brought.
type result struct {
	of   *row
	work *work
	read inspect.Phone // of a reading
}

// start begins a reading.
func (r *round) start(of *row) {
	of.unread = false
	if of.Mode() == diag.Restore {
		of.asked = true
	}
	at := of.at
	r.begin(of, true, func(ctx context.Context) (read inspect.Phone) {
		for _, read = range r.inspector.Each(ctx, []inspect.Phone{at}) {
		}
		return read
	})
}

// begin does something with a phone beside the watch.
func (r *round) begin(of *row, reading bool, what func(context.Context) inspect.Phone) {
	ctx, cancel := context.WithCancel(r.ctx)
	w := &work{cancel: cancel, reading: reading}
	of.work = w
	r.wg.Go(func() {
		defer cancel()
		read := what(ctx)
		send(r.ctx, r.results, result{of, w, read})
	})
}

// stop ends a reading whose phone has gone or changed. Until it has ended, no other
// begins. An order goes on: whoever pairs waits for the phone to come back.
func (r *round) stop(of *row) {
	if of.work != nil && of.work.reading {
		of.work.stopped = true
		of.work.cancel()
	}
}

// finish takes what a work has brought.
func (r *round) finish(done result) {
	of := done.of
	of.work = nil
	switch {
	case !done.work.reading:
		of.unread, of.ready = of.Present, time.Now()
	case !done.work.stopped:
		r.take(of, done.read)
	}
}

// take notes what was read, and decides.
func (r *round) take(of *row, read inspect.Phone) {
	if mode := read.Facts.Mode; mode.Known() && mode.Value != of.Mode() { // the phone knows better than the list
		of.leave()
		of.enter(read)
		of.asked = mode.Value == diag.Restore
		r.emit(ModeChanged, of, nil)
	}
	of.Facts, of.Err, of.NoSession = read.Facts, read.Err, read.NoSession
	of.who = of.who.With(inspect.Phone{Port: of.Port, Reading: read.Reading}.Identity())
	of = r.join(of)
	if of.retry(read.Err) {
		return
	}
	if read.Err != nil {
		r.emit(Failed, of, read.Err)
	}
	if read.Err == nil || of.Facts.ProductType.Known() {
		of.Verdict = nil // it was on what was read before
		r.emit(FactsRead, of, nil)
		r.decide(of)
	}
	r.arrive(of)
}

// maxTries is how often a phone is read that hangs up or lets nobody in.
const maxTries = 3

// retry has the phone read again where its failure may be over in a moment: it is still
// starting, or has started anew and nobody has told us yet. Restored is asked once only.
func (of *row) retry(err error) bool {
	if err == nil || errors.Is(err, usbmux.ErrTimeout) || of.Mode() != diag.Normal {
		return false
	}
	of.tries++
	of.unread, of.ready = of.tries < maxTries, time.Now().Add(settling<<of.tries)
	return of.unread
}

// decide gives the verdict on what was read and said.
func (r *round) decide(of *row) {
	facts := of.Facts
	if err := of.said(of.who, &facts); err != nil {
		of.Err = err
		r.emit(Failed, of, err)
	}
	of.Facts = facts
	verdict := diag.Decide(facts)
	of.Verdict = &verdict
	r.emit(Decided, of, nil)
}

// obey carries an order out.
func (r *round) obey(o order) {
	for _, of := range r.rows {
		switch {
		case of.Key != o.key:
		case o.said != nil:
			of.said = o.said
			if of.Verdict != nil {
				r.decide(of)
				r.arrive(of) // what is predicted now counts when it leaves
			}
		case of.Present:
			r.stop(of)
			of.orders = append(of.orders, o.do)
		}
	}
}

// due does what has waited for its time.
func (r *round) due() {
	now := time.Now()
	for _, of := range r.rows {
		r.dueOf(of, now)
	}
	r.forget()
}

func (r *round) dueOf(of *row, now time.Time) {
	switch {
	case !of.Present:
		if of.told && now.Sub(of.Since) >= grace {
			of.told = false
			r.emit(Detached, of, nil)
		}
	case of.work != nil:
	case len(of.orders) > 0:
		r.startOrder(of)
	case of.isUnheard():
		if now.Sub(of.moved) >= hearing && !of.unheard {
			of.unheard = true
			if of.Verdict == nil {
				of.Err = of.at.Err
			}
			r.emit(Failed, of, of.at.Err)
		}
	case of.unread && !now.Before(of.ready) && !(of.Mode() == diag.Restore && of.asked):
		r.start(of)
	}
	r.strand(of, now)
}

// hearing is how long usbmuxd may take to list a phone that is on the bus.
const hearing = 5 * time.Second

// isUnheard tells of a phone that only usbmuxd could read, and that it does not list.
func (of *row) isUnheard() bool { return isUnheard(of.at) }

func isUnheard(p inspect.Phone) bool { return errors.Is(p.Err, inspect.ErrNotServed) }

func (r *round) startOrder(of *row) {
	do := of.orders[0]
	of.orders = of.orders[1:]
	at := of.at
	r.begin(of, false, func(ctx context.Context) inspect.Phone {
		do(ctx, at)
		return inspect.Phone{}
	})
}

// untilDue is the time until something has to be done that no event brings.
func (r *round) untilDue() time.Duration {
	next := time.Now().Add(time.Hour)
	sooner := func(t time.Time) {
		if t.Before(next) {
			next = t
		}
	}
	for _, since := range r.nameless {
		if at := since.Add(settling); time.Until(at) > 0 { // else it has its row
			sooner(at)
		}
	}
	for _, of := range r.rows {
		switch {
		case !of.Present && of.told:
			sooner(of.Since.Add(grace))
		case !of.Present:
			sooner(of.Since.Add(memory))
		case of.work != nil:
		case of.isUnheard() && !of.unheard:
			sooner(of.moved.Add(hearing))
		case of.unread && !of.isUnheard() && !(of.Mode() == diag.Restore && of.asked):
			sooner(of.ready)
		}
		if at, may := of.mayStrand(); may {
			sooner(at)
		}
	}
	return max(time.Until(next), 0)
}
