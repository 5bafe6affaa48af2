package main

import (
	"errors"
	"maps"
	"slices"
	"time"

	"error53/diag"
	"error53/diag/watch"
	"error53/lockdown"
)

// desk is what the screen of watch shows, and all that it remembers: phones on their
// seats, which one is chosen, what the operator said. It knows no clock and no terminal:
// it changes by update alone, and a desk that was handed out never changes.
type desk struct {
	ports     portNames
	plan      operator // for every phone
	simulated bool
	color     bool
	unseen    error // why phones on the USB buses cannot be seen

	now           time.Time
	width, height int
	heard         bool  // usbmuxd has answered, or has not
	daemon        error // why it does not
	seats         []*seat
	told          map[int]operator          // by the key of a phone: what was said of it
	pairing       map[int]lockdown.Progress // how far those are that are made to trust this computer
	focus         focus
	top           int // the first row on the screen
	pane          pane
	scroll        int // the first line of the pane
	prompt        prompt
	filter        string
	notice        notice
}

// seat is a place on the desk: a port, or a phone whose port nobody knows. A seat is not
// changed, but replaced.
type seat struct {
	sighting // without a phone: the port is empty
	port     string
	asks     bool // whether Touch ID works has to be asked, as the phone was updated
}

func (s *seat) key() int {
	if s.Phone == nil {
		return 0
	}
	return s.Phone.Key
}

func (s *seat) present() bool { return s.Phone != nil && s.Phone.Present }

// focus names the seat that keys are about, whatever comes and goes around it.
type focus struct {
	key    int
	port   string
	jumped time.Time // when it was chosen by itself
	moved  time.Time // when somebody chose
}

// pane is what covers the rows.
type pane int

const (
	rows pane = iota
	details
	help
)

// notice is a line that tells what a key has done, for some time.
type notice struct {
	text  string
	until time.Time
}

// The times of a desk.
const (
	lingering = 10 * time.Minute       // how long a phone that has gone is shown
	noticing  = 6 * time.Second        // how long a notice is
	choosing  = 5 * time.Second        // how long a choice by hand stands
	startling = 700 * time.Millisecond // how long keys may be meant for the seat chosen before
)

// The events of a desk, beside sightings.
type (
	keyPressed struct{ name, text string }
	pasted     string
	sized      struct{ width, height int }
	ticked     struct{}
	planRead   struct {
		key  int
		said operator
		err  error
	}
	progressed struct {
		key int
		lockdown.Progress
	}
	pairEnded struct {
		key int
		err error
	}
)

// What a desk wants to be done.
type (
	tell struct {
		key  int
		said operator
	}
	readPlan struct {
		key  int
		said operator
	}
	pair struct {
		key   int
		renew bool // in place of a pairing that is of no use
	}
	copyText string
	quit     struct{}
	suspend  struct{}
)

func newDesk(ports portNames, plan operator) desk {
	d := desk{ports: ports, plan: plan}
	for _, name := range ports {
		d.seats = append(d.seats, &seat{port: name.port})
	}
	return d
}

// update is the desk after an event, and what is to be done about it.
func (d desk) update(now time.Time, event any) (desk, []any) {
	d.now = now
	var effects []any
	switch e := event.(type) {
	case sighting:
		effects = d.see(e)
	case keyPressed:
		effects = d.press(e)
	case pasted:
		d.typed(string(e))
	case sized:
		d.width, d.height = e.width, e.height
	case planRead:
		effects = d.planned(e)
	case progressed:
		d.pairing = maps.Clone(d.pairing)
		if d.pairing == nil {
			d.pairing = map[int]lockdown.Progress{}
		}
		d.pairing[e.key] = e.Progress
	case pairEnded:
		d.paired(e)
	}
	d.tidy()
	d.keepInView()
	return d, effects
}

// see takes what has happened to a phone, or to the daemon.
func (d *desk) see(s sighting) []any {
	if s.Phone == nil {
		d.heard, d.daemon = true, s.Err
		return nil
	}
	d.sit(s)
	var bad *diag.TargetError
	switch {
	case s.Kind == watch.Attached, s.Kind == watch.Decided && s.phone.verdict.Question != nil:
		d.follow(s.Phone.Key)
	case s.Kind == watch.Failed && errors.As(s.Err, &bad):
		d.say(explain(s.Err).message)
	case s.Kind == watch.Outcame && s.Phone.Outcome.AskAgain:
		return d.askAgain(s.Phone.Key)
	}
	return nil
}

// askAgain: what was said of Touch ID was true before the update.
func (d *desk) askAgain(key int) []any {
	d.replace(key, func(s *seat) { s.asks = true })
	said := d.said(key)
	if said.touchID == "" {
		return nil
	}
	said.touchID = string(diag.TouchIDUnknown)
	return d.tell(key, said)
}

// said is what the operator says of a phone.
func (d *desk) said(key int) operator {
	if said, ok := d.told[key]; ok {
		return said
	}
	return d.plan
}

func (d *desk) tell(key int, said operator) []any {
	told := maps.Clone(d.told)
	if told == nil {
		told = map[int]operator{}
	}
	told[key] = said
	d.told = told
	return []any{tell{key, said}}
}

func (d *desk) say(text string) { d.notice = notice{text, d.now.Add(noticing)} }

// sit puts a phone on its seat: that of its port, where a phone that is there comes
// before one that has gone.
func (d *desk) sit(s sighting) {
	next := &seat{sighting: s, port: s.Phone.Port}
	d.seats = slices.Clone(d.seats)
	if at := d.seatOf(s.Phone.Key); at >= 0 {
		next.asks = d.seats[at].asks
		if d.seats[at].port == next.port {
			d.seats[at] = next
			return
		}
		d.clear(at)
	}
	at := slices.IndexFunc(d.seats, func(other *seat) bool { return next.port != "" && other.port == next.port })
	switch {
	case at < 0:
		d.insert(next)
	case next.present() || !d.seats[at].present():
		d.seats[at] = next
	}
}

func (d *desk) seatOf(key int) int {
	return slices.IndexFunc(d.seats, func(s *seat) bool { return s.key() == key })
}

// clear takes a phone from its seat. The seats of named ports stay.
func (d *desk) clear(at int) {
	if port := d.seats[at].port; d.ports.at(port) >= 0 {
		d.seats[at] = &seat{port: port}
		return
	}
	d.seats = slices.Delete(d.seats, at, at+1)
}

func (d *desk) insert(s *seat) {
	at, _ := slices.BinarySearchFunc(d.seats, s, d.order)
	d.seats = slices.Insert(d.seats, at, s)
}

func (d *desk) order(a, b *seat) int {
	if by := d.ports.compare(a.port, b.port); by != 0 {
		return by
	}
	return a.key() - b.key()
}

// replace changes the seat of a phone, if it has one.
func (d *desk) replace(key int, change func(*seat)) {
	at := d.seatOf(key)
	if at < 0 {
		return
	}
	next := *d.seats[at]
	change(&next)
	d.seats = slices.Clone(d.seats)
	d.seats[at] = &next
}

// tidy takes away what has been gone for long, or said for long enough.
func (d *desk) tidy() {
	for at := len(d.seats) - 1; at >= 0; at-- {
		if s := d.seats[at]; s.Phone != nil && !s.Phone.Present && d.now.Sub(s.Phone.Since) >= lingering {
			d.seats = slices.Clone(d.seats)
			d.clear(at)
		}
	}
	if !d.now.Before(d.notice.until) {
		d.notice = notice{}
	}
}
