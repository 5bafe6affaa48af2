package mocks

import (
	"errors"
	"io"
	"maps"

	"error53/usbmux/plist"
)

// What keeps an answer from its client, besides a connection that broke.
var (
	errWithheld = errors.New("mocks: answer withheld")    // the side goes on reading
	errCut      = errors.New("mocks: answer cut short")   // the connection ends
	errVanished = errors.New("mocks: the phone vanished") // it leaves the bench
)

// answer is a message on its way to the client.
type answer struct {
	tag     uint32 // of usbmuxd; the other sides have none
	message uint32 // of usbmuxd's binary form; 0 = a Result
	body    any    // sent as an XML plist
	raw     []byte // sent as it is, where there is no body
}

// line is one side's end of one connection. It counts what went out, and spoils
// what goes out next.
type line struct {
	bench   *Bench
	out     io.Writer // the client, or TLS with it
	frame   func(a answer, payload []byte) []byte
	answers int
	bytes   int
}

// send gives an answer as the faults leave it.
func (l *line) send(a answer, faults []Fault) error {
	out, err := l.prepare(a, faults)
	if err != nil {
		return err
	}
	return l.write(out, faults)
}

// prepare makes the frame of an answer, late where it is slow, and the error that
// keeps it back.
func (l *line) prepare(a answer, faults []Fault) ([]byte, error) {
	lie := false
	for _, f := range faults {
		if f.Kind == Cut || l.answers < f.After {
			continue
		}
		switch f.Kind {
		case Silent:
			return nil, errWithheld
		case Vanish:
			return nil, errVanished
		case Slow:
			if err := l.bench.sleep(f.Delay); err != nil {
				return nil, err
			}
		case WrongLength:
			lie = true
		default:
			a = a.spoilt(f.Kind)
		}
	}
	out, err := l.encode(a)
	if err == nil && lie { // the length comes first in both framings, and all ones know no byte order
		copy(out, "\xff\xff\xff\xff")
	}
	return out, err
}

// spoilt gives the answer with its tag, its type or its format gone wrong.
func (a answer) spoilt(kind Kind) answer {
	switch kind {
	case WrongTag:
		a.tag += 53 // and not 1, which brings an event's tag to that of the first request
		if reply, ok := a.body.(plist.Dict); ok && reply["Request"] != nil {
			reply = maps.Clone(reply)
			reply["Request"] = "NobodyAskedThis"
			a.body = reply
		}
	case WrongType:
		a.body = []any{a.body}
	case Garbage:
		a.body, a.raw = nil, []byte("this is no property list")
	}
	return a
}

// encode makes the frame of an answer.
func (l *line) encode(a answer) ([]byte, error) {
	if a.body == nil {
		return l.frame(a, a.raw), nil
	}
	payload, err := encodeXML(a.body)
	if err != nil {
		return nil, err
	}
	return l.frame(a, payload), nil
}

// write sends a frame, or as much of it as the faults let through.
func (l *line) write(out []byte, faults []Fault) error {
	cut := false
	for _, f := range faults {
		if left := f.After - l.bytes; f.Kind == Cut && left <= len(out) {
			out, cut = out[:max(left, 0)], true
		}
	}
	n, err := l.out.Write(out)
	l.bytes += n
	l.answers++
	if err == nil && cut {
		return errCut
	}
	return err
}
