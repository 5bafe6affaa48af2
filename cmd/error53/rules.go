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
			"the evidence, and Apple's own build; then all else the documents say that anybody can act on,\n" +
			"and what has superseded it. ID is a rule (core, screen …), a contradiction (target, build …)\n" +
			"or a statement (step-3, affected-list …).",
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

// ruleSection is one part of the list.
type ruleSection struct {
	title   string
	entries []diag.Statement
}

func ruleSections() []ruleSection {
	var documented, contradictions []diag.Statement
	for _, r := range diag.Rules() {
		documented = append(documented, r.Statement)
	}
	for _, c := range diag.Contradictions() {
		contradictions = append(contradictions, diag.Statement{ID: string(c.ID), Text: c.Text, Source: c.Source})
	}
	return []ruleSection{
		{"What the documents say", documented},
		{"Where documents and evidence part", contradictions},
		{"What else the documents say", diag.Statements()},
	}
}

// ruleIDs lists the ids, each once: a rule and a contradiction may share one.
func ruleIDs() []string {
	var ids []string
	for _, section := range ruleSections() {
		for _, e := range section.entries {
			if !slices.Contains(ids, e.ID) {
				ids = append(ids, e.ID)
			}
		}
	}
	return ids
}

func showRules(s streams) {
	for i, section := range ruleSections() {
		if i > 0 {
			fmt.Fprintln(s.out)
		}
		fmt.Fprintln(s.out, section.title)
		writeEntries(s.out, section.entries, s.width)
	}
}

func showRule(s streams, id string) error {
	var found []diag.Statement
	for _, section := range ruleSections() {
		for _, e := range section.entries {
			if e.ID == id {
				found = append(found, e)
			}
		}
	}
	if len(found) == 0 {
		return &usageError{fmt.Sprintf("there is no rule %q", id), "the rules are " + strings.Join(ruleIDs(), ", ")}
	}
	writeEntries(s.out, found, s.width)
	return nil
}

func writeEntries(w io.Writer, entries []diag.Statement, width int) {
	for _, e := range entries {
		fmt.Fprintf(w, "\n%s\n", e.ID)
		writeWrapped(w, "  ", e.Text, width)
		writeWrapped(w, "  source: ", e.Source, width)
		later := "  later evidence: "
		if e.Superseded {
			later = "  superseded: "
		}
		writeWrapped(w, later, e.Later, width)
	}
}
