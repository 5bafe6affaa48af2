package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"error53/diag"
	"error53/diag/inspect"
	"error53/mocks"
	"error53/usbmux"
	"error53/usbmux/usb"
)

// busOptions says which phones to look at: the attached ones, or virtual ones.
type busOptions struct {
	dryRun   bool
	scenario string
	timeout  time.Duration
	verbose  bool

	logFormat string
}

// logFormat is how -v writes.
type logFormat string

var logFormats = []logFormat{"text", "json"}

func (o *busOptions) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&o.dryRun, "dry-run", false, "look at virtual phones instead of real ones")
	flags.StringVar(&o.scenario, "scenario", "bench", "with --dry-run, which ones: a scenario's file or dump, or "+strings.Join(mocks.Scenarios(), ", "))
	flags.DurationVar(&o.timeout, "timeout", inspect.DefaultTimeout, "how long one phone may take")
	o.addLogFlags(flags)
}

func (o *busOptions) addLogFlags(flags *pflag.FlagSet) {
	flags.BoolVarP(&o.verbose, "verbose", "v", false, "tell on standard error what is exchanged")
	flags.StringVar(&o.logFormat, "log-format", "text", "how -v writes: "+words(logFormats))
}

func (o *busOptions) validate(cmd *cobra.Command) error {
	if o.timeout <= 0 {
		return &usageError{fmt.Sprintf("--timeout %s leaves no time", o.timeout), "give a duration such as --timeout 10s"}
	}
	if cmd.Flags().Changed("scenario") && !o.dryRun {
		return &usageError{"--scenario chooses virtual phones", "add --dry-run"}
	}
	return oneOf("--log-format", o.logFormat, logFormats)
}

// bus is where the phones are.
type bus struct {
	inspector inspect.Inspector
	address   string // for messages
	simulated bool
	daemon    error    // why the daemon's own phones are missing
	unseen    error    // why those on the USB buses are, or some of them
	words     []word   // the virtual technician's
	trusting  []string // UDIDs of the virtual phones that trust this computer
	close     func()

	// setMode lets the virtual phone at a port start anew; nil with real phones, whose
	// mode only hands can change.
	setMode func(port string, mode diag.Mode)

	// play lets happen what the scenario has, until its end; nothing with real phones.
	play func(context.Context)
}

// word is what a scenario's technician says of a phone.
type word struct {
	who     inspect.Identity
	repair  diag.Repair
	touchID diag.TouchID
}

func wordOf(p mocks.ScenarioPhone) word {
	who := inspect.Identity{UDID: fold(p.Phone.UDID), Port: p.Port}
	who.ECID, _ = p.Phone.Values.Uint64("UniqueChipID")
	who.SerialNumber, _ = p.Phone.Values.String("SerialNumber")
	return word{who, p.Repair, p.TouchID}
}

// openBus finds the daemon; it does not talk to it yet.
func (o *busOptions) openBus(s streams) (*bus, error) {
	mux := &usbmux.Client{Timeout: o.timeout, Log: o.logger(s)}
	b := &bus{inspector: inspect.Inspector{Mux: mux, Timeout: o.timeout}, play: func(context.Context) {}, close: func() {}}
	if o.dryRun {
		return b, b.simulate(o.scenario)
	}
	address, err := usbmux.AddressFromEnv(s.getenv)
	if err != nil {
		return nil, &daemonError{err: err}
	}
	mux.Addr, b.address = address, address.String()
	if s.getenv(usbmux.AddressVariable) == "" {
		// Another daemon's phones are not on the buses of this computer.
		b.inspector.USB = &usb.Bus{Log: mux.Log}
	}
	return b, nil
}

// simulate puts virtual phones on the bus: from there on all is the same.
func (b *bus) simulate(name string) error {
	scenario, bench, err := openScenario(name)
	if err != nil {
		return err
	}
	b.inspector.Mux.Dial = bench.Dial
	b.inspector.USB = virtualUSB(bench)
	b.inspector.USB.Log = b.inspector.Mux.Log
	b.simulated, b.address = true, "the virtual bench"
	b.close = func() { bench.Close() }
	b.setMode = bench.SetMode
	b.play = func(ctx context.Context) {
		for range bench.Play(ctx, scenario.Timeline()) {
		}
	}
	for _, p := range scenario.Phones {
		b.words = append(b.words, wordOf(p))
		if p.Phone.Trust.State == mocks.Paired {
			b.trusting = append(b.trusting, p.Phone.UDID)
		}
	}
	return nil
}

// warmUp lets virtual phones make the keys of their pairings before anybody's patience is
// measured: real ones have theirs, and on a busy computer it takes seconds.
func (b *bus) warmUp(ctx context.Context) {
	patient := usbmux.Client{Dial: b.inspector.Mux.Dial, Timeout: time.Hour}
	for _, udid := range b.trusting {
		patient.ReadPairRecord(ctx, udid)
	}
}

// list asks the daemon for the phones, and looks on the bus for more; there is one at the
// least. The error is that of the daemon, or that there is none; phones in modes that the
// daemon does not serve are there all the same.
func (b *bus) list(ctx context.Context) ([]inspect.Phone, error) {
	listed, err := b.inspector.List(ctx)
	b.unseen = b.look(ctx)
	switch {
	case err == nil && len(listed) == 0:
		return nil, &noPhoneError{b.unseen}
	case err == nil:
		return listed, nil
	}
	failed := &daemonError{b.address, err, len(listed) > 0}
	if !slices.ContainsFunc(listed, func(p inspect.Phone) bool { return !errors.Is(p.Err, inspect.ErrNotServed) }) {
		return nil, failed
	}
	b.daemon = failed
	return listed, nil
}

// look tells why the USB buses cannot be looked at, nil where they can, or need not.
func (b *bus) look(ctx context.Context) error {
	if b.inspector.USB == nil {
		return nil
	}
	if err := b.inspector.USB.CanList(ctx); err != nil {
		return &unseenError{err}
	}
	return nil
}

// place names where a phone is, for one that has no identifier.
func place(p inspect.Phone) string {
	if p.Port != "" {
		return "USB port " + p.Port
	}
	return fmt.Sprintf("usbmuxd's no. %d", p.Device.ID)
}

// row makes the phone of the run out of what was read.
func (b *bus) row(read inspect.Phone) phone {
	p := phone{facts: read.Facts, err: read.Err, session: read.NoSession, place: place(read), identity: read.Identity()}
	b.sayOf(p.identity, &p.facts)
	return p
}

// sayOf adds what the scenario's technician says of a phone.
func (b *bus) sayOf(who inspect.Identity, f *diag.Facts) {
	for _, said := range b.words {
		if who.Same(said.who) == inspect.NoEvidence {
			continue
		}
		if said.repair != "" {
			f.Repair = diag.Known(said.repair, diag.FromOperator)
		}
		if said.touchID != "" {
			f.TouchID = diag.Known(said.touchID, diag.FromOperator)
		}
	}
}

func (b *bus) rows(read []inspect.Phone) []phone {
	phones := make([]phone, len(read))
	for i := range read {
		phones[i] = b.row(read[i])
	}
	return phones
}

// logger tells what is exchanged, or nothing.
func (o *busOptions) logger(s streams) logrus.FieldLogger {
	if !o.verbose {
		return nil
	}
	log := logrus.New()
	log.SetOutput(s.err)
	log.SetLevel(logrus.DebugLevel)
	if o.logFormat == "json" {
		log.SetFormatter(&logrus.JSONFormatter{})
	}
	return log
}
