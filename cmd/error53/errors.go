package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"strings"
	"syscall"

	"error53/diag"
	"error53/diag/firmware"
	"error53/diag/inspect"
	"error53/diag/postmortem"
	"error53/lockdown"
	"error53/mocks"
	"error53/mocks/recording"
	"error53/usbmux"
	"error53/usbmux/usb"
)

// usageError is a command line that cannot be meant.
type usageError struct {
	message string
	hint    string
}

func (e *usageError) Error() string { return e.message }

// ambiguousError is a command that would fit several phones.
type ambiguousError struct {
	message    string
	candidates []string
}

func (e *ambiguousError) Error() string { return e.message }

// noMatchError is a DEVICE that no phone of the run goes by.
type noMatchError struct {
	device     string
	candidates []string
}

func (e *noMatchError) Error() string { return fmt.Sprintf("no phone goes by %q", e.device) }

// daemonError is a failure to get the list of phones at all.
type daemonError struct {
	address string
	err     error
	onBus   bool // there are phones on the bus all the same
}

func (e *daemonError) Error() string { return e.err.Error() }
func (e *daemonError) Unwrap() error { return e.err }

// unseenError is a failure to look at the USB buses, as a whole or in part.
type unseenError struct{ err error }

func (e *unseenError) Error() string { return e.err.Error() }
func (e *unseenError) Unwrap() error { return e.err }

// noPhoneError: there is none, as far as can be seen.
type noPhoneError struct{ unseen error }

func (e *noPhoneError) Error() string { return errNoPhone.Error() }
func (e *noPhoneError) Unwrap() error { return errNoPhone }

// errFolder: a folder where a dump is wanted.
var errFolder = errors.New("is a folder")

// errNoPhone: the daemon answers, and has no phone.
var errNoPhone = errors.New("no phone is attached")

// verdictExit ends the command with the code of a verdict; nothing went wrong.
type verdictExit int

func (e verdictExit) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

func exitWith(code int) error {
	if code == exitOK {
		return nil
	}
	return verdictExit(code)
}

// explanation is an error in words for people, with what to do about it.
type explanation struct {
	code    string // stable, for JSON
	exit    int
	message string
	hint    string
}

// explain finds the words for an error. Every kind of error has its row; what is
// in no row is shown as it is.
func explain(err error) explanation {
	var (
		usage     *usageError
		ambiguous *ambiguousError
		noMatch   *noMatchError
		file      *fileError
		expects   *expectationError
		wrong     wrongModelError
		target    *diag.TargetError
		daemon    *daemonError
		noLogs    *noLogsError
		unseen    *unseenError
		none      *noPhoneError
		refused   *usb.AccessError
		scenario  *mocks.ScenarioError
		step      *mocks.StepError
		place     *placeError
	)
	switch {
	case errors.As(err, &usage):
		return explanation{"usage", exitUsage, visible(usage.message), usage.hint}
	case errors.As(err, &ambiguous):
		return explanation{"ambiguous", exitUsage, ambiguous.message, "name exactly one: " + list(ambiguous.candidates)}
	case errors.As(err, &noMatch):
		return explanation{"no-match", exitNoPhone, noMatch.Error(), "there is " + list(noMatch.candidates)}
	case errors.As(err, &file):
		e := explain(file.err)
		e.message = visible(file.name) + ": " + e.message
		return e
	case errors.As(err, &expects):
		return explanation{"bad-expectation", exitFailure, visible(expects.Error()), "see error53 verify --help"}
	case errors.As(err, &wrong):
		return explanation{"wrong-model", exitUsage, visible(wrong.Error()), "take the IPSW that is made for the model, or see what the newest does: --target newest"}
	case errors.As(err, &target):
		return explanation{"bad-target", exitUsage, visible(target.Error()), targetHint(target)}
	case errors.As(err, &daemon):
		return daemon.explain()
	case errors.As(err, &noLogs):
		return explanation{"no-logs", exitFailure, noLogs.Error(), "name the file, wherever the log was saved: error53 postmortem FILE"}
	case errors.As(err, &unseen):
		return unseen.explain(runtime.GOOS, usb.Libusb)
	case errors.As(err, &none):
		return none.explain()
	case errors.As(err, &refused):
		return explainAccess(refused.Access, thisHost().ruleInstalled())
	case errors.As(err, &scenario):
		return explainScenario(scenario)
	case errors.As(err, &step):
		return explainStep(step)
	case errors.As(err, &place):
		return explainRow(placeRows, place.err, visible(place.place))
	default:
		return explainRow(phoneRows, err, "")
	}
}

