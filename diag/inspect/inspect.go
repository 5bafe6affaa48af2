package inspect

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"error53/diag"
	"error53/lockdown"
	"error53/usbmux"
	"error53/usbmux/plist"
	"error53/usbmux/usb"
)

// DefaultTimeout bounds the inspection of one phone.
const DefaultTimeout = 5 * time.Second

// Inspector reads the phones behind one usbmuxd, and those on the buses of this
// computer that usbmuxd does not serve.
type Inspector struct {
	Mux     *usbmux.Client
	USB     *usb.Bus      // nil: usbmuxd's phones alone
	Timeout time.Duration // for one phone, from the first byte to the last; 0 = DefaultTimeout

	// Named tells whether the operator named this very phone, by what is known of
	// it so far; nil = no. Only then is a phone in restore mode asked for more
	// than its type.
	Named func(diag.Facts) bool
	// Ask tells whether iBoot may be asked, in recovery mode for its version, which
	// takes the one command there is, and in DFU mode too for its nonces. It is for
	// a command that looks once at somebody's request, never for one that goes on.
	Ask bool

	Now func() time.Time // nil: the clock of this computer
}

// Phone is an attached phone: one of usbmuxd's, or one on the bus.
type Phone struct {
	Device usbmux.Device // zero for one that usbmuxd does not list
	Raw    usb.Device    // zero for one that it does
	Port   string        // of the bus and its hubs, "1-2.3": stays while the cable does; "": not known
	Reading

	leaving bool // seen to leave normal mode: it may be in the middle of a restore
}

// List tells which phones there are, each once, with what is known without a word to
// any of them: first usbmuxd's in its order, then those on the bus that it does not
// list. Errors are those of usbmux.Client.ListDevices; the phones are good all the same,
// since those on the bus do not depend on usbmuxd.
//
// A phone on its way from one mode to another may be in both lists for a moment. Where
// that cannot be told from two phones both are asked again, for 0.3 s at the most.
func (i *Inspector) List(ctx context.Context) ([]Phone, error) {
	leaving := false // any of them: which one cannot be told
	for start := time.Now(); ; {
		phones, err := i.look(ctx)
		leaving = leaving || unsettled(phones)
		for n := range phones {
			phones[n].leaving = phones[n].leaving || leaving
		}
		if err != nil || !unsettled(phones) || time.Since(start) >= patience {
			return phones, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return phones, nil
		}
	}
}

// look asks both once, at the same time.
func (i *Inspector) look(ctx context.Context) ([]Phone, error) {
	scanned := make(chan []usb.Device, 1)
	go func() { scanned <- i.scan(ctx) }()
	devices, err := i.Mux.ListDevices(ctx)
	return Merge(devices, <-scanned), err
}

// Merge makes one list of the phones that usbmuxd lists and of those on the bus, each
// once, with what is known without a word to any of them. Whoever hears of both by
// events needs no Inspector.List.
func Merge(served []usbmux.Device, onBus []usb.Device) []Phone {
	phones := make([]Phone, len(served))
	for n, d := range served {
		phones[n] = Phone{Device: d, Reading: Reading{Facts: usbFacts(d)}}
	}
	return merge(phones, onBus)
}

// Read reads every phone at the same time and gives them in the same order. It
// never takes longer than the timeout of one phone.
func (i *Inspector) Read(ctx context.Context, phones []Phone) []Phone {
	read := make([]Phone, len(phones))
	for at, p := range i.Each(ctx, phones) {
		read[at] = p
	}
	return read
}

// Each reads every phone at the same time and yields each as soon as it is read,
// with its place in phones: whoever looks on need not wait for the one that hangs.
func (i *Inspector) Each(ctx context.Context, phones []Phone) iter.Seq2[int, Phone] {
	return func(yield func(int, Phone) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		type done struct {
			at    int
			phone Phone
		}
		results := make(chan done, len(phones)) // so that nobody waits for a reader that left
		for at, p := range phones {
			go func() { results <- done{at, i.readPhone(ctx, p)} }()
		}
		for range phones {
			if d := <-results; !yield(d.at, d.phone) {
				return
			}
		}
	}
}

func (i *Inspector) readPhone(ctx context.Context, p Phone) Phone {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(i.Timeout, DefaultTimeout))
	defer cancel()
	switch {
	case p.isAsked():
		return i.askRaw(ctx, p)
	case p.isRaw():
		return p // all there is to read was in the list
	}
	p.Reading = i.ask(ctx, p.Device)
	p.Facts = withListed(p.Facts, usbFacts(p.Device))
	if p.Err == nil && p.Facts.ProductType.Known() {
		p.Err = refuseOther(p.Facts.ProductType.Value)
	}
	return p
}

// ask holds the conversation with one phone, in a session where it trusts this computer.
func (i *Inspector) ask(ctx context.Context, d usbmux.Device) Reading {
	phone, err := lockdown.Open(ctx, i.Mux, d)
	if err != nil {
		return Reading{Facts: unanswered(d, phone.Identity), Err: err}
	}
	defer phone.Close()
	if phone.Identity.Restored {
		facts, err := i.askRestored(ctx, phone.Client, phone.Identity)
		return Reading{Facts: facts, Err: err}
	}
	told := public(phone.Public)
	if isAnother(d, told.facts()) {
		return Reading{Facts: unread(d), Err: fmt.Errorf("inspect: another phone answers under its number: %w", usbmux.ErrGone)}
	}
	return i.askTrusted(ctx, phone, told)
}

