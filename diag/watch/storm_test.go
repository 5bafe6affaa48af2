package watch_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag/watch"
	"error53/mocks"
)

// stormSize is how many phones a storm has: some, or as many as the environment says.
// ERROR53_STORM=1000 takes about a minute.
func stormSize(t *testing.T) int {
	n, err := strconv.Atoi(cmp.Or(os.Getenv("ERROR53_STORM"), "60"))
	require.NoError(t, err)
	return n
}

// TestStorm: phones are plugged in within a second, then pulled and plugged in at
// random, ten times as often as there are phones, some with faults. Every phone that
// stays has one final verdict or error, and what is away is told to be away.
func TestStorm(t *testing.T) {
	n := stormSize(t)
	synctest.Test(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(53, 53))
		s := openMux(t)
		defer s.stop()
		attached := map[int]uint32{} // DeviceID by number
		plug := func(i int) { attached[i] = s.Attach(stormy(t, i)) }
		for i := range n {
			plug(i)
			time.Sleep(time.Second / time.Duration(n))
		}
		for range 10 * n {
			i := random.IntN(n)
			if id, there := attached[i]; there {
				s.Detach(id)
				delete(attached, i)
			} else {
				plug(i)
			}
			time.Sleep(time.Duration(random.IntN(50)) * time.Millisecond)
		}
		s.after(time.Minute)
		assertSettled(t, s, len(attached))
	})
}

// stormy is phone number i; one in ten misbehaves.
func stormy(t *testing.T, i int) mocks.Phone {
	p := iphone6(t, 0x5301+uint64(i))
	if i%10 == 9 {
		kinds := slices.DeleteFunc(slices.Clone(mocks.Kinds), func(k mocks.Kind) bool { return k == mocks.Vanish }) // the test says who stays
		p.Faults = []mocks.Fault{{Side: mocks.Lockdownd, Kind: kinds[i/10%len(kinds)], Delay: time.Second}}
	}
	return p
}

func assertSettled(t *testing.T, s *shop, present int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	last := map[int]watch.Event{}
	for _, e := range s.events {
		if e.Phone != nil {
			last[e.Phone.Key] = e
		}
	}
	there := 0
	for key, e := range last {
		p := e.Phone
		if !p.Present {
			assert.Equal(t, watch.Detached, e.Kind, key)
			continue
		}
		there++
		assert.False(t, p.Busy, key)
		assert.Contains(t, []watch.Kind{watch.Decided, watch.FactsRead, watch.Failed}, e.Kind, key)
		assert.True(t, p.Verdict != nil || p.Err != nil, key)
	}
	assert.Equal(t, present, there)
	assert.LessOrEqual(t, s.MaxPerPhone(), 1, "a phone is never read by two at once")
}

// TestHubPoweredAgain: twenty phones flap twice within a second, and each is read once
// more.
func TestHubPoweredAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, nil)
		defer s.stop()
		var ids []uint32
		for i := range 20 {
			ids = append(ids, s.Attach(iphone6(t, 0x5301+uint64(i))))
		}
		s.after(time.Minute)
		for range 2 {
			for i := range ids {
				ids[i] = s.Replug(ids[i])
			}
			time.Sleep(200 * time.Millisecond)
		}
		before := s.cursor
		s.after(time.Minute)
		read := map[int]int{}
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, e := range s.events[before:] {
			require.NotContains(t, []watch.Kind{watch.Attached, watch.Detached, watch.Failed}, e.Kind)
			if e.Kind == watch.Decided {
				read[e.Phone.Key]++
			}
		}
		assert.Len(t, read, 20)
		for key, times := range read {
			assert.Equal(t, 1, times, key)
		}
	})
}

// TestDay: a day at the counter. What has gone is forgotten, and nothing piles up.
func TestDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, nil)
		defer s.stop()
		goroutines, memory := 0, uint64(0)
		for i := range 24 * 60 / 5 {
			id := s.Attach(iphone6(t, 0x5301+uint64(i)))
			assert.Contains(t, s.after(4*time.Minute), "verdict")
			s.Detach(id)
			assert.Contains(t, s.after(time.Minute), "detached")
			s.mu.Lock()
			s.events, s.cursor = nil, 0
			s.mu.Unlock()
			if i == 24 {
				goroutines, memory = runtime.NumGoroutine(), heap()
			}
		}
		assert.LessOrEqual(t, runtime.NumGoroutine(), goroutines)
		assert.Less(t, heap(), memory+8<<20, fmt.Sprint("beside ", memory))
	})
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
