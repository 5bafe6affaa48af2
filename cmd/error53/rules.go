package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"error53/diag"
)

func newRulesCommand(s streams) *cobra.Command {
	disagreements := false
	cmd := &cobra.Command{
		Use:   "rules [ID]",
		Short: "Show the documented rules, their sources, and where they contradict each other",
		Long: "Show the documented rules, their sources, and where the documents contradict each other,\n" +
			"the evidence, and Apple's own build. ID is a rule (core, screen …) or a contradiction (target, build …).",
		Example: "  error53 rules\n  error53 rules core\n  error53 rules build\n  error53 rules --disagreements",
		Args:    atMostOneArgument,

		ValidArgsFunction: completeRules,
		RunE: func(_ *cobra.Command, args []string) error {
			switch {
			case disagreements && len(args) > 0:
				return &usageError{"--disagreements is about all rules", "leave out " + visible(args[0])}
			case disagreements:
				showDisagreements(s)
				return nil
			case len(args) == 1:
				return showRule(s, args[0])
			}
			showRules(s)
			return nil
		},
	}
	cmd.Flags().BoolVar(&disagreements, "disagreements", false, "count the cases in which documents and evidence part, by reason")
	return cmd
}

// ruleEntry is a rule or a contradiction as it is shown.
type ruleEntry struct {
	id, text, source, later string
}

func ruleEntries() (documented, contradictions []ruleEntry) {
	for _, r := range diag.Rules() {
		documented = append(documented, ruleEntry{r.ID, r.Text, r.Source, r.Later})
	}
	for _, c := range diag.Contradictions() {
		contradictions = append(contradictions, ruleEntry{id: string(c.ID), text: c.Text, source: c.Source})
	}
	return documented, contradictions
}

func showRules(s streams) {
	documented, contradictions := ruleEntries()
	fmt.Fprintln(s.out, "What the documents say")
	writeEntries(s.out, documented, s.width)
	fmt.Fprintln(s.out, "\nWhere documents and evidence part")
	writeEntries(s.out, contradictions, s.width)
}

func showRule(s streams, id string) error {
	documented, contradictions := ruleEntries()
	var ids []string
	var found []ruleEntry // a rule and a contradiction may share an id
	for _, entry := range append(documented, contradictions...) {
		if entry.id == id {
			found = append(found, entry)
		}
		if !slices.Contains(ids, entry.id) {
			ids = append(ids, entry.id)
		}
	}
	if len(found) == 0 {
		return &usageError{fmt.Sprintf("there is no rule %q", id), "the rules are " + strings.Join(ids, ", ")}
	}
	writeEntries(s.out, found, s.width)
	return nil
}

func writeEntries(w io.Writer, entries []ruleEntry, width int) {
	for _, e := range entries {
		fmt.Fprintf(w, "\n%s\n", e.id)
		writeWrapped(w, "  ", e.text, width)
		writeWrapped(w, "  source: ", e.source, width)
		if e.later != "" {
			writeWrapped(w, "  later evidence: ", e.later, width)
		}
	}
}
