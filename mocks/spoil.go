package mocks

import "io"

// What the phone says instead of a handshake.
const (
	// An alert (handshake_failure, RFC 5246, section 7.2), and then the beginning of
	// yet another handshake. To a client that by then listens for plain text it claims
	// 369,295,618 bytes: libimobiledevice/libimobiledevice issue 1270.
	alertAndOn = "\x15\x03\x01\x00\x02\x02\x28" + "\x16\x03\x01\x02\x00\x01\x00\x01\xfc"
	noTLS      = "this is not TLS"
	longRecord = "\x16\x03\x01\xff\xff" // 16,384 bytes is the most that a record has
)

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
			h.instead = func() { t.client.bench.detach(t.device) }
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
	said := map[Kind]string{Alert: alertAndOn, Garbage: noTLS, WrongLength: longRecord}[kind]
	conn := h.dialogue.client.Conn
	h.dialogue.client.bench.work.Go(func() { conn.Write([]byte(said)) })
	io.Copy(io.Discard, conn)
}
