package diag

// Statement is what one of the documents says.
type Statement struct {
	ID     string
	Text   string // in our words
	Source string // which document
	Later  string // what better evidence has to say about it, and which; "" = nothing

	Superseded bool // Later corrects it, in whole or in part
}

const (
	appfixing = "appfixing.com/iphone-error-53-fix"
	ihelpit   = "ihelpit.com.au/itunes-error-53-the-inconvenience-of-security (February 2016)"
)

// Statements lists what the documents say beyond the rules, as far as anybody can act
// on it. The steps of Apple's restore, which [IHELPIT] copies, are in package guide.
func Statements() []Statement { return statements[:] }

var statements = [...]Statement{
	{
		ID:     "message",
		Text:   "A restore or update by iTunes says \"iPhone could not be restored. An unknown error occurred (53)\"; the phone is unusable for good.",
		Source: appfixing + ", introduction",
		Later: "Unusable until 9.2.1 (13D20) or anything later is restored (Apple's statement of 18 February 2016, macobserver.com). " +
			"Network and server faults show the same number (libimobiledevice/idevicerestore issues 352, 490, 751).",
		Superseded: true,
	},
	{
		ID:     "options",
		Text:   "What Apple or an authorised provider repaired can be paired again. With a third party's sensor Touch ID is lost, and the phone can be used without.",
		Source: appfixing + ", \"Can Error 53 be fixed?\"",
	},
	{
		ID: "step-1",
		Text: "Find out whether anyone but Apple replaced home button, Touch ID sensor or screen. If so, that part is almost certainly the cause; " +
			"if not, it may be a loose or damaged home button cable.",
		Source: appfixing + ", step 1",
		Later: "Past the fix the sensor is no cause at all: network, proxy or Apple's server are (libimobiledevice/idevicerestore issues 352, 490, 751). " +
			"Touch ID that works proves the sensor good. What a log proves: error53 postmortem.",
		Superseded: true,
	},
	{
		ID:     "step-2",
		Text:   "Contact Apple Support: with Apple's updates a phone can be restored also after a third party's repair, with Touch ID off.",
		Source: appfixing + ", step 2",
		Later:  "Apple's steps are public (zdnet.com, apple-addresses-error-53-flap-with-iphones): error53 guide restore.",
	},
	{
		ID: "step-3",
		Text: "Restore with iTunes in DFU mode (which erases the phone), with iOS 9.3.1 or later. Into DFU mode: Volume Up, Volume Down, Side for 10 seconds, " +
			"Volume Down with it for 5, Volume Down alone for 5.",
		Source: appfixing + ", step 3",
		Later: "These buttons fit the iPhone 8 and later alone (zdnet.com, iphone-8-tips), none of which Error 53 ever stopped: error53 guide dfu. " +
			"Apple asks for a forced restart, not for DFU mode, and 9.2.1 (13D20) is enough (macobserver.com).",
		Superseded: true,
	},
	{
		ID:     "step-4",
		Text:   "Touch ID comes back only where Apple or an authorised provider puts in a genuine home button and pairs it; model and AppleCare+ make the price.",
		Source: appfixing + ", step 4",
		Later:  "Apple said the same (iclarified.com/53790).",
	},
	{
		ID:     "step-5",
		Text:   "After the restore everything but Touch ID works; the passcode takes its place for unlocking, purchases and passwords.",
		Source: appfixing + ", step 5",
		Later: "Apple Pay is off as well (macobserver.com). On the iPhone 7 a foreign button does nothing at all (ifixit.com/News/9020); " +
			"an iPhone 8 without any button may not finish starting (discdepotdundee.co.uk, the only report).",
		Superseded: true,
	},
	{
		ID:     "step-6",
		Text:   "Where Apple's repair costs more than an old phone is worth, a newer phone may be cheaper.",
		Source: appfixing + ", step 6",
	},
	{
		ID:     "step-7",
		Text:   "Look at checkcoverage.apple.com and ask Apple Support before paying: AppleCare+ may cover a defective part, rather than a third party's repair.",
		Source: appfixing + ", step 7",
		Later:  "In February 2016 Apple paid back replacements that people had bought because of Error 53: ask AppleCare (macobserver.com).",
	},
	{
		ID:     "avoid",
		Text:   "Have screen, home button and sensor repaired by Apple or an authorised provider. Ask any other shop whether its parts are genuine and Touch ID will work afterwards.",
		Source: appfixing + ", \"How to avoid Error 53\"",
		Later: "Genuine parts do not help: buttons exchanged between two new iPhones 6 gave Error 53 (iFixit, by acutemarketreports.com). " +
			"Ask whether the phone's own button and cable are moved over (mendmyi.com, February 2016).",
		Superseded: true,
	},
	{
		ID:     "other-shop",
		Text:   "Another shop can restore the phone as Apple does, but not Touch ID. Be wary of one that claims to bring it back with parts that are not genuine.",
		Source: appfixing + ", questions",
		Later:  "Where the phone's own button or cable had only come loose, refitting it has cleared the error (irishtimes.com, February 2016).",
	},
	{
		ID:     "true-depth",
		Text:   "Face ID is tied to its TrueDepth camera: a third party's screen repair that hurts camera or cable can turn Face ID off.",
		Source: appfixing + ", questions",
		Later: "A genuine TrueDepth camera can be calibrated with Apple's means (support.apple.com/120567); a notice of an unknown part by itself stops nothing " +
			"(support.apple.com/102658). More: error53 guide face-id.",
	},
	{
		ID:     "why",
		Text:   "Error 53 is there so that nobody can put in a sensor that steals fingerprints.",
		Source: appfixing + ", questions; " + ihelpit,
		Later:  "Apple on 18 February 2016: a test for the factory, which was not meant to reach customers (macobserver.com).",

		Superseded: true,
	},
	{
		ID:     "sensor-lost",
		Text:   "iTunes shows Error 53 when the phone no longer recognises its Touch ID sensor, typically after a screen that came with one of its own.",
		Source: ihelpit,
		Later:  "Since 9.2.1 (13D20) such a phone loses Touch ID and nothing else (Apple's statement of 18 February 2016, pxlnv.com/linklog/rip-error-53).",

		Superseded: true,
	},
	{
		ID:     "official-advice",
		Text:   "Whoever has Error 53 should follow Apple's own support page.",
		Source: ihelpit,
		Later:  "The page is gone; its steps are kept (zdnet.com, apple-addresses-error-53-flap-with-iphones): error53 guide restore.",
	},
	{
		ID:     "affected-list",
		Text:   "Concerned can be: iPhone 5s, 6, 6 Plus, 6s, 6s Plus, iPad Air 2, iPad Pro, iPad mini 3 and 4.",
		Source: ihelpit,
		Later: "The 5s loses Touch ID and nothing else (talkbackcomms.com). Of the iPad Pro only the first 12.9 ever had an iOS without the fix " +
			"(littlebyteorg/appledb).",
		Superseded: true,
	},
	{
		ID:     "back-up",
		Text:   "As a precaution after a screen repair that was not Apple's: back up, do not update, have an Apple Store check the phone.",
		Source: ihelpit,
		Later:  "The newest iOS has the fix (littlebyteorg/appledb): error53 check --target newest. How to back up: error53 guide backup.",

		Superseded: true,
	},
	{
		ID:     "lost-for-all-time",
		Text:   "A phone or iPad with Error 53 is likely lost for all time.",
		Source: ihelpit,
		Later:  "The document's own update of 19 February 2016 takes it back: 9.2.1 (13D20) revives them (Apple's statement, macobserver.com).",

		Superseded: true,
	},
	{
		ID:     "always-apple",
		Text:   "Always have phones and iPads repaired by Apple or an authorised agent, for the warranty and the investment.",
		Source: ihelpit,
		Later:  "For telling Australians that another's repair had cost them their remedy Apple was fined in 2018 (ACCC v Apple (No 4) [2018] FCA 953).",
	},
	{
		ID:     "videos",
		Text:   "Videos that show how to repair Error 53 need parts that nobody has at hand: visit an Apple Store.",
		Source: ihelpit,
		Later:  "No part is needed to make the phone start again, only a restore, which erases it (zdnet.com, apple-addresses-error-53-flap-with-iphones).",

		Superseded: true,
	},
	{
		ID: "wall-plug",
		Text: "Not about phones: Apple recalls plugs of power adapters. Four or five numbers inside: exchange the plug alone at an Apple Store. " +
			"Three letters, such as AUS: it is not concerned.",
		Source: "ihelpit.com.au/apple-wall-plug-safety-recall (February 2016)",
		Later:  "No characters at all inside mean the same as four or five (Apple's announcement of January 2016, by needanerd.nz/blog/201623).",

		Superseded: true,
	},
	{
		ID:     "business-continuity",
		Text:   "Not about phones: a plan for going on after a disaster, with backups of computers, mail and telephones elsewhere, and remote access.",
		Source: "ihelpit.com.au (February 2016), \"Business IT resilience\"",
	},
}
