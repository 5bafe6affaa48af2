package main

import (
	"cmp"
	"fmt"

	"error53/diag/inspect"
	"error53/diag/watch"
)

// lookout shows the events of a watch as what people and programs may see: with masked
// identifiers that stay as they were shown first.
type lookout struct {
	bus    *bus
	ports  portNames
	plan   operator // for all phones
	names  *register
	called map[int]string // by the key of the phone, once it has a name
	there  map[int]bool   // phones that are there, by key
}

// sighting is an event, and its phone as it may be seen.
type sighting struct {
	watch.Event
	phone phone // zero for the daemon's events
}

// see looks at an event. The events have to come in their order.
func (l *lookout) see(e watch.Event) sighting {
	if e.Kind == watch.Daemon && e.Err != nil {
		e.Err = &daemonError{address: l.bus.address, err: e.Err, onBus: len(l.there) > 0}
	}
	if e.Phone == nil {
		return sighting{Event: e}
	}
	seen := *e.Phone
	if seen.Present {
		l.there[seen.Key] = true
	} else {
		delete(l.there, seen.Key)
	}
	p := phone{facts: seen.Facts, err: seen.Err, session: seen.NoSession, place: l.place(&seen), called: l.called[seen.Key]}
	if seen.Verdict == nil {
		_ = l.words(l.plan)(inspect.Identity{Port: seen.Port}, &p.facts) // the verdict comes with the error
	} else {
		p.verdict = *seen.Verdict
	}
	if l.names != nil {
		p.mask = masker{l.names, seen.Key}
		p.mask.learn(p.facts)
		p.mask.keep(p.facts)
	}
	if p.called == "" && len(names(p.facts)) > 0 {
		p.called = p.label()
		l.called[seen.Key] = p.called
	}
	return sighting{e, p}
}

// place names where a phone is, for one that has no identifier.
func (l *lookout) place(p *watch.Phone) string {
	if p.Port == "" {
		return fmt.Sprintf("phone no. %d", p.Key)
	}
	return cmp.Or(l.ports.named(p.Port), "USB port "+p.Port)
}
