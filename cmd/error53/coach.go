package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"error53/diag"
	"error53/diag/guide"
)

// errNotEntered: the hands did what they could, and the phone went elsewhere.
var errNotEntered = errors.New("the phone did not enter the mode")

const (
	lookEvery  = 250 * time.Millisecond // how often the bus is looked at while the clock runs
	getReady   = 3                      // seconds to find the buttons
	settleTime = 5                      // seconds in which a phone may still show up, once the buttons are let go
)

// coach counts the seconds of a guide's steps, and stops as soon as the phone shows the
// mode they lead to, or another. It changes nothing about the terminal that would have
// to be undone: it goes back to the beginning of a line, and clears it.
type coach struct {
	lines  <-chan string // what is typed
	out    io.Writer
	width  int
	motion bool // the terminal can go back to the beginning of a line
	look   func(context.Context) (diag.Mode, bool)
	begin  func() // called when the clock starts
}

// coach leads through the guide until the phone has entered its mode.
func (o *guideOptions) coach(ctx context.Context, b *bus, g guided) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	f := follower{bus: b, own: g.phone.identity}
	c := coach{
		lines:  typed(ctx, o.in),
		out:    o.out,
		width:  o.width,
		motion: o.getenv("TERM") != "dumb",
		look:   f.look,
		begin:  func() { b.rehearse(ctx, f.own.Port, g.guides[0]) },
	}
	return c.lead(ctx, g.guides[0])
}

// rehearse lets a virtual phone do what a real one does when it is pressed as the clock
// says: it is in the new mode when a third of the last step is over.
func (b *bus) rehearse(ctx context.Context, port string, g guide.Guide) {
	if b.setMode == nil {
		return
	}
	wait := getReady * time.Second
	timed := g.Timed()
	for i, step := range timed {
		length := time.Duration(step.Seconds) * time.Second
		if i == len(timed)-1 {
			length /= 3
		}
		wait += length
	}
	timer := time.AfterFunc(wait, func() { b.setMode(port, g.Until) })
	context.AfterFunc(ctx, func() { timer.Stop() })
}

// lead runs the clock as often as somebody presses Enter. It gives nil when the phone is
// in the mode or nobody started the clock, errNotEntered when the last try failed, and
// the error of ctx.
func (c coach) lead(ctx context.Context, g guide.Guide) error {
	fmt.Fprint(c.out, "\nPress Enter to start the clock; Ctrl-C stops it. ")
	for failed := error(nil); ; failed = errNotEntered {
		if !c.enter(ctx) {
			fmt.Fprintln(c.out)
			return errors.Join(ctx.Err(), failed)
		}
		start := time.Now()
		last, entered := c.try(ctx, g)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if entered {
			fmt.Fprintf(c.out, "The phone is in %s mode, after %d seconds. Let go of every button.\n", modeName(g.Until), int(time.Since(start).Seconds()))
			return nil
		}
		c.lament(g, last)
	}
}

// lament tells where the phone went in the place of where it should have, and asks
// whether to try again.
func (c coach) lament(g guide.Guide, last diag.Mode) {
	fmt.Fprintf(c.out, "It did not enter %s mode: %s.\n", modeName(g.Until), whereabouts(last))
	for _, note := range g.Notes {
		if note.ID == guide.CableNote {
			writeWrapped(c.out, "  ", note.Text, c.width)
		}
	}
	fmt.Fprint(c.out, "Press Enter to try again; Ctrl-C stops. ")
}

// enter waits for Enter; false when there will be none.
func (c coach) enter(ctx context.Context) bool {
	select {
	case _, ok := <-c.lines:
		return ok
	case <-ctx.Done():
		return false
	}
}

// try runs the clock once, and tells where the phone went.
func (c coach) try(ctx context.Context, g guide.Guide) (last diag.Mode, entered bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	j := journey{to: g.Until}
	c.begin()
	seen := c.watch(ctx)
	steps := append([]guide.Step{{Short: "Get ready", Seconds: getReady}}, g.Timed()...)
	steps = append(steps, guide.Step{Short: "Let go; waiting for the phone", Seconds: settleTime})
	for _, step := range steps {
		if c.count(ctx, step, seen, &j); j.over || ctx.Err() != nil {
			break
		}
	}
	c.clear()
	return j.last, j.over && j.last == g.Until
}

// count shows a step and its seconds, until they or the journey are over.
func (c coach) count(ctx context.Context, step guide.Step, seen <-chan diag.Mode, j *journey) {
	second := time.NewTicker(time.Second)
	defer second.Stop()
	lines, left := c.lines, step.Seconds
	c.show(step, left)
	for left > 0 && !j.over {
		select {
		case <-second.C:
			if left--; left > 0 {
				c.show(step, left)
			}
		case mode := <-seen:
			j.see(mode)
		case _, ok := <-lines: // whoever types now means nothing by it
			if !ok {
				lines = nil
			}
		case <-ctx.Done():
			return
		}
	}
}

// show writes the line that counts; where it cannot be rewritten, once a step.
func (c coach) show(step guide.Step, left int) {
	switch {
	case c.motion:
		fmt.Fprintf(c.out, "\r\x1b[K  %s: %d ", step.Short, left)
	case left == step.Seconds:
		fmt.Fprintf(c.out, "  %s: %d seconds\n", step.Short, left)
	}
}

// clear takes the counting line away.
func (c coach) clear() {
	if c.motion {
		fmt.Fprint(c.out, "\r\x1b[K")
	}
}

// watch looks where the phone is until ctx ends.
func (c coach) watch(ctx context.Context) <-chan diag.Mode {
	seen := make(chan diag.Mode)
	go func() {
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for ctx.Err() == nil {
			if mode, ok := c.look(ctx); ok {
				select {
				case seen <- mode:
				case <-ctx.Done():
				}
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
			}
		}
	}()
	return seen
}

// journey is what the bus showed of a phone on its way from one mode to another.
type journey struct {
	to   diag.Mode
	from diag.Mode
	last diag.Mode // "" while it is on no bus
	gone bool      // it was away from the bus
	seen bool      // from is known
	over bool      // it has arrived, or came back elsewhere
}

// see takes note of a look at the bus. A phone that was away and is back has arrived
// wherever it is now.
func (j *journey) see(mode diag.Mode) {
	if !j.seen {
		j.seen, j.from = true, mode
	}
	j.last = mode
	j.gone = j.gone || mode == ""
	j.over = mode == j.to || mode != "" && (j.gone || mode != j.from)
}

// whereabouts puts into words where a phone is that went elsewhere.
func whereabouts(mode diag.Mode) string {
	if mode == "" {
		return "it is on no bus (switched off, or still starting)"
	}
	return fmt.Sprintf("it is in %s mode", modeName(mode))
}

// modeName spells a mode as it stands in a sentence.
func modeName(mode diag.Mode) string {
	if mode == diag.DFU {
		return "DFU"
	}
	return string(mode)
}
