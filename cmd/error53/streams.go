package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"
)

// streams is everything the command has to do with its surroundings, so that a
// test can stand in for them.
type streams struct {
	in       io.Reader
	out, err io.Writer

	inTTY, outTTY, errTTY bool
	width                 int // columns of the terminal; 80 where there is none
	getenv                func(string) string
	config                string // the folder of the user's settings; "" = none

	// endless prepares for a run that lasts until somebody ends it, as ctx then does.
	endless func(context.Context) (ctx context.Context, stop func())
}

const defaultWidth = 80

func systemStreams() streams {
	s := streams{
		in: os.Stdin, out: os.Stdout, err: os.Stderr,
		inTTY:   term.IsTerminal(int(os.Stdin.Fd())),
		outTTY:  term.IsTerminal(int(os.Stdout.Fd())),
		errTTY:  term.IsTerminal(int(os.Stderr.Fd())),
		width:   defaultWidth,
		getenv:  os.Getenv,
		endless: untilSignal,
	}
	s.config, _ = os.UserConfigDir()
	if columns, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil && columns > 0 {
		s.width = columns
	}
	return s
}

// untilSignal ends ctx on the signals that end a program whose terminal goes. Writes to a
// pipe that nobody reads any more fail then, instead of ending the program by a signal.
func untilSignal(ctx context.Context) (context.Context, func()) {
	closed := make(chan os.Signal, 1)
	signal.Notify(closed, syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGHUP)
	return ctx, func() {
		stop()
		signal.Stop(closed)
	}
}

// color tells whether to colour: on a terminal that can, unless somebody has
// asked not to (no-color.org).
func (s streams) color(disabled bool) bool {
	return s.outTTY && !disabled && s.getenv("NO_COLOR") == "" && s.getenv("TERM") != "dumb"
}
