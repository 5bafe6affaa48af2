package watch_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"error53/diag"
	"error53/diag/inspect"
	"error53/diag/watch"
	"error53/mocks"
	"error53/usbmux"
	"error53/usbmux/usb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// shop is a bench that is watched.
type shop struct {
	t *testing.T
	*mocks.Bench
	watcher *watch.Watcher
	mu      sync.Mutex
	events  []watch.Event
	cursor  int
	stop    func()
	hung    atomic.Bool // usbmuxd takes connections and says nothing
}

// open watches a bench. Each test runs in a bubble, where waiting takes no time.
func open(t *testing.T, said watch.Words, phones ...mocks.Phone) *shop {
	t.Helper()
	bench := mocks.NewBench(phones...)
	return watchBench(t, bench, bench, said)
}

// openMux watches usbmuxd alone, as of another computer.
func openMux(t *testing.T) *shop {
	return watchBench(t, mocks.NewBench(), nil, nil)
}

// watchBench watches the phones that usbmuxd serves on the one bench, and the bus of the
// other: the same, but where usbmuxd knows nothing.
func watchBench(t *testing.T, bench, bus *mocks.Bench, said watch.Words) *shop {
	s := &shop{t: t, Bench: bench}
	inspector := &inspect.Inspector{Mux: &usbmux.Client{Dial: s.dial}}
	if bus != nil {
		inspector.USB = &usb.Bus{Files: bus.USBFiles(), Events: bus.USBEvents, Open: bus.OpenUSB}
	}
	s.watcher = watch.New(inspector, said)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for e := range s.watcher.Watch(ctx) {
			s.mu.Lock()
			s.events = append(s.events, e)
			s.mu.Unlock()
		}
	}()
	s.stop = func() {
		cancel()
		<-done
		bench.Close()
		if bus != nil {
			bus.Close()
		}
	}
	return s
}

func (s *shop) dial(ctx context.Context) (net.Conn, error) {
	if !s.hung.Load() {
		return s.Bench.Dial(ctx)
	}
	client, daemon := net.Pipe()
	go io.Copy(io.Discard, daemon)
	return client, nil
}

// after lets time pass and gives what has happened, in a word each: "1 attached".
func (s *shop) after(d time.Duration) string {
	time.Sleep(d)
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	var words []string
	for i, e := range s.events[s.cursor:] {
		if e.Kind == watch.FactsRead && i > 0 && s.events[s.cursor+i-1].Kind == watch.Decided {
			continue // the bus has told the port a moment after usbmuxd has told the phone
		}
		word := string(e.Kind)
		if e.Phone != nil {
			word = fmt.Sprint(e.Phone.Key, " ", word)
			if e.Kind == watch.ModeChanged {
				word += ":" + string(e.Phone.Mode())
			}
			if e.Kind == watch.Failed {
				word += fmt.Sprint(":", e.Err)
			}
		} else if e.Err != nil {
			word += ":lost"
		}
		words = append(words, word)
	}
	s.cursor = len(s.events)
	return strings.Join(words, ", ")
}

// last is the last event, which the test looks at.
func (s *shop) last() watch.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	require.NotEmpty(s.t, s.events)
	return s.events[len(s.events)-1]
}

func iphone6(t *testing.T, ecid uint64) mocks.Phone {
	t.Helper()
	p, err := mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.1", ECID: ecid}.Phone()
	require.NoError(t, err)
	return p
}

// A phone that is there at the beginning, one that comes, and both that go.
func TestComeAndGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, nil, iphone6(t, 0x5301))
		defer s.stop()
		assert.Equal(t, "daemon, 1 attached, 1 facts, 1 verdict", s.after(100*time.Millisecond))
		assert.Equal(t, diag.RiskUnknown, s.last().Phone.Verdict.Risk)
		assert.Equal(t, "1-1", s.last().Phone.Port)
		id := s.Attach(iphone6(t, 0x5302))
		assert.Equal(t, "2 attached, 2 facts, 2 verdict", s.after(100*time.Millisecond))
		s.Detach(id)
		assert.Empty(t, s.after(900*time.Millisecond))
		assert.Equal(t, "2 detached", s.after(200*time.Millisecond))
		assert.False(t, s.last().Phone.Present)
		assert.NotNil(t, s.last().Phone.Verdict, "the last verdict stays")
		s.Attach(iphone6(t, 0x5302))
		assert.Equal(t, "2 attached, 2 facts, 2 verdict", s.after(time.Second), "it has its row back")
	})
}

