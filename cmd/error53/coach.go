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
