package usbmux

import (
	"cmp"
	"fmt"
	"slices"
)

// maxAttachments bounds what a daemon can make us remember. A large bench has hundreds.
const maxAttachments = 1 << 16

// phoneID tells phones apart: by the serial number, or by the DeviceID where the
// serial number is missing or, in restore mode, the same on all.
type phoneID struct {
	key string
	id  uint32
}

func (d Device) phone() phoneID {
	if d.SerialNumber == "" || d.Restore() {
		return phoneID{id: d.ID}
	}
	return phoneID{key: d.key()}
}

// roster knows who is there. A phone can be attached twice, over USB and over the
// network, or for a moment while it enumerates anew; it is there as long as one
// attachment is. What the daemon says is believed in the order in which it comes.
type roster struct {
	phones map[phoneID][]Device // the attachments of each, in order of arrival
	owners map[uint32]phoneID   // by DeviceID
}

func newRoster() *roster {
	return &roster{phones: map[phoneID][]Device{}, owners: map[uint32]phoneID{}}
}

// apply takes what the daemon said and gives what it means for the phones. Saying
// something twice, or of a DeviceID that nobody has, means nothing.
func (r *roster) apply(e Event) ([]Event, error) {
	owner, known := r.owners[e.Device.ID]
	switch {
	case e.Kind == Attached:
		return r.attach(e.Device)
	case e.Kind == Detached && known:
		return r.detach(e.Device.ID), nil
	case e.Kind == Paired && known:
		return []Event{{Kind: Paired, Device: preferred(r.phones[owner])}}, nil
	}
	return nil, nil
}

func (r *roster) attach(d Device) ([]Event, error) {
	var events []Event
	owner, known := r.owners[d.ID]
	switch {
	case known && owner != d.phone(): // we were not told that the other one left
		events = r.detach(d.ID)
	case !known && len(r.owners) >= maxAttachments:
		return nil, fmt.Errorf("%w: more than %d phones at once", ErrProtocol, maxAttachments)
	}
	r.owners[d.ID] = d.phone()
	return append(events, r.update(d.phone(), func(list []Device) []Device {
		if i := indexOf(list, d.ID); i >= 0 {
			list[i] = d
			return list
		}
		return append(list, d)
	})...), nil
}

func (r *roster) detach(id uint32) []Event {
	owner := r.owners[id]
	delete(r.owners, id)
	return r.update(owner, func(list []Device) []Device {
		i := indexOf(list, id)
		return slices.Delete(list, i, i+1)
	})
}

// update changes the attachments of a phone and tells what that looks like.
func (r *roster) update(phone phoneID, change func([]Device) []Device) []Event {
	before := preferred(r.phones[phone])
	list := change(r.phones[phone])
	r.phones[phone] = list
	after := preferred(list)
	switch {
	case len(list) == 0:
		delete(r.phones, phone)
		return []Event{{Kind: Detached, Device: before}}
	case before == Device{}:
		return []Event{{Kind: Attached, Device: after}}
	case before != after:
		return []Event{{Kind: Changed, Device: after}}
	}
	return nil
}

// clear takes everyone off, in the order of their DeviceIDs.
func (r *roster) clear() []Device {
	var gone []Device
	for _, list := range r.phones {
		gone = append(gone, preferred(list))
	}
	slices.SortFunc(gone, func(a, b Device) int { return cmp.Compare(a.ID, b.ID) })
	*r = *newRoster()
	return gone
}

func indexOf(list []Device, id uint32) int {
	return slices.IndexFunc(list, func(d Device) bool { return d.ID == id })
}

// preferred picks the attachment by which a phone is reached, as merge does: the first
// over USB, else the first. It is the zero Device where there is none.
func preferred(list []Device) Device {
	var best Device
	for i, d := range list {
		if i == 0 || d.beats(best) {
			best = d
		}
	}
	return best
}
