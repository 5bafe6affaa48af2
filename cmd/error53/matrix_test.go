package main

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/inspect"
	"error53/mocks"
	"error53/usbmux"
)

// The bench of the fault matrix: the phones beside the one that fails.
const (
	first    = 0 // in normal mode, the victim of faults of lockdownd
	neighbor = 1
	restored = 2 // in restore mode, the victim of faults of restored
)

const everyone = -1 // the victim of what befalls the daemon itself

// spot is where a fault sits.
type spot struct {
	name   string
	side   mocks.Side
	victim int
}

var spots = []spot{
	{"usbmuxd", mocks.Usbmuxd, everyone},
	{"usbmuxd about one phone", mocks.Usbmuxd, first},
	{"lockdownd", mocks.Lockdownd, first},
	{"restored", mocks.Restored, restored},
}

// cell is one fault at one spot.
type cell struct {
	fault   mocks.Fault
	victim  int
	restart bool // usbmuxd restarts while the answer is on its way
}

func (c cell) String() string {
	kind := string(c.fault.Kind)
	if c.restart {
		kind = "restart"
	}
	return fmt.Sprintf("%s %s after %d, phone %d", c.fault.Side, kind, c.fault.After, c.victim)
}

// maxAnswers is more than any side gives in one inspection.
const maxAnswers = 3

// cells yields every kind of fault at every answer at a spot, and a cut at every byte
// of a whole inspection (every cutStep-th where that would take too long).
func (p spot) cells(bytes int) iter.Seq[cell] {
	return func(yield func(cell) bool) {
		for after := range maxAnswers {
			for _, c := range p.cellsAt(after) {
				if !yield(c) {
					return
				}
			}
		}
		for after := 0; after < bytes; after += cutStep {
			if !yield(cell{fault: mocks.Fault{Side: p.side, Kind: mocks.Cut, After: after}, victim: p.victim}) {
				return
			}
		}
	}
}

// cellsAt is every fault of an answer: of a slow side two, in time and too late, and
// the restart of the daemon, for all of whose phones it is one.
func (p spot) cellsAt(after int) (all []cell) {
	slow := func(delay time.Duration) mocks.Fault {
		return mocks.Fault{Side: p.side, Kind: mocks.Slow, After: after, Delay: delay}
	}
	for _, kind := range mocks.Kinds {
		f := mocks.Fault{Side: p.side, Kind: kind, After: after}
		if kind != mocks.Cut && f.Validate() == nil { // slow alone is none, and cuts are by bytes
			all = append(all, cell{fault: f, victim: p.victim})
		}
	}
	for _, delay := range []time.Duration{time.Second, 2 * inspect.DefaultTimeout} {
		all = append(all, cell{fault: slow(delay), victim: p.victim})
	}
	return append(all, cell{fault: slow(1), victim: everyone, restart: true})
}

// matrix is the bench and what it gives when nothing is wrong.
type matrix struct {
	phones  []mocks.Phone
	healthy []inspect.Phone
}

func newMatrix(t *testing.T) *matrix {
	m := &matrix{phones: []mocks.Phone{
		first:    attached(t, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.1", ECID: 0x11}),
		neighbor: attached(t, mocks.Profile{ProductType: "iPhone8,1", ProductVersion: "12.4", ECID: 0x22}),
		restored: attached(t, mocks.Profile{ProductType: "iPhone7,1", Mode: diag.Restore, ECID: 0x33}),
	}}
	synctest.Test(t, func(t *testing.T) {
		var err error
		_, m.healthy, err = m.inspect(cell{victim: everyone})
		require.NoError(t, err)
	})
	return m
}

// bench puts the phones on a bench with the fault of the cell.
func (m *matrix) bench(c cell) *mocks.Bench {
	phones := append([]mocks.Phone{}, m.phones...)
	var faults []mocks.Fault
	if c.fault.Kind != "" {
		faults = []mocks.Fault{c.fault}
	}
	if c.victim != everyone {
		phones[c.victim].Faults = faults
		return mocks.NewBench(phones...)
	}
	b := mocks.NewBench(phones...)
	b.Faults = faults
	if c.restart {
		b.Sleep = func(context.Context, time.Duration) error {
			b.Restart()
			return nil
		}
	}
	return b
}

// inspect lists and reads the bench, the phone in restore mode as one that was named,
// and tells how long the list took by a clock that only waiting moves.
func (m *matrix) inspect(c cell) (time.Duration, []inspect.Phone, error) {
	bench := m.bench(c)
	defer bench.Close()
	inspector := inspect.Inspector{
		Mux:   &usbmux.Client{Dial: bench.Dial},
		Named: func(diag.Facts) bool { return true },
		Now:   func() time.Time { return time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC) },
	}
	start := time.Now()
	listed, err := inspector.List(context.Background())
	if err != nil {
		return time.Since(start), nil, &daemonError{address: "here", err: err}
	}
	return time.Since(start), inspector.Read(context.Background(), listed), nil
}

