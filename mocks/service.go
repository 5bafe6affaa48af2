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

// take gives the service that waits on a port; nil for none.
func (s *services) take(port uint16) *service {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.waiting[port]
	delete(s.waiting, port)
	return found
}
