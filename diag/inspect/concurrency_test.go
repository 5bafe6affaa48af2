package inspect_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag/inspect"
	"error53/mocks"
	"error53/usbmux"
)

// The deadline is one for the whole phone: answers that are each in time may be too
// late together.
func TestTimeoutIsPerPhone(t *testing.T) {
	tests := []struct {
		name    string
		delay   time.Duration // of each of two answers
		timeout time.Duration
		want    error
		elapsed time.Duration
	}{
		{"enough", 2 * time.Second, 5 * time.Second, nil, 4 * time.Second},
		{"too little", 2 * time.Second, 3 * time.Second, usbmux.ErrTimeout, 3 * time.Second},
		{"enough by default", 2 * time.Second, 0, nil, 4 * time.Second},
		{"too little by default", 3 * time.Second, 0, usbmux.ErrTimeout, 5 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				slow := mocks.Fault{Side: mocks.Lockdownd, Kind: mocks.Slow, Delay: test.delay}
				_, i := onBench(t, threePhones(t, slow)...)
				i.Timeout = test.timeout
				start := time.Now()
				read := readAll(t, i)
				assert.Equal(t, test.elapsed, time.Since(start))
				assert.ErrorIs(t, read[0].Err, test.want)
				assert.NoError(t, read[1].Err)
			})
		})
	}
}

// All phones are read at the same time: 64 of them, with 20 ms an answer and two
// answers each, take 40 ms together.
func TestReadAtTheSameTime(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var phones []mocks.Phone
		for n := range 64 {
			phones = append(phones, attached(t, mocks.Profile{ProductType: "iPhone7,2", ECID: uint64(n + 1),
				Faults: []mocks.Fault{{Side: mocks.Lockdownd, Kind: mocks.Slow, Delay: 20 * time.Millisecond}}}))
		}
		b, i := onBench(t, phones...)
		start := time.Now()
		for n, p := range readAll(t, i) {
			assert.NoError(t, p.Err)
			assert.Equal(t, uint64(n+1), p.Facts.ECID.Value, "in the order of the list")
		}
		assert.Equal(t, 40*time.Millisecond, time.Since(start))
		assert.Equal(t, 64, b.MaxConcurrent())
		assert.Equal(t, 1, b.MaxPerPhone())
	})
}

// Each yields a phone as soon as it is read, with its place in the list: the one that
// hangs comes last, and nobody has waited for it.
func TestEach(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		_, i := onBench(t, threePhones(t, mocks.Fault{Side: mocks.Lockdownd, Kind: mocks.Silent})...)
		listed, err := i.List(t.Context())
		require.NoError(t, err)
		start := time.Now()
		var order []int
		for at, p := range i.Each(t.Context(), listed) {
			order = append(order, at)
			assert.Equal(t, listed[at].Device, p.Device)
			if at == 0 {
				assert.ErrorIs(t, p.Err, usbmux.ErrTimeout)
				assert.Equal(t, inspect.DefaultTimeout, time.Since(start))
			} else {
				assert.NoError(t, p.Err)
				assert.Zero(t, time.Since(start))
			}
		}
		assert.Equal(t, 0, order[2])
		slices.Sort(order)
		assert.Equal(t, []int{0, 1, 2}, order)
	})
}

// Whoever has seen enough leaves nothing behind: no goroutine, no connection.
func TestEachBroken(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		_, i := onBench(t, threePhones(t, mocks.Fault{Side: mocks.Lockdownd, Kind: mocks.Silent})...)
		listed, err := i.List(t.Context())
		require.NoError(t, err)
		start := time.Now()
		for range i.Each(context.Background(), listed) { // the test's own would end before the check
			break
		}
		assert.Zero(t, time.Since(start), "the silent phone was not waited for")
	})
}

// Nothing attached, nothing read.
func TestReadNothing(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		_, i := onBench(t)
		assert.Empty(t, readAll(t, i))
	})
}

// A run that is cancelled ends at once; what was read by then is whole.
func TestReadCancelled(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		_, i := onBench(t, threePhones(t, mocks.Fault{Side: mocks.Lockdownd, Kind: mocks.Silent})...)
		listed, err := i.List(t.Context())
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		read := i.Read(ctx, listed)
		assert.Equal(t, time.Second, time.Since(start))
		assert.ErrorIs(t, read[0].Err, context.Canceled)
		assert.NoError(t, read[1].Err)
		assert.Equal(t, "Berta", read[1].Facts.DeviceName.Value)
	})
}

// A run that was cancelled before it began asks nobody.
func TestReadCancelledBefore(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b, i := onBench(t, threePhones(t)...)
		listed, err := i.List(t.Context())
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for _, p := range i.Read(ctx, listed) {
			assert.ErrorIs(t, p.Err, context.Canceled)
		}
		assert.Equal(t, 1, b.Connections(), "the list's")
		_, err = i.List(ctx)
		assert.ErrorIs(t, err, context.Canceled)
	})
}