// bytesAt is how many bytes come on one connection at most, or a few more.
func (m *matrix) bytesAt(t *testing.T, p spot) int {
	for n := 1; ; n += 64 {
		require.Less(t, n, 1<<16, "an inspection is small")
		whole := true
		synctest.Test(t, func(*testing.T) {
			_, phones, err := m.inspect(cell{fault: mocks.Fault{Side: p.side, Kind: mocks.Cut, After: n}, victim: p.victim})
			whole = err == nil && phones[first].Err == nil && phones[restored].Err == nil
		})
		if whole {
			return n
		}
	}
}

// TestFaultMatrix: whatever goes wrong wherever, the run ends in time, says which
// side failed and what to do, and the other phones have the facts they always have.
// synctest makes a goroutine that is left behind a failure.
func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	var all tally
	t.Run("at", func(t *testing.T) { // returns when the spots below have run
		for _, p := range spots {
			t.Run(p.name, func(t *testing.T) {
				t.Parallel()
				var here tally
				for c := range p.cells(m.bytesAt(t, p)) {
					synctest.Test(t, func(t *testing.T) { here.add(m.try(t, c)) })
				}
				assert.Greater(t, here.failed, here.cells/2, "the faults are felt")
				t.Log(here.String())
				all.merge(&here)
			})
		}
	})
	t.Log(all.String())
}

// allowed is the longest that a run may take: a list, and all phones at once.
const allowed = usbmux.DefaultTimeout + inspect.DefaultTimeout

// try runs a cell, and tells how long that took and whether something failed.
func (m *matrix) try(t *testing.T, c cell) (took time.Duration, failed bool) {
	start := time.Now()
	listing, phones, err := m.inspect(c)
	took = time.Since(start)
	require.LessOrEqual(t, listing, usbmux.DefaultTimeout, c)
	require.LessOrEqual(t, took, allowed, c)
	if err != nil {
		require.Equal(t, everyone, c.victim, c)
		explained(t, err, exitDaemon, c)
		return took, true
	}
	return took, m.judge(t, c, phones)
}

// judge compares the phones with a run without faults.
func (m *matrix) judge(t *testing.T, c cell, phones []inspect.Phone) (failed bool) {
	require.Len(t, phones, len(m.healthy), c)
	for i, p := range phones {
		if p.Err == nil {
			want := m.healthy[i].Facts
			if !p.Facts.Trust.Known() && p.NoSession != nil { // its pair record could not be had
				failed = true
				require.Contains(t, []int{i, everyone}, c.victim, "%s: phone %d: %v", c, i, p.NoSession)
				explained(t, p.NoSession, 0, c)
				want.Trust = p.Facts.Trust
			}
			require.Equal(t, want, p.Facts, "%s: phone %d", c, i)
			continue
		}
		failed = true
		require.Contains(t, []int{i, everyone}, c.victim, "%s: phone %d: %v", c, i, p.Err)
		explained(t, p.Err, 0, c)
		require.Equal(t, m.healthy[i].Facts.UDID.Value, p.Facts.UDID.Value, "%s: it is still known which phone it is", c)
	}
	return failed
}

// explained: the error has words and a hint of its own, and the right exit code.
func explained(t *testing.T, err error, exit int, c cell) {
	e := explain(err)
	require.NotEqual(t, "failure", e.code, "%s: %v", c, err)
	require.NotEmpty(t, e.hint, c)
	if exit != 0 {
		require.Equal(t, exit, e.exit, c)
	} else {
		require.Contains(t, []int{exitLost, exitFailure}, e.exit, c)
	}
}

// tally counts what ran.
type tally struct {
	mu            sync.Mutex
	cells, failed int
	longest       time.Duration
}

func (n *tally) add(took time.Duration, failed bool) {
	n.cells++
	n.longest = max(n.longest, took)
	if failed {
		n.failed++
	}
}

func (n *tally) merge(other *tally) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cells, n.failed, n.longest = n.cells+other.cells, n.failed+other.failed, max(n.longest, other.longest)
}

func (n *tally) String() string {
	return fmt.Sprintf("%d cells, %d of them with a failure; longest run %s, allowed %s", n.cells, n.failed, n.longest, allowed)
}
