package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sirupsen/logrus"

	"error53/mocks"
)

// console is where somebody sits in front of a bench of virtual phones.
type console struct {
	streams
	bench    *mocks.Bench
	scenario mocks.Scenario // of all phones that were ever plugged in
	happened chan happening
}

// happening is a step of a timeline that was done, or could not be.
type happening struct {
	step mocks.Step
	err  error
}

func newConsole(s streams, scenario mocks.Scenario, log logrus.FieldLogger) *console {
	d := &console{streams: s, bench: scenario.Bench(), scenario: scenario, happened: make(chan happening)}
	if log != nil {
		logRequests(d.bench, log)
	}
	return d
}

// play lets a timeline happen in the background.
func (d *console) play(ctx context.Context, steps []mocks.Step) {
	go func() {
		for step, err := range d.bench.Play(ctx, steps) {
			select {
			case d.happened <- happening{step, err}:
			case <-ctx.Done():
				return
			}
		}
	}()
}

func (d *console) tell(h happening) {
	if h.err != nil {
		report(d.err, h.err, "")
		return
	}
	fmt.Fprintf(d.err, "note: at %s: %s\n", h.step.At, h.step)
}

// consoleWord is one that can be typed.
type consoleWord struct {
	name, takes, does string
}

var consoleWords = []consoleWord{
	{"list", "", "the phones, a line each"},
	{"plug", "PHONE|SCENARIO|FILE", "plug one in again, or further ones"},
	{"unplug", "PHONE", "pull its cable"},
	{"replug", "PHONE", "pull it, and plug it in again at once"},
	{"mode", "PHONE MODE", "start it anew in normal, restore, recovery, dfu …"},
	{"update", "PHONE RELEASE", "start it anew on 12.5.8, 9.2.1:13D20, newest …"},
	{"trust", "PHONE", "tap Trust, and enter the passcode where one is due"},
	{"deny", "PHONE", "tap Don't Trust"},
	{"unlock", "PHONE", "enter the passcode"},
	{"restart", "", "end usbmuxd, and start it anew"},
	{"help", "", "these words; a PHONE is its port, or an ID's end"},
	{"quit", "", "the end"},
}

// obey does what was typed.
func (d *console) obey(ctx context.Context, line string) error {
	parts := strings.Fields(line)
	if len(parts) == 0 {
		return nil
	}
	word, rest := parts[0], parts[1:]
	known := slices.ContainsFunc(consoleWords, func(w consoleWord) bool { return w.name == word })
	switch {
	case !known:
		return &usageError{fmt.Sprintf("%q is none of the words", word), "type help"}
	case word == "plug":
		return d.plug(ctx, rest)
	case slices.Contains(mocks.PhoneActs, mocks.Act(word)):
		return d.act(word, rest)
	case len(rest) > 0:
		return &usageError{word + " stands alone", "type help"}
	}
	return d.alone(word)
}

// alone does what takes nothing.
func (d *console) alone(word string) error {
	switch word {
	case "list":
		d.list()
	case "restart":
		return d.bench.Do(mocks.Step{Act: mocks.ActRestart})
	case "help":
		for _, w := range consoleWords {
			fmt.Fprintf(d.out, "%-8s%-21s%s\n", w.name, w.takes, w.does)
		}
	case "quit":
		return errQuit
	}
	return nil
}

// act lets something happen to one phone.
func (d *console) act(word string, rest []string) error {
	seat, rest, err := d.seat(word, rest)
	if err != nil {
		return err
	}
	step, err := seat.Phone.ParseStep(strings.Join(append([]string{word}, rest...), " "))
	if err != nil {
		return &usageError{visible(word + ": " + err.Error()), "type help"}
	}
	step.Port = seat.Port
	return d.bench.Do(step)
}

// seat finds the phone that the first word names. Where there is one alone, and nothing
// else to be said, it need not be named.
func (d *console) seat(word string, rest []string) (mocks.Seat, []string, error) {
	seats := d.bench.Seats()
	if len(rest) == 0 && len(seats) == 1 {
		return seats[0], nil, nil
	}
	phones := d.phones(seats)
	if len(rest) == 0 {
		return mocks.Seat{}, nil, &ambiguousError{word + " happens to one phone", candidates(phones)}
	}
	if i := slices.IndexFunc(seats, func(s mocks.Seat) bool { return s.Port == rest[0] }); i >= 0 {
		return seats[i], rest[1:], nil
	}
	i, err := findPhone(phones, rest[0])
	if err != nil {
		return mocks.Seat{}, nil, err
	}
	return seats[i], rest[1:], nil
}

// plug plugs a phone in that lies beside its cable; else further ones.
func (d *console) plug(ctx context.Context, rest []string) error {
	err := d.act("plug", rest)
	var unknown *noMatchError
	if len(rest) != 1 || !errors.As(err, &unknown) {
		return err
	}
	further, err := loadScenario(rest[0])
	if err != nil {
		return err
	}
	if len(further.Faults) > 0 {
		return &usageError{rest[0] + " has faults of usbmuxd, which is running", "name it where simulate is started"}
	}
	joined, err := mocks.Join(d.scenario, further)
	if err != nil {
		return &usageError{withoutPackage(err), "list tells what there is"}
	}
	further.Phones = joined.Phones[len(d.scenario.Phones):]
	d.scenario = joined
	d.bench.Add(further.Phones...)
	d.play(ctx, further.Timeline())
	return nil
}

// list shows the phones, a line each: port, identifier, mode, model, version, name, state.
func (d *console) list() {
	seats := d.bench.Seats()
	for i, p := range d.phones(seats) {
		s := seats[i]
		version, _ := s.Phone.Values.String("ProductVersion")
		columns := []string{s.Port, p.label(), string(p.facts.Mode.Value), p.model(), visible(version), visible(s.Phone.Name), standing(s)}
		fmt.Fprintln(d.out, strings.Join(columns, "\t"))
	}
}

// standing tells how a phone stands to this computer.
func standing(s mocks.Seat) string {
	switch {
	case !s.Plugged:
		return "not plugged in"
	case s.Locked:
		return "locked"
	case s.Hosts > 0:
		return "trusts this computer"
	}
	return "not trusting"
}

// phones are the rows by which phones are named, with their identifiers masked.
func (d *console) phones(seats []mocks.Seat) []phone {
	phones := make([]phone, len(seats))
	for i, s := range seats {
		phones[i] = phoneOfSeat(s)
	}
	assignMasks(phones, false)
	return phones
}
