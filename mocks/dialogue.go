package mocks

import (
	"errors"

	"error53/diag"
	"error53/usbmux/plist"
)

// reply is what a phone says to a request. Refused tells that the request was none
// that reads; the body then holds an error.
type reply struct {
	body    plist.Dict
	refused bool
}

// dialogue is the phone's end of one connection.
type dialogue struct {
	client *client
	device *device
	side   Side
	reply  func(name string, request plist.Dict) reply
	faults []Fault
	line   line
}

// serveDevice lets the phone answer, until it or the client hangs up.
func (c *client) serveDevice(d *device) {
	t := dialogue{client: c, device: d, side: Lockdownd, reply: d.phone.lockdownd}
	if d.phone.Mode == diag.Restore {
		t.side, t.reply = Restored, d.phone.restored
	}
	t.faults = faultsOf(t.side, c.bench.Faults, d.phone.Faults)
	t.line = line{client: c, frame: func(_ answer, payload []byte) []byte { return deviceFrame(payload) }}
	for t.next() == nil {
	}
}

// errGoodbye ends a dialogue in good order.
var errGoodbye = errors.New("mocks: goodbye")

// next reads one request and answers it. What is no plist ends the connection.
func (t *dialogue) next() error {
	payload, err := readDeviceFrame(t.client)
	if err != nil {
		return err
	}
	request, err := plist.DecodeDict(payload)
	if err != nil {
		t.record(Request{})
		return err
	}
	name, _ := request.String("Request")
	r := t.reply(name, request)
	t.record(describe(name, request, r.refused))
	switch err := t.send(r); {
	case errors.Is(err, errVanished):
		t.client.bench.detach(t.device)
		return err
	case err != nil && !errors.Is(err, errWithheld):
		return err
	case name == "Goodbye":
		return errGoodbye
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
func describe(name string, request plist.Dict, refused bool) Request {
	r := Request{Name: name, Refused: refused}
	r.Domain, _ = request.String("Domain")
	r.Key, _ = request.String("Key")
	if key, ok := request.String("QueryKey"); ok {
		r.Key = key
	}
	return r
}

func (t *dialogue) record(r Request) {
	r.Connection, r.Side, r.DeviceID = t.client.number, t.side, t.device.id
	t.client.bench.journal.record(r)
}
