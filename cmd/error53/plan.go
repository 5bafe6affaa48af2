package main

import (
	"cmp"
	"context"
	"slices"

	"github.com/spf13/cobra"

	"error53/diag"
	"error53/diag/firmware"
)

// planOptions is one run of plan: about a phone that is read as check reads it, or
// described as for predict.
type planOptions struct {
	checkOptions
	described predictOptions
	planned   operator // with the target, which is no fact here but one of the ways
}

func newPlanCommand(s streams) *cobra.Command {
	o := &planOptions{checkOptions: checkOptions{streams: s, single: true}}
	cmd := &cobra.Command{
		Use:   "plan [DEVICE]",
		Short: "Compare the ways on for one phone: the newest iOS, an IPSW at hand, staying put",
		Long: "Compare the ways on for one phone: to leave it as it is, the newest iOS, and what --target names, each by\n" +
			"update, restore and over the air where the phone offers that, with effect, risk and cost. The phone is\n" +
			"attached, read from a dump (--from), or described (--product-type). Of a folder of IPSWs, those that are\n" +
			"for the phone are compared.\n\n" +
			"The exit code is 0 however bad a way is: a plan compares, check judges. It is 12 for a phone of which\n" +
			"nothing can be predicted, 2 where no IPSW is for the phone, 1 where a file cannot be read.",
		Example: "  error53 plan\n" +
			"  error53 plan 801e --target ~/Downloads/iPhone_4.7_9.2.1_13D20_Restore.ipsw\n" +
			"  error53 plan --product-type iPhone7,2 --ios 9.1 --repair third-party-sensor --target 9.2.1\n" +
			"  error53 plan --dry-run --scenario one",
		ValidArgsFunction: o.complete,
		Args:              atMostOneArgument,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.devices = args
			err := o.validate(cmd)
			if err == nil {
				err = o.run(cmd.Context())
			}
			return inJSON(o.streams, o.json, o.dryRun, err)
		},
	}
	o.addStatements(cmd)
	o.addPhoneFlags(cmd)
	o.described.addDescription(cmd)
	return cmd
}

func (o *planOptions) validate(cmd *cobra.Command) error {
	read := len(o.devices) > 0 || len(o.from) > 0 || o.dryRun
	stated := cmp.Or(o.described.installed, o.described.build, o.described.mode) != ""
	switch {
	case o.described.productType != "" && read:
		return &usageError{"--product-type describes a phone, and DEVICE, --from and --dry-run read one", "leave one of the two out"}
	case o.described.productType == "" && stated:
		return &usageError{"--ios, --build and --mode describe a phone", "add --product-type, such as --product-type iPhone7,2"}
	}
	return o.checkOptions.validate(cmd)
}

func (o *planOptions) run(ctx context.Context) error {
	if err := o.readTarget(ctx); err != nil {
		return err
	}
	o.planned = o.operator
	o.target, o.images = "", nil
	p, refused, err := o.phone(ctx)
	if err != nil {
		return err
	}
	several := diag.NotKnown[string]("several are compared: see the ways")
	p.facts.TargetVersion, p.facts.TargetBuild = several, several
	ways, unfit, err := o.ways(p.facts)
	if err != nil {
		return err
	}
	refused = slices.Concat(refused, unfit, o.planned.images.unread())
	if o.json {
		err = o.printJSON(p, ways, refused)
	} else {
		o.print(p, ways, refused)
	}
	if err != nil {
		return err
	}
	return exitWith(exitOfPlan(p, refused))
}

// phone gives the one phone that is meant. Of one whose model nobody could read, its
// own error is all there is to say.
func (o *planOptions) phone(ctx context.Context) (phone, []phone, error) {
	if o.described.productType != "" {
		o.described.operator = o.operator
		facts, err := o.described.facts()
		p := phone{facts: facts}
		p.decide()
		return p, nil, err
	}
	phones, refused, err := o.read(ctx)
	if err != nil {
		return phone{}, nil, err
	}
	if phones, err = selectPhones(phones, o.devices); err != nil {
		return phone{}, nil, err
	}
	if err := o.refuseToGuess(phones); err != nil {
		return phone{}, nil, err
	}
	switch {
	case len(phones) == 0:
		return phone{}, nil, &fileError{refused[0].origin, refused[0].err}
	case !phones[0].hasVerdict():
		return phone{}, nil, phones[0].err
	}
	return phones[0], refused, nil
}

// wayOn is something to do with the phone, and the ways to do it.
type wayOn struct {
	kind    string // stay, newest, stated, ipsw
	facts   diag.Facts
	options []diag.Option
}

// ways lists what can be done with a phone; unfit are IPSWs that claim the impossible.
func (o *planOptions) ways(f diag.Facts) (ways []wayOn, unfit []phone, err error) {
	stay := f
	stay.TargetVersion = diag.NotKnown[string]("nothing is installed")
	stay.TargetBuild = stay.TargetVersion
	ways = append(ways, wayOn{"stay", stay, []diag.Option{diag.Stay(stay)}})
	if _, ok := diag.DeviceByType(f.ProductType.Value); ok {
		newest, err := statedWay("newest", f, operator{target: diag.Newest})
		if err != nil {
			return nil, nil, err
		}
		ways = append(ways, newest)
	}
	if o.planned.images != nil {
		images, unfit, err := ofImages(f, o.planned.images)
		return append(ways, images...), unfit, err
	}
	if o.planned.target == "" || o.planned.target == diag.Newest {
		return ways, nil, nil
	}
	target, err := statedWay("stated", f, o.planned)
	return append(ways, target), nil, err
}

// statedWay is a release that was named, or the newest.
func statedWay(kind string, f diag.Facts, said operator) (wayOn, error) {
	err := said.applyTarget(&f)
	return wayOn{kind, f, diag.Options(f, diag.Ways)}, err
}

// ofImages gives the images that are for the phone, the newest first.
func ofImages(f diag.Facts, from *images) (ways []wayOn, unfit []phone, err error) {
	suiting := from.suiting(f.ProductType.Value)
	if len(suiting) == 0 {
		return nil, nil, from.wrongModel(f.ProductType.Value)
	}
	slices.SortStableFunc(suiting, func(a, b firmware.Image) int { return b.Release.Compare(a.Release) })
	for _, image := range suiting {
		way, err := ofImage(f, image)
		if err != nil && !from.folder {
			return nil, nil, err
		}
		if err != nil {
			unfit = append(unfit, phone{origin: visible(image.Name), err: err})
			continue
		}
		ways = append(ways, way)
	}
	return ways, unfit, nil
}

func ofImage(f diag.Facts, image firmware.Image) (wayOn, error) {
	if err := stateImage(&f, image); err != nil {
		return wayOn{}, err
	}
	return wayOn{"ipsw", f, diag.Options(f, image.Ways(f.ProductType.Value))}, nil
}

// exitOfPlan: what a way does is for the reader to weigh, so that only what could not
// be read or told counts.
func exitOfPlan(p phone, refused []phone) int {
	p.verdict.Risk = diag.RiskNone
	if p.verdict.Prediction.Worst == diag.EffectUnknown {
		p.verdict.Risk = diag.RiskUnknown
	}
	return exitOfPhones(append(slices.Clone(refused), p))
}
