package main

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"error53/diag/inspect"
	"error53/lockdown"
)

// pairOptions is one run of pair.
type pairOptions struct {
	streams
	busOptions

	devices []string // as of check
	renew   bool
	wait    time.Duration
	json    bool
	showIDs bool
}

func newPairCommand(s streams) *cobra.Command {
	o := &pairOptions{streams: s}
	cmd := &cobra.Command{
		Use:   "pair [DEVICE…]",
		Short: "Make the attached phones trust this computer",
		Long: "Make the attached phones, or the DEVICEs, trust this computer, so that check can read more of them: the last\n" +
			"backup, Find My, battery, free space, the trace of the Touch ID sensor. Each phone shows a dialog, on which\n" +
			"somebody has to tap Trust. A phone that trusts this computer already is left as it is. The pairing is kept by\n" +
			"usbmuxd, so that other programs can use it as well. Without --renew no pairing is replaced.",
		Example: "  error53 pair\n" +
			"  error53 pair 801e --wait 2m\n" +
			"  error53 pair 801e --renew\n" +
			"  error53 pair --dry-run --scenario paired",
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
	o.busOptions.addFlags(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&o.renew, "renew", false, "make a new pairing where the one this computer keeps is of no use")
	addWaitFlag(cmd, &o.wait)
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.BoolVar(&o.showIDs, "show-ids", false, "show identifiers whole")
	return cmd
}

func addWaitFlag(cmd *cobra.Command, wait *time.Duration) {
	cmd.Flags().DurationVar(wait, "wait", lockdown.DefaultTrustLimit, "how long to wait for somebody to tap Trust on a phone")
}

func (o *pairOptions) validate(cmd *cobra.Command) error {
	if err := checkWait(o.wait); err != nil {
		return err
	}
	return o.busOptions.validate(cmd)
}

func checkWait(wait time.Duration) error {
	if wait <= 0 {
		return &usageError{fmt.Sprintf("--wait %s leaves no time", wait), "give a duration such as --wait 2m"}
	}
	return nil
}

func (o *pairOptions) run(ctx context.Context) error {
	b, err := o.openBus(o.streams)
	if err != nil {
		return err
	}
	defer b.close()
	listed, err := b.list(ctx)
	if err == nil {
		err = b.daemon // phones on the bus alone trust nobody in their modes
	}
	if err != nil {
		return err
	}
	b.warmUp(ctx)
	asked, err := b.choose(ctx, listed, o.devices, o.showIDs)
	if err != nil {
		return err
	}
	results := o.pairAll(ctx, b, asked)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := o.report(results); err != nil {
		return err
	}
	return exitWith(exitOfPairings(results))
}

// pairAll pairs with all of them at once, and tells on standard error how it goes.
func (o *pairOptions) pairAll(ctx context.Context, b *bus, asked chosen) []pairResult {
	live, atOnce := newLive(o.streams), o.outTTY && !o.json
	if atOnce {
		o.screen().banner()
	}
	pairing := pairer{
		inspector: &b.inspector, renew: o.renew, wait: o.wait,
		tell: func(at int, read inspect.Phone, p lockdown.Progress) {
			live.tell(at, o.screen().name(asked.rows[at].after(b.row(read))), p)
		},
	}
	results := make([]pairResult, len(asked.phones))
	for at, p := range pairing.each(ctx, asked) {
		live.done(at)
		results[at] = pairResult{asked.rows[at].after(b.row(p.Phone)), p.outcome(), cmp.Or(p.err, p.Err)}
		if atOnce {
			live.aside(func() { o.print(results[at]) })
		}
	}
	return results
}

// pairResult is what became of one phone.
type pairResult struct {
	phone   phone
	outcome pairOutcome
	err     error // why it failed
}

// pairOutcome is how an attempt at pairing ended, as it is shown.
type pairOutcome string

const (
	nowPaired     pairOutcome = "paired"
	alreadyPaired pairOutcome = "already-trusted"
	notPaired     pairOutcome = "failed"
	notPairable   pairOutcome = "skipped" // a phone in restore, recovery or DFU mode trusts nobody
)

func (p paired) outcome() pairOutcome {
	switch {
	case p.err != nil, p.Err != nil:
		return notPaired
	case p.state == lockdown.AlreadyTrusted:
		return alreadyPaired
	case p.state == lockdown.Paired:
		return nowPaired
	default:
		return notPairable
	}
}

func (o *pairOptions) screen() screen {
	return screen{w: o.out, width: o.width, simulated: o.dryRun}
}

// report prints the results, which a terminal has shown by now.
func (o *pairOptions) report(results []pairResult) error {
	switch {
	case o.json:
		return o.reportJSON(results)
	case o.outTTY:
		return nil
	}
	o.screen().banner()
	for _, r := range results {
		o.print(r)
	}
	return nil
}

// print gives a result a line, and says what to do about a failure.
func (o *pairOptions) print(r pairResult) {
	fmt.Fprintf(o.out, "%s\t%s\t%s%s\n", r.phone.label(), r.outcome, r.phone.title(), simulatedMark(o.dryRun))
	if r.err != nil {
		report(o.err, r.err, r.phone.label())
	}
}

// jsonPaired is one phone of pair's JSON.
type jsonPaired struct {
	Device      string      `json:"device"`
	ProductType *string     `json:"productType"` // null where it could not be read
	Outcome     pairOutcome `json:"outcome"`
}

func (o *pairOptions) reportJSON(results []pairResult) error {
	e := envelope{schemaVersion, o.dryRun, []any{}, []jsonError{}}
	for _, r := range results {
		shown := jsonPaired{Device: r.phone.label(), Outcome: r.outcome}
		if productType := r.phone.facts.ProductType; productType.Known() {
			shown.ProductType = &productType.Value
		}
		e.Phones = append(e.Phones, shown)
		if r.err != nil {
			e.Errors = append(e.Errors, errorJSON(r.err, r.phone.label()))
		}
	}
	return writeJSON(o.out, e)
}

// exitOfPairings gives the code of the run: that of the gravest failure.
func exitOfPairings(results []pairResult) int {
	codes := []int{exitOK}
	for _, r := range results {
		if r.err != nil {
			codes = append(codes, explain(r.err).exit)
		}
	}
	return gravestOf(codes)
}