// After a tap on Trust a phone enumerates anew: one row, no word of its going, and one
// more reading when it has settled.
func TestFlap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, nil)
		defer s.stop()
		id := s.Attach(iphone6(t, 0x5301))
		s.after(time.Second)
		id = s.Replug(id)
		id = s.Replug(id)
		assert.Empty(t, s.after(200*time.Millisecond))
		s.Replug(id)
		assert.Equal(t, "1 facts, 1 verdict", s.after(time.Minute))
	})
}

// A phone walks through an update, and comes back on another release.
func TestJourney(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, foreignSensor)
		defer s.stop()
		s.Attach(iphone6(t, 0x5301))
		assert.Equal(t, "daemon, 1 attached, 1 facts, 1 verdict", s.after(time.Second))
		s.SetMode("1-1", diag.Recovery)
		assert.Equal(t, "1 mode-changed:recovery, 1 facts, 1 verdict", s.after(10*time.Second))
		s.SetMode("1-1", diag.Restore)
		assert.Contains(t, s.after(5*time.Minute), "1 mode-changed:restore")
		updated, err := mocks.Profile{ProductType: "iPhone7,2", ECID: 0x5301}.Phone()
		require.NoError(t, err)
		s.Swap("1-1", updated)
		assert.Equal(t, "1 mode-changed:normal, 1 facts, 1 verdict, 1 outcome", s.after(10*time.Second))
		o := s.last().Phone.Outcome
		require.NotNil(t, o)
		assert.Equal(t, watch.OnTarget, o.End)
		assert.Equal(t, "9.1 (13B143)", o.From.String())
		assert.Equal(t, "12.5.8 (16H88)", o.To.String())
		assert.Equal(t, diag.TouchIDOff, o.Predicted.Effect)
		assert.True(t, *o.Held)
		assert.True(t, o.AskAgain)
		assert.Equal(t, []diag.Mode{diag.Normal, diag.Recovery, diag.Restore, diag.Normal}, modes(o.Journey))
		assert.Equal(t, []diag.Mode{diag.Normal}, modes(s.last().Phone.Journey), "the next journey begins here")
		s.noneAsked(t, "HardwareInfo", "SavedDebugInfo", "getenv")
	})
}

// A phone that stands in recovery mode after a restore did not make it.
func TestStranded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, foreignSensorTo92)
		defer s.stop()
		s.Attach(iphone6(t, 0x5301))
		s.after(time.Second)
		s.SetMode("1-1", diag.Restore)
		s.after(time.Minute)
		s.SetMode("1-1", diag.Recovery)
		assert.Equal(t, "1 mode-changed:recovery, 1 facts, 1 verdict", s.after(time.Minute))
		assert.Equal(t, "1 outcome", s.after(time.Hour))
		o := s.last().Phone.Outcome
		require.NotNil(t, o)
		assert.Equal(t, watch.InRecovery, o.End)
		assert.Equal(t, diag.Error53, o.Predicted.Effect)
		assert.True(t, *o.Held)
		assert.False(t, o.AskAgain)
	})
}

func foreignSensor(_ inspect.Identity, f *diag.Facts) error {
	f.Repair = diag.Known(diag.ThirdPartySensor, diag.FromOperator)
	f.TargetVersion, f.TargetBuild = diag.Known("12.5.8", diag.FromOperator), diag.Known("16H88", diag.FromOperator)
	return nil
}

func foreignSensorTo92(_ inspect.Identity, f *diag.Facts) error {
	f.Repair = diag.Known(diag.ThirdPartySensor, diag.FromOperator)
	f.TargetVersion = diag.Known("9.2", diag.FromOperator)
	return nil
}

func modes(journey []watch.Leg) []diag.Mode {
	var modes []diag.Mode
	for _, leg := range journey {
		modes = append(modes, leg.Mode)
	}
	return modes
}

// noneAsked: what only a named phone may be asked, and what only check may send.
func (s *shop) noneAsked(t *testing.T, names ...string) {
	restored := 0
	for _, r := range s.Requests() {
		assert.NotContains(t, names, r.Key)
		assert.NotContains(t, names, r.Name)
		assert.False(t, r.Refused, "%+v", r)
		if r.Side == mocks.Restored {
			restored++
		}
	}
	assert.Equal(t, 1, restored, "restored is asked once")
}

// The daemon goes and comes back: the phones are still on the bus, and are read again.
func TestDaemonRestarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, nil, iphone6(t, 0x5301))
		defer s.stop()
		s.after(time.Second)
		s.Restart()
		assert.Equal(t, "daemon:lost, daemon, 1 facts, 1 verdict", s.after(time.Minute))
	})
}

// A daemon that hangs while nothing happens is found out, and so is its coming back.
func TestDaemonHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, nil)
		defer s.stop()
		assert.Equal(t, "daemon", s.after(time.Second))
		s.hung.Store(true)
		assert.Equal(t, "daemon:lost", s.after(time.Hour))
		require.ErrorIs(t, s.last().Err, usbmux.ErrTimeout)
		s.hung.Store(false)
		assert.Equal(t, "daemon", s.after(time.Minute))
	})
}

