package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

func TestMask(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		phones []phone
		want   []string // UDID, or the first identifier known, as shown
	}{
		{"alone, four characters", []phone{rowOf("5353000000a1", 0, "")}, []string{"…00a1"}},
		{"told apart by four", []phone{rowOf("5353000000a1", 0, ""), rowOf("5353000000a2", 0, "")}, []string{"…00a1", "…00a2"}},
		{"more where needed", []phone{rowOf("53531000a1", 0, ""), rowOf("53532000a1", 0, "")}, []string{"…1000a1", "…2000a1"}},
		{"more for the two that need it", []phone{rowOf("53531000a1", 0, ""), rowOf("53532000a1", 0, ""), rowOf("53532000b7", 0, "")}, []string{"…1000a1", "…2000a1", "…00b7"}},
		{"apart from another's ECID", []phone{rowOf("53531000a1", 0, ""), rowOf("", 0x53532000a1, "")}, []string{"…1000a1", "…2000a1"}},
		{"apart from another's serial number", []phone{rowOf("53531000a1", 0, ""), rowOf("", 0, "E53M2000A1")}, []string{"…1000a1", "…2000A1"}},
		{"one's own identifiers may end alike", []phone{rowOf("5353000000a1", 0x5353000000a1, "E53M00A1")}, []string{"…00a1"}},
		{"a dash hides no likeness", []phone{rowOf("00008101-000053531000A1", 0, ""), rowOf("00008101-000053532000A1", 0, "")}, []string{"…1000A1", "…2000A1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assignMasks(test.phones, false)
			for i, p := range test.phones {
				assert.Equal(t, test.want[i], p.label())
			}
		})
	}
}

// The same phone read twice, as by two dumps, cannot be told apart: that is no reason
// to show its identifiers whole.
func TestMaskOfOnePhoneReadTwice(t *testing.T) {
	t.Parallel()
	phones := []phone{rowOf("5353000000a1", 0xa1, "E53M000000A1"), rowOf("5353000000a1", 0xa1, "E53M000000A1")}
	assignMasks(phones, false)
	for _, p := range phones {
		assert.Equal(t, "…00a1", p.label())
		for _, f := range factsOf(p.facts, p.mask) {
			assert.NotContains(t, f.value, "0000a1", f.name)
			assert.NotContains(t, f.value, "0000A1", f.name)
		}
	}
}

func TestMaskShowsAll(t *testing.T) {
	t.Parallel()
	phones := []phone{rowOf("5353000000a1", 0xa1, "E53M000000A1")}
	assignMasks(phones, true)
	assert.Equal(t, "5353000000a1", phones[0].label())
	assert.Equal(t, map[string]string{"udid": "5353000000a1", "ecid": "0x00000000000000a1", "serialNumber": "E53M000000A1"}, identifiersShown(phones[0]))
}

// A phone without identifiers is named by the file it came from.
func TestLabelWithoutIdentifiers(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "dump.txt", phone{origin: "dump.txt"}.label())
	assert.Empty(t, phone{}.label())
}

// Whatever the identifiers of a run: none is shown whole, no two phones show the same
// tail, and each tail that is shown names its phone as DEVICE.
func TestMaskProperties(t *testing.T) {
	t.Parallel()
	for seed := range uint64(500) {
		random := rand.New(rand.NewPCG(53, seed))
		phones := randomPhones(random)
		assignMasks(phones, false)
		shownBy := map[string]int{}
		for i, p := range phones {
			for name, shown := range identifiersShown(p) {
				require.True(t, strings.HasPrefix(shown, "…"), "seed %d: %s of phone %d is %s", seed, name, i, shown)
				require.GreaterOrEqual(t, len([]rune(shown)), 1+shownTail)
				tail := fold(strings.TrimPrefix(shown, "…"))
				other, taken := shownBy[tail]
				require.False(t, taken && other != i, "seed %d: phones %d and %d both show %s", seed, other, i, shown)
				shownBy[tail] = i
				assertNames(t, phones, shown, i)
				assertNames(t, phones, strings.TrimPrefix(shown, "…"), i)
			}
		}
	}
}

func assertNames(t *testing.T, phones []phone, device string, at int) {
	t.Helper()
	chosen, err := selectPhones(phones, []string{device})
	require.NoError(t, err, device)
	require.Len(t, chosen, 1)
	require.Equal(t, phones[at].facts, chosen[0].facts, device)
}

func identifiersShown(p phone) map[string]string {
	shown := map[string]string{}
	for _, f := range factsOf(p.facts, p.mask) {
		if f.value != "" && (f.name == "udid" || f.name == "ecid" || f.name == "serialNumber") {
			shown[f.name] = f.value
		}
	}
	return shown
}

// randomPhones have identifiers that differ in a few characters only, so that tails
// collide often: in the last ones, or further in front.
func randomPhones(random *rand.Rand) []phone {
	tails := []string{"0a1f", "0a2f", "1a1f"}
	phones := make([]phone, 2+random.IntN(6))
	for i := range phones {
		middle := fmt.Sprintf("%03x", i)
		tail := func() string {
			return fmt.Sprintf("%s%03x%s", middle, random.IntN(3), tails[random.IntN(len(tails))])
		}
		udid := strings.Repeat("53", 15) + tail()
		if random.IntN(2) == 0 {
			udid = strings.ToUpper("00008101-000053" + tail())
		}
		phones[i] = rowOf(udid, 0, "E53M"+strings.ToUpper(tail()))
		var ecid uint64
		fmt.Sscanf("5353"+tail(), "%x", &ecid)
		phones[i].facts.ECID = diag.Known(ecid, diag.FromLockdown)
	}
	return phones
}
