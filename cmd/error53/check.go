package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
)

// checkOptions is one run of check.
type checkOptions struct {
	streams
	operator
	busOptions

	devices []string // UDIDs, ECIDs, serial numbers or tails; none = all phones
	from    []string // dumps to read instead of phones; "-" = standard input
	json    bool
	showIDs bool
	noColor bool
	noInput bool
	single  bool // only one phone is wanted

	pair bool          // with phones that do not trust this computer
	wait time.Duration // for somebody to tap Trust

	shown  bool  // the verdicts were printed while the phones were read
	daemon error // why usbmuxd's phones are missing among them
	unseen error // why those on the USB buses are
}

func newCheckCommand(s streams) *cobra.Command {
	o := &checkOptions{streams: s}
	cmd := &cobra.Command{
		Use:   "check [DEVICE…]",
		Short: "Give the verdict on every attached phone, or on recorded dumps",
		Long: "Give the verdict on every attached phone, or on the DEVICEs: a UDID, an ECID, a serial number, or the\n" +
			"last characters of one. With --from, read dumps instead: ideviceinfo (text or -x), JSON of lockdown values,\n" +
			"irecovery -q, an iBoot serial string, or what error53 record has written.",
		Example: "  error53 check\n" +
			"  error53 check 801e --repair third-party-sensor --touch-id no\n" +
			"  error53 check --target newest --json\n" +
			"  error53 check --pair\n" +
			"  error53 check --target iPhone_4.7_9.2.1_13D20_Restore.ipsw\n" +
			"  error53 check --from dump.txt\n" +
			"  error53 check --dry-run",
		ValidArgsFunction: o.complete,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.devices = args
			err := o.validate(cmd)
			if err == nil {
				err = o.run(cmd.Context())
			}
			return inJSON(o.streams, o.json, o.dryRun, err)
		},
	}
	o.operator.addFlags(cmd)
	o.addPhoneFlags(cmd)
	cmd.Flags().BoolVar(&o.noColor, "no-color", false, "do not colour")
	cmd.Flags().BoolVar(&o.noInput, "no-input", false, "never ask")
	cmd.Flags().BoolVar(&o.pair, "pair", false, "first make phones trust this computer that do not yet: they show a dialog")
	addWaitFlag(cmd, &o.wait)
	return cmd
}

// addPhoneFlags adds the flags that say which phones to look at, and how to show them.
func (o *checkOptions) addPhoneFlags(cmd *cobra.Command) {
	o.busOptions.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringArrayVar(&o.from, "from", nil, "read a dump or a recording instead of phones (- for standard input); further files may follow")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.BoolVar(&o.showIDs, "show-ids", false, "show identifiers whole")
}

func (o *checkOptions) validate(cmd *cobra.Command) error {
	if len(o.from) > 0 && o.dryRun {
		return &usageError{"--from reads files and --dry-run reads virtual phones", "leave one of the two out"}
	}
	if err := o.validatePairing(cmd); err != nil {
		return err
	}
	if err := o.busOptions.validate(cmd); err != nil {
		return err
	}
	return o.operator.validate()
}

func (o *checkOptions) run(ctx context.Context) error {
	if err := o.readTarget(ctx); err != nil {
		return err
	}
	phones, refused, err := o.read(ctx)
	if err != nil {
		return err
	}
	refused = append(o.images.unread(), refused...)
	if phones, err = selectPhones(phones, o.devices); err != nil {
		return err
	}
	if err := o.refuseToGuess(phones); err != nil {
		return err
	}
	if o.json {
		err = o.printJSON(phones, refused)
	} else {
		err = o.print(ctx, phones, refused)
	}
	if err != nil {
		return err
	}
	return exitWith(exitOfPhones(append(phones, refused...)))
}

// read gives the phones of the run, decided; refused are files of no use.
func (o *checkOptions) read(ctx context.Context) (phones, refused []phone, err error) {
	if len(o.from) == 0 {
		phones, err = o.readBus(ctx)
		return phones, nil, err
	}
	phones, refused = o.readDumps(ctx)
	assignMasks(phones, o.showIDs)
	for i := range phones {
		phones[i].state(&o.operator)
	}
	return phones, refused, nil
}

// refuseToGuess fails where it is not clear which phone was meant, and where the
// only phone never had the target: that is the operator's mistake then. Of
// several phones it is the one phone's error.
func (o *checkOptions) refuseToGuess(phones []phone) error {
	severalFiles := len(o.from) > 1 && len(o.devices) == 0
	if o.onlyOne() != "" && (len(phones) > 1 || severalFiles) {
		return o.whichOne(phones)
	}
	if len(phones) == 1 && phones[0].badTarget() {
		return phones[0].err
	}
	return nil
}

// onlyOne says why the run can be about one phone only; "" where it may be about
// several.
func (o *checkOptions) onlyOne() string {
	switch {
	case o.single:
		return "a plan is made for one phone"
	case o.aboutOnePhone():
		return "--repair and --touch-id are about one phone"
	}
	return ""
}

// whichOne: the run is about one of the phones, and nobody said which.
func (o *checkOptions) whichOne(phones []phone) error {
	return &ambiguousError{o.onlyOne(), candidates(phones)}
}

func (o *checkOptions) printJSON(phones, refused []phone) error {
	e := envelope{schemaVersion, o.dryRun, []any{}, errorsOf(o.daemon, append(slices.Clone(phones), refused...))}
	e.add(o.unseen)
	for _, p := range phones {
		e.Phones = append(e.Phones, verdictJSON(p))
	}
	return writeJSON(o.out, e)
}

func (o *checkOptions) screen() screen {
	return screen{w: o.out, width: o.width, color: o.color(o.noColor), simulated: o.dryRun}
}

func (o *checkOptions) print(ctx context.Context, phones, refused []phone) error {
	if !o.shown {
		o.screen().banner()
		for _, p := range phones {
			o.screen().block(p)
		}
	}
	o.screen().summary(phones)
	for _, r := range refused {
		report(o.err, r.err, r.origin)
	}
	reportMissing(o.err, o.daemon, o.unseen)
	if o.mayAsk() {
		o.interview(ctx, phones)
	}
	return ctx.Err()
}

// mayAsk: a question needs somebody to answer it, and must not eat the dump that
// comes by standard input.
func (o *checkOptions) mayAsk() bool {
	return o.inTTY && o.outTTY && !o.noInput && !slices.Contains(o.from, "-")
}

// interview shows the verdict anew after each phone it learnt about.
func (o *checkOptions) interview(ctx context.Context, phones []phone) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	asker := interviewer{ctx, typed(ctx, o.in), o.out, o.width}
	for i := range phones {
		p := &phones[i]
		if p.verdict.Question == nil {
			continue
		}
		if asker.interview(p, o.screen().name(*p)) {
			fmt.Fprintln(o.out)
			o.screen().block(*p)
		}
	}
}
