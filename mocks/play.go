package mocks

import (
	"context"
	"iter"
)

// Play lets the steps of a timeline happen, each at its time, while somebody ranges over
// them: each is yielded once it was done, with the reason where it could not be
// ([*StepError]), and the timeline goes on. They must be in the order of their times.
// It ends with the last one, with ctx, or with the bench. Times are those of Bench.Sleep.
//
//	for range bench.Play(ctx, scenario.Timeline()) {
//	}
func (b *Bench) Play(ctx context.Context, steps []Step) iter.Seq2[Step, error] {
	return func(yield func(Step, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(b.ctx, cancel)()
		before := Step{}
		for _, s := range steps {
			if b.sleepIn(ctx, s.At-before.At) != nil || !yield(s, b.Do(s)) {
				return
			}
			before = s
		}
	}
}
