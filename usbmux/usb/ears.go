package usb

import (
	"context"
	"errors"
	"io"
	"syscall"
	"time"
)

// How long to wait before another look: where nothing is heard of changes, or a device
// has not been read entirely; and where something is, in case a change was missed.
const (
	restless = time.Second
	relaxed  = 30 * time.Second
)

// ears hear of changes on the bus. What they hear is no more than a reason to look, so
// it does not matter who says it.
type ears struct {
	source io.Closer     // nil: deaf
	said   chan bool     // whether it may be of a device of Apple's; closed where no more comes
	ended  chan struct{} // nobody listens any more
	hear   bool          // something was heard, so that something will be
}

// listen begins to hear. That nothing can be heard is no error: then a look each second
// has to do. In a container the kernel may not even refuse, and yet tell nothing: [UEVENT]
// restricts it to the network namespaces of the host's users.
func (b *Bus) listen() *ears {
	open := b.Events
	switch {
	case open == nil && b.Files != nil: // the kernel's events are not about those
		return &ears{}
	case open == nil:
		open = kernelEvents
	}
	source, err := open()
	if err != nil {
		return &ears{}
	}
	e := &ears{source: source, said: make(chan bool), ended: make(chan struct{})}
	go e.read(source)
	return e
}

func (e *ears) close() {
	if e.source != nil {
		close(e.ended)
		e.source.Close()
	}
}

// read hands on what is said, until there is no more. ENOBUFS means that more was said
// than there was room for: netlink(7).
func (e *ears) read(source io.Reader) {
	defer close(e.said)
	message := make([]byte, maxUevent)
	for {
		n, err := source.Read(message)
		lost := errors.Is(err, syscall.ENOBUFS)
		if err != nil && !lost {
			return
		}
		select {
		case e.said <- lost || concernsApple(message[:n]):
		case <-e.ended:
			return
		}
	}
}

// wait returns when it is time for another look; false where ctx has ended. Whole tells
// that the last look left nothing to be read.
func (e *ears) wait(ctx context.Context, whole bool) bool {
	pause := restless
	if e.hear && whole {
		pause = relaxed
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-timer.C:
			return true
		case concerns, open := <-e.said:
			if e.hear = open; !open {
				e.said = nil
				return true
			}
			if concerns {
				return true
			}
		}
	}
}
