package usbmux_test

import (
	"context"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/mocks"
	"error53/usbmux"
)

// view is what a caller of Listen knows, and what it may rely on.
type view struct {
	t      *testing.T
	phones map[string]usbmux.Device // by what tells phones apart
	up     bool                     // the daemon answers
	counts map[usbmux.EventKind]int
}

func newView(t *testing.T) *view {
	return &view{t: t, phones: map[string]usbmux.Device{}, counts: map[usbmux.EventKind]int{}}
}

// key: phones in restore mode share a serial number.
func (v *view) key(d usbmux.Device) string {
	if d.Restore() {
		return d.UDID() + string(rune(d.ID))
	}
	return d.UDID()
}

// see takes an event that must fit to those before.
func (v *view) see(e usbmux.Event) {
	v.counts[e.Kind]++
	if e.Kind == usbmux.Daemon {
		require.False(v.t, v.up && e.Err == nil, "it came twice")
		require.True(v.t, e.Err != nil || len(v.phones) == 0, "who was there before must have left")
		v.up = e.Err == nil
		return
	}
	before, there := v.phones[v.key(e.Device)]
	require.Equal(v.t, e.Kind != usbmux.Attached, there, "%v", e)
	require.Equal(v.t, e.Kind == usbmux.Detached && !v.up, e.Err != nil, "%v", e)
	switch e.Kind {
	case usbmux.Detached:
		require.Equal(v.t, before, e.Device)
		delete(v.phones, v.key(e.Device))
	case usbmux.Changed:
		require.NotEqual(v.t, before, e.Device)
		v.phones[v.key(e.Device)] = e.Device
	default:
		v.phones[v.key(e.Device)] = e.Device
	}
}

// storm plugs, pulls and restarts by chance, but the same each time.
type storm struct {
	*rand.Rand
	bench  *mocks.Bench
	phones []mocks.Phone
	there  []plugged // in the order in which they came
	dialer stormyDialer
}

type plugged struct {
	id    uint32
	phone mocks.Phone
}

func (s *storm) blow(t *testing.T, client *usbmux.Client) {
	n, some := s.IntN(1000), -1
	if len(s.there) > 0 {
		some = s.IntN(len(s.there))
	}
	switch {
	case n < 15:
		s.restart()
	case n < 40:
		s.dialer.down.Store(false)
	case some < 0 || n > 200+10*len(s.there): // the more there are, the more leave
		p := s.phones[s.IntN(len(s.phones))]
		s.there = append(s.there, plugged{s.bench.Attach(p), p})
	case n < 60:
		p := s.there[some]
		require.NoError(t, client.SavePairRecord(t.Context(), p.phone.UDID, aRecord(t), p.id))
	case n < 200:
		p := s.there[some]
		s.there = append(slices.Delete(s.there, some, some+1), plugged{s.bench.Replug(p.id), p.phone})
	default:
		s.bench.Detach(s.there[some].id)
		s.there = slices.Delete(s.there, some, some+1)
	}
}

func (s *storm) restart() {
	s.dialer.down.Store(s.IntN(3) == 0)
	s.bench.Restart()
	for i := range s.there {
		s.there[i].id = uint32(i + 1)
	}
}

// stormyDialer is refused, hung up on or left without an answer while the daemon is
// down.
type stormyDialer struct {
	bench *mocks.Bench
	down  atomic.Bool
	luck  *rand.Rand
}

func (d *stormyDialer) dial(ctx context.Context) (net.Conn, error) {
	luck := d.luck.IntN(3)
	switch {
	case !d.down.Load():
		return d.bench.Dial(ctx)
	case luck == 0:
		return nil, syscall.ENOENT
	}
	here, there := net.Pipe()
	if luck == 1 {
		there.Close()
		return here, nil
	}
	go func() {
		io.Copy(io.Discard, there)
		there.Close()
	}()
	return here, nil
}

// everyone makes phones of every kind: by cable, by cable and network, in restore mode.
func everyone(t *testing.T) []mocks.Phone {
	var phones []mocks.Phone
	for ecid := range uint64(12) {
		for _, productType := range []string{"iPhone7,2", "iPhone14,6"} {
			p := virtual(t, mocks.Profile{ProductType: productType, ECID: ecid + 1})
			phones = append(phones, p, p.OverNetwork())
		}
		phones = append(phones, virtual(t, mocks.Profile{ProductType: "iPhone8,1", Mode: diag.Restore, ECID: ecid + 1}))
	}
	return phones
}

// Ten thousand things happen within a minute or two of the bubble's time. The listener
// never contradicts itself, and when the storm is over it knows exactly who is there.
func TestStorm(t *testing.T) {
	t.Parallel()
	const things = 10_000
	phones := everyone(t)
	synctest.Test(t, func(t *testing.T) {
		bench := mocks.NewBench()
		defer bench.Close()
		s := &storm{Rand: rand.New(rand.NewPCG(5, 3)), bench: bench, phones: phones}
		s.dialer.bench, s.dialer.luck = bench, rand.New(rand.NewPCG(5, 4))
		calm := &usbmux.Client{Dial: bench.Dial}
		v := newView(t)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			for e := range (&usbmux.Client{Dial: s.dialer.dial, Timeout: time.Second}).Listen(ctx) {
				v.see(e)
			}
		}()
		for range things {
			s.blow(t, calm)
			if s.IntN(2) == 0 { // else at once
				time.Sleep(time.Duration(s.IntN(100)) * time.Millisecond)
			}
			if s.IntN(4) == 0 {
				synctest.Wait()
			}
		}
		s.dialer.down.Store(false)
		time.Sleep(time.Minute)
		synctest.Wait()

		want, err := calm.ListDevices(t.Context())
		require.NoError(t, err)
		var got []usbmux.Device
		for _, d := range v.phones {
			got = append(got, d)
		}
		assert.ElementsMatch(t, want, got)
		assert.NotEmpty(t, want)
		cancel()
		<-done
		t.Log(v.counts, len(want), "there in the end")
		for kind, least := range map[usbmux.EventKind]int{
			usbmux.Attached: 1000, usbmux.Detached: 1000, usbmux.Changed: 100, usbmux.Paired: 20, usbmux.Daemon: 50,
		} {
			assert.GreaterOrEqual(t, v.counts[kind], least, "%s: it was a storm", kind)
		}
	})
}