func (e *daemonError) explain() explanation {
	words := explainRow(daemonRows, e.err, e.address)
	if e.onBus && errors.Is(e.err, usbmux.ErrNoDaemon) {
		words.message = fmt.Sprintf("usbmuxd is not running: nothing answers at %s, so that phones in normal and restore mode cannot be read", e.address)
		words.hint = startDaemon(runtime.GOOS)
	}
	return words
}

// targetHint offers what was not just refused.
func targetHint(refused *diag.TargetError) string {
	if refused.Target == diag.Newest {
		return "state the version that will be installed: --target 12.5.8"
	}
	return "state a version the model can have, or --target newest"
}

// row maps one kind of error. %s stands for the subject, the address of the
// daemon, and %e for the text of the error.
type row struct {
	kind error
	explanation
}

func explainRow(rows []row, err error, subject string) explanation {
	for _, r := range rows {
		if errors.Is(err, r.kind) {
			e := r.explanation
			e.message = strings.NewReplacer("%s", subject, "%e", withoutPackage(err)).Replace(e.message)
			e.hint = strings.ReplaceAll(e.hint, "%s", strings.TrimPrefix(subject, "UNIX://"))
			return e
		}
	}
	return explanation{"failure", exitFailure, visible(err.Error()), "run it again with -v to see the exchange"}
}

// withoutPackage is the text of an error without the name of the package in front.
func withoutPackage(err error) string {
	text := visible(err.Error())
	if _, rest, found := strings.Cut(text, ": "); found {
		return rest
	}
	return text
}

const tryDryRun = "; without a phone: error53 check --dry-run"

// daemonRows are about the daemon that lists the phones.
var daemonRows = []row{
	{usbmux.ErrNoDaemon, explanation{"no-daemon", exitDaemon, "no phone is plugged in yet, or usbmuxd is not running: nothing answers at %s", startDaemon(runtime.GOOS) + tryDryRun}},
	{usbmux.ErrPermission, explanation{"permission", exitDaemon, "this user may not open usbmuxd's socket %s", "look at its owner and mode: ls -l %s"}},
	{usbmux.ErrAddress, explanation{"bad-address", exitUsage, "USBMUXD_SOCKET_ADDRESS cannot be read", "it takes UNIX:/path, /path, host:port or [v6]:port; unset it for the default: unset USBMUXD_SOCKET_ADDRESS"}},
	{usbmux.ErrTimeout, explanation{"daemon-silent", exitDaemon, "usbmuxd at %s accepts the connection and answers nothing", "restart it: " + restartDaemon(runtime.GOOS)}},
	{usbmux.ErrProtocol, explanation{"daemon-garbage", exitDaemon, "what listens at %s does not speak usbmuxd's protocol", "check the address: echo $USBMUXD_SOCKET_ADDRESS"}},
	{usbmux.ErrGone, explanation{"daemon-gone", exitDaemon, "usbmuxd at %s hung up in the middle of its answer", "run it again; if it stays: " + restartDaemon(runtime.GOOS)}},
	{context.Canceled, interrupted},
}

