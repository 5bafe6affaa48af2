package postmortem

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
)

// ErrNoLog: nothing in the input looks like the log of a restore.
var ErrNoLog = errors.New("no restore log")

// MaxRuns is how many runs of one log are kept. Those behind them are counted.
const MaxRuns = 1000

// linesBetweenChecks is how often a long log is looked up from.
const linesBetweenChecks = 1024

// Log is what a file holds.
type Log struct {
	Runs       []Run // in the order of the file, at most [MaxRuns]
	Lines      int
	CutLines   int  // lines longer than [MaxLine], read to that length
	MoreRuns   int  // runs that are not among Runs
	Unfinished bool // the last line has no end: the file may have been cut there
}

// Read reads a log to its end. It fails with [ErrNoLog] where there is none in it. Where
// reading fails, or ctx ends, the runs until then are given beside the error.
func Read(ctx context.Context, r io.Reader) (Log, error) {
	text, archive := decode(r)
	if archive != "" {
		return Log{}, fmt.Errorf("%w: the file is packed with %s, and has to be unpacked first", ErrNoLog, archive)
	}
	b := &reader{lines: newLines(text), words: &finder{index: indexed()}}
	err := b.read(ctx)
	log := b.log()
	if err == nil && len(log.Runs) == 0 {
		err = fmt.Errorf("%w: %s", ErrNoLog, why(log))
	}
	return log, err
}

func why(log Log) string {
	if log.Lines == 0 {
		return "the file is empty"
	}
	return "none of its lines are those of iTunes, Finder, Apple Devices, Configurator, idevicerestore, futurerestore, pymobiledevice3 or a phone"
}

// reader divides a text into runs.
type reader struct {
	lines *lines
	words *finder
	run   *recorder
	under *recorder // the run whose phone hands over the log of the one before; nil for none
	done  []*finished
	more  int
	count int
}

// finished is a run, the lines of which are still places.
type finished struct {
	run         Run
	first, last place
	evidence    []mark
}

func (b *reader) read(ctx context.Context) error {
	b.run = newRecorder(place{})
	for {
		if b.count%linesBetweenChecks == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		line, at, err := b.lines.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read log: %w", err)
		}
		b.count++
		b.line(line, at)
	}
}

// line hands a line to the run it belongs to.
func (b *reader) line(line []byte, at place) {
	hits := b.words.find(line)
	if b.under != nil && isHost(line) {
		b.close()
	}
	for _, h := range hits {
		if starts := h.rule.starts; starts != nil && starts(b.run, h) {
			b.closeAll()
			b.run = newRecorder(at)
			break
		}
	}
	b.run.take(hits, at)
	if b.run.previousNext {
		b.run.previousNext = false
		if b.under == nil {
			b.under, b.run = b.run, newRecorder(at)
		}
	}
}

// close ends a run, and keeps it where it was one. What it was under goes on.
func (b *reader) close() {
	switch {
	case b.run.tool == "":
	case len(b.done) == MaxRuns:
		b.more++
	default:
		b.done = append(b.done, b.run.finish())
	}
	b.run, b.under = b.under, nil
}

func (b *reader) closeAll() {
	for b.run != nil {
		b.close()
	}
}

// log closes what is open, and numbers the lines.
func (b *reader) log() Log {
	b.closeAll()
	slices.SortStableFunc(b.done, func(f, g *finished) int { return f.first.compare(g.first) })
	log := Log{CutLines: b.lines.cut, MoreRuns: b.more, Lines: b.count, Unfinished: !b.lines.ended}
	for _, f := range b.done {
		f.run.FirstLine, f.run.LastLine = b.lines.number(f.first), b.lines.number(f.last)
		for _, m := range f.evidence {
			f.run.Evidence = append(f.run.Evidence, Evidence{b.lines.number(m.at), m.text})
		}
		log.Runs = append(log.Runs, f.run)
	}
	return log
}
