package mocks

import "slices"

// Handshake is one TLS handshake between a client and a phone.
type Handshake struct {
	Connection int    // the client's, as in Request
	Side       Side   // with whom: Lockdownd for that of a session
	DeviceID   uint32 // the phone

	Offered     uint16 // the newest version in the ClientHello; 0 = none came
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

// shake notes a handshake.
func (j *journal) shake(h Handshake) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.handshakes) < maxRequests {
		j.handshakes = append(j.handshakes, h)
	}
}
