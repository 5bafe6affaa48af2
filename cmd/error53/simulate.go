package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"

	"github.com/spf13/cobra"

	"error53/mocks"
)

type simulateOptions struct {
	streams
	busOptions // of which -v and --log-format

	scenarios []string
	socket    string
	tcp       string
	anywhere  bool
}

func newSimulateCommand(s streams) *cobra.Command {
	o := &simulateOptions{streams: s}
	cmd := &cobra.Command{
		Use:   "simulate [SCENARIO|FILE…]",
		Short: "Serve virtual phones to any program that talks to usbmuxd",
		Long: "simulate is a usbmuxd with virtual phones behind it, for other programs: libimobiledevice,\n" +
			"go-ios, your own, in CI and by hand. It prints the line to paste into their shell, and serves\n" +
			"until it is interrupted. The phones are those of a SCENARIO, by name (" + words(mocks.Scenarios()) + ")\n" +
			"or in a FILE, or those of a dump: ideviceinfo (text or -x) or JSON of lockdown values. They\n" +
			"come, go and change as the scenario has it, and as you type: help lists the words.\n\n" +
			"The socket is one that only this user can open; TCP is for this computer alone, unless\n" +
			"--anywhere is given. How to write a scenario: error53 help scenarios",
		Example: "  error53 simulate\n" +
			"  error53 simulate day -v\n" +
			"  error53 simulate my-phones.json dump.txt --socket /tmp/usbmuxd\n" +
			"  error53 simulate one --tcp 127.0.0.1:27015",
		ValidArgsFunction: completeScenarios,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.scenarios = args
			if err := o.validate(); err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.socket, "socket", "", "serve on the socket at this path")
	flags.StringVar(&o.tcp, "tcp", "", "serve on TCP at HOST:PORT; port 0 takes any that is free")
	flags.BoolVar(&o.anywhere, "anywhere", false, "with --tcp, let other computers in")
	o.addLogFlags(flags)
	return cmd
}

func (o *simulateOptions) validate() error {
	switch {
	case o.socket != "" && o.tcp != "":
		return &usageError{"--socket and --tcp are two places", "leave one of the two out"}
	case o.anywhere && o.tcp == "":
		return &usageError{"--anywhere is about TCP", "add --tcp HOST:PORT"}
	}
	if len(o.scenarios) == 0 {
		o.scenarios = []string{"bench"}
	}
	return oneOf("--log-format", o.logFormat, logFormats)
}

func (o *simulateOptions) run(ctx context.Context) error {
	o.err = &oneAtATime{w: o.err} // the log is written while the bench answers
	scenario, err := joinScenarios(o.scenarios)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	place, err := o.listen(runtime.GOOS)
	if err != nil {
		return err
	}
	defer place.remove()
	d := newConsole(o.streams, scenario, o.logger(o.streams))
	defer d.bench.Close()
	served := make(chan error, 1)
	go func() { served <- d.bench.Serve(ctx, place) }()
	fmt.Fprintln(o.out, place.exportLine(runtime.GOOS))
	fmt.Fprintf(o.err, "note: SIMULATED: %s\nhint: type help for what can happen to them; quit, or Ctrl-C, is the end\n", phonesCount(len(scenario.Phones)))
	return d.attend(ctx, typed(ctx, o.in), served)
}

func phonesCount(n int) string {
	if n == 1 {
		return "1 virtual phone"
	}
	return fmt.Sprintf("%d virtual phones", n)
}

// joinScenarios lays the phones of several scenarios on one bench.
func joinScenarios(names []string) (mocks.Scenario, error) {
	var scenarios []mocks.Scenario
	for _, name := range names {
		s, err := loadScenario(name)
		if err != nil {
			return s, err
		}
		scenarios = append(scenarios, s)
	}
	joined, err := mocks.Join(scenarios...)
	if err != nil {
		return joined, &usageError{withoutPackage(err), "name each phone once"}
	}
	return joined, nil
}

// oneAtATime lets several goroutines write.
type oneAtATime struct {
	mu sync.Mutex
	w  io.Writer
}

func (o *oneAtATime) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.w.Write(p)
}

// errQuit: somebody typed quit.
var errQuit = errors.New("quit")

// attend lets happen what the timeline has and what is typed, until it is interrupted.
func (d *console) attend(ctx context.Context, lines <-chan string, served <-chan error) error {
	d.play(ctx, d.scenario.Timeline())
	for {
		select {
		case line, more := <-lines:
			if !more {
				lines = nil // nobody types any more; the phones stay
				continue
			}
			if err := d.obey(ctx, line); errors.Is(err, errQuit) {
				return nil
			} else if err != nil {
				report(d.err, err, "")
			}
		case happened := <-d.happened:
			d.tell(happened)
		case err := <-served:
			return err // nil where it was interrupted
		}
	}
}
