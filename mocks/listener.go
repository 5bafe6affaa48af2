package mocks

import (
	"errors"
	"fmt"
	"slices"

	"error53/usbmux/plist"
)

// The kinds of notice, as MessageType spells them.
const (
	attached = "Attached"
	detached = "Detached"
	paired   = "Paired"
)

// notice is one thing to tell a client that listens: of a phone, or (without one) that
// it must not talk.
type notice struct {
	kind   string
	device *device
	tag    uint32 // of the command that ends it all
}

// listener is a client that listens, with what it has not been told yet. Like the
// daemon's own buffer, the queue takes what comes: a client that does not read holds
// up nobody.
type listener struct {
	request plist.Dict    // by which it began; nil for a binary one
	queue   []notice      // guarded by Bench.mu
	left    bool          // the client has hung up; guarded by Bench.mu
	news    chan struct{} // holds a token when one of these has changed
}

// errListener ends the connection of a listener.
var errListener = errors.New("mocks: a listener has left, or spoken")

// listen tells of every phone that is there, and from then on of what comes and goes.
// A command in this state is an error and ends the connection.
// [USBMUXD] src/client.c, start_listen.
func (m *muxd) listen(tag uint32, request plist.Dict) error {
	l := m.client.bench.subscribe(m.client, request)
	if err := m.result(tag, resultOK); err != nil {
		return err
	}
	m.client.bench.work.Go(func() { m.client.await(l) })
	for {
		for _, n := range m.client.bench.news(l) {
			if n.device == nil {
				m.result(n.tag, resultBadCommand)
				return errListener
			}
			err := m.line.send(m.notify(n), m.faults(nil))
			if err != nil && !errors.Is(err, errWithheld) {
				return err
			}
		}
		if m.client.bench.gone(l) {
			return errListener
		}
		<-l.news
	}
}

// notify makes the message of a notice. Events have tag 0.
func (m *muxd) notify(n notice) answer {
	switch {
	case m.version == versionBinary:
		return binaryNotice(n)
	case n.kind == attached:
		return answer{body: n.device.attachedEvent(m.client.bench.Flavour)}
	}
	return answer{body: plist.Dict{"MessageType": n.kind, "DeviceID": uint64(n.device.id)}}
}

// subscribe makes a client a listener, before it hears that it is one: from then on it
// misses nothing. The phones that are there and those that come meet in its queue
// without a gap.
func (b *Bench) subscribe(c *client, request plist.Dict) *listener {
	b.mu.Lock()
	defer b.mu.Unlock()
	c.listener = &listener{request: request, news: make(chan struct{}, 1)}
	for _, d := range b.devices {
		c.listener.queue = append(c.listener.queue, notice{kind: attached, device: d})
	}
	return c.listener
}

// tell puts a notice into the queue of every listener. Bench.mu is held.
func (b *Bench) tell(n notice) {
	for c := range b.clients {
		if c.listener != nil {
			c.listener.push(n)
		}
	}
}

func (l *listener) push(n notice) {
	l.queue = append(l.queue, n)
	l.wake()
}

func (l *listener) wake() {
	select {
	case l.news <- struct{}{}:
	default:
	}
}

// news takes what a listener is to be told.
func (b *Bench) news(l *listener) []notice {
	b.mu.Lock()
	defer b.mu.Unlock()
	queue := l.queue
	l.queue = nil
	return queue
}

func (b *Bench) gone(l *listener) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return l.left
}

// await notices that a listener hangs up, or that it talks.
func (c *client) await(l *listener) {
	f, err := readMuxFrame(c)
	if err == nil {
		c.bench.record(Request{Connection: c.number, Side: Usbmuxd})
	}
	c.bench.mu.Lock()
	defer c.bench.mu.Unlock()
	if err != nil {
		l.left = true
		l.wake()
		return
	}
	l.push(notice{tag: f.tag})
}

// listenerList answers ListListeners. [USBMUXD] src/client.c, send_listener_list, which
// numbers its clients from 0 and gives 0 for every ConnType.
func (m *muxd) listenerList() plist.Dict {
	list := []any{}
	for _, c := range m.client.bench.listeners() {
		request := c.listener.request
		name, ok := request.String("ProgName")
		if !ok {
			name = "unknown"
		}
		version, _ := request.Uint64("kLibUSBMuxVersion")
		entry := plist.Dict{
			"Blacklisted":       false,
			"ConnType":          uint64(0),
			"ID String":         fmt.Sprintf("%d-%s", c.number-1, name),
			"ProgName":          name,
			"kLibUSBMuxVersion": version,
		}
		if id, ok := request.String("BundleID"); ok {
			entry["BundleID"] = id
		}
		list = append(list, entry)
	}
	return plist.Dict{"ListenerList": list}
}

// listeners gives the clients that listen, in the order in which they came.
func (b *Bench) listeners() []*client {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []*client
	for c := range b.clients {
		if c.listener != nil {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b *client) int { return a.number - b.number })
	return list
}
