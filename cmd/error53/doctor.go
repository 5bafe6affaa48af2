package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"error53/diag/inspect"
	"error53/mocks"
	"error53/usbmux/usb"
)

type doctorOptions struct {
	streams
	host

	timeout  time.Duration
	dryRun   bool
	scenario string
	json     bool
	showIDs  bool
	udevRule bool
}

func newDoctorCommand(s streams) *cobra.Command {
	o := &doctorOptions{streams: s, host: thisHost()}
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Find what stands between this computer and the phones",
		Long: "doctor checks the chain from usbmuxd's address to the pair records. Each check passes,\n" +
			"fails or is skipped, with what was found, and what to do where it failed. Skipped is not\n" +
			"failed: there was nothing to check, or what it builds on is missing.\n\n" +
			"It changes nothing, needs no rights, and opens no connection to a phone. Exit code 0 where\n" +
			"nothing failed, 5 where the daemon or a permission did, else 1.",
		Example: "  error53 doctor\n  error53 doctor --json\n  error53 doctor --dry-run",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := o.validate(cmd)
			if err == nil {
				err = o.run(cmd.Context())
			}
			return inJSON(o.streams, o.json, o.dryRun, err)
		},
	}
	flags := cmd.Flags()
	flags.DurationVar(&o.timeout, "timeout", inspect.DefaultTimeout, "how long usbmuxd may take for an answer")
	flags.BoolVar(&o.dryRun, "dry-run", false, "examine a virtual computer with virtual phones")
	flags.StringVar(&o.scenario, "scenario", "bench", "with --dry-run, which phones: "+words(mocks.Scenarios()))
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.BoolVar(&o.showIDs, "show-ids", false, "show identifiers whole")
	flags.BoolVar(&o.udevRule, "udev-rule", false, "print nothing but the udev rule for recovery and DFU mode")
	return cmd
}

func (o *doctorOptions) validate(cmd *cobra.Command) error {
	if o.timeout <= 0 {
		return &usageError{fmt.Sprintf("--timeout %s leaves no time", o.timeout), "give a duration such as --timeout 10s"}
	}
	if cmd.Flags().Changed("scenario") && !o.dryRun {
		return &usageError{"--scenario chooses virtual phones", "add --dry-run"}
	}
	return nil
}

func (o *doctorOptions) run(ctx context.Context) error {
	if o.udevRule {
		_, err := fmt.Fprint(o.out, usb.UdevRule())
		return err
	}
	if o.dryRun {
		_, bench, err := openScenario(o.scenario)
		if err != nil {
			return err
		}
		defer bench.Close()
		o.host, o.getenv = virtualHost(bench), func(string) string { return "" }
	}
	return o.examine(ctx)
}

func (o *doctorOptions) examine(ctx context.Context) error {
	found := o.look(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	report := newReport(found.checks())
	report.Simulated = o.dryRun
	if o.json {
		if err := writeJSON(o.out, report); err != nil {
			return err
		}
	} else {
		report.print(o.out, o.width)
	}
	return exitWith(report.exit())
}

// checks are all that is checked, in the order of the chain.
func (c *chain) checks() []check {
	var all []check
	for _, judge := range []func() []check{
		c.checkAddress, c.checkDaemon, c.checkService, c.checkSocket, c.checkLibusb,
		c.checkRights, c.checkUnlisted, c.checkClock, c.checkPairing,
	} {
		all = append(all, judge()...)
	}
	return all
}
