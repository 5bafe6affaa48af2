package recording

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"error53/lockdown"
	"error53/usbmux"
	"error53/usbmux/plist"
)

// maxFrames bounds what a recorder keeps, in messages and in bytes.
const (
	maxFrames = 2 * maxExchanges
	maxBytes  = 64 << 20
)

// ErrIncomplete: the conversation cannot be recorded whole.
var ErrIncomplete = errors.New("incomplete conversation")

// Recorder listens to the conversations of a [usbmux.Client]: its method Tap is what the
// client calls. The zero Recorder is ready for use, also by several goroutines.
type Recorder struct {
	mu     sync.Mutex // guards what follows
	frames []frame
	bytes  int
	full   bool
}

// frame is a message that was heard.
type frame struct {
	usbmux.Frame
	message plist.Dict
}

// Tap takes a message.
func (r *Recorder) Tap(f usbmux.Frame) {
	message, err := plist.DecodeDict(f.Payload)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bytes += len(f.Payload)
	if err != nil || len(r.frames) >= maxFrames || r.bytes > maxBytes {
		r.full = true
		return
	}
	f.Payload = nil
	r.frames = append(r.frames, frame{f, message})
}

// Flows gives what was said with and about one phone, the request for the list
// included.
//
// Errors: ErrIncomplete where something was no dictionary, was too much, or has no
// answer.
func (r *Recorder) Flows(device usbmux.Device) ([]Flow, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.full {
		return nil, fmt.Errorf("recording: %w: a message is no dictionary, or there are too many", ErrIncomplete)
	}
	n := newNormalizer(device)
	var flows []Flow
	for _, connection := range r.connections(device) {
		spoken, err := n.flows(connection)
		if err != nil {
			return nil, err
		}
		flows = append(flows, spoken...)
	}
	return flows, nil
}

// connections gives the messages connection by connection, in the order in which these
// were opened: those with the phone, and those with usbmuxd about it.
func (r *Recorder) connections(device usbmux.Device) [][]frame {
	byNumber := map[int][]frame{}
	for _, f := range r.frames {
		byNumber[f.Connection] = append(byNumber[f.Connection], f)
	}
	var numbers []int
	for number, frames := range byNumber {
		if slices.ContainsFunc(frames, func(f frame) bool { return isAbout(f, device) }) {
			numbers = append(numbers, number)
		}
	}
	slices.Sort(numbers)
	connections := make([][]frame, len(numbers))
	for i, number := range numbers {
		connections[i] = byNumber[number]
	}
	return connections
}

// isAbout tells whether a message makes its connection one of the phone's.
func isAbout(f frame, device usbmux.Device) bool {
	number, _ := f.message.Uint64("DeviceID")
	record, named := f.message.String("PairRecordID")
	switch {
	case f.DeviceID != 0:
		return f.DeviceID == device.ID
	case !f.Sent:
		return false
	}
	return requestName(f.message) == "ListDevices" || number != 0 && uint32(number) == device.ID || named && device.Is(record)
}

// flows splits a connection by who speaks, and pairs requests with answers.
func (n *normalizer) flows(frames []frame) ([]Flow, error) {
	var flows []Flow
	for _, f := range frames {
		speaker := n.speaker(f)
		if len(flows) == 0 || flows[len(flows)-1].Speaker != speaker {
			flows = append(flows, Flow{Speaker: speaker})
		}
		flow := &flows[len(flows)-1]
		if f.Sent {
			flow.Exchanges = append(flow.Exchanges, Exchange{TLS: f.TLS, Request: n.request(f.message)})
			continue
		}
		last := len(flow.Exchanges) - 1
		if last < 0 || flow.Exchanges[last].Answer != nil {
			return nil, fmt.Errorf("recording: %w: an answer to no request", ErrIncomplete)
		}
		flow.Exchanges[last].Answer = n.answer(flow.Exchanges[last].Request, f.message)
	}
	return flows, nameRestored(flows)
}

// nameRestored gives restored's flow its name, which its first answer tells.
func nameRestored(flows []Flow) error {
	for i := range flows {
		for _, x := range flows[i].Exchanges {
			if x.Answer == nil {
				return fmt.Errorf("recording: %w: no answer to %s", ErrIncomplete, x.Name())
			}
			if kind, _ := x.Answer.String("Type"); kind == lockdown.TypeRestored && flows[i].Speaker == Lockdownd {
				flows[i].Speaker = Restored
			}
		}
	}
	return nil
}
