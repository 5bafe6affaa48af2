//go:build man

package main

import (
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"error53/diag"
)

// The man pages are written by a program of their own, so that the one people use
// does not carry the writer: go run -tags man ./cmd/error53 man FOLDER
func init() {
	extra = append(extra, newManCommand)
}

func newManCommand(streams) *cobra.Command {
	return &cobra.Command{
		Use:    "man FOLDER",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			day, err := time.Parse(time.DateOnly, diag.DataDate)
			if err != nil {
				return err
			}
			cmd.Root().DisableAutoGenTag = true
			header := doc.GenManHeader{Title: "ERROR53", Section: "1", Source: "error53", Date: &day}
			return doc.GenManTree(cmd.Root(), &header, args[0])
		},
	}
}
