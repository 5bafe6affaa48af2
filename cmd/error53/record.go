package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"error53/diag/inspect"
	"error53/mocks/recording"
)

// recordOptions is one run of record.
type recordOptions struct {
	streams
	busOptions

	device string // a UDID, an ECID, a serial number or a tail; "" = the only phone
	file   string
	force  bool
	check  bool
}

func newRecordCommand(s streams) *cobra.Command {
	o := &recordOptions{streams: s}
	cmd := &cobra.Command{
		Use:   "record [DEVICE] -o FILE | record --check FILE…",
		Short: "Write what a phone says into a file, with its identifiers masked",
		Long: "Read a phone as error53 check does, and write the whole conversation into a text file that can be replayed: by\n" +
			"error53 check --from, and by error53 verify. UDID, serial numbers, ECID, IMEI, names, addresses, keys and whatever\n" +
			"else names the phone or its owner are replaced before anything is written. With --check, tell what still looks like\n" +
			"a real identifier in files.",
		Example: "  error53 record -o iphone6.e53\n" +
			"  error53 record 801e -o iphone6.e53\n" +
			"  error53 record 0001 --dry-run -o iphone6.e53\n" +
			"  error53 record --check iphone6.e53",
		ValidArgsFunction: o.complete,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.validate(cmd, args); err != nil {
				return err
			}
			if o.check {
				return o.checkFiles(args)
			}
			return o.run(cmd.Context())
		},
	}
	o.busOptions.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVarP(&o.file, "output", "o", "", "the file to write")
	flags.BoolVar(&o.force, "force", false, "overwrite the file")
	flags.BoolVar(&o.check, "check", false, "look for identifiers in files instead of recording")
	cmd.MarkFlagFilename("output", "e53")
	return cmd
}

func (o *recordOptions) validate(cmd *cobra.Command, args []string) error {
	switch {
	case o.check && o.file != "":
		return &usageError{"--check reads files, and -o writes one", "leave one of the two out"}
	case o.check && len(args) == 0:
		return &usageError{"--check takes files", "name them: error53 record --check FILE"}
	case o.check:
		return nil
	case o.file == "":
		return &usageError{"there is no file to write", "name it: error53 record -o FILE"}
	case len(args) > 1:
		return &usageError{"a recording is of one phone", "record each into a file of its own"}
	case len(args) == 1:
		o.device = args[0]
	}
	return o.busOptions.validate(cmd)
}

func (o *recordOptions) run(ctx context.Context) error {
	if err := o.refuseOverwriting(); err != nil {
		return err
	}
	recorded, read, err := o.record(ctx)
	if err != nil {
		return err
	}
	masked, err := recorded.Mask(rand.Reader)
	if err != nil {
		return err
	}
	text, err := masked.Bytes()
	if err != nil {
		return err
	}
	if _, err := masked.Replay(ctx); err != nil {
		return fmt.Errorf("record: nothing was written: %w", err)
	}
	if err := writeWhole(o.file, text); err != nil {
		return &fileError{o.file, err}
	}
	o.tell(masked, read)
	return nil
}

// record listens while the phone is read.
func (o *recordOptions) record(ctx context.Context) (r recording.Recording, read inspect.Phone, err error) {
	b, err := o.openBus(o.streams)
	if err != nil {
		return r, read, err
	}
	defer b.close()
	var heard recording.Recorder
	b.inspector.Mux.Tap = heard.Tap
	if read, err = o.readOne(ctx, b); err != nil {
		return r, read, err
	}
	if err := recording.Whole(read); err != nil {
		return r, read, err
	}
	tool := "error53 " + programVersion()
	if b.simulated {
		tool += " (dry run)"
	}
	r.Header = recording.Describe(tool, read, time.Now())
	if read.Device.ID == 0 {
		r.Flows = []recording.Flow{recording.Shown(read)}
	} else {
		r.Flows, err = heard.Flows(read.Device)
	}
	return r, read, err
}

// readOne reads the phone that is meant, and others only where it is not clear before
// which that is.
func (o *recordOptions) readOne(ctx context.Context, b *bus) (inspect.Phone, error) {
	listed, err := b.list(ctx)
	if err != nil {
		return inspect.Phone{}, err
	}
	names := checkOptions{devices: devicesOf(o.device)}
	b.inspector.Named, b.inspector.Ask = names.names, true
	b.warmUp(ctx)
	places, certain := asked(listed, names.devices, false)
	if names.devices == nil && len(places) > 1 {
		rows := b.rows(listed)
		assignMasks(rows, false)
		return inspect.Phone{}, &ambiguousError{"a recording is of one phone", candidates(rows)}
	}
	read := b.inspector.Read(ctx, pick(listed, places))
	if certain {
		return read[0], ctx.Err()
	}
	rows := b.rows(read)
	assignMasks(rows, false)
	at, err := findPhone(rows, o.device)
	if err != nil {
		return inspect.Phone{}, err
	}
	return read[at], ctx.Err()
}

func devicesOf(device string) []string {
	if device == "" {
		return nil
	}
	return []string{device}
}

// tell says what was written, and what was masked.
func (o *recordOptions) tell(r recording.Recording, read inspect.Phone) {
	requests := 0
	for _, flow := range r.Flows {
		requests += len(flow.Exchanges)
	}
	p := phone{facts: read.Facts}
	fmt.Fprintf(o.out, "%s: %s, requests and answers: %d\n", visible(o.file), p.model(), requests)
	writeWrapped(o.out, "masked: ", r.Header.Masked, o.width)
}
