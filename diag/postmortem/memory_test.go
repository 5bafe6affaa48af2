package postmortem_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag/postmortem"
)

// A log of a gigabyte takes no more memory than a small one: what is in use while it is
// read never grows. Most of it are long lines, as property lists and dumps have them, which
// cost little time; the rest are runs without end.
func TestMemory(t *testing.T) {
	runs := strings.Repeat(fixture(t, "idevicerestore-proxy.log"), 60)
	dump := strings.Repeat("53 ", 1<<20/3*8) + "\n"
	const gigabyte = 1 << 30
	var most uint64
	log, err := postmortem.Read(t.Context(), &stream{block: []byte(runs + dump), left: gigabyte, each: highWater(&most)})
	require.NoError(t, err)
	assert.Len(t, log.Runs, postmortem.MaxRuns)
	assert.Greater(t, log.MoreRuns, 1000)
	assert.Greater(t, log.CutLines, 100)
	assert.Less(t, most, uint64(48<<20), "bytes in use at most, of which the stream itself has 8 million")
}

// highWater notes how much memory is in use, now and then.
func highWater(most *uint64) func() {
	reads := 0
	return func() {
		if reads++; reads%512 == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			*most = max(*most, m.HeapAlloc)
		}
	}
}

// A line that nobody knows costs no allocation at all.
func TestAllocations(t *testing.T) {
	few, many := allocations(t, 1000), allocations(t, 21000)
	assert.Less(t, many-few, 100.0, "for 20,000 lines more")
}

func allocations(t *testing.T, lines int) float64 {
	text := known + strings.Repeat("[21:16:42.324] an ordinary line of which nothing is known\r\n", lines)
	return testing.AllocsPerRun(3, func() {
		_, err := postmortem.Read(t.Context(), strings.NewReader(text))
		assert.NoError(t, err)
	})
}
