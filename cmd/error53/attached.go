package main

import (
	"context"
	"slices"

	"error53/diag"
	"error53/diag/inspect"
)

// readBus reads the attached phones, or the virtual ones.
func (o *checkOptions) readBus(ctx context.Context) ([]phone, error) {
	b, err := o.openBus(o.streams)
	if err != nil {
		return nil, err
	}
	defer b.close()
	listed, err := b.list(ctx)
	if err != nil {
		return nil, err
	}
	if len(listed) == 0 {
		return nil, errNoPhone
	}
	o.daemon = b.daemon
	b.inspector.Named = o.names
	if o.aboutOnePhone() && len(o.devices) == 0 && len(listed) > 1 {
		return nil, o.namesNone(b, listed)
	}
	phones := o.readPhones(ctx, b, asked(listed, o.devices, o.aboutOnePhone()))
	return phones, ctx.Err()
}

// namesNone fails before any phone is read: what was said is about one of them,
// and nobody said which.
func (o *checkOptions) namesNone(b *bus, listed []inspect.Phone) error {
	phones := b.rows(listed)
	assignMasks(phones, o.showIDs)
	return o.refuseToGuess(phones)
}

// readPhones reads them all at once. Somebody in front of a terminal sees each as
// soon as it is read, so that the one that hangs delays no other.
func (o *checkOptions) readPhones(ctx context.Context, b *bus, listed []inspect.Phone) []phone {
	live := o.outTTY && !o.json && len(o.devices) == 0 && len(listed) > 1 && !o.aboutOnePhone()
	phones := b.rows(listed)
	assignMasks(phones, o.showIDs)
	if live {
		o.screen().banner()
	}
	for at, read := range b.inspector.Each(ctx, listed) {
		mask := phones[at].mask
		mask.learn(read.Facts)
		phones[at] = b.row(read)
		phones[at].mask = mask
		phones[at].state(&o.operator)
		if live {
			o.screen().block(phones[at])
		}
	}
	o.shown = live
	return phones
}

// names tells whether a DEVICE argument is about this phone.
func (o *checkOptions) names(f diag.Facts) bool {
	return slices.ContainsFunc(o.devices, func(device string) bool { return namedBy(phone{facts: f}, foldDevice(device)) })
}

// asked leaves out the phones nobody asked for, where the list alone tells which
// those are: each DEVICE fits one phone by what usbmuxd knows of it, and in full
// where something will be said of it. Otherwise all have to be read, since an ECID
// or a serial number may be meant.
func asked(listed []inspect.Phone, devices []string, inFull bool) []inspect.Phone {
	if len(devices) == 0 {
		return listed
	}
	var named []inspect.Phone
	for _, p := range listed {
		if slices.ContainsFunc(devices, func(device string) bool { return fits(p, device, inFull) }) {
			named = append(named, p)
		}
	}
	for _, device := range devices {
		if fitting(named, device, inFull) != 1 {
			return listed
		}
	}
	return named
}

func fits(p inspect.Phone, device string, inFull bool) bool {
	wanted := foldDevice(device)
	if inFull {
		return slices.Contains(identifiers(p.Facts), wanted)
	}
	return len(wanted) >= shownTail && namedBy(phone{facts: p.Facts}, wanted)
}

func fitting(phones []inspect.Phone, device string, inFull bool) (n int) {
	for _, p := range phones {
		if fits(p, device, inFull) {
			n++
		}
	}
	return n
}
