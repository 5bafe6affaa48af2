package diag

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// From these charges on nothing is said about the battery. iOS itself warns of a low
// battery at 20 % (apple.fandom.com/wiki/Low_Power_Mode, note 4), and wants 50 % for an
// update over the air without a charger (poweringautos.com, purplepedia.com).
const (
	enoughCharge    = 20
	enoughForTheAir = 50
)

// airSpace is what iOS 9 took to install itself over the air, in bytes; iOS 8 took 4.58
// GB (Apple at WWDC 2015, siliconangle.com 2015-06-24). What today's releases take is not
// published, so this is a hint and no limit.
const airSpace = 1_300_000_000

// prepare lists what to do with a phone in normal mode before anything is installed:
// charge it, back it up, and know the owner's password.
func (c Case) prepare(s Session) []Advice {
	var steps []Advice
	if text := c.charge(s); text != "" {
		steps = append(steps, Advice{"charge", text})
	}
	steps = append(steps, Advice{"back-up", s.backUp()})
	if s.FindMy.Value {
		steps = append(steps, Advice{"find-my", "Find My is on: have the owner's Apple Account password ready before a Restore, which erases."})
	}
	return steps
}

func (c Case) charge(s Session) string {
	switch {
	case !s.Battery.Known():
		return ""
	case s.Battery.Value < enoughCharge:
		return fmt.Sprintf("Charge it first: the battery is at %d%%.", s.Battery.Value)
	case s.Battery.Value < enoughForTheAir && c.Way == OTA:
		return fmt.Sprintf("Leave it on a charger: the battery is at %d%%, and iOS wants %d%% for an update over the air without one.", s.Battery.Value, enoughForTheAir)
	default:
		return ""
	}
}

// backUp says to back up first, and what the phone tells of the last time.
func (s Session) backUp() string {
	var last []string
	switch {
	case s.LastBackup.Known():
		last = append(last, "the last backup to a computer was "+s.when(s.LastBackup))
	case s.Trust.Value == Trusted:
		last = append(last, "the phone tells of no backup to a computer")
	}
	if s.LastCloudBackup.Known() {
		last = append(last, "the last to iCloud was "+s.when(s.LastCloudBackup))
	}
	text := "Back up first."
	if len(last) > 0 {
		text = "Back up first: " + strings.Join(last, ", ") + "."
	}
	if s.BackupEncrypted.Value {
		text += " Its backups to a computer are encrypted, and useless without their password."
	}
	return text
}

// when gives a moment as seen from the reading: "34 days ago".
func (s Session) when(at Fact[time.Time]) string { return Ago(at.Value, s.ReadAt) }

// Ago says how long ago something was when the phone was read. Where that is not known,
// or was before, it gives the day instead.
func Ago(at time.Time, readAt Fact[time.Time]) string {
	day := "on " + at.UTC().Format(time.DateOnly)
	if !readAt.Known() {
		return day
	}
	const aDay = 24 * time.Hour
	switch days := int(readAt.Value.Sub(at) / aDay); {
	case at.After(readAt.Value.Add(aDay)):
		return day + ", in the future by this computer's clock"
	case days <= 0:
		return "less than a day ago"
	case days == 1:
		return "1 day ago"
	default:
		return fmt.Sprintf("%d days ago", days)
	}
}

// The activation states in which a phone does not work as its owner's.
var inactive = []Activation{Unactivated, MismatchedIMEI, MismatchedICCID, MissingSIM, ActivationExpired}

// warn adds what the session shows to the warnings. What a phone in another mode
// than normal told earlier is not known here, so nothing is said to it.
func (c Case) warn(s Session, add func(bool, string, string, ...any)) {
	state := s.Activation.Value
	add(slices.Contains(inactive, state), "not-activated",
		"The phone is not activated (%s): have the owner's Apple Account password ready, or it may stay locked to the owner.", state)
	add(s.SensorTrace.Value == TraceDiffers && c.Repair != ThirdPartySensor, "sensor-differs",
		"The serial number of the Touch ID sensor is not the one of the factory record: it was probably replaced. Ask by whom, and whether Touch ID works; the number does not tell.")
	add(s.Trust.Value == TrustForeign, "stranger",
		"What answers does not have the key of the phone that this computer trusts. Nothing was read from it but what every computer may read.")
	add(c.Way == OTA && s.FreeSpace.Known() && s.FreeSpace.Value < airSpace, "little-space",
		"Only %s are free: iOS 9 took 1.3 GB to install itself over the air, and later ones take more. By a computer it needs less.", Bytes(s.FreeSpace.Value))
}

// Bytes gives a size as Apple does, in powers of ten: "1.3 GB".
func Bytes(n uint64) string {
	const giga = 1_000_000_000
	if n < giga {
		return fmt.Sprintf("%d MB", n/1_000_000)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/giga)
}

// toBeTrusted is what to do where the trust is missing.
var toBeTrusted = map[Trust]string{
	NotTrusted:      "error53 check --pair",
	TrustWaiting:    "the phone asks at this moment, tap Trust",
	TrustDenied:     "pull the cable, plug it in again, tap Trust",
	TrustLocked:     "unlock the phone with its passcode",
	TrustStale:      "the phone no longer knows this computer, error53 pair --renew",
	TrustSupervised: "its organisation has to allow this computer",
	TrustByCable:    "connect it by its cable, then error53 check --pair",
	TrustUnusable:   "the record of the pairing is damaged, error53 pair --renew",
	TrustForeign:    "if you know it to be the same phone, error53 pair --renew",
}

// trustStep says what trust would add, and how to come by it.
func (c Case) trustStep(s Session) []Advice {
	how := toBeTrusted[s.Trust.Value]
	if how == "" {
		return nil
	}
	adds := "the last backup, Find My, battery and free space"
	if c.Device != nil && c.Device.Biometric == TouchIDHardware {
		adds = "the last backup, Find My, battery, free space, and what can be seen of the sensor"
	}
	return []Advice{{"trust", fmt.Sprintf("Trust would add %s: %s.", adds, how)}}
}
