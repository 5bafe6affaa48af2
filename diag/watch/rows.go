package watch

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"error53/diag/inspect"
)

// How long things may take that happen to phones every day.
const (
	// grace is how long a phone may be away without being called detached. After a tap
	// on Trust it enumerates anew within 0.7 s (libimobiledevice/usbmuxd issue 5).
	grace = time.Second
	// settling is how long a phone that has flapped must stay before it is read again.
	settling = 300 * time.Millisecond
	// portMemory is how long a phone without a name is looked for at its hub port.
	portMemory = time.Minute
	// memory is how long a phone that is away is remembered, and maxAway how many are.
	memory  = time.Hour
	maxAway = 256
)

// row is one phone, there or away.
type row struct {
	Phone
	who   inspect.Identity
	place place
	said  Words

	told    bool      // that it is attached
	unread  bool      // it is to be read
	moved   time.Time // when it came or started anew last
	look    uint64    // and at which of the round's looks
	ready   time.Time // not to be read before
	tries   int       // readings that failed since it moved
	work    *work     // in hand; nil = none
	orders  []func(context.Context, inspect.Phone)
	asked   bool // restored was asked in this restore: once is all it gets
	unheard bool // that usbmuxd does not list it was told

	stood    *standing // what was known of it last
	left     *standing // and when its journey began; nil = it is on none
	stranded bool      // was told in this stay
}

// place is where and as what a phone shows itself. A phone that starts anew has another.
type place struct {
	id           uint32 // usbmuxd's
	bus, address int
	product      uint16
	serial       string
}

func placeOf(p inspect.Phone) place {
	if p.Device.ID != 0 {
		return place{id: p.Device.ID, product: p.Device.ProductID, serial: p.Device.SerialNumber}
	}
	return place{bus: p.Raw.Bus, address: p.Raw.Address, product: p.Raw.ProductID, serial: p.Raw.Serial}
}

// compare holds what is there against the rows: first the phones that have not moved,
// so that none of them is taken for one that comes.
func (r *round) compare(there []inspect.Phone) {
	placed := r.placed()
	taken := make(map[*row]bool, len(there))
	var moved []inspect.Phone
	for _, p := range r.credible(there) {
		of, same := placed[placeOf(p)]
		if !same || taken[of] {
			moved = append(moved, p)
			continue
		}
		taken[of] = true
		r.locate(of, p)
	}
	for _, p := range moved {
		if r.isUnsettled(p, taken) {
			continue
		}
		of := r.rowOf(p, taken)
		taken[of] = true
		r.come(of, p)
	}
	r.forgetNameless(there)
	for _, of := range r.rows {
		if of.Present && !taken[of] {
			r.lose(of)
		}
	}
}

// credible leaves out what usbmuxd still lists although the bus shows the same phone as
// another device: it has started anew, and usbmuxd hears of that later.
func (r *round) credible(there []inspect.Phone) []inspect.Phone {
	r.looks++
	onBus := make(map[place]uint64, len(r.onBus))
	for _, p := range there {
		if at := placeOf(p); p.Device.ID == 0 {
			onBus[at] = cmp.Or(r.cameOnBus[at], r.looks)
			r.overrule(p.Identity(), onBus[at])
		}
	}
	r.cameOnBus = onBus
	return slices.DeleteFunc(there, func(p inspect.Phone) bool {
		of, stale := r.overruled[p.Device.ID]
		if stale && of.Present && p.Port == "" {
			return true
		}
		delete(r.overruled, p.Device.ID)
		return false
	})
}

// overrule notes which phone of usbmuxd's may be the one that came on the bus later.
func (r *round) overrule(who inspect.Identity, came uint64) {
	for _, of := range r.rows {
		if of.Present && of.at.Device.ID != 0 && of.look < came && of.who.Same(who) != inspect.NoEvidence {
			r.overruled[of.at.Device.ID] = of
		}
	}
}

// isUnsettled tells of a phone of which the other source may say in a moment who it is,
// or that it has gone.
func (r *round) isUnsettled(p inspect.Phone, taken map[*row]bool) bool {
	at := placeOf(p)
	if !r.isNameless(p) && !isDoubled(p, taken) {
		delete(r.nameless, at)
		return false
	}
	since, waits := r.nameless[at]
	if !waits {
		since = time.Now()
		r.nameless[at] = since
	}
	return time.Since(since) < settling
}

// isNameless: a phone in restore mode shows no name, and usbmuxd no port.
func (r *round) isNameless(p inspect.Phone) bool {
	who := p.Identity()
	port := who.Port
	who.Port, who.ProductType = "", ""
	return r.inspector.USB != nil && who == (inspect.Identity{}) && (port == "" || isUnheard(p))
}

// isDoubled: usbmuxd lists a phone that the bus still shows in the mode it comes from.
func isDoubled(p inspect.Phone, taken map[*row]bool) bool {
	if p.Device.ID == 0 {
		return false
	}
	who := p.Identity()
	for of := range taken {
		by := of.who.Same(who)
		if of.at.Device.ID == 0 && by != inspect.NoEvidence && by != inspect.ByPort {
			return true
		}
	}
	return false
}