// phoneRows are about one phone, or one file.
var phoneRows = []row{
	{context.Canceled, interrupted},
	{errNoPhone, explanation{"no-phone", exitNoPhone, "no phone is attached", "plug one in and unlock it (a phone locked for over an hour may stay silent)" + tryDryRun}},
	{lockdown.ErrStranger, explanation{"stranger", exitTrust, "what answers has not the key of the phone that this computer is paired with; nothing was read from it", "check the cable, and what is between this computer and the phone; to pair anew: error53 pair --renew"}},
	{lockdown.ErrHandshake, explanation{"handshake", exitTrust, "the phone and this computer did not come to terms over a secure connection", "restart the phone, then run it again; to pair anew: error53 pair --renew"}},
	{lockdown.ErrUnusableRecord, explanation{"record-unusable", exitTrust, "the pairing that this computer keeps of the phone is damaged", "pair anew: error53 pair --renew"}},
	{lockdown.ErrTrustTimeout, explanation{"trust-timeout", exitTrust, "nobody answered on the phone in time", "unlock it, run it again, and tap Trust; more patience: --wait 3m"}},
	{lockdown.ErrSupervised, explanation{"supervised", exitTrust, "the phone is managed, and pairs with its organisation's computers only", "its organisation can release it; without trust: error53 check"}},
	{lockdown.ErrPairingProhibited, explanation{"pairing-prohibited", exitTrust, "the phone does not pair over the network", "plug its cable in, then run it again"}},
	{lockdown.ErrDeprecated, explanation{"deprecated", exitFailure, "the phone's iOS gives no such value any more", "nothing else is the matter: check the phone without it"}},
	{lockdown.ErrSysCfg, explanation{"factory-record", exitFailure, "the phone's factory record cannot be understood", "report what -v shows"}},
	{usbmux.ErrTimeout, explanation{"timeout", exitLost, "the phone did not answer in time", "unlock it, pull the cable, plug it in again; more patience: --timeout 20s"}},
	{usbmux.ErrGone, explanation{"gone", exitLost, "the phone hung up, or was unplugged, while it was being read", "check cable and port, then run it again"}},
	{usbmux.ErrRefused, explanation{"refused", exitLost, "the phone does not let the connection in: it may still be starting", "wait until its screen is up, then run it again"}},
	{usbmux.ErrProtocol, explanation{"garbage", exitFailure, "the phone's answer cannot be understood", "pull the cable, plug it in again; if it stays, report what -v shows"}},
	{inspect.ErrNotServed, explanation{"not-served", exitLost, "the phone is on the USB bus, but usbmuxd does not list it (yet)", "wait some seconds, unlock the phone, run it again; if it stays: " + restartDaemon(runtime.GOOS)}},
	{usb.ErrPermission, explanation{"usb-permission", exitFailure, "this user may not open the USB device", seizeHint(runtime.GOOS)}},
	{usb.ErrHeld, explanation{"usb-held", exitFailure, "another program holds the USB device, and is left alone", heldHint(runtime.GOOS)}},
	{usb.ErrTimeout, explanation{"usb-timeout", exitLost, "the USB device did not answer in time", "pull the cable, plug it in again"}},
	{usb.ErrGone, explanation{"usb-gone", exitLost, "the USB device was unplugged, or restarted into another mode", "run it again"}},
	{usb.ErrRefused, explanation{"usb-refused", exitFailure, "the USB device does not give its iBoot string", "pull the cable, plug it in again; if it stays, force the phone to restart"}},
	{usb.ErrMalformed, explanation{"usb-garbage", exitFailure, "what the USB device answers makes no sense", "pull the cable, plug it in again"}},
	{usb.ErrNotIBoot, explanation{"not-iboot", exitFailure, "the USB device shows no iBoot string", "pull the cable, plug it in again; if it stays, force the phone to restart"}},
	{usb.ErrUnsupported, unaskable(runtime.GOOS, usb.Libusb)},
	{usb.ErrMode, explanation{"usb-mode", exitFailure, "a phone in this mode is not asked for that", "run it again once its mode has changed"}},
	{lockdown.ErrPasswordProtected, explanation{"locked", exitTrust, "the phone is locked", "enter the passcode on the phone, then run it again"}},
	{lockdown.ErrTrustPending, explanation{"trust-pending", exitTrust, "the phone asks whether to trust this computer", "tap Trust on the phone, then run it again"}},
	{lockdown.ErrTrustDenied, explanation{"trust-denied", exitTrust, "Don’t Trust was tapped on the phone", "pull the cable, plug it in again, tap Trust"}},
	{lockdown.ErrInvalidHostID, explanation{"trust-stale", exitTrust, "the phone no longer knows this computer", "pair with it anew, and tap Trust on the phone: error53 pair --renew"}},
	{lockdown.ErrSessionInactive, explanation{"trust-needed", exitTrust, "the phone gives nothing without being trusted", "unlock it, plug it in again, tap Trust"}},
	{lockdown.ErrGetProhibited, explanation{"withheld", exitTrust, "the phone withholds what it is", "unlock it, plug it in again, tap Trust"}},
	{lockdown.ErrMissingValue, explanation{"missing", exitFailure, "the phone does not give what was asked for", "report what -v shows"}},
	{lockdown.ErrNotLockdown, explanation{"other-daemon", exitFailure, "what answers on the phone is neither lockdownd nor restored", "restart the phone, then run it again"}},
	{inspect.ErrNotADump, explanation{"not-a-dump", exitFailure, "%e", "it reads ideviceinfo (text or -x), JSON of lockdown values, irecovery -q, and iBoot serial strings: ideviceinfo > dump.txt"}},
	{inspect.ErrNoProductType, explanation{"no-product-type", exitFailure, "%e", "dump the phone again, whole: ideviceinfo > dump.txt"}},
	{inspect.ErrOtherDevice, explanation{"other-device", exitFailure, "%e", "check an iPhone, iPad or iPod touch: error53 knows no other device"}},
	{errNotEntered, explanation{"not-entered", exitFailure, "the phone did not enter the mode", "try another cable, without a hub, and run it again"}},
	{recording.ErrNewer, explanation{"recording-newer", exitFailure, "%e", "take the error53 that wrote it, or a newer one; this is: error53 version"}},
	{recording.ErrCut, explanation{"recording-cut", exitFailure, "%e", "fetch it again, whole, or record anew: error53 record -o FILE"}},
	{recording.ErrEdited, explanation{"recording-edited", exitFailure, "%e", "take it back as it was, or record anew: error53 record -o FILE"}},
	{recording.ErrNotRecording, explanation{"not-a-recording", exitFailure, "%e", "it reads what error53 record has written: error53 record -o FILE"}},
	{recording.ErrDeviates, explanation{"replay-deviates", exitFailure, "%e", "where the program was meant to ask otherwise, record anew: error53 record -o FILE"}},
	{recording.ErrHeader, explanation{"recording-head", exitFailure, "%e", "correct the head of the file, or record anew: error53 record -o FILE"}},
	{recording.ErrNotVirtual, explanation{"not-virtual", exitFailure, "%e", "record the phone again: error53 record -o FILE"}},
	{recording.ErrIncomplete, explanation{"recording-incomplete", exitFailure, "%e", "run it again; what goes wrong: error53 check"}},
	{recording.ErrUnmasked, explanation{"unmasked", exitFailure, "%e", "replace what is real, or record anew, which masks it: error53 record -o FILE"}},
	{firmware.ErrNotFirmware, explanation{"not-firmware", exitFailure, "%e", "--target takes an .ipsw, the BuildManifest.plist or Restore.plist out of one, or a folder of them"}},
	{firmware.ErrDamaged, explanation{"firmware-damaged", exitFailure, "%e", "fetch it again, whole; what it should be: ls -l"}},
	{firmware.ErrEncrypted, explanation{"firmware-encrypted", exitFailure, "%e", "Apple's files are not: fetch it from Apple, or state the version: --target 9.2.1"}},
	{firmware.ErrTooLarge, explanation{"firmware-too-large", exitFailure, "%e", "it is no file of Apple's; state the version: --target 9.2.1"}},
	{firmware.ErrInconsistent, explanation{"firmware-inconsistent", exitFailure, "%e", "it is no file of Apple's; state the version: --target 9.2.1"}},
	{firmware.ErrIncomplete, explanation{"firmware-incomplete", exitFailure, "%e", "state version and build: --target 9.2.1:13D20"}},
	{firmware.ErrOtherDevice, explanation{"firmware-other-device", exitFailure, "%e", "take the IPSW that is made for the phone, or state the version: --target 9.2.1"}},
	{firmware.ErrNoImage, explanation{"no-firmware", exitFailure, "%e", "name a folder with .ipsw files in it: ls"}},
	{postmortem.ErrNoLog, explanation{"no-restore-log", exitFailure, "no restore log: %e", "name the log of the program that ran the restore; it reads iTunes, Finder, Apple Devices, Apple Configurator, idevicerestore, futurerestore and pymobiledevice3"}},
	{errFolder, explanation{"folder", exitFailure, "it is a folder", "name the files in it: FOLDER/*"}},
	{errExists, explanation{"file-exists", exitFailure, "the file is there already", "name another, or overwrite it: error53 record --force"}},
	{errSpecial, explanation{"special-file", exitFailure, "it is no ordinary file", "name a file that is not there yet: error53 record -o FILE"}},
	{errNoCases, explanation{"no-cases", exitFailure, "%e", "name recordings (.e53) or dumps, or a folder of them: ls"}},
	{errNoCase, explanation{"no-case", exitFailure, "it expects something of a recording or a dump that is not beside it", "name the two alike: iphone6.e53 and iphone6.expect.json; what is there: ls"}},
	{errSeveral, explanation{"several-phones", exitFailure, "%e", "an expectation is about one phone: check each in a file of its own"}},
	{usbmux.ErrNoRecord, explanation{"no-record", exitTrust, "this computer keeps no pairing with the phone", "unlock the phone and tap Trust on it: error53 pair"}},
	{syscall.ENOSPC, explanation{"disk-full", exitFailure, "the disk is full, and nothing was written", "make room, or name a file on another disk: error53 record -o FILE"}},
	{fs.ErrNotExist, explanation{"no-file", exitFailure, "there is no such file", "check the name: ls"}},
	{fs.ErrPermission, explanation{"unreadable-file", exitFailure, "the file may not be read", "look at its owner and mode: ls -l"}},
}

