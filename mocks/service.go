package mocks

import (
	"sync"

	"error53/usbmux/plist"
)

// services are those of a phone that wait for a client.
type services struct {
	mu      sync.Mutex // guards what follows
	waiting map[uint16]*service
	started uint16 // so far
}

// service is one that waits for its connection.
type service struct {
	side   Side
	reply  func(name string, request plist.Dict) reply
	papers *papers // of the host it speaks TLS with; nil = it speaks plain text
}

// Ports of services are dynamic ones (RFC 6335, section 6).
const (
	firstPort  = 49152
	maxWaiting = 64 // services that a hostile client can let wait
)

// start lets a service wait, and gives its port; 0 where too many wait.
func (s *services) start(added *service) uint16 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) >= maxWaiting {
		return 0
	}
	port := firstPort + s.started%(1<<16-firstPort)
	s.started++
	s.waiting[port] = added
	return port
}

// take gives the service that waits on a port, which from then on waits no more; nil
// for none.
func (s *services) take(port uint16) *service {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.waiting[port]
	delete(s.waiting, port)
	return found
}

// startService starts a service on a port of its own, for one connection.
// [LIBIMOBILEDEVICE] src/lockdown.c, lockdownd_do_start_service.
func (l *lockdownd) startService(body, request plist.Dict) {
	name, ok := request.String("Service")
	failure := l.phone.Errors[name]
	switch {
	case !ok:
		failure = errMissingService
	case l.papers == nil:
		failure = errSessionInactive
	case failure != "":
	case name != diagnosticsService:
		failure = errInvalidService
	}
	if failure != "" {
		body["Error"] = failure
		return
	}
	s := &service{side: DiagnosticsRelay, reply: l.phone.diagnostics}
	if !l.phone.PlainServices && l.phone.personality() != NoTLS {
		s.papers = l.papers
		body["EnableServiceSSL"] = true
	}
	port := l.device.services.start(s)
	if port == 0 {
		body["Error"] = errServiceLimit
		return
	}
	body["Service"], body["Port"] = name, uint64(port)
}