// askTrusted reads what takes a session, where there is one. Whatever becomes of that,
// the rest stands.
func (i *Inspector) askTrusted(ctx context.Context, phone lockdown.Phone, told domains) Reading {
	s := session{phone: phone}
	if phone.NoSession == nil {
		told = s.read(ctx)
	}
	r := Reading{Facts: told.facts(), NoSession: cmp.Or(phone.NoSession, s.broken)}
	f := &r.Facts
	f.Trust, f.ReadAt = TrustAfter(phone.NoSession), diag.Known(i.now().UTC(), diag.FromClock)
	switch {
	case !hasSensor(r.Facts):
		f.SensorTrace = diag.NotKnown[diag.SensorTrace]("no model with a Touch ID sensor")
	case phone.NoSession == nil && s.broken == nil:
		f.SensorTrace, f.FittedSensor, f.FactorySensor = sensorFacts(phone.Sensor(ctx))
	}
	return r
}

func (i *Inspector) now() time.Time {
	if i.Now != nil {
		return i.Now()
	}
	return time.Now()
}

// public makes domains of what a phone tells everybody.
func public(values plist.Dict) domains {
	d := flat(fromLockdown(values))
	for _, a := range []*answer{&d.backup, &d.disk, &d.battery, &d.findMy} {
		a.none = onlyWhenTrusted
	}
	return d
}

// isAnother tells whether a phone answered that is not the one that was listed: a
// daemon that restarts meanwhile gives its numbers anew.
func isAnother(d usbmux.Device, facts diag.Facts) bool {
	answered := usbmux.Device{SerialNumber: facts.UDID.Value}
	return d.Restore() || facts.UDID.Known() && d.SerialNumber != "" && answered.UDID() != d.UDID()
}

// askRestored takes what QueryType gave, and asks for the board's ids only where
// the operator named the phone.
func (i *Inspector) askRestored(ctx context.Context, client *lockdown.Client, id lockdown.Identity) (diag.Facts, error) {
	values := plist.Dict{"HardwareModel": id.HardwareModel, "SerialNumber": id.SerialNumber}
	facts := restoredFacts(values)
	if i.Named == nil || !i.Named(facts) {
		return facts, nil
	}
	info, err := client.HardwareInfo(ctx)
	if err != nil {
		return facts, err
	}
	values["UniqueChipID"], values["ChipID"], values["BoardID"] = info.ECID, uint64(info.ChipID), uint64(info.BoardID)
	return restoredFacts(values), nil
}

// usbFacts is what usbmuxd's list tells without a word to the phone.
func usbFacts(d usbmux.Device) diag.Facts {
	const unasked = "usbmuxd does not tell it, and the phone was not asked"
	f := diag.Facts{
		Mode:             diag.Known(diag.Normal, diag.FromUSB),
		ProductType:      diag.NotKnown[string](unasked),
		MarketingName:    diag.NotKnown[string](unasked),
		HardwareModel:    diag.NotKnown[string](unasked),
		InstalledVersion: diag.NotKnown[string](unasked),
		InstalledBuild:   diag.NotKnown[string](unasked),
		ECID:             diag.NotKnown[uint64](unasked),
		SerialNumber:     diag.NotKnown[string](unasked),
		DeviceName:       diag.NotKnown[string](unasked),
		CPID:             diag.NotKnown[uint32](unasked),
		BDID:             diag.NotKnown[uint32](unasked),
		UDID:             diag.Known(d.UDID(), diag.FromUSB),
		Session:          diag.NoSession(unasked),
	}
	switch {
	case d.Restore():
		f.Mode = diag.Known(diag.Restore, diag.FromUSB)
		f.UDID = diag.NotKnown[string]("restore mode hides it")
	case strings.TrimSpace(d.SerialNumber) == "":
		f.UDID = diag.NotKnown[string]("usbmuxd did not give it")
	}
	f = withIBoot(withoutNonces(f, nonceUntold), diag.NotKnown[string](unasked))
	if ecid, ok := d.ECID(); ok {
		f.ECID = diag.Known(ecid, diag.FromUSB)
	}
	if cpid, ok := d.ChipID(); ok {
		f.CPID = diag.Known(cpid, diag.FromUSB)
	}
	return f
}

// unanswered is what is known of a phone that did not tell what it is.
func unanswered(d usbmux.Device, id lockdown.Identity) diag.Facts {
	f := unread(d)
	if id.Type == lockdown.TypeLockdown {
		f.Mode = diag.Known(diag.Normal, diag.FromLockdown)
	}
	return f
}

// unread is what is known of a phone that did not answer.
func unread(d usbmux.Device) diag.Facts {
	const failed = "the phone could not be read"
	f := usbFacts(d)
	for _, fact := range []*diag.Fact[string]{
		&f.ProductType, &f.MarketingName, &f.HardwareModel, &f.InstalledVersion, &f.InstalledBuild, &f.IBoot, &f.SerialNumber, &f.DeviceName,
	} {
		fact.Reason = failed
	}
	f.BDID.Reason = failed
	f.Session = diag.NoSession(failed)
	return f
}

// withListed fills what the phone did not tell with what usbmuxd told of it. The phone
// alone knows its mode.
func withListed(read, listed diag.Facts) diag.Facts {
	fill(&read.UDID, listed.UDID)
	fill(&read.ECID, listed.ECID)
	fill(&read.CPID, listed.CPID)
	return read
}

func fill[T any](f *diag.Fact[T], other diag.Fact[T]) {
	if !f.Known() && other.Known() {
		*f = other
	}
}
