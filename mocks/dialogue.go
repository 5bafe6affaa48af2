package mocks

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"error53/diag"
	"error53/usbmux/plist"
)

// idle is how long lockdownd keeps a connection on which nobody asks anything.
// Observed: libimobiledevice/libimobiledevice issue 20.
const idle = 30 * time.Second

// reply is what a phone says to a request. Refused tells that the request was none
// that reads; the body then holds an error. Writes tells that it was meant to change
// what is kept of pairings.
type reply struct {
	body    plist.Dict
	refused bool
	writes  bool
	leaks   bool                  // the request carried a private key
	then    func(*dialogue) error // what follows once the answer is out; nil = nothing
}

// dialogue is the phone's end of one connection.
type dialogue struct {
	client *client
	device *device
	side   Side
	reply  func(name string, request plist.Dict) reply
	papers *papers // of the pairing with which the connection begins in TLS; nil = it begins in plain text

	conn    net.Conn // the client, or TLS with it
	session bool     // what is asked is asked in a session
	hung    bool     // an answer was withheld: it will not hang up either
	faults  []Fault
	line    line
}

// dialogue prepares the phone's end of a connection to one of its ports; nil where
// nothing listens.
func (c *client) dialogue(d *device, port uint16) *dialogue {
	t := &dialogue{client: c, device: d, conn: c}
	switch {
	case port != lockdownPort:
		s := d.services.take(port)
		if s == nil {
			return nil
		}
		t.side, t.reply, t.papers, t.session = s.side, s.reply, s.papers, true
	case d.phone.Mode == diag.Restore:
		t.side, t.reply = Restored, d.phone.restored
	default:
		l := &lockdownd{bench: c.bench, device: d, phone: &d.phone}
		t.side, t.reply = Lockdownd, l.answer
	}
	t.faults = faultsOf(t.side, c.bench.Faults, d.phone.Faults)
	t.line = line{bench: c.bench, out: c, frame: func(_ answer, payload []byte) []byte { return deviceFrame(payload) }}
	return t
}

// serve lets the phone answer, until it or the client hangs up.
func (t *dialogue) serve() {
	if t.papers != nil && t.secure(t.papers) != nil {
		return
	}
	for t.next() == nil {
	}
	if s, ok := t.conn.(*secured); ok {
		t.part(s.wire)
	}
}

// part sends the alert that TLS may have for the client as the last thing, and reads
// in case it is writing: see wire.
func (t *dialogue) part(w *wire) {
	t.client.SetDeadline(time.Now().Add(idle))
	t.client.bench.work.Go(func() { io.Copy(io.Discard, t.client.Conn) })
	w.flush()
}

// errGoodbye ends a dialogue in good order.
var errGoodbye = errors.New("mocks: goodbye")

// next reads one request and answers it. What is no plist ends the connection.
func (t *dialogue) next() error {
	if t.side == Lockdownd && !t.hung {
		t.client.SetReadDeadline(time.Now().Add(idle))
	}
	payload, err := readDeviceFrame(t.conn)
	if err != nil {
		return err
	}
	request, err := plist.DecodeDict(payload)
	if err != nil {
		t.record(Request{})
		return err
	}
	name, _ := request.String("Request")
	session := t.session // as it was asked: StopSession is asked in one
	r := t.reply(name, request)
	entry := describe(name, request, r)
	entry.Session = session
	t.record(entry)
	return t.answer(name, r)
}

// answer sends a reply, and does what follows from it.
func (t *dialogue) answer(name string, r reply) error {
	switch err := t.send(r); {
	case errors.Is(err, errVanished):
		t.client.bench.pull(t.device.attachment)
		return err
	case errors.Is(err, errWithheld):
		t.hung = true
		return t.client.SetReadDeadline(time.Time{})
	case err != nil:
		return err
	case name == "Goodbye":
		return errGoodbye
	case r.then != nil:
		return r.then(t)
	}
	return nil
}

// send answers. The phone has the request in hand until the answer sets out: were it
// until the end, a quick client could seem to ask the next phone at the same time.
func (t *dialogue) send(r reply) error {
	done := t.client.bench.journal.take(t.device.id)
	out, err := t.line.prepare(answer{body: r.body}, t.faults)
	done()
	if err != nil {
		return err
	}
	return t.line.write(out, t.faults)
}

// describe makes the log's entry of a request.
func describe(name string, request plist.Dict, r reply) Request {
	entry := Request{Name: name, Refused: r.refused, Writes: r.writes, Leaks: r.leaks}
	entry.Domain, _ = request.String("Domain")
	for _, field := range []string{"Key", "QueryKey", "Service", "EntryName", "EntryClass", "CurrentPlane"} {
		if key, ok := request.String(field); ok {
			entry.Key = key
		}
	}
	if keys, ok := request.List("MobileGestaltKeys"); ok {
		entry.Key = strings.Trim(fmt.Sprint(keys), "[]")
	}
	return entry
}

func (t *dialogue) record(r Request) {
	r.Connection, r.Side, r.DeviceID = t.client.number, t.side, t.device.id
	t.client.bench.record(r)
}
