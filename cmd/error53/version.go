package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"error53/diag"
)

func newVersionCommand(s streams) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Show the version of the program and the date of its data",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprintf(s.out, "error53 %s\ndevices and releases known up to %s\n", programVersion(), diag.DataDate)
			return nil
		},
	}
}

// programVersion is the module version or the commit the binary was built from.
func programVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && (info.Main.Version == "" || info.Main.Version == "(devel)") {
			return setting.Value
		}
	}
	return info.Main.Version
}
