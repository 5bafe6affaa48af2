package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"error53/diag/postmortem"
)

// postmortemOptions reads the logs of restores that have failed.
type postmortemOptions struct {
	streams
	places // where programs keep their logs

	files   []foundLog
	json    bool
	showIDs bool
	noColor bool
}

func newPostmortemCommand(s streams) *cobra.Command {
	o := &postmortemOptions{streams: s, places: places{goos: runtime.GOOS, getenv: s.getenv, here: "."}}
	cmd := &cobra.Command{
		Use:   "postmortem [FILE…]",
		Short: "Tell from the log of a failed restore what stopped it",
		Long: "postmortem reads restore logs of iTunes, Finder, Apple Devices, Apple Configurator, idevicerestore,\n" +
			"futurerestore and pymobiledevice3, and the log of the phone itself. For each run in them it says which\n" +
			"phone it was, from which iOS to which, where it failed with which code, and which cause the lines\n" +
			"support: the Touch ID sensor, the program's FDR proxy, Apple's FDR server, the network, or another code\n" +
			"altogether. The lines themselves are shown, with their numbers.\n\n" +
			"FILE may be - for standard input. Without FILE it looks where these programs keep their logs, and reads\n" +
			fmt.Sprintf("the newest %d. Exit code 0, or 1 where a file cannot be read or holds no restore log.", newestLogs),
		Example: "  error53 postmortem restore.log\n  error53 postmortem *.log --json\n  error53 postmortem",
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveDefault // files
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, name := range args {
				o.files = append(o.files, foundLog{path: name, label: visible(name)})
			}
			return o.run(cmd.Context())
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.BoolVar(&o.showIDs, "show-ids", false, "show identifiers in the lines whole")
	flags.BoolVar(&o.noColor, "no-color", false, "do not colour")
	return cmd
}

// autopsy is what was found in one file.
type autopsy struct {
	file string
	log  postmortem.Log
	err  error
}

func (o *postmortemOptions) run(ctx context.Context) error {
	if len(o.files) == 0 {
		if err := o.look(); err != nil {
			return inPostmortemJSON(o, err)
		}
	}
	found := autopsyReport{showIDs: o.showIDs}
	show := autopsyScreen{screen: screen{w: o.out, width: o.width, color: o.color(o.noColor)}, showIDs: o.showIDs}
	for _, file := range o.files {
		a := autopsy{file: file.label}
		a.log, a.err = o.read(ctx, file.path)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		found.add(a)
		if o.json {
			continue
		}
		if show.file(a); a.err != nil {
			report(o.err, a.err, a.file)
		}
	}
	if o.json {
		if err := found.write(o.out); err != nil {
			return err
		}
	}
	return exitWith(found.exit())
}

// look fills in the logs that lie where programs keep them, and says where that is.
func (o *postmortemOptions) look() error {
	found, searched := o.logs()
	if len(found) == 0 {
		return &noLogsError{searched}
	}
	for _, file := range found[:min(len(found), newestLogs)] {
		file.label = redact(file.label, o.showIDs) // idevicerestore puts the ECID into it
		o.files = append(o.files, file)
	}
	note := fmt.Sprintf("%s in %s, newest first", counted(len(found), "restore log"), strings.Join(searched, ", "))
	if len(found) > newestLogs {
		note += fmt.Sprintf("; the %d newest are read", newestLogs)
	}
	fmt.Fprintln(o.err, note)
	return nil
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (o *postmortemOptions) read(ctx context.Context, name string) (postmortem.Log, error) {
	r := o.in
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return postmortem.Log{}, err
		}
		defer file.Close()
		if info, err := file.Stat(); err == nil && info.IsDir() {
			return postmortem.Log{}, errFolder
		}
		r = file
	}
	text, done := wakeable(ctx, r)
	defer done()
	return postmortem.Read(ctx, text)
}

// wakeable gives a reader that ends with ctx, also where r waits for a key or a pipe.
func wakeable(ctx context.Context, r io.Reader) (text io.Reader, done func()) {
	out, in := io.Pipe()
	go func() {
		_, err := io.Copy(in, r)
		in.CloseWithError(err)
	}()
	stop := context.AfterFunc(ctx, func() { out.CloseWithError(ctx.Err()) })
	return out, func() {
		stop()
		out.Close()
	}
}

// noLogsError: nothing lies where programs keep their logs.
type noLogsError struct{ searched []string }

func (e *noLogsError) Error() string {
	return "no restore log was found in " + strings.Join(e.searched, ", ")
}

// inPostmortemJSON prints a failure before any file was read as JSON too, when that was
// asked for.
func inPostmortemJSON(o *postmortemOptions, err error) error {
	if !o.json {
		return err
	}
	return errors.Join(err, autopsyReport{errors: []jsonError{errorJSON(err, "")}}.write(o.out))
}
