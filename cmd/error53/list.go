package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"error53/diag/inspect"
)

type listOptions struct {
	streams
	busOptions

	json    bool
	showIDs bool
}

func newListCommand(s streams) *cobra.Command {
	o := &listOptions{streams: s}
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the attached phones without a word to them",
		Example: "  error53 list\n  error53 list --json",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := o.busOptions.validate(cmd)
			if err == nil {
				err = o.run(cmd.Context())
			}
			return inJSON(o.streams, o.json, o.dryRun, err)
		},
	}
	o.busOptions.addFlags(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.BoolVar(&o.showIDs, "show-ids", false, "show identifiers whole")
	return cmd
}

func (o *listOptions) run(ctx context.Context) error {
	b, err := o.openBus(o.streams)
	if err != nil {
		return err
	}
	defer b.close()
	listed, err := b.list(ctx)
	if err != nil {
		return err
	}
	phones := make([]phone, len(listed))
	for i, l := range listed {
		phones[i] = b.row(l)
		if err := (&operator{}).apply(&phones[i].facts); err != nil {
			return err
		}
	}
	assignMasks(phones, o.showIDs)
	if o.json {
		return o.printJSON(phones, b)
	}
	o.print(phones, b.simulated)
	for _, p := range phones {
		unlisted := b.daemon != nil && errors.Is(p.err, inspect.ErrNotServed) // goes without saying
		if p.err != nil && !unlisted {
			report(o.err, p.err, p.label())
		}
	}
	reportMissing(o.err, b.daemon, b.unseen)
	return nil
}

func (o *listOptions) printJSON(phones []phone, b *bus) error {
	e := envelope{schemaVersion, b.simulated, []any{}, errorsOf(b.daemon, phones)}
	e.add(b.unseen)
	for _, p := range phones {
		e.Phones = append(e.Phones, jsonListed{factsOf(p.facts, p.mask)})
	}
	return writeJSON(o.out, e)
}

func (o *listOptions) print(phones []phone, simulated bool) {
	screen{w: o.out, width: o.width, simulated: simulated}.banner()
	for _, p := range phones {
		fmt.Fprintf(o.out, "%s\t%s%s\n", p.label(), p.facts.Mode.Value, simulatedMark(simulated))
	}
}

func simulatedMark(simulated bool) string {
	if simulated {
		return "\tSIMULATED"
	}
	return ""
}
