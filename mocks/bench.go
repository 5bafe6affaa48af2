package mocks

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"syscall"
	"time"
)

// Bench is a virtual usbmuxd with virtual phones behind it. It serves any number
// of clients at once, and is safe for concurrent use once it serves. [Bench.Close]
// ends it.
type Bench struct {
	// Sleep waits for d, or until ctx ends, which it reports. By it slow answers wait,
	// people who are to tap Trust, phones that enumerate anew, and the steps of Play.
	// nil = by the clock. To be set before the first connection.
	Sleep func(ctx context.Context, d time.Duration) error

	// Faults befall every answer of usbmuxd, or of that side of every phone. One phone's own are in [Phone.Faults]. To be set before the first
	// connection.
	Faults []Fault

	// Flavour is whose usbmuxd it is. To be set before the first connection.
	Flavour Flavour

	// Lag is how much later than the bus usbmuxd hears of what comes and goes: until
	// then it lists what has left. To be set before anything comes or goes.
	Lag time.Duration

	// Heard is told of each request right before its answer, and Shook of each TLS
	// handshake right behind it, from several goroutines. nil = nobody is told. To be
	// set before the first connection.
	Heard func(Request)
	Shook func(Handshake)

	ctx     context.Context // ends with Close
	cancel  context.CancelFunc
	work    sync.WaitGroup // a client or a listener each
	journal journal

	mu        sync.Mutex // guards what follows
	closed    bool
	devices   []*device        // those that usbmuxd lists, in the order in which they came
	seats     map[string]*seat // those on a cable or beside one, by port
	lagging   chan struct{}    // closed when usbmuxd has done all it lags behind with; nil: nothing
	events    uint64           // that the kernel told of so far
	watchers  map[*watcher]struct{}
	lastID    uint32 // the DeviceID given last
	addresses uint32 // of the bus, given so far
	ports     uint32 // taken so far
	clients   map[*client]struct{}
	records   map[string]func() []byte // the host's pair records, by PairRecordID; made when they are wanted
	memories  map[string]*memory       // of the phones that were ever here, by UDID
}

// client is one connection of one client.
type client struct {
	net.Conn
	bench    *Bench
	number   int
	device   *device   // the phone it was connected to, if any; guarded by Bench.mu
	listener *listener // where it listens; guarded by Bench.mu
}

// NewBench puts phones on a bench. Their DeviceIDs count from 1 in the order given.
func NewBench(phones ...Phone) *Bench {
	ctx, cancel := context.WithCancel(context.Background())
	b := &Bench{
		ctx:     ctx,
		cancel:  cancel,
		journal: journal{inHand: map[uint32]int{}},
		clients: map[*client]struct{}{},
		records: map[string]func() []byte{},
		seats:   map[string]*seat{},

		watchers: map[*watcher]struct{}{},
		memories: map[string]*memory{},
	}
	for _, p := range phones {
		b.Attach(p)
	}
	return b
}

// Dial connects to the bench in memory. It fails when ctx has ended or the bench
// is closed (net.ErrClosed).
func (b *Bench) Dial(ctx context.Context) (net.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("mocks: dial: %w", err)
	}
	near, far := net.Pipe()
	if !b.accept(far) {
		return nil, fmt.Errorf("mocks: dial: %w", net.ErrClosed)
	}
	return near, nil
}

// outOfDescriptors is how long Serve waits for one.
const outOfDescriptors = 10 * time.Millisecond

// Serve accepts clients until ctx ends or the bench is closed, which are no errors,
// and closes the listener. Clients that are connected by then stay so until Close.
func (b *Bench) Serve(ctx context.Context, ln net.Listener) error {
	defer ln.Close()
	if !b.begin(nil) {
		return fmt.Errorf("mocks: serve: %w", net.ErrClosed)
	}
	defer b.work.Done()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(b.ctx, cancel)()
	defer context.AfterFunc(ctx, func() { ln.Close() })()
	for {
		conn, err := ln.Accept()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				conn.Close()
			}
			return nil
		case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
			// No descriptor is free; as soon as a client hangs up there is one.
			if b.sleepIn(ctx, outOfDescriptors) != nil {
				return nil
			}
			continue
		case err != nil:
			return fmt.Errorf("mocks: serve: %w", err)
		}
		b.accept(conn)
	}
}

// Close hangs up on every client, ends every Serve and waits until all is still.
// It always succeeds.
func (b *Bench) Close() error {
	b.mu.Lock()
	b.closed = true
	b.cancel()
	for c := range b.clients {
		c.Close()
	}
	b.mu.Unlock()
	b.work.Wait()
	return nil
}

// accept serves one client in the background; on a closed bench it hangs up.
func (b *Bench) accept(conn net.Conn) bool {
	c := &client{Conn: conn, bench: b, number: b.journal.connected()}
	if !b.begin(c) {
		conn.Close()
		return false
	}
	go func() {
		defer b.work.Done()
		defer b.forget(c)
		c.serveMux()
	}()
	return true
}

// begin counts a piece of work, with the client it is for, unless the bench is closed.
// The lock keeps it from coming between Close and its wait.
func (b *Bench) begin(c *client) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	if c != nil {
		b.clients[c] = struct{}{}
	}
	b.work.Add(1)
	return true
}

func (b *Bench) forget(c *client) {
	c.Close()
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.clients, c)
}

// sleep waits as the bench is told to, until the bench is closed.
func (b *Bench) sleep(d time.Duration) error { return b.sleepIn(b.ctx, d) }

func (b *Bench) sleepIn(ctx context.Context, d time.Duration) error {
	if b.Sleep != nil {
		return b.Sleep(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
