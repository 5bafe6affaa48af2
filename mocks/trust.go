package mocks

import (
	"sync"
	"time"
)

// TrustState is how a phone stands to this host, and what becomes of Pair.
type TrustState string

// The states. The empty one is Ask.
const (
	Ask        TrustState = "ask"        // it shows the Trust dialog
	Paired     TrustState = "paired"     // it trusts the host, which has a pair record
	Stale      TrustState = "stale"      // the host has a pair record, but the phone has forgotten it
	Denied     TrustState = "denied"     // Don't Trust is tapped
	Supervised TrustState = "supervised" // it wants the answer to a challenge, which only its owner has
)

// Trust says how a phone stands to this host, and what the person who holds it does.
type Trust struct {
	State TrustState

	// Locked: a passcode is due. Until it is entered, Pair and StartSession give
	// PasswordProtected.
	Locked bool

	// What the screen asks for (the passcode, then the tap on the dialog) is done
	// once the phone has given so many answers that it waits for it, or after so much
	// time. Both 0: not before [Bench.Unlock] and [Bench.Trust]; but Don't Trust is
	// tapped at once.
	Polls int
	After time.Duration

	// Replug: the phone enumerates anew when Trust is tapped.
	Replug bool
}

// maxHosts bounds how many pairings a hostile client can make a phone keep.
const maxHosts = 64

// memory is what a phone remembers of hosts. It stays with the phone when that is
// plugged in anew.
type memory struct {
	trust Trust // as the phone came

	mu     sync.Mutex                // guards what follows
	hosts  map[string]func() *papers // by HostID; the function makes the papers when they are wanted
	locked bool
}

// remember makes the memory of a phone that comes onto the bench. made are the papers
// of the pairing that it has with the host from the start.
func remember(p *Phone, made func() *papers) *memory {
	m := &memory{trust: p.Trust, locked: p.Trust.Locked, hosts: map[string]func() *papers{}}
	if p.Trust.State == Paired {
		m.hosts[hostIDOf(p.UDID)] = made
	}
	return m
}

// host finds the papers of a host that wants a session, or the error.
func (m *memory) host(hostID, systemBUID string) (*papers, string) {
	m.mu.Lock()
	made, locked := m.hosts[hostID], m.locked
	m.mu.Unlock()
	switch {
	case made == nil:
		return nil, errInvalidHostID
	case locked:
		return nil, errPasswordProtected
	}
	p := made()
	if systemBUID != "" && systemBUID != p.systemBUID {
		return nil, errInvalidHostID
	}
	return p, ""
}
