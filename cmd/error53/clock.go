package main

import (
	"context"
	"fmt"
	"time"

	"error53/diag"
	"error53/diag/guide"
)

const (
	lookEvery  = 250 * time.Millisecond // how often the bus is looked at while the clock runs
	getReady   = 3                      // seconds to find the buttons
	settleTime = 5                      // seconds in which a phone may still show up, once the buttons are let go
)

// try runs the clock once, and tells where the phone went.
func (c coach) try(ctx context.Context, g guide.Guide) (last diag.Mode, entered bool) {
	ctx, cancel := context.WithCancel(ctx)
	j := journey{to: g.Until}
	c.begin()
	seen := c.watch(ctx)
	defer func() {
		cancel()
		for range seen { // the last look has ended when it is closed
		}
	}()
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
		case mode, ok := <-seen:
			if !ok {
				return
			}
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

// watch looks where the phone is until ctx ends, and closes the channel then.
func (c coach) watch(ctx context.Context) <-chan diag.Mode {
	seen := make(chan diag.Mode)
	go func() {
		defer close(seen)
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
