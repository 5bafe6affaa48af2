package main

import "github.com/spf13/cobra"

// topics are the pages of error53 help TOPIC.
var topics = []cobra.Command{
	{
		Use:   "error53",
		Short: "What Error 53 is, and what decides it",
		Long: `Error 53 is what iTunes and Finder show when a restore stops because the factory data
of the phone (FDR) does not check out. From 2014 to 2016 the check of the Touch ID sensor
was the usual cause: a sensor, home button or cable that is not the phone's own, or does
not answer, stopped the restore and left the phone in recovery mode.

What decides is the iOS that is being installed, not the one on the phone. The fix is
9.2.1 (13D20) of 18 February 2016; with it and everything later Touch ID stays off, and
the phone works. Concerned were the iPhone 6, 6 Plus, 6s, 6s Plus, iPad mini 3, mini 4,
Air 2 and the first iPad Pro 12.9.

The number alone proves nothing: network, proxy and server faults show the same 53 to
this day, also on phones without a Touch ID sensor. What a failed restore really says is
in its log: error53 postmortem

USB cannot see whether a sensor belongs to its phone. What was repaired, and whether
Touch ID works, has to be said: --repair, --touch-id.

More: error53 rules`,
	},
	{
		Use:   "exit-codes",
		Short: "What the exit codes mean",
		Long: `  0  risk none or low
  1  failure
  2  usage, or a DEVICE that fits several phones
  3  no phone
  4  the phone has to be trusted or unlocked first
  5  usbmuxd cannot be reached, or may not be
  6  the phone was lost, or did not answer in time
 10  risk elevated
 11  risk high
 12  risk unknown

Of several phones the first of 11, 10, 12, 6, 4, 1, 0 that occurs. A phone that gave a
verdict counts by its verdict. list gives 0, 3 or 5, doctor 0, 1 or 5, postmortem 0 or 1,
guide 0 also where no phone is attached, and 1 where the last try with the clock failed, pair 0,
or 4 where somebody did not tap Trust, or 6, 3, 5. check --pair counts a pairing that failed as 4
beside the verdicts. A dry run has the codes of a real one. plan ends with 0 however bad a way
is, and with 12 where nothing can be predicted of the phone.`,
	},
	{
		Use:   "json",
		Short: "What --json prints",
		Long: `check  {"schemaVersion":1,"simulated":false,"phones":[…],"errors":[…]}
list   the same, its phones with facts only
pair   the same, its phones with device, productType and outcome
predict  one phone's object, with schemaVersion and simulated beside its keys
plan     {"schemaVersion":1,"simulated":false,"facts":{…},"ways":[…],"warnings":[…],"errors":[…]}
doctor   {"schemaVersion":1,"simulated":false,"checks":[…],"udevRule":null}
postmortem  {"schemaVersion":1,"simulated":false,"runs":[…],"files":[…],"errors":[…]}
guide    {"schemaVersion":1,"simulated":false,"device":null,…,"guides":[…],"errors":[…]}
watch    a line an event: {"schemaVersion":1,"simulated":false,"seq":1,"time":"…","event":"…","phone":{…}}

A phone has facts, prediction, check, risk, question, next and warnings. A fact is
{"value","source"}, at times with a reason; one that is not known has null for both, and a
reason always. An error is
{"code","message","hint","device"}. A phone that could be listed is always among the
phones, its failure among the errors as well; a dump that is none only among the errors.

Identifiers show their last characters; --show-ids shows them whole. Standard output
holds the JSON and nothing else. cmd/error53/schema.json in the source is the schema.`,
	},
	{
		Use:   "no-daemon",
		Short: "What to do when usbmuxd cannot be reached",
		Long: `error53 asks usbmuxd for the phones: at USBMUXD_SOCKET_ADDRESS where that is set, else at
/var/run/usbmuxd (Linux, macOS) or 127.0.0.1:27015 (Windows).

Linux    usbmuxd starts when a phone is plugged in and ends with the last one, so that a
         missing socket also means: no phone yet. Plug one in. If nothing changes:
         sudo apt install usbmuxd; sudo systemctl start usbmuxd
macOS    usbmuxd is part of the system: plug the phone in; sudo killall usbmuxd restarts it
Windows  install Apple Devices or iTunes, and start "Apple Mobile Device Service"

The address is written UNIX:/path, /path, host:port or [v6]:port.
What exactly is wrong: error53 doctor
Without a phone: error53 check --dry-run`,
	},
	{
		Use:   "permissions",
		Short: "What to do when access is denied",
		Long: `usbmuxd's socket is open to every user by default. Where it is not (a container, a
sandbox, a changed unit), look at it: ls -l /var/run/usbmuxd. A container needs the socket
mounted.

A phone in recovery or DFU mode is seen without rights on Linux, but to ask it for more
than its descriptors tell it has to be opened. Its node belongs to root until a rule of
udev says otherwise; 70-error53.rules opens it to whoever sits at the computer, and to the
group plugdev:

  error53 doctor --udev-rule > 70-error53.rules
  sudo install -m 644 70-error53.rules /etc/udev/rules.d/
  sudo udevadm control --reload

Then pull the cable and plug it in again. Do not use "udevadm trigger --action=add" instead:
it takes every phone in normal mode out of usbmuxd's service.

error53 doctor shows owner, group and mode of socket and nodes, and which of this is
missing. There is no need to run error53 as root.`,
	},
	{
		Use:   "trust",
		Short: "What a phone asks, and what is read without trust",
		Long: `The verdict needs no trust: model, iOS and identifiers are read without. A phone that trusts
this computer also tells when it was last backed up and whether the backups are encrypted,
whether Find My is on, its activation, battery and free space, and on models with Touch ID
what can be seen of the sensor: two serial numbers, which are no test of it.

  error53 pair            pairs with the attached phones: somebody has to tap Trust on each
  error53 check --pair    the same, and then the verdicts
  error53 pair --renew    where the phone, or this computer, has lost its half of a pairing

Nothing else makes error53 ask a phone for trust. The dialog that appears when a phone is
plugged in is usbmuxd's doing on Linux, and Apple's service's elsewhere. Pairings are kept by
usbmuxd, so that libimobiledevice's tools and error53 share them.

Without a pairing nothing goes wrong: what it would tell is not known then, and the verdict
stands. Find My is never said to be off, since a phone that says so proves nothing.

A phone locked for over an hour may say nothing over USB (USB Restricted Mode): unlock it,
then plug it in again.`,
	},
	{
		Use:   "scenarios",
		Short: "How to write virtual phones, and what happens to them",
		Long:  scenariosTopic,
	},
}

// addTopics adds the pages; cobra lists commands that cannot run as help topics.
func addTopics(root *cobra.Command) {
	for i := range topics {
		topic := topics[i] // a copy: AddCommand changes what it is given
		root.AddCommand(&topic)
	}
}
