package mocks

import (
	"cmp"
	"slices"
)

// Seat is a port of the bench with the phone that belongs to it.
type Seat struct {
	Port     string // "1-2"
	Phone    Phone  // as it is now, or was when it left
	Plugged  bool   // it is on the cable, in whatever mode
	DeviceID uint32 // 0: usbmuxd does not list it
	Locked   bool   // a passcode is due
	Hosts    int    // that it trusts
}

// seat is a port, and the phone that belongs to it. Bench.mu guards it.
type seat struct {
	port    uint32 // from 1
	phone   Phone
	memory  *memory     // stays with the phone
	plugged *attachment // nil: the phone is off the cable
}

// Lay puts a phone beside the next port, and does not plug it in. It gives the port:
// "1-1", "1-2" and so on. A PairRecord of the phone joins those of the host.
func (b *Bench) Lay(p Phone) (port string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return rootPort(b.lay(p).port)
}

// lay gives a phone the next seat. Bench.mu is held.
func (b *Bench) lay(p Phone) *seat {
	if p.ConnectionType == Network { // no port
		p.complete()
		return &seat{phone: p, memory: b.keep(p)}
	}
	b.ports++
	s := &seat{port: b.ports}
	b.settle(s, p)
	return s
}

// settle gives a seat to a phone.
func (b *Bench) settle(s *seat, p Phone) {
	p.complete()
	s.phone, s.memory = p, b.keep(p)
	s.memory.seat = s
	b.seats[rootPort(s.port)] = s
}

// leaveSeat forgets where a phone was that is off the cable: it comes back elsewhere.
func (b *Bench) leaveSeat(p Phone) {
	m := b.memories[p.UDID]
	if p.ConnectionType != Network && m != nil && m.seat != nil && m.seat.plugged == nil && m.seat.memory == m {
		delete(b.seats, rootPort(m.seat.port))
	}
}

// at gives the phone that is plugged in at a port, nil for none. Bench.mu is held.
func (b *Bench) at(port string) *attachment {
	if s := b.seats[port]; s != nil {
		return s.plugged
	}
	return nil
}

// PortOf gives the port of a phone by its DeviceID, "" for none.
func (b *Bench) PortOf(id uint32) string {
	d := b.byID(id)
	if d == nil || d.phone.ConnectionType == Network {
		return ""
	}
	return d.path()
}

// Seats lists the ports in their order. What is there over the network has none.
func (b *Bench) Seats() []Seat {
	b.mu.Lock()
	defer b.mu.Unlock()
	seats := make([]*seat, 0, len(b.seats))
	for _, s := range b.seats {
		seats = append(seats, s)
	}
	slices.SortFunc(seats, func(a, b *seat) int { return cmp.Compare(a.port, b.port) })
	ids := map[*attachment]uint32{}
	for _, d := range b.devices {
		ids[d.attachment] = d.id
	}
	list := make([]Seat, len(seats))
	for i, s := range seats {
		list[i] = Seat{Port: rootPort(s.port), Phone: s.phone, Plugged: s.plugged != nil, DeviceID: ids[s.plugged]}
		list[i].Locked, list[i].Hosts = s.memory.state()
	}
	return list
}
