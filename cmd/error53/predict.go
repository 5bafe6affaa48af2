package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"error53/diag"
)

// predictOptions states every fact by hand.
type predictOptions struct {
	streams
	operator

	productType string
	installed   string
	build       string
	mode        string
	json        bool
	noColor     bool

	batch  string
	format string
}

func newPredictCommand(s streams) *cobra.Command {
	o := &predictOptions{streams: s}
	cmd := &cobra.Command{
		Use:   "predict --product-type TYPE [--ios VERSION] [flags]",
		Short: "Give the verdict without a phone, from what you state",
		Long: "Give the verdict without a phone, from what you state.\n\n" +
			"--batch reads rows of NDJSON, or of CSV with a header, and answers each by a line in the same order.\n" +
			"A row may have " + strings.Join(batchFields[:5], ", ") + ",\n" +
			strings.Join(batchFields[5:], ", ") + "; what is absent or empty is not known.\n" +
			"A row that makes no sense is answered by its error and does not stop the rest; the exit code is then 1.",
		Example: "  error53 predict --product-type iPhone7,2 --ios 9.1 --repair third-party-sensor\n" +
			"  error53 predict --product-type iPhone7,2 --ios 9.1 --repair third-party-sensor --target newest --json\n" +
			"  error53 predict --batch stock.csv --format csv > verdicts.csv",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("batch") {
				return o.runBatch(cmd)
			}
			return inJSON(o.streams, o.json, false, o.run(cmd.Context()))
		},
	}
	o.addDescription(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.BoolVar(&o.noColor, "no-color", false, "do not colour")
	flags.StringVar(&o.batch, "batch", "", "give a verdict for each row of a file of NDJSON or CSV, - for standard input")
	flags.StringVar(&o.format, "format", formatJSON, "how a batch is answered: "+strings.Join(batchFormats, ", "))
	o.operator.addFlags(cmd)
	return cmd
}

// addDescription adds the flags that describe a phone.
func (o *predictOptions) addDescription(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&o.productType, "product-type", "", "the model, such as iPhone7,2")
	flags.StringVar(&o.installed, "ios", "", "the iOS on the phone, such as 9.1")
	flags.StringVar(&o.build, "build", "", "its build, such as 13B143")
	flags.StringVar(&o.mode, "mode", "", "the mode it stands in: "+words(diag.Modes))
}

func (o *predictOptions) run(ctx context.Context) error {
	p, err := o.phone(ctx)
	if err != nil {
		return err
	}
	p.decide()
	for _, unread := range o.images.unread() {
		report(o.err, unread.err, unread.origin)
	}
	if o.json {
		err = writeJSON(o.out, jsonPrediction{schemaVersion, false, verdictJSON(p)})
	} else {
		screen{w: o.out, width: o.width, color: o.color(o.noColor)}.phone(p)
	}
	if err != nil {
		return err
	}
	return exitWith(exitOfPhones(append(o.images.unread(), p)))
}

func (o *predictOptions) phone(ctx context.Context) (phone, error) {
	if o.productType == "" {
		return phone{}, &usageError{"predict needs to know the model", "add --product-type, such as --product-type iPhone7,2"}
	}
	if err := o.readTarget(ctx); err != nil {
		return phone{}, err
	}
	facts, err := o.facts()
	return phone{facts: facts}, err
}

// facts makes facts of what was stated, and refuses what cannot be meant.
func (o *predictOptions) facts() (diag.Facts, error) {
	for _, check := range []func() error{o.checkType, o.checkInstalled, o.operator.validate} {
		if err := check(); err != nil {
			return diag.Facts{}, err
		}
	}
	f := diag.Facts{
		ProductType:      stated(o.productType),
		InstalledVersion: stated(o.installed),
		InstalledBuild:   stated(o.build),
		Mode:             diag.Known(diag.Normal, diag.FromDefault),
	}
	if o.mode != "" {
		f.Mode = diag.Known(diag.Mode(o.mode), diag.FromOperator)
	}
	fillUnstated(&f)
	return f, o.operator.apply(&f)
}

func stated(value string) diag.Fact[string] {
	if value == "" {
		return diag.NotKnown[string]("not stated")
	}
	return diag.Known(value, diag.FromOperator)
}

// fillUnstated looks up what the catalog knows of the type, and says of the rest
// that there is no phone to read it from.
func fillUnstated(f *diag.Facts) {
	const noPhone = "no phone was read"
	f.MarketingName = diag.NotKnown[string]("the catalog does not list the model")
	f.HardwareModel = diag.NotKnown[string](noPhone)
	if d, ok := diag.DeviceByType(f.ProductType.Value); ok {
		f.MarketingName = diag.Known(d.MarketingName, diag.FromCatalog)
		fillInstalled(f, d)
	}
	f.UDID, f.SerialNumber, f.DeviceName = diag.NotKnown[string](noPhone), diag.NotKnown[string](noPhone), diag.NotKnown[string](noPhone)
	f.ECID = diag.NotKnown[uint64](noPhone)
	f.CPID, f.BDID = diag.NotKnown[uint32](noPhone), diag.NotKnown[uint32](noPhone)
	f.IBoot, f.APNonce, f.SEPNonce = diag.NotKnown[string](noPhone), diag.NotKnown[string](noPhone), diag.NotKnown[string](noPhone)
	f.InstalledRange = diag.NotKnown[diag.Range](noPhone)
	f.Session = diag.NoSession(noPhone)
}

// fillInstalled finds the version of a build that was stated alone.
func fillInstalled(f *diag.Facts, d *diag.Device) {
	if f.InstalledVersion.Known() || !f.InstalledBuild.Known() {
		return
	}
	if version, ok := d.VersionOf(f.InstalledBuild.Value); ok {
		f.InstalledVersion = diag.Known(version, diag.FromCatalog)
	}
}

// typeForm is how Apple writes a ProductType of the devices this is about.
var typeForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(iPhone|iPad|iPod)[0-9]{1,3},[0-9]{1,3}$`)
})

func (o *predictOptions) checkType() error {
	if o.productType == "" {
		return nil
	}
	return checkType(o.productType)
}

// checkType refuses what no device could be called.
func checkType(productType string) error {
	if typeForm().MatchString(productType) {
		return nil
	}
	hint := "a product type looks like iPhone7,2; error53 list shows it for an attached phone"
	for _, d := range diag.Devices() {
		if strings.EqualFold(d.ProductType, productType) || strings.EqualFold(d.MarketingName, productType) {
			hint = "did you mean --product-type " + d.ProductType + "?"
			break
		}
	}
	return &usageError{fmt.Sprintf("%q is not a product type", productType), hint}
}

func (o *predictOptions) checkInstalled() error {
	if o.installed != "" {
		if _, err := diag.ParseVersion(o.installed); err != nil {
			return &usageError{"--ios " + err.Error(), "state it as Settings, General, About shows it: --ios 9.2.1"}
		}
	}
	if o.build != "" {
		if _, err := diag.ParseBuild(o.build); err != nil {
			return &usageError{"--build " + err.Error(), "it stands in brackets behind the version: --build 13D20"}
		}
	}
	return oneOf("--mode", o.mode, diag.Modes)
}
