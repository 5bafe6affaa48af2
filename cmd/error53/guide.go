package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"error53/diag"
	"error53/diag/guide"
	"error53/diag/inspect"
)

// guideOptions is one run of guide.
type guideOptions struct {
	streams
	busOptions

	topic       guide.Topic
	devices     []string // the DEVICE, or none: the only phone there is
	productType string   // in the place of a phone
	json        bool
	showIDs     bool
	noInput     bool
}

func newGuideCommand(s streams) *cobra.Command {
	o := &guideOptions{streams: s}
	cmd := &cobra.Command{
		Use:   "guide " + strings.ReplaceAll(words(guide.Topics), ", ", "|") + " [DEVICE]",
		Short: "Show what to press and do, step by step, for this very model",
		Long: "Show the steps into recovery or DFU mode and out of them, Apple's restore for a phone that shows Error 53,\n" +
			"the backup before it, or what to mind about Face ID: for the DEVICE, for the only phone attached, for a\n" +
			"model, or for all of them. On a terminal a clock then counts along, and stops as soon as the phone is in\n" +
			"the mode. Only your hands change the phone: error53 sends it nothing.",
		Example: "  error53 guide dfu\n" +
			"  error53 guide recovery 801e\n" +
			"  error53 guide restore --product-type iPhone7,2\n" +
			"  error53 guide dfu 0005 --dry-run",
		ValidArgsFunction: o.complete,
		RunE: func(cmd *cobra.Command, args []string) error {
			err := o.validate(cmd, args)
			if err == nil {
				err = o.run(cmd.Context())
			}
			return inJSON(o.streams, o.json, o.dryRun, err)
		},
	}
	o.busOptions.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.productType, "product-type", "", "the model, such as iPhone7,2, where there is no phone to look at")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.BoolVar(&o.showIDs, "show-ids", false, "show identifiers whole")
	flags.BoolVar(&o.noInput, "no-input", false, "show the steps only, without the clock")
	return cmd
}

// validate refuses a command line without a topic, or with more than one phone.
func (o *guideOptions) validate(cmd *cobra.Command, args []string) error {
	hint := fmt.Sprintf("the guides are %s: %s %s", words(guide.Topics), cmd.CommandPath(), guide.Recovery)
	switch {
	case len(args) == 0:
		return &usageError{"guide needs to know where to", hint}
	case !slices.Contains(guide.Topics, guide.Topic(args[0])):
		return &usageError{fmt.Sprintf("there is no guide %q", args[0]), hint}
	case len(args) > 2:
		return &usageError{"guide is for one phone", "name one DEVICE, or none"}
	case o.productType != "" && (len(args) > 1 || o.dryRun):
		return &usageError{"--product-type stands in the place of a phone", "leave it out, or name no phone"}
	}
	o.topic, o.devices = guide.Topic(args[0]), args[1:]
	return o.busOptions.validate(cmd)
}

func (o *guideOptions) run(ctx context.Context) error {
	if o.productType != "" {
		d, err := catalogued(o.productType)
		if err != nil {
			return err
		}
		return o.show(guided{guides: []guide.Guide{guide.For(o.topic, d)}, device: d})
	}
	b, err := o.openBus(o.streams)
	if err != nil {
		return err
	}
	defer b.close()
	g, err := o.find(ctx, b)
	if err != nil {
		return err
	}
	if err := o.show(g); err != nil {
		return err
	}
	if o.mayCoach(g) {
		return o.coach(ctx, b, g)
	}
	return exitWith(g.exit())
}

// guided is what a run of guide shows.
type guided struct {
	guides []guide.Guide
	device *diag.Device // nil: the model is not known
	phone  *phone       // nil: there is none
	err    error        // why the model or the phone is not known
}

func (g guided) exit() int {
	if g.phone != nil && g.device == nil && g.err != nil {
		return explain(g.err).exit
	}
	return exitOK
}

// find finds the phone that is meant, and the guide for it. Where nobody named one and
// there is none, or it cannot be found out, the guide is that of all models.
func (o *guideOptions) find(ctx context.Context, b *bus) (guided, error) {
	general := guided{guides: guide.General(o.topic)}
	listed, err := b.list(ctx)
	switch {
	case ctx.Err() != nil:
		return general, ctx.Err()
	case err != nil && len(o.devices) > 0:
		return general, err
	case err != nil:
		general.err = err
		return general, nil
	}
	phones, at, err := o.read(ctx, b, listed)
	if err != nil {
		return general, err
	}
	p := phones[at]
	g := guided{guides: general.guides, phone: &p, err: p.err}
	if d, ok := diag.DeviceByType(p.facts.ProductType.Value); ok {
		g.device, g.guides = d, []guide.Guide{guide.For(o.topic, d)}
	}
	return g, ctx.Err()
}

// read reads the phone that is meant, and gives its place among all.
func (o *guideOptions) read(ctx context.Context, b *bus, listed []inspect.Phone) (phones []phone, at int, err error) {
	phones = b.rows(listed)
	assignMasks(phones, o.showIDs)
	if len(o.devices) == 0 && len(listed) > 1 {
		return nil, 0, &ambiguousError{"a guide is for one phone", candidates(phones)}
	}
	places, _ := asked(listed, o.devices, false)
	for place, p := range b.each(ctx, phones, listed, places) {
		phones[place] = p
	}
	if len(o.devices) > 0 {
		at, err = findPhone(phones, o.devices[0])
	}
	return phones, at, err
}

// mayCoach: the clock needs somebody to press Enter, a phone to watch, and a mode that
// it is not in yet. A phone in restore mode is left alone.
func (o *guideOptions) mayCoach(g guided) bool {
	if !o.inTTY || !o.outTTY || o.json || o.noInput || g.device == nil || g.phone == nil {
		return false
	}
	mode := g.phone.facts.Mode.Value
	return g.guides[0].Until != "" && mode != g.guides[0].Until && mode != diag.Restore
}
