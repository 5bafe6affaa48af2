package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

// verifyOptions is one run of verify.
type verifyOptions struct {
	streams

	json   bool
	junit  string // the file to write; "" = none
	github bool
	update bool
}

func newVerifyCommand(s streams) *cobra.Command {
	o := &verifyOptions{streams: s}
	cmd := &cobra.Command{
		Use:   "verify FILE|DIR…",
		Short: "Compare the verdicts on recordings and dumps with the expected ones",
		Long: "Compare the verdicts on recordings (.e53) and dumps (.txt, .plist, .json) with what stands beside each of them, in\n" +
			"NAME.expect.json: what the operator says of the phone, and the verdict that is expected. All that is left out of\n" +
			"\"expect\" may be anything:\n\n" +
			"  {\"said\":   {\"repair\": \"third-party-sensor\", \"touchId\": \"no\", \"target\": \"newest\", \"way\": \"ota\"},\n" +
			"   \"expect\": {\"risk\": \"high\", \"effect\": \"error-53\", \"documented\": \"at-risk\", \"rules\": [\"core\", \"screen\"]}}\n\n" +
			"A recording is replayed: a request that is not in it, or one in it that was not made, fails. A file is skipped where it\n" +
			"has no expectation, or where the verdict hangs on a fact that nobody has said. The exit code is 1 where one failed, else 0.",
		Example: "  error53 verify fixtures\n" +
			"  error53 verify fixtures --junit report.xml\n" +
			"  error53 verify iphone6.e53 --update",
		Args: someFiles,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveDefault
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return inJSON(o.streams, o.json, false, o.run(cmd.Context(), args))
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.StringVar(&o.junit, "junit", "", "write a JUnit report into this file as well")
	flags.BoolVar(&o.github, "github", false, "print annotations for GitHub Actions as well")
	flags.BoolVar(&o.update, "update", false, "write what was got into the expectations that failed")
	cmd.MarkFlagFilename("junit", "xml")
	return cmd
}

func someFiles(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return nil
	}
	return &usageError{cmd.CommandPath() + " takes files or folders", "see " + cmd.CommandPath() + " --help"}
}

func (o *verifyOptions) run(ctx context.Context, args []string) error {
	if o.json && o.github {
		return &usageError{"--json prints JSON alone, and --github prints lines", "leave one of the two out"}
	}
	cases, err := findCases(args)
	if err != nil {
		return err
	}
	results := o.judge(ctx, cases)
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := o.print(results); err != nil {
		return err
	}
	if o.junit != "" {
		if err := os.WriteFile(o.junit, junitOf(results), 0o644); err != nil {
			return &fileError{o.junit, err}
		}
	}
	if countOf(results, hasFailed) > 0 {
		return exitWith(exitFailure)
	}
	return nil
}

func (o *verifyOptions) print(results []result) error {
	if o.json {
		return writeJSON(o.out, verifyJSON(results))
	}
	for _, r := range results {
		r.print(o.streams)
	}
	fmt.Fprintf(o.out, "\n%s\n", verifyTally(results))
	if o.github {
		for _, r := range results {
			r.annotate(o.out)
		}
	}
	return nil
}
