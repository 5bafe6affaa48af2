package main

import (
	"fmt"
	"strings"

	"error53/diag"
)

// showDisagreements prints where documents and evidence part, by reason.
func showDisagreements(s streams) {
	survey := diag.TakeSurvey()
	writeWrapped(s.out, "", fmt.Sprintf("Documents and evidence part in %d of the %d cases in which both know what they say: "+
		"every Touch ID device, each release on it, what can be said of repair and Touch ID, "+
		"over USB and over the air, with the target open and with the newest. "+
		"A case may part for several reasons.", survey.Parting, survey.Cases), s.width)
	for _, group := range survey.Groups {
		fmt.Fprintf(s.out, "\n%s: %d\n", group.ID, group.Count)
		writeWrapped(s.out, "  ", group.Text, s.width)
		writeWrapped(s.out, "  source: ", group.Source, s.width)
		if group.Count > 0 {
			writeWrapped(s.out, "  devices: ", namesOf(group.Devices), s.width)
			writeWrapped(s.out, "  such as: ", exampleOf(group.Example), s.width)
		}
	}
}

func namesOf(devices []*diag.Device) string {
	var names []string
	for _, d := range devices {
		names = append(names, d.ProductType)
	}
	return strings.Join(names, " ")
}

// exampleOf is the command that shows the case.
func exampleOf(c diag.Case) string {
	command := fmt.Sprintf("error53 predict --product-type %s --ios %s --build %s --repair %s --touch-id %s --via %s",
		c.ProductType, c.Installed.Version, c.Installed.Build, c.Repair, c.TouchID, c.Way)
	if c.Target != (diag.Release{}) {
		command += " --target " + diag.Newest
	}
	return command
}
