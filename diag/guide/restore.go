package guide

import (
	"fmt"
	"strings"

	"error53/diag"
)

const (
	fromIHelpIT = "ihelpit.com.au/itunes-error-53-the-inconvenience-of-security, update of 19 February 2016"
	fromZDNet   = "zdnet.com, apple-addresses-error-53-flap-with-iphones (2016)"
)

// restore is Apple's procedure of February 2016 for a phone that shows Error 53. The
// copy of it in [IHELPIT] leaves the forced restart out, which [ZDNET53] has.
func (g *Guide) restore(f Family, d *diag.Device) {
	g.Title = "Apple's restore for a phone that shows Error 53"
	copied := func(text string) Step { return Step{Text: text, Source: fromIHelpIT + "; " + fromZDNet} }
	restored := copied("Where the computer offers Restore and Update, Apple's steps say Restore. It erases the phone: have the owner's consent, and the owner's Apple Account password at hand. " +
		"Update, tried first, may keep the data, which nobody promises." + newest(d))
	restored.Erases = true
	g.Steps = []Step{
		copied("Quit iTunes, where it is open."),
		copied("Pull the phone's cable."),
		copied("Bring the computer's software up to date: iTunes then, today Finder (macOS 10.15 and later), and Apple Devices or iTunes on Windows."),
		{Text: "Force the phone to restart: " + restartOf(f, d) + ". The copy at ihelpit.com.au leaves this step out.", Source: fromZDNet},
		copied("Connect the phone by its cable."),
		copied("Open the program again and choose the phone in it."),
		restored,
		copied("At the Hello screen set the phone up, from its backup where there is one. Where it asks for Touch ID, choose to set it up later."),
		copied("Touch ID that did not work before Error 53 does not work now. Ask Apple Support about service for it."),
	}
	g.Notes = restoreNotes(d)
}

// restartOf puts the buttons into words, of every family where the model is open.
func restartOf(f Family, d *diag.Device) string {
	if d != nil {
		return keysOf(f, d).restart()
	}
	var all []string
	for _, f := range Families {
		all = append(all, fmt.Sprintf("%s: %s", models[f], keysOf(f, nil).restart()))
	}
	return strings.Join(all, " · ")
}

func newest(d *diag.Device) string {
	if d == nil {
		return ""
	}
	return fmt.Sprintf(" Either installs the newest, %s (believed signed, releases known up to %s).", d.Last, diag.DataDate)
}

func restoreNotes(d *diag.Device) []Note {
	notes := []Note{
		{ID: "if-it-fails", Source: fromZDNet,
			Text: "If it shows 53 again, the network or Apple's server is likelier than the sensor, which stops no iOS from 9.2.1 (13D20) on. Try another network without a proxy, then ask Apple Support. What the log proves: error53 postmortem."},
		{ID: "not-dfu", Source: fromZDNet, Text: "None of this needs DFU mode: a phone that Error 53 has stopped stands in recovery mode."},
	}
	if d != nil && !d.Affected() {
		notes = append(notes, Note{ID: "not-the-sensor", Source: "littlebyteorg/appledb (13D20 exists for the models concerned alone); libimobiledevice/idevicerestore issue 751",
			Text: "The Touch ID kind of Error 53 never stopped this model. A 53 on it means that factory data could not be restored: network, proxy, Apple's server or the board."})
	}
	return notes
}
