package diag_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"error53/diag"
)

// everyday are the cases that benchmarks and the count of allocations go through.
var everyday = []struct {
	name string
	situation
}{
	{"nothing said", situation{productType: "iPhone7,2", installed: rel("9.1", "13B143")}},
	{"foreign sensor", situation{productType: "iPhone7,2", installed: rel("9.2.1", ""), repair: "third-party-sensor"}},
	{"recovery", situation{productType: "iPhone8,1", mode: "recovery", repair: "damaged", way: "ota"}},
	{"contradiction", situation{productType: "iPhone9,1", installed: rel("9.2", "")}},
	{"no sensor", situation{productType: "iPhone10,3", installed: rel("11.2", "15C114"), repair: "third-party-screen"}},
	{"unknown model", situation{productType: "iPhone99,1", mode: "dfu"}},
}

// TestOutcomeAllocatesNothing: a bench of phones, or millions of cases, cost no
// more than their decisions. Not parallel: the count is that of the process.
func TestOutcomeAllocatesNothing(t *testing.T) {
	for _, s := range everyday {
		t.Run(s.name, func(t *testing.T) {
			c := diag.NewCase(s.facts())
			assert.Zero(t, testing.AllocsPerRun(100, func() { c.Outcome() }))
		})
	}
}

func BenchmarkOutcome(b *testing.B) {
	for _, s := range everyday {
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			c := diag.NewCase(s.facts())
			for b.Loop() {
				c.Outcome()
			}
		})
	}
}

func BenchmarkDecide(b *testing.B) {
	for _, s := range everyday {
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			facts := s.facts()
			for b.Loop() {
				diag.Decide(facts)
			}
		})
	}
}

func BenchmarkLookUp(b *testing.B) {
	b.Run("type", func(b *testing.B) {
		for b.Loop() {
			diag.DeviceByType("iPhone7,2")
		}
	})
	b.Run("board", func(b *testing.B) {
		for b.Loop() {
			diag.DeviceByBoard("N61AP")
		}
	})
	b.Run("chip", func(b *testing.B) {
		for b.Loop() {
			diag.DeviceByChip(0x7000, 0x06)
		}
	})
}
