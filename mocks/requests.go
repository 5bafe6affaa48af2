package mocks

import (
	"slices"
	"sync"
)

// Bounds of the log: a hostile client must not fill the memory.
const (
	maxRequests = 1 << 16
	maxName     = 256 // bytes of a name, domain or key
)

// Request is one thing that a client asked.
type Request struct {
	Connection int    // the client's, counted from 1 in the order of arrival
	Side       Side   // who was asked
	DeviceID   uint32 // the phone it was about; 0 = none, or none that is there
	Name       string // MessageType or Request; "" = a message that says nothing
	Domain     string // of GetValue
	Key        string // of GetValue; QueryKey; PairRecordID; Service; the keys or the entry asked of a service
	Refused    bool   // it was not a request that reads: it got an error and changed nothing
	Writes     bool   // it was meant to change what is kept of pairings: Pair, or a record saved or deleted
	Leaks      bool   // it carried a private key, which no phone needs
	Session    bool   // it was asked in a session, or of a service that was started in one
}

// Requests lists all that was asked so far, in the order of arrival. Only the first
// 65,536 are kept.
func (b *Bench) Requests() []Request {
	b.journal.mu.Lock()
	defer b.journal.mu.Unlock()
	return slices.Clone(b.journal.requests)
}

// Connections counts the clients' connections so far.
func (b *Bench) Connections() int {
	b.journal.mu.Lock()
	defer b.journal.mu.Unlock()
	return b.journal.connections
}

// MaxConcurrent is the largest number of phones whose lockdownd or restored had a
// request in hand at one moment. A phone has one in hand from reading a request until
// its answer sets out, the delay of a slow one included.
func (b *Bench) MaxConcurrent() int {
	b.journal.mu.Lock()
	defer b.journal.mu.Unlock()
	return b.journal.maxPhones
}

// MaxPerPhone is the largest number of requests that a single phone had in hand at
// one moment, counted as by [Bench.MaxConcurrent].
func (b *Bench) MaxPerPhone() int {
	b.journal.mu.Lock()
	defer b.journal.mu.Unlock()
	return b.journal.maxPerPhone
}

// journal is the bench's memory of its clients.
type journal struct {
	mu          sync.Mutex // guards all that follows
	requests    []Request
	handshakes  []Handshake
	connections int

	inHand                 map[uint32]int // requests, by DeviceID
	maxPhones, maxPerPhone int
}

// connected counts a connection and gives its number.
func (j *journal) connected() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.connections++
	return j.connections
}

// record notes a request, and tells of it. Bench.mu is not held.
func (b *Bench) record(r Request) {
	r.Name, r.Domain, r.Key = clip(r.Name), clip(r.Domain), clip(r.Key)
	b.journal.record(r)
	if b.Heard != nil {
		b.Heard(r)
	}
}

func (j *journal) record(r Request) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.requests) < maxRequests {
		j.requests = append(j.requests, r)
	}
}

func clip(s string) string { return s[:min(len(s), maxName)] }

// take notes that a phone has a request in hand, until the function it gives is called.
func (j *journal) take(id uint32) (done func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.inHand[id]++
	j.maxPhones = max(j.maxPhones, len(j.inHand))
	j.maxPerPhone = max(j.maxPerPhone, j.inHand[id])
	return func() { j.release(id) }
}

func (j *journal) release(id uint32) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.inHand[id]--
	if j.inHand[id] == 0 {
		delete(j.inHand, id)
	}
}