// forgetNameless drops those that are there no longer.
func (r *round) forgetNameless(there []inspect.Phone) {
	maps.DeleteFunc(r.nameless, func(at place, _ time.Time) bool {
		return !slices.ContainsFunc(there, func(p inspect.Phone) bool { return placeOf(p) == at })
	})
}

// placed finds rows by where their phones were when last looked at.
func (r *round) placed() map[place]*row {
	placed := make(map[place]*row, len(r.rows))
	for _, of := range r.rows {
		if of.Present {
			placed[of.place] = of
		}
	}
	return placed
}

// rowOf finds the row of a phone that has come, or begins one.
func (r *round) rowOf(p inspect.Phone, taken map[*row]bool) *row {
	who := p.Identity()
	var best *row
	for _, of := range r.rows {
		switch by := of.who.Same(who); {
		case taken[of], by == inspect.NoEvidence, by == inspect.ByPort && !of.recent():
		case by != inspect.ByPort:
			return of
		case best == nil:
			best = of
		}
	}
	if best != nil {
		return best
	}
	r.lastKey++
	of := &row{Phone: Phone{Key: r.lastKey}, said: r.said}
	r.rows = append(r.rows, of)
	return of
}

// join gives a phone back to the row it had before it went, where only the reading has
// told who it is. The row it had meanwhile ends.
func (r *round) join(of *row) *row {
	at := slices.IndexFunc(r.rows, func(old *row) bool {
		by := old.who.Same(of.who)
		return !old.Present && by != inspect.NoEvidence && by != inspect.ByPort
	})
	if at < 0 {
		return of
	}
	old := r.rows[at]
	of.Present = false
	r.rows = slices.DeleteFunc(r.rows, func(other *row) bool { return other == of })
	r.emit(Detached, of, nil)
	facts, err, session := of.Facts, of.Err, of.NoSession
	r.come(old, of.at)
	old.Facts, old.Err, old.NoSession, old.unread, old.asked = facts, err, session, false, of.asked
	return old
}

// recent tells whether the phone may still be the one at its port.
func (of *row) recent() bool { return of.Present || time.Since(of.Since) < portMemory }

// locate notes where the cable is, which may be found out later than that it is there.
func (r *round) locate(of *row, p inspect.Phone) {
	found := of.Port == "" && p.Port != ""
	of.at.Port, of.Port = p.Port, cmp.Or(p.Port, of.Port)
	of.who.Port = of.Port
	if found && of.Verdict != nil {
		r.emit(FactsRead, of, nil)
	}
}

// come puts a phone that has come, moved or started anew into its row.
func (r *round) come(of *row, p inspect.Phone) {
	mode := p.Facts.Mode.Value
	changed := of.Since.IsZero() || mode != of.Mode()
	again := !of.Since.IsZero()
	unheard := of.isUnheard()
	if !of.Present {
		of.Since = time.Now()
	}
	of.Present, of.at, of.place = true, p, placeOf(p)
	of.moved, of.look, of.tries = time.Now(), r.looks, 0
	of.who = of.who.With(p.Identity())
	if changed {
		of.leave()
		of.enter(p)
	}
	r.locate(of, p)
	r.stop(of)
	of.unread = true
	switch {
	case !again, changed:
		of.ready = time.Now()
	case unheard: // usbmuxd lists it now
		of.Err, of.unheard = nil, false
	default: // it flaps
		of.ready = time.Now().Add(settling)
	}
	r.tellCome(of, again && changed)
}

func (r *round) tellCome(of *row, changed bool) {
	if !of.told {
		of.told = true
		r.emit(Attached, of, nil)
	}
	if changed {
		r.emit(ModeChanged, of, nil)
	}
}

// leave begins a journey, where what the phone was is known.
func (of *row) leave() {
	if of.left == nil {
		of.left = of.stood
	}
}

// enter begins a stay in a mode. What was read in another mode holds no longer.
func (of *row) enter(p inspect.Phone) {
	of.Facts, of.Err, of.NoSession, of.Verdict = p.Facts, nil, nil, nil
	of.asked, of.unheard, of.stranded = false, false, false
	of.Journey = append(of.Journey, Leg{Mode: p.Facts.Mode.Value, Since: time.Now()})
	if n := len(of.Journey); n > maxLegs {
		of.Journey = slices.Delete(of.Journey, 1, n-maxLegs+1) // where it began matters most
	}
}

// lose notes that a phone has gone. Whether it is away or starts anew shows later.
func (r *round) lose(of *row) {
	of.Present, of.Since = false, time.Now()
	of.unread = false
	r.stop(of)
}

// reread reads the phone with usbmuxd's number again: its trust has changed.
func (r *round) reread(id uint32) {
	for _, of := range r.rows {
		if of.Present && of.at.Device.ID == id {
			of.unread, of.ready = true, time.Now()
		}
	}
}

// forget drops phones that have been away for long, and the oldest where they are many.
func (r *round) forget() {
	away := 0
	for _, of := range slices.Backward(r.rows) {
		if of.Present || of.told {
			continue
		}
		if away++; away > maxAway || time.Since(of.Since) >= memory {
			r.rows = slices.DeleteFunc(r.rows, func(other *row) bool { return other == of })
		}
	}
}
