package main

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"error53/diag"
	"error53/diag/guide"
	"error53/mocks"
)

// completionTimeout is what a shell may wait for the list of phones.
const completionTimeout = time.Second

// complete offers further files behind --from, else the attached phones.
func (o *checkOptions) complete(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(o.from) > 0 {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return o.offer(cmd.Context(), o.streams, o.showIDs), cobra.ShellCompDirectiveNoFileComp
}

// complete offers the attached phones, or files behind --check.
func (o *recordOptions) complete(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	if o.check {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return o.offer(cmd.Context(), o.streams, false), cobra.ShellCompDirectiveNoFileComp
}

// complete offers the guides, and behind one of them the attached phones.
func (o *guideOptions) complete(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var offered []string
	switch {
	case len(args) == 0:
		offered = strings.Split(words(guide.Topics), ", ")
	case len(args) == 1 && o.productType == "":
		offered = o.offer(cmd.Context(), o.streams, o.showIDs)
	}
	return offered, cobra.ShellCompDirectiveNoFileComp
}

// complete offers the attached phones.
func (o *pairOptions) complete(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	return o.offer(cmd.Context(), o.streams, o.showIDs), cobra.ShellCompDirectiveNoFileComp
}

// offer lists the attached phones for a shell by what names them; none where they cannot
// be listed soon.
func (o *busOptions) offer(ctx context.Context, s streams, showIDs bool) []string {
	o.timeout = completionTimeout
	b, err := o.openBus(s)
	if err != nil {
		return nil
	}
	defer b.close()
	listed, err := b.list(ctx)
	if err != nil {
		return nil
	}
	phones := b.rows(listed)
	assignMasks(phones, showIDs)
	var offered []string
	for _, p := range phones {
		if len(identifiers(p.facts)) > 0 { // a place is no name to call it by
			offered = append(offered, strings.TrimPrefix(p.label(), "…")+"\t"+string(p.facts.Mode.Value))
		}
	}
	return offered
}

// completeScenarios offers those that come with the program, and files.
func completeScenarios(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return mocks.Scenarios(), cobra.ShellCompDirectiveDefault
}

// completeWords offers the words a flag takes.
func completeWords(cmd *cobra.Command, flag, words string) {
	offered := strings.Split(words, ", ")
	completeFlag(cmd, flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return offered, cobra.ShellCompDirectiveNoFileComp
	})
}

// completeFlag offers values of a flag, if the command has it.
func completeFlag(cmd *cobra.Command, flag string, offer cobra.CompletionFunc) {
	if cmd.Flags().Lookup(flag) != nil {
		if err := cmd.RegisterFlagCompletionFunc(flag, offer); err != nil {
			panic(err) // the flag is registered twice: a fault of the program
		}
	}
}

// completeFlags offers the words of every flag that takes some, and no files where a
// command takes none.
func completeFlags(cmd *cobra.Command) {
	if cmd.ValidArgsFunction == nil {
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
	for flag, offered := range map[string]string{
		"repair":     words(diag.Repairs),
		"touch-id":   words(diag.TouchIDs),
		"via":        words(diag.Ways),
		"mode":       words(diag.Modes),
		"log-format": words(logFormats),
	} {
		completeWords(cmd, flag, offered)
	}
	completeFlag(cmd, "target", completeTarget)
	completeFlag(cmd, "scenario", completeScenarios)
}

// completeTarget offers the newest, and where that is not meant, files.
func completeTarget(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{diag.Newest}, cobra.ShellCompDirectiveDefault
}

// completeRules offers the ids of what rules shows.
func completeRules(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return ruleIDs(), cobra.ShellCompDirectiveNoFileComp
}
