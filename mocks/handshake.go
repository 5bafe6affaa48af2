package mocks

import (
	"crypto/tls"
	"slices"
	"time"
)

// Handshake is one TLS handshake between a client and a phone.
type Handshake struct {
	Connection int    // the client's, as in Request
	Side       Side   // with whom: Lockdownd for that of a session
	DeviceID   uint32 // the phone

	Offered     uint16 // the newest version in the ClientHello; 0 = none was read
	Version     uint16 // what they agreed upon, as in crypto/tls; 0 = nothing
	CipherSuite uint16
	Err         error // why it failed on the phone's end; nil = it did not
}

// Handshakes lists all handshakes so far, in the order in which they ended. Only the
// first 65,536 are kept.
func (b *Bench) Handshakes() []Handshake {
	b.journal.mu.Lock()
	defer b.journal.mu.Unlock()
	return slices.Clone(b.journal.handshakes)
}

// shake notes a handshake, and tells of it.
func (b *Bench) shake(h Handshake) {
	b.journal.shake(h)
	if b.Shook != nil {
		b.Shook(h)
	}
}

func (j *journal) shake(h Handshake) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.handshakes) < maxRequests {
		j.handshakes = append(j.handshakes, h)
	}
}

// handshake is the phone's end of one.
type handshake struct {
	dialogue *dialogue
	host     *papers
	wire     *wire
	stranger bool   // the certificate is not the phone's
	instead  func() // what the phone does instead of it; nil = shake hands
	done     Handshake
}

// secure lets the phone speak TLS from here on. A handshake that fails ends the
// connection.
func (t *dialogue) secure(host *papers) error {
	h := handshake{
		dialogue: t, host: host,
		wire: &wire{Conn: t.client.Conn, limit: -1},
		done: Handshake{Connection: t.client.number, Side: t.side, DeviceID: t.device.id},
	}
	conn, err := h.run()
	h.done.Err = err
	t.client.bench.shake(h.done) // before the client can know
	if err != nil {
		h.fail()
		return err
	}
	h.wire.limit = -1
	s := &secured{conn, h.wire}
	t.conn, t.line.out = s, s
	t.client.SetDeadline(time.Time{})
	return h.wire.flush()
}

func (h *handshake) run() (*tls.Conn, error) {
	if err := h.spoil(); err != nil {
		return nil, err
	}
	c := h.dialogue.client
	c.SetDeadline(time.Now().Add(idle))
	conn := tls.Server(h.wire, h.config())
	if err := conn.HandshakeContext(c.bench.ctx); err != nil {
		return nil, err
	}
	state := conn.ConnectionState()
	h.done.Version, h.done.CipherSuite = state.Version, state.CipherSuite
	return conn, nil
}

// fail ends a handshake that came to nothing: with an alert, or as the faults have it.
func (h *handshake) fail() {
	if h.instead != nil {
		h.instead()
		return
	}
	h.dialogue.part(h.wire)
}

// config configures the phone's end, and notes what the client offers.
func (h *handshake) config() *tls.Config {
	phone := &h.dialogue.device.phone
	config := phone.personality().server(h.certificate(phone), h.host)
	config.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		for _, v := range hello.SupportedVersions { // none, where it is SSL 3.0
			h.done.Offered = max(h.done.Offered, v)
		}
		if phone.personality() == OldTLS {
			return nil, turnAway(h.done.Offered)
		}
		return nil, nil
	}
	return config
}

// certificate is the phone's, or one of the same form for a key that is not the phone's.
func (h *handshake) certificate(phone *Phone) tls.Certificate {
	key, der := phone.key(), h.host.device
	if h.stranger {
		key = ring.key(strangerOwner, key.N.BitLen())
		der = certificate(&key.PublicKey, ring.key(rootOwner, hostBits), false)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
