package main

import (
	"context"

	"github.com/spf13/cobra"

	"error53/diag/inspect"
	"error53/lockdown"
)

// validatePairing refuses a pairing with files, and a wait that nobody is asked for.
func (o *checkOptions) validatePairing(cmd *cobra.Command) error {
	switch {
	case o.pair && len(o.from) > 0:
		return &usageError{"--pair needs phones, and --from reads files", "leave one of the two out"}
	case cmd.Flags().Changed("wait") && !o.pair:
		return &usageError{"--wait is for --pair", "add --pair"}
	case o.pair:
		return checkWait(o.wait)
	}
	return nil
}

// pairAndRead makes the phones trust this computer that do not yet, each for itself, and
// reads them. What was read stands where that fails.
func (o *checkOptions) pairAndRead(ctx context.Context, b *bus, listed []inspect.Phone) ([]phone, error) {
	asked, err := b.choose(ctx, listed, o.devices, o.showIDs)
	if err != nil {
		return nil, err
	}
	o.shown = o.showsAtOnce(listed)
	if o.shown {
		o.screen().banner()
	}
	live := newLive(o.streams)
	pairing := pairer{
		inspector: &b.inspector, wait: o.wait, again: true,
		tell: func(at int, read inspect.Phone, p lockdown.Progress) {
			live.tell(at, o.screen().name(asked.rows[at].after(b.row(read))), p)
		},
	}
	phones := make([]phone, len(asked.phones))
	for at, p := range pairing.each(ctx, asked) {
		live.done(at)
		phones[at] = asked.rows[at].after(b.row(p.Phone))
		phones[at].pairing = p.err
		phones[at].state(&o.operator)
		if o.shown {
			live.aside(func() { o.screen().block(phones[at]) })
		}
	}
	return phones, ctx.Err()
}
