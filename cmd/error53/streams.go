package main

import (
	"io"
	"os"

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
}

const defaultWidth = 80

func systemStreams() streams {
	s := streams{
		in: os.Stdin, out: os.Stdout, err: os.Stderr,
		inTTY:  term.IsTerminal(int(os.Stdin.Fd())),
		outTTY: term.IsTerminal(int(os.Stdout.Fd())),
		errTTY: term.IsTerminal(int(os.Stderr.Fd())),
		width:  defaultWidth,
		getenv: os.Getenv,
	}
	if columns, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil && columns > 0 {
		s.width = columns
	}
	return s
}

// color tells whether to colour: on a terminal that can, unless somebody has
// asked not to (no-color.org).
func (s streams) color(disabled bool) bool {
	return s.outTTY && !disabled && s.getenv("NO_COLOR") == "" && s.getenv("TERM") != "dumb"
}
