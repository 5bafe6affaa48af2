package main

import (
	"context"
	"iter"
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
	o.daemon, o.unseen = b.daemon, b.unseen
	b.inspector.Named, b.inspector.Ask = o.names, true
	b.warmUp(ctx)
	if o.onlyOne() != "" && len(o.devices) == 0 && len(listed) > 1 {
		phones := b.rows(listed) // before any of them is read
		assignMasks(phones, o.showIDs)
		return nil, o.whichOne(phones)
	}
	if o.pair {
		return o.pairAndRead(ctx, b, listed)
	}
	phones := o.readPhones(ctx, b, listed)
	return phones, ctx.Err()
}

// showsAtOnce tells whether each phone is shown as soon as it is read: somebody in front
// of a terminal need not wait for the one that hangs.
func (o *checkOptions) showsAtOnce(listed []inspect.Phone) bool {
	return o.outTTY && !o.json && len(o.devices) == 0 && len(listed) > 1 && o.onlyOne() == ""
}

// readPhones reads them all at once.
func (o *checkOptions) readPhones(ctx context.Context, b *bus, listed []inspect.Phone) []phone {
	live := o.showsAtOnce(listed)
	all := b.rows(listed)
	assignMasks(all, o.showIDs) // all of them, so that what is shown of one names no other
	places, _ := asked(listed, o.devices, o.onlyOne() != "")
	phones := pick(all, places)
	if live {
		o.screen().banner()
	}
	for place, p := range b.each(ctx, all, listed, places) {
		at := slices.Index(places, place)
		phones[at] = p
		phones[at].state(&o.operator)
		if live {
			o.screen().block(phones[at])
		}
	}
	o.shown = live
	return phones
}

// each reads the phones at the places among those listed, all at once, and yields each
// as soon as it is read, with its place and the mask it has in the run.
func (b *bus) each(ctx context.Context, all []phone, listed []inspect.Phone, places []int) iter.Seq2[int, phone] {
	return func(yield func(int, phone) bool) {
		for at, read := range b.inspector.Each(ctx, pick(listed, places)) {
			if place := places[at]; !yield(place, all[place].after(b.row(read))) {
				return
			}
		}
	}
}

// names tells whether a DEVICE argument is about this phone.
func (o *checkOptions) names(f diag.Facts) bool {
	return slices.ContainsFunc(o.devices, func(device string) bool { return namedBy(phone{facts: f}, foldDevice(device)) })
}

// asked gives the places of the phones to be read. Those nobody asked for are left
// out where the list alone tells which these are: each DEVICE fits one phone by what
// is known of it, and in full where something will be said of it. Otherwise all have
// to be read, since an ECID or a serial number may be meant, and it is not certain yet
// which are.
func asked(listed []inspect.Phone, devices []string, inFull bool) (places []int, certain bool) {
	for _, device := range devices {
		fitting := placesOf(listed, device, inFull)
		if len(fitting) != 1 {
			return everyPlace(listed), false
		}
		places = append(places, fitting...)
	}
	if len(places) == 0 {
		return everyPlace(listed), true
	}
	slices.Sort(places)
	return slices.Compact(places), true
}

func everyPlace(listed []inspect.Phone) []int {
	places := make([]int, len(listed))
	for at := range listed {
		places[at] = at
	}
	return places
}

// placesOf finds the phones that a DEVICE fits by what is known of them so far.
func placesOf(listed []inspect.Phone, device string, inFull bool) (places []int) {
	wanted := foldDevice(device)
	for at, p := range listed {
		whole := slices.Contains(identifiers(p.Facts), wanted)
		tail := !inFull && len(wanted) >= shownTail && namedBy(phone{facts: p.Facts}, wanted)
		if whole || tail {
			places = append(places, at)
		}
	}
	return places
}
