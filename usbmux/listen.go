package usbmux

import (
	"context"
	"errors"
	"iter"
	"time"
)

// Listen tells which phones come and go. It begins with those that are there, and
// ends when ctx does or when the caller leaves the loop:
//
//	for event := range client.Listen(ctx) {
//		switch event.Kind { … }
//	}
//
// It is an iterator since that cannot leak: there is nothing to close and nothing to
// drain, the loop body runs in the caller's own goroutine, and with the loop the
// connection ends. Each loop over it is a listener of its own. A caller that is slow
// loses nothing; what comes meanwhile waits in the socket and with the daemon.
//
// A daemon that is not there, dies, refuses or talks nonsense ends nothing: Listen
// tries again, at first after 0.1 s, at last every 5 s (every second where nobody
// listens). The caller sees it in a Daemon event with the error, followed by a Detached
// with the same error for each phone that was there. Trouble that goes on in the same
// words is told once. A Daemon event without an error says that the daemon answers
// again, and its phones follow as Attached. So the loop gets one Daemon event at the
// least, even where no phone and no daemon is: with ErrNoDaemon, which on Linux may
// mean just that no phone is there.
//
// One phone is one phone: the same over USB and over the network is Attached once, by
// USB where there is the choice, and Changed when the attachment to use is another one.
// Detached comes when the last one ends. Each phone gets Attached, any number of
// Changed and Paired, then Detached; never one twice.
//
// The request has the deadline of the Client, and so has each event from its first
// byte to its last. Between events there is none: a daemon that hangs then looks like
// one that has nothing to say, and ListDevices tells which. ctx ends everything at
// once and shows as the end of the loop only: nobody is told Detached.
func (c *Client) Listen(ctx context.Context) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		l := listener{client: c, yield: yield, roster: newRoster()}
		l.run(ctx)
	}
}

// listener is one loop over Listen.
type listener struct {
	client  *Client
	yield   func(Event) bool
	roster  *roster
	trouble string // as it was told last; empty when the daemon answers
	backoff backoff
}

// errEnough: the caller has left the loop, or ctx has ended.
var errEnough = errors.New("nobody listens any more")

func (l *listener) run(ctx context.Context) {
	for {
		err := l.follow(ctx)
		if !errors.Is(err, errEnough) {
			err = l.lose(ctx, opError("listen", err))
		}
		if errors.Is(err, errEnough) || !l.backoff.wait(ctx, err) {
			return
		}
	}
}

// follow tells what the daemon says, until the connection fails.
func (l *listener) follow(ctx context.Context) error {
	s, err := l.client.subscribe(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	defer context.AfterFunc(ctx, s.close)()
	defer l.relax(time.Now())
	l.trouble = ""
	if err := l.tell(ctx, Event{Kind: Daemon}); err != nil {
		return err
	}
	for {
		events, err := l.next(ctx, s)
		if err != nil {
			return err
		}
		if err := l.tell(ctx, events...); err != nil {
			return err
		}
	}
}

// next gives what the daemon's next word means for the phones.
func (l *listener) next(ctx context.Context, s *subscription) ([]Event, error) {
	said, err := s.next(ctx)
	if err != nil {
		return nil, err
	}
	return l.roster.apply(said)
}

// relax forgets earlier failures once the daemon has answered for a while. One that
// answers and dies at once must not be asked ten times a second.
func (l *listener) relax(since time.Time) {
	if time.Since(since) >= maxPause {
		l.backoff = 0
	}
}

// lose tells that the daemon is lost, and its phones with it, and gives the same error
// back.
func (l *listener) lose(ctx context.Context, err error) error {
	var events []Event
	if text := err.Error(); text != l.trouble {
		l.trouble = text
		events = append(events, Event{Kind: Daemon, Err: err})
	}
	for _, d := range l.roster.clear() {
		events = append(events, Event{Kind: Detached, Device: d, Err: err})
	}
	if told := l.tell(ctx, events...); told != nil {
		return told
	}
	return err
}

// tell hands events to the caller; errEnough when it wants no more.
func (l *listener) tell(ctx context.Context, events ...Event) error {
	for _, e := range events {
		if ctx.Err() != nil || !l.yield(e) {
			return errEnough
		}
	}
	return nil
}
