package guide

import "error53/diag"

var (
	nothingErased = Note{ID: "erases-nothing", Source: fromApple,
		Text: "Recovery mode by itself erases nothing. Of what the computer offers then, Update may keep the data, which nobody promises, and Restore erases the phone."}
	fifteenMinutes = Note{ID: "fifteen-minutes", Source: fromApple,
		Text: "Where the computer has to load iOS for more than about 15 minutes, the phone leaves recovery mode: let it finish loading, then do this again."}
	deadButton = Note{ID: "dead-button", Source: "an iTunes log: pastebin.com/NKNPuVXY (update, \"Entering recovery mode\")",
		Text: "A home button that does nothing cannot be held. A phone that Error 53 has stopped is in recovery mode already; one that still runs is taken there by the computer's own Update."}
	buttonsOnly = Note{ID: "buttons-only", Source: "error53 sends no request that changes a phone",
		Text: "Your hands alone do this: error53 sends the phone nothing."}
	comesBack = Note{ID: "comes-back", Source: "libimobiledevice/idevicerestore issues 352 and 490",
		Text: "A phone that Error 53 has stopped has no whole iOS: it comes back to recovery mode each time. The way on is error53 guide restore."}
)

// dfuNotes: why not to, and what usually goes wrong.
func dfuNotes(f Family, d *diag.Device) []Note {
	notes := []Note{
		{ID: "rarely-needed", Source: fromZDNet,
			Text: "No check needs DFU mode, nor do Apple's steps for Error 53. The computer offers Restore alone in it, which erases the phone."},
		{ID: "black-screen", Source: "slashgear.com/1814925",
			Text: "DFU mode shows nothing: the screen is black. A logo or a picture means that the phone went elsewhere; begin again."},
		articleSteps(f, d),
	}
	if d == nil || hasLightning(d) {
		notes = append(notes, usbC)
	}
	if f == HomeButton {
		notes = append(notes, Note{ID: "dead-button", Source: fromHome, Text: "A home button that does nothing cannot be held: DFU mode is out of reach then."})
	}
	if d != nil && d.ProductType == "iPod9,1" {
		notes = append(notes, otherButton)
	}
	return notes
}

// CableNote is the id of the note on cables with which no phone enters DFU mode.
const CableNote = "usb-c-cable"

// usbC: the phone has to notice the cable, which it does not with these.
var usbC = Note{ID: CableNote, Source: "checkra1n/BugTracker issues 69, 441 and 860; palera1n/palera1n issue 522",
	Text: "With a cable from USB-C to Lightning, Apple's above all, phones of up to the iPhone X do not enter DFU mode: take one from USB-A, with an adapter if need be."}

// otherButton: the sources part over this iPod.
var otherButton = Note{ID: "other-button", Source: "palera1n/palera1n src/dfuhelper.c (NOHOME)",
	Text: "One program holds Home in the place of Volume Down on this iPod. Where these steps only restart it, try that."}

// articleSteps places the DFU steps that an article gives for every iPhone.
func articleSteps(f Family, d *diag.Device) Note {
	text := "The steps that appfixing.com gives for Error 53 (Volume Up, Volume Down, then Side) fit the iPhone 8 and later alone"
	switch {
	case d == nil:
		text += "; Error 53 never stopped one of those for its sensor."
	case f == VolumeTaps:
		text = "These are the steps that appfixing.com gives for Error 53. They fit the iPhone 8 and later alone, and Error 53 never stopped one of those for its sensor."
	default:
		text += ", not this model."
	}
	return Note{ID: "article-steps", Text: text, Source: "appfixing.com/iphone-error-53-fix, step 3; zdnet.com, iphone-8-tips (2017-10-13)"}
}
