package main

import (
	"context"
	"errors"
	"sync"
	"syscall"

	"github.com/spf13/cobra"

	"error53/diag"
	"error53/diag/inspect"
	"error53/diag/watch"
)

// watchOptions is one run of watch.
type watchOptions struct {
	streams
	operator // the plan; what is true of one phone is said at its row
	busOptions

	portsFile string
	json      bool
	plain     bool
	showIDs   bool
	noColor   bool

	ports portNames
}

func newWatchCommand(s streams) *cobra.Command {
	o := &watchOptions{streams: s}
	cmd := &cobra.Command{
		Use:   "watch",
		Short: "Follow the phones as they come and go, hands free",
		Long: "Follow the phones as they come, are read, change their mode and go, each on one row with its verdict and\n" +
			"what to do now, until q or Ctrl-C. Single keys answer the question of a phone; ? shows them. A phone that\n" +
			"another program restores is followed from outside, and in the end what became of it stands beside what\n" +
			"was predicted.\n\n" +
			"Rows keep the order of the hubs' ports. --ports names them, in a file with lines such as\n" +
			"1-2.3 = left hub, 3; without it error53/ports in the folder of your settings is read (~/.config on Linux).\n\n" +
			"--json prints one line of JSON for each event. --plain, or a standard output that is no terminal, gives\n" +
			"one line of text for each, and nothing moves.",
		Example: "  error53 watch\n" +
			"  error53 watch --target newest\n" +
			"  error53 watch --json\n" +
			"  error53 watch --dry-run",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := o.validate(cmd)
			if err == nil {
				err = o.run(cmd.Context())
			}
			return o.inStream(err)
		},
	}
	o.addTarget(cmd)
	o.addWay(cmd)
	o.busOptions.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.portsFile, "ports", "", "a file that names the ports of the hubs")
	flags.BoolVar(&o.json, "json", false, "print a line of JSON for each event")
	flags.BoolVar(&o.plain, "plain", false, "print a line of text for each event")
	flags.BoolVar(&o.showIDs, "show-ids", false, "show identifiers whole")
	flags.BoolVar(&o.noColor, "no-color", false, "do not colour")
	return cmd
}

func (o *watchOptions) validate(cmd *cobra.Command) error {
	switch {
	case o.json && o.plain:
		return &usageError{"--json and --plain are two forms of the same", "leave one of the two out"}
	case o.verbose && o.errTTY && o.onScreen():
		return &usageError{"-v writes into the screen", "add --plain, or send it to a file: 2> log"}
	}
	if err := o.busOptions.validate(cmd); err != nil {
		return err
	}
	return o.operator.validate()
}

// onScreen tells whether to fill the terminal: somebody has to see it, and to type.
func (o *watchOptions) onScreen() bool {
	return o.inTTY && o.outTTY && !o.plain && !o.json && o.getenv("TERM") != "dumb"
}

func (o *watchOptions) run(ctx context.Context) (err error) {
	ctx, stop := o.endless(ctx)
	defer stop()
	if err := o.readTarget(ctx); err != nil {
		return err
	}
	if o.ports, err = readPorts(o.portsFile, o.config); err != nil {
		return err
	}
	b, err := o.openBus(o.streams)
	if err != nil {
		return err
	}
	defer b.close()
	b.unseen = b.look(ctx)
	b.warmUp(ctx)
	var playing sync.WaitGroup
	playing.Go(func() { b.play(ctx) })
	defer playing.Wait()
	defer stop()
	if o.onScreen() {
		return o.fill(ctx, o.lookout(b))
	}
	return o.follow(ctx, o.lookout(b))
}

func (o *watchOptions) lookout(b *bus) *lookout {
	look := &lookout{bus: b, ports: o.ports, plan: o.operator, called: map[int]string{}, there: map[int]bool{}}
	if !o.showIDs {
		look.names = &register{tails: map[string]string{}}
	}
	return look
}

// follow tells what happens until ctx ends or nobody reads it any more.
func (o *watchOptions) follow(ctx context.Context, look *lookout) error {
	reportMissing(o.err, nil, look.bus.unseen)
	tell := o.tellPlain
	if o.json {
		tell = o.tellJSON
	} else {
		o.screen().banner()
	}
	watcher := watch.New(&look.bus.inspector, look.words(look.plan))
	for event := range watcher.Watch(ctx) {
		if err := tell(look.see(event)); err != nil {
			return unlessClosed(err)
		}
	}
	return nil
}

func (o *watchOptions) screen() screen {
	return screen{w: o.out, width: o.width, simulated: o.dryRun}
}

// unlessClosed: whoever has read enough closes the pipe, which is no failure.
func unlessClosed(err error) error {
	if errors.Is(err, syscall.EPIPE) {
		return nil
	}
	return err
}

// words puts what is said of a phone onto its facts, in place of what was said before.
func (l *lookout) words(said operator) watch.Words {
	return func(who inspect.Identity, f *diag.Facts) error {
		f.Repair, f.TouchID, f.Way = diag.Fact[diag.Repair]{}, diag.Fact[diag.TouchID]{}, diag.Fact[diag.Way]{}
		l.bus.sayOf(who, f)
		return said.apply(f)
	}
}
