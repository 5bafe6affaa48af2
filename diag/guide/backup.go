package guide

const (
	fromBackup   = "support.apple.com/guide/platform-support/supd99445260"
	fromScreened = "ihelpit.com.au/itunes-error-53-the-inconvenience-of-security (February 2016)"
)

// backup comes before any update: the document's advice for a phone whose screen
// somebody else replaced.
func (g *Guide) backup() {
	g.Title = "A backup before anything is installed"
	g.Steps = []Step{
		{Text: "Back up while the phone still starts: in recovery and DFU mode nothing can be copied.", Source: fromScreened},
		{Text: "Connect it to a computer, unlock it, tap Trust, and choose it in Finder, iTunes or Apple Devices.", Source: fromBackup},
		{Text: "Decline the update that the computer may offer: first the verdict, by error53 check.", Source: fromScreened},
		{Text: "Choose to back up to this computer, and to encrypt the backup: without that, passwords, Health data and call history are left out. The owner sets the password; nobody can recover it.", Source: fromBackup},
		{Text: "Start the backup, wait for its end, and look whether its date is that of today.", Source: fromBackup},
	}
	g.Notes = []Note{
		{ID: "not-in-it", Source: fromBackup, Text: "Not in a backup: what lies in iCloud already, mail, Touch ID and Face ID settings, Apple Pay."},
		{ID: "icloud", Source: "xda-developers.com/how-to-create-itunes-backup-iphone-ipad", Text: "Where the phone cannot be connected, it can back itself up to iCloud, if the owner has room there."},
	}
}
