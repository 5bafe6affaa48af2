package mocks

import (
	"io"
	"time"
)

// instead is what the phone says where a handshake should be, first and then to whatever
// the client says next.
var instead = map[Kind][]string{
	Garbage:     {"this is not TLS"},
	WrongLength: {"\x16\x03\x01\xff\xff"}, // 16,384 bytes is the most that a record has

	// An alert (handshake_failure, RFC 5246, section 7.2), and then the beginning of
	// another handshake. To a client that by then listens for plain text it claims
	// 369,295,618 bytes: libimobiledevice/libimobiledevice issue 1270.
	Alert: {"\x15\x03\x01\x00\x02\x02\x28", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc"},
}

// spoil applies the phone's faults to the handshake. With an error, it will be none.
func (h *handshake) spoil() error {
	t := h.dialogue
	before := t.device.memory.begin()
	for _, f := range faultsOf(TLSServer, t.client.bench.Faults, t.device.phone.Faults) {
		if f.Kind == Cut {
			h.wire.limit = f.After
			continue
		}
		if before < f.After {
			continue
		}
		switch f.Kind {
		case Slow:
			if err := t.client.bench.sleep(f.Delay); err != nil {
				return err
			}
		case Stranger:
			h.stranger = true
		case Vanish:
			h.instead = func() { t.client.bench.pull(t.device.attachment) }
			return errVanished
		default:
			h.instead = func() { h.say(f.Kind) }
			return errWithheld
		}
	}
	return nil
}

// say says something else than a handshake, or nothing, until the client hangs up.
func (h *handshake) say(kind Kind) {
	c := h.dialogue.client
	c.SetDeadline(time.Time{}) // it hangs, and does not hang up
	h.wire.skip()
	for _, said := range instead[kind] {
		c.bench.work.Go(func() { io.WriteString(c.Conn, said) }) // the client may be writing, too: see wire
		if _, err := c.Conn.Read(make([]byte, 1)); err != nil {
			return
		}
	}
	io.Copy(io.Discard, c.Conn)
}