var interrupted = explanation{"interrupted", exitFailure, "interrupted", "run it again"}

// startDaemon is the command that brings usbmuxd up.
func startDaemon(goos string) string {
	switch goos {
	case "darwin":
		return "macOS starts it by itself: plug the phone in"
	case "windows":
		return "install Apple Devices or iTunes, and start the service: net start \"Apple Mobile Device Service\""
	default:
		return "plug the phone in, or start it: sudo systemctl start usbmuxd"
	}
}

func restartDaemon(goos string) string {
	switch goos {
	case "darwin":
		return "sudo killall usbmuxd"
	case "windows":
		return "net stop \"Apple Mobile Device Service\" && net start \"Apple Mobile Device Service\""
	default:
		return "sudo systemctl restart usbmuxd"
	}
}

func list(candidates []string) string {
	if len(candidates) == 0 {
		return "none to choose from"
	}
	return strings.Join(candidates, " · ")
}

// reportMissing prints why phones may be missing. That of the buses is no failure of
// the run: what usbmuxd lists was read.
func reportMissing(w io.Writer, daemon, unseen error) {
	if daemon != nil {
		report(w, daemon, "")
	}
	if unseen != nil {
		e := explain(unseen)
		fmt.Fprintf(w, "note: %s\nhint: %s\n", e.message, e.hint)
	}
}

// report prints an error the way every command does; about names the file or the
// phone, "" the run as a whole.
func report(w io.Writer, err error, about string) {
	e := explain(err)
	if about != "" {
		about += ": "
	}
	fmt.Fprintf(w, "error: %s%s\n", about, e.message)
	if e.hint != "" {
		fmt.Fprintf(w, "hint: %s\n", e.hint)
	}
}
