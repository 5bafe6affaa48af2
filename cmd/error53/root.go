package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

// execute runs one command line and gives its exit code.
func execute(ctx context.Context, s streams, args []string) int {
	root := newRoot(s)
	root.SetArgs(args)
	return exitCode(s, root.ExecuteContext(ctx))
}

// extra are commands that a build tag brings in.
var extra []func(streams) *cobra.Command

func newRoot(s streams) *cobra.Command {
	check := newCheckCommand(s)
	root := &cobra.Command{
		Use:   "error53",
		Short: "Predict Error 53 before an iPhone is updated",
		Long: "error53 reads the iPhones and iPads plugged into this computer and says, before anyone\n" +
			"presses Update, whether the update can end in Error 53, why, and what to do first.\n" +
			"It reads; it never changes a phone. Alone it does the same as error53 check.",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, args []string) error {
			if show, _ := cmd.Flags().GetBool("version"); show {
				return newVersionCommand(s).RunE(cmd, args)
			}
			return check.RunE(cmd, args)
		},
		SilenceErrors: true,
		SilenceUsage:  true,

		SuggestionsMinimumDistance: 2,
	}
	root.Flags().Bool("version", false, "show the version")
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &usageError{err.Error(), "see " + cmd.CommandPath() + " --help"}
	})
	root.AddCommand(check, newListCommand(s), newWatchCommand(s), newPairCommand(s), newPredictCommand(s), newPlanCommand(s), newRulesCommand(s), newGuideCommand(s), newDoctorCommand(s), newPostmortemCommand(s), newRecordCommand(s), newVerifyCommand(s), newSimulateCommand(s), newVersionCommand(s))
	for _, newCommand := range extra {
		root.AddCommand(newCommand(s))
	}
	for _, cmd := range root.Commands() {
		completeFlags(cmd)
	}
	addTopics(root)
	return root
}

// exitCode reports the error, if there is one to report, and gives its code.
func exitCode(s streams, err error) int {
	var verdict verdictExit
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &verdict):
		return int(verdict)
	default:
		report(s.err, err, "")
		return explain(err).exit
	}
}

func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := "see " + cmd.CommandPath() + " --help"
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		hint = "did you mean " + cmd.CommandPath() + " " + near[0] + "?"
	}
	return &usageError{fmt.Sprintf("%s takes no argument %q", cmd.CommandPath(), args[0]), hint}
}

func atMostOneArgument(cmd *cobra.Command, args []string) error {
	if len(args) <= 1 {
		return nil
	}
	return &usageError{cmd.CommandPath() + " takes one argument at most", "see " + cmd.CommandPath() + " --help"}
}
