package usb_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/mocks"
	"error53/usbmux/usb"
)

// bench puts one iPhone 6 on a bench, and a bus before it that hears of everything.
func bench(t *testing.T, faults ...mocks.Fault) (*mocks.Bench, *usb.Bus) {
	t.Helper()
	p, err := mocks.Profile{ProductType: "iPhone7,2", Faults: faults}.Phone()
	require.NoError(t, err)
	b := mocks.NewBench(p)
	t.Cleanup(func() { b.Close() })
	return b, &usb.Bus{Files: b.USBFiles(), Open: b.OpenUSB, Events: b.USBEvents}
}

// watcher is one who watches the bus in the background.
type watcher struct {
	t     *testing.T
	looks chan string
	begun time.Time
}

// watch begins to watch until the test ends.
func watch(t *testing.T, bus *usb.Bus) watcher {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	w := watcher{t, make(chan string), time.Now()}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for devices, err := range bus.Watch(ctx) {
			var modes []string
			for _, d := range devices {
				modes = append(modes, string(d.Mode)+" "+d.Port)
			}
			if err != nil {
				modes = append(modes, "error")
			}
			select {
			case w.looks <- strings.Join(modes, ", "):
			case <-ctx.Done():
			}
		}
	}()
	t.Cleanup(func() { cancel(); <-ended })
	return w
}

// sees waits for the next look, and tells how long it took to come.
func (w watcher) sees(want string) time.Duration {
	w.t.Helper()
	start := time.Now()
	assert.Equal(w.t, want, <-w.looks)
	return time.Since(start)
}

// Each step of a phone through its modes is seen as soon as the kernel tells of it.
func TestWatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, bus := bench(t)
		w := watch(t, bus)
		w.sees("normal 1-1")
		for _, mode := range []diag.Mode{diag.Recovery, diag.DFU, diag.WTF, diag.Normal} {
			synctest.Wait()
			b.SetMode("1-1", mode)
			assert.Zero(t, w.sees(string(mode)+" 1-1"))
		}
		synctest.Wait()
		b.Unplug("1-1")
		assert.Zero(t, w.sees(""))
	})
}

// Where nothing tells of changes a look each second does.
func TestWatchWithoutEvents(t *testing.T) {
	t.Parallel()
	for name, events := range map[string]func() (io.ReadCloser, error){
		"none":    nil,
		"refused": func() (io.ReadCloser, error) { return nil, syscall.EPERM },
		"silent":  func() (io.ReadCloser, error) { return newScripted(), nil },
		"ends":    func() (io.ReadCloser, error) { return newScripted(io.EOF), nil },
		"says ado": func() (io.ReadCloser, error) {
			return newScripted("add@/devices/x\x00SUBSYSTEM=block\x00", io.EOF), nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b, bus := bench(t)
				bus.Events = events
				w := watch(t, bus)
				w.sees("normal 1-1")
				time.Sleep(time.Minute)
				synctest.Wait()
				b.SetMode("1-1", diag.DFU)
				assert.LessOrEqual(t, w.sees("dfu 1-1"), time.Second)
			})
		})
	}
}

// scripted says one thing after the other, then nothing more until it is closed.
type scripted struct {
	says   []any // string or error
	closed chan struct{}
}

func newScripted(says ...any) *scripted { return &scripted{says, make(chan struct{})} }

func (s *scripted) Close() error { close(s.closed); return nil }

func (s *scripted) Read(b []byte) (int, error) {
	if len(s.says) == 0 {
		<-s.closed
		return 0, fs.ErrClosed
	}
	next := s.says[0]
	s.says = s.says[1:]
	if text, ok := next.(string); ok {
		return copy(b, text), nil
	}
	return 0, next.(error)
}

// counted counts how often the folder of devices is opened.
type counted struct {
	fs.FS
	n *atomic.Int32
}

func (c counted) Open(name string) (fs.File, error) {
	if name == "." {
		c.n.Add(1)
	}
	return c.FS.Open(name)
}

// Who hears looks seldom by itself; who lost a message looks at once; what concerns no
// phone is no reason to look.
func TestWatchLooksSeldom(t *testing.T) {
	t.Parallel()
	const disk = "add@/devices/x\x00SUBSYSTEM=block\x00"
	tests := []struct {
		name string
		says []any
		most int32 // looks in the first minute
	}{
		{"hears of disks", []any{disk, disk, disk}, 4}, // at 0, 1, 31 s
		{"lost something", []any{syscall.ENOBUFS, disk}, 5},
		{"hears nothing", nil, 61},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, bus := bench(t)
				n := new(atomic.Int32)
				bus.Files = counted{bus.Files, n}
				bus.Events = func() (io.ReadCloser, error) { return newScripted(tt.says...), nil }
				w := watch(t, bus)
				w.sees("normal 1-1")
				time.Sleep(time.Minute)
				assert.LessOrEqual(t, n.Load(), tt.most)
				assert.GreaterOrEqual(t, n.Load(), int32(2))
			})
		})
	}
}

// A device that could not be read is read again, whether something is heard or not, and
// one that hangs is not asked anew as long as it does.
func TestWatchReadsAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hangs := mocks.Fault{Side: mocks.OnBus, Kind: mocks.Silent}
		b, bus := bench(t, hangs)
		other, err := mocks.Profile{ProductType: "iPhone8,1", Mode: diag.DFU, ECID: 0x53}.Phone()
		require.NoError(t, err)
		w := watch(t, bus)
		assert.Equal(t, 2*time.Second, w.sees("normal 1-1"))
		synctest.Wait()
		b.Attach(other)
		assert.Zero(t, w.sees("normal 1-1, dfu 1-2"), "the one that hangs delays no other")
		time.Sleep(time.Hour)
		synctest.Wait()
		b.Swap("1-1", other)
		assert.Zero(t, w.sees("dfu 1-1, dfu 1-2"))
	})
}

// Trouble with the bus as a whole is told once, and once more when it is over.
func TestWatchTellsTroubleOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, bus := bench(t)
		broken := new(atomic.Bool)
		broken.Store(true)
		bus.Files = breakable{b.USBFiles(), broken}
		w := watch(t, bus)
		w.sees("error")
		time.Sleep(time.Minute)
		broken.Store(false)
		w.sees("normal 1-1")
	})
}

// breakable fails as long as it is broken.
type breakable struct {
	fs.FS
	broken *atomic.Bool
}

func (b breakable) Open(name string) (fs.File, error) {
	if b.broken.Load() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: syscall.EIO}
	}
	return b.FS.Open(name)
}

// Whoever leaves the loop, or ends the context, leaves nothing behind: goleak looks.
func TestWatchEnds(t *testing.T) {
	t.Parallel()
	_, bus := bench(t)
	for range bus.Watch(t.Context()) {
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	looks := 0
	for range bus.Watch(ctx) {
		looks++
		cancel()
	}
	assert.Equal(t, 1, looks)
	for range bus.Watch(ctx) {
		assert.Fail(t, "the context had ended before")
	}
}

// The kernel's own socket: nothing may be there to hear, but it opens without rights, and
// closes.
func TestWatchTheKernel(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, err := range new(usb.Bus).Watch(ctx) {
		if err != nil {
			assert.True(t, errors.Is(err, usb.ErrUnsupported), err)
		}
		cancel()
	}
}
