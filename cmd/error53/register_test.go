package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// plainly is the masking by its definition, phone by phone: the shortest tail, from
// four characters on, in which no identifier of another phone ends.
func plainly(phones []phone, at int, id string) string {
	own := identifiers(phones[at].facts)
	taken := func(tail string) bool {
		return slices.ContainsFunc(phones, func(other phone) bool {
			ids := identifiers(other.facts)
			return !shareOne(own, ids) && slices.ContainsFunc(ids, func(id string) bool { return strings.HasSuffix(id, fold(tail)) })
		})
	}
	runes := []rune(id)
	for n := shownTail; n < len(runes); n++ {
		if tail := string(runes[len(runes)-n:]); !taken(tail) {
			return "…" + tail
		}
	}
	return id
}

// The register finds what the definition says, for phones that differ in little, that
// are there twice, or whose identifiers are odd.
func TestRegisterKeepsToTheDefinition(t *testing.T) {
	t.Parallel()
	odd := []string{"", "1", "0x", "-", "12-3", "0x00a1", "…", "écran-00a1", "\xff00a1", strings.Repeat("a1", 40)}
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(54, seed))
		phones := randomPhones(random)
		phones = append(phones, phones[random.IntN(len(phones))], rowOf(odd[random.IntN(len(odd))], 0xa1, odd[random.IntN(len(odd))]))
		assignMasks(phones, false)
		for i, p := range phones {
			for _, id := range []string{p.facts.UDID.Value, ecidText(p.facts.ECID).Value, p.facts.SerialNumber.Value} {
				require.Equal(t, plainly(phones, i, id), p.mask.show(id), "seed %d, phone %d: %q", seed, i, id)
			}
		}
	}
}

// What is read of a phone later makes the tails longer that fit it, also its own ones
// of before; the order in which phones are read does not matter.
func TestRegisterLearns(t *testing.T) {
	t.Parallel()
	listed := []phone{rowOf("535311110000a1", 0, ""), rowOf("535322220000b2", 0, "")}
	read := []phone{rowOf("535311110000a1", 0x1111c1b2, "E53M000000A1"), rowOf("535322220000b2", 0x2222c2a1, "E53M000000B2")}
	for _, order := range [][]int{{0, 1}, {1, 0}} {
		phones := slices.Clone(listed)
		assignMasks(phones, false)
		require.Equal(t, []string{"…00a1", "…00b2"}, []string{phones[0].label(), phones[1].label()})
		for _, at := range order {
			phones[at].mask.learn(read[at].facts)
			phones[at].mask.learn(read[at].facts) // twice is once
		}
		atOnce := slices.Clone(read)
		assignMasks(atOnce, false)
		for i := range phones {
			phones[i].facts = read[i].facts
			assert.Equal(t, factsOf(atOnce[i].facts, atOnce[i].mask), factsOf(phones[i].facts, phones[i].mask))
		}
	}
}

// A masker that shows everything has nothing to learn.
func TestMaskerOfNoRunLearnsNothing(t *testing.T) {
	t.Parallel()
	p := rowOf("5353000000a1", 0, "")
	p.mask.learn(p.facts)
	assert.Equal(t, "5353000000a1", p.label())
}

// As a run does: masks for the list, what each phone tells, and all identifiers shown.
// The time for one phone must not grow with their number.
func BenchmarkMasks(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		var listed, read []phone
		for i := range n {
			udid := fmt.Sprintf("53535353535353535353535353535353%08x", i*7919)
			listed = append(listed, rowOf(udid, 0, ""))
			read = append(read, rowOf(udid, uint64(0x535300000000+i*7919), fmt.Sprintf("E53M%08X", i*7919)))
		}
		b.Run(fmt.Sprint(n, " phones"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				phones := slices.Clone(listed)
				assignMasks(phones, false)
				for i := range phones {
					phones[i].mask.learn(read[i].facts)
				}
				for i := range phones {
					factsOf(read[i].facts, phones[i].mask)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/phone")
		})
	}
}
