package watch

import (
	"context"
	"iter"
	"sync"
	"time"

	"error53/diag"
	"error53/diag/inspect"
	"error53/usbmux"
	"error53/usbmux/usb"
)

// Watcher follows the phones of one Inspector. New makes it.
type Watcher struct {
	inspector *inspect.Inspector
	said      Words
	orders    chan order
}

// Words puts what the operator says of a phone, and of the plan for it, onto its
// facts; who it is may hold more than the facts of its mode tell. It fails where that
// cannot be meant for the phone. What was said before stands on the facts still.
type Words func(who inspect.Identity, facts *diag.Facts) error

// New makes a Watcher. said is what the operator says of every phone until Tell says
// otherwise; nil is nothing.
func New(inspector *inspect.Inspector, said Words) *Watcher {
	if said == nil {
		said = func(inspect.Identity, *diag.Facts) error { return nil }
	}
	return &Watcher{inspector, said, make(chan order, backlog)}
}

// order is what somebody wants of a phone's row.
type order struct {
	key  int
	said Words
	do   func(context.Context, inspect.Phone)
}

// Tell replaces what the operator says of one phone; the verdict follows as an event.
// A key that nobody has means nothing.
func (w *Watcher) Tell(ctx context.Context, key int, said Words) {
	w.order(ctx, order{key: key, said: said})
}

// Do does something with a phone that is there, such as pairing. Nobody reads it
// meanwhile; afterwards it is read again. what is not called where the phone is away.
func (w *Watcher) Do(ctx context.Context, key int, what func(context.Context, inspect.Phone)) {
	w.order(ctx, order{key: key, do: what})
}

func (w *Watcher) order(ctx context.Context, o order) {
	select {
	case w.orders <- o:
	case <-ctx.Done():
	}
}

// Watch tells what happens to the phones, until ctx ends or the caller leaves the loop.
// Only one loop may run at a time.
//
//	for event := range watcher.Watch(ctx) { … }
func (w *Watcher) Watch(ctx context.Context) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		ctx, cancel := context.WithCancel(ctx)
		r := &round{
			Watcher: w, ctx: ctx, yield: yield,
			served: map[uint32]usbmux.Device{}, nameless: map[place]time.Time{}, overruled: map[uint32]*row{},
			results: make(chan result), timer: time.NewTimer(time.Hour),
		}
		defer r.wg.Wait()
		defer cancel()
		defer r.timer.Stop()
		r.run()
	}
}

// round is one loop over Watch. All of it but the sources and the work on phones runs in
// the goroutine of the caller.
type round struct {
	*Watcher
	ctx   context.Context
	yield func(Event) bool
	seq   uint64
	done  bool // the caller has left

	served    map[uint32]usbmux.Device // what usbmuxd lists
	onBus     []usb.Device
	nameless  map[place]time.Time // since when phones wait for somebody to tell who they are
	looks     uint64              // at what is there, so far
	cameOnBus map[place]uint64    // at which look, of what usbmuxd does not list
	overruled map[uint32]*row     // what usbmuxd still lists, and the bus has in another mode
	changed   bool                // since the last look at what is there
	silent    bool                // usbmuxd was told silent

	rows    []*row
	lastKey int
	results chan result
	timer   *time.Timer
	wg      sync.WaitGroup
}

func (r *round) run() {
	mux, bus, answers := r.listen(), r.watchBus(), r.probe()
	r.open(mux, bus)
	for !r.done {
		if r.look() {
			r.compare(inspect.Merge(r.devices(), r.onBus))
		}
		r.due()
		r.timer.Reset(r.untilDue())
		select {
		case <-r.ctx.Done():
			return
		case e := <-mux:
			r.hear(e)
			r.drain(mux)
		case r.onBus = <-bus:
			r.changed = true
		case err := <-answers:
			r.probed(err)
		case done := <-r.results:
			r.finish(done)
		case o := <-r.orders:
			r.obey(o)
		case <-r.timer.C:
		}
	}
}

// look tells whether what is there has to be looked at: after an event, and once those
// without a name have waited long enough.
func (r *round) look() bool {
	look := r.changed || len(r.nameless) > 0
	r.changed = false
	return look
}

// open waits a moment for the first word of both sources, so that the phones that are
// there already come with their ports.
func (r *round) open(mux <-chan usbmux.Event, bus <-chan []usb.Device) {
	patience := time.After(settling)
	for heard, looked := false, r.inspector.USB == nil; !heard || !looked; {
		select {
		case e := <-mux:
			heard = true
			r.hear(e)
		case r.onBus = <-bus:
			looked = true
		case <-patience:
			return
		case <-r.ctx.Done():
			return
		}
	}
	r.drain(mux)
	r.changed = true
}

// drain takes what else has come: a hub that is powered again brings many at once.
func (r *round) drain(mux <-chan usbmux.Event) {
	for {
		select {
		case e := <-mux:
			r.hear(e)
		default:
			return
		}
	}
}

func (r *round) emit(kind Kind, of *row, err error) {
	if r.done {
		return
	}
	r.seq++
	e := Event{Seq: r.seq, Time: time.Now(), Kind: kind, Err: err}
	if of != nil {
		e.Phone = of.snapshot()
	}
	r.done = !r.yield(e)
}
