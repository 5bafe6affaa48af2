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
	Denied     TrustState = "denied"     // it shows the dialog, and Don't Trust is tapped
	Supervised TrustState = "supervised" // it wants the answer to a challenge, which only its owner has
)

// TrustStates lists every state.
var TrustStates = []TrustState{Ask, Paired, Stale, Denied, Supervised}

// Trust says how a phone stands to this host, and what the person who holds it does.
type Trust struct {
	State TrustState

	// Locked: a passcode is due. Until it is entered, Pair and StartSession give
	// PasswordProtected.
	Locked bool

	// What the screen asks for (the passcode, then the dialog) is done once the phone
	// has answered so many times that it waits for it, or after so much time from the
	// first of those answers. Both 0: not before [Bench.Unlock] and [Bench.Trust]; but
	// Don't Trust is tapped at once.
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
	seat  *seat // where it is; guarded by Bench.mu

	mu         sync.Mutex                // guards what follows
	hosts      map[string]func() *papers // by HostID; the function makes the papers when they are wanted
	locked     bool
	tapped     bool // Trust was, so the next Pair succeeds
	denied     bool // Don't Trust was
	asked      int  // answers that the phone waits for what the screen asks for
	screens    int  // how often that was done
	handshakes int  // in TLS, begun so far
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

// pair keeps a host, or gives the error. A host that is known needs nobody's tap.
func (m *memory) pair(host *papers) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, known := m.hosts[host.hostID]
	switch {
	case m.locked:
		return errPasswordProtected
	case known:
	case m.trust.State == Supervised:
		return errChallengeRequired
	case m.denied, m.trust.State == Denied && m.trust.Polls == 0 && m.trust.After == 0 && !m.tapped:
		return errUserDenied
	case !m.tapped:
		return errDialogPending
	case len(m.hosts) >= maxHosts:
		return errSaveFailed
	}
	m.tapped = m.tapped && known
	m.hosts[host.hostID] = func() *papers { return host }
	return ""
}

// waited notes an answer that the phone waits for somebody. It tells whether that was
// the first for what the screen shows, which the number stands for, and whether what
// it asks for is to be done now.
func (m *memory) waited() (first bool, screen int, now bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked++
	return m.asked == 1, m.screens, m.asked == m.trust.Polls
}

// act does what the screen asks for, unless that was done already and the screen shows
// something else by now. It tells whether Trust was tapped.
func (m *memory) act(screen int) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case screen != m.screens:
		return false
	case m.locked:
		m.locked = false
	case m.trust.State == Denied:
		m.denied = true
	default:
		m.tapped = true
	}
	m.next()
	return m.tapped
}

// next is when the screen shows something else. The lock is held.
func (m *memory) next() { m.screens, m.asked = m.screens+1, 0 }

// unlock enters the passcode.
func (m *memory) unlock() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.locked = false
	m.next()
}

// tap enters the passcode and taps Trust, whatever was tapped before.
func (m *memory) tap() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.locked, m.denied, m.tapped = false, false, true
	m.next()
}

// deny taps Don't Trust, whatever was tapped before. Who is trusted stays so.
func (m *memory) deny() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.denied, m.tapped = true, false
	m.next()
}

// state tells what the phone stands like.
func (m *memory) state() (locked bool, hosts int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.locked, len(m.hosts)
}

// begin counts a TLS handshake, and gives how many there were before.
func (m *memory) begin() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.handshakes++
	return m.handshakes - 1
}