// What the operator says of one phone changes the verdict of that one.
func TestTell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, nil, iphone6(t, 0x5301), iphone6(t, 0x5302))
		defer s.stop()
		s.after(time.Second)
		s.watcher.Tell(t.Context(), 2, foreignSensor)
		assert.Equal(t, "2 verdict", s.after(time.Second))
		assert.Equal(t, diag.RiskElevated, s.last().Phone.Verdict.Risk)
		s.watcher.Tell(t.Context(), 53, foreignSensor)
		assert.Empty(t, s.after(time.Second))
		s.watcher.Tell(t.Context(), 1, func(inspect.Identity, *diag.Facts) error { return &diag.TargetError{Target: "9.2", Reason: "never"} })
		assert.Equal(t, "1 error:target 9.2: never, 1 verdict", s.after(time.Second))
	})
}

// Whoever does something with a phone has it for himself, also while it starts anew.
func TestDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, nil)
		defer s.stop()
		id := s.Attach(iphone6(t, 0x5301))
		s.after(time.Second)
		go func() { time.Sleep(time.Second); s.Replug(id) }()
		s.watcher.Do(t.Context(), 1, func(ctx context.Context, p inspect.Phone) {
			assert.Equal(t, id, p.Device.ID)
			time.Sleep(time.Minute)
		})
		assert.Empty(t, s.after(59*time.Second), "nobody reads it meanwhile")
		assert.Equal(t, "1 facts, 1 verdict", s.after(2*time.Second))
	})
}

// A phone that hangs delays no other; pulling it ends its reading at once.
func TestSilentPhone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		silent := iphone6(t, 0x5301)
		silent.Faults = []mocks.Fault{{Side: mocks.Lockdownd, Kind: mocks.Silent}}
		s := open(t, nil)
		defer s.stop()
		id := s.Attach(silent)
		s.Attach(iphone6(t, 0x5302))
		assert.Contains(t, s.after(time.Second), "2 facts, 2 verdict")
		s.Detach(id)
		assert.Equal(t, "1 detached", s.after(time.Minute), "no error for a phone that was pulled")
		s.Attach(silent)
		assert.Equal(t, "1 attached, 1 error:lockdown: QueryType: no answer in time: context deadline exceeded", s.after(time.Minute))
	})
}

// A phone on the bus that usbmuxd does not list is shown at once, and the trouble with
// it when usbmuxd has had its time.
func TestUnlistedPhone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := watchBench(t, mocks.NewBench(), mocks.NewBench(iphone6(t, 0x5301)), nil)
		defer s.stop()
		assert.Equal(t, "daemon, 1 attached", s.after(time.Second))
		assert.Equal(t, "1 error:usbmuxd does not list it", s.after(time.Hour))
		require.ErrorIs(t, s.last().Phone.Err, inspect.ErrNotServed, "it is not taken for one that is being read")
		s.Attach(iphone6(t, 0x5301))
		assert.Equal(t, "1 facts, 1 verdict", s.after(time.Minute))
		assert.NoError(t, s.last().Phone.Err)
	})
}

// What the operator says before the phone leaves is in the prediction that its outcome is
// held against; what is said on the way is not.
func TestOutcomeOfWhatWasSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, nil, iphone6(t, 0x5301))
		defer s.stop()
		s.after(time.Second)
		s.watcher.Tell(t.Context(), 1, foreignSensorTo92)
		s.after(time.Second)
		s.SetMode("1-1", diag.Recovery)
		s.after(time.Second)
		s.watcher.Tell(t.Context(), 1, foreignSensor)
		s.after(time.Second)
		s.SetMode("1-1", diag.Normal)
		s.after(time.Minute)
		require.NotNil(t, s.last().Phone.Outcome)
		assert.Equal(t, diag.Error53, s.last().Phone.Outcome.Predicted.Effect)
	})
}

// Why there is no session goes with the phone: without trust the verdict stands, and the
// reason for what is missing beside it.
func TestWithoutSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, nil, iphone6(t, 0x5301))
		defer s.stop()
		s.after(time.Second)
		require.ErrorIs(t, s.last().Phone.NoSession, usbmux.ErrNoRecord)
		assert.Equal(t, diag.NotTrusted, s.last().Phone.Facts.Trust.Value)
		require.NoError(t, s.last().Phone.Err)
		s.SetMode("1-1", diag.Recovery)
		s.after(time.Minute)
		assert.NoError(t, s.last().Phone.NoSession)
	})
}
