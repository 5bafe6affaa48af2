package diag

import "time"

// Session is what is known of a phone beside what decides: what it tells a computer
// that it trusts, and whether it trusts this one. None of it changes a verdict; it
// adds warnings, and the steps to take before an update. What the phone did not give
// is not known, which never means "no".
type Session struct {
	Trust  Fact[Trust]     // in this computer; the reason says more where it is missing
	ReadAt Fact[time.Time] // when the phone was read: this package has no clock

	Activation     Fact[Activation]
	PasscodeLocked Fact[bool] // at this moment; false does not tell whether there is a passcode (libimobiledevice/libimobiledevice issue 1073)

	LastBackup      Fact[time.Time] // to a computer
	LastCloudBackup Fact[time.Time] // to iCloud
	CloudBackup     Fact[bool]      // backups to iCloud are turned on
	BackupEncrypted Fact[bool]      // backups to a computer have a password
	FindMy          Fact[bool]      // known where it is on, and never false: see FindMyFrom

	Capacity  Fact[uint64] // of the storage, in bytes
	FreeSpace Fact[uint64] // in bytes, without what iOS could clear away
	Battery   Fact[uint8]  // charge in percent
	Charging  Fact[bool]

	SensorTrace   Fact[SensorTrace] // the reason says what each source gave
	FittedSensor  Fact[string]      // serial number of the Touch ID sensor that answers
	FactorySensor Fact[string]      // and that of the factory record
}

// NoSession says for all of it why it is not known.
func NoSession(reason string) Session {
	yesOrNo, date, bytes, serial := NotKnown[bool](reason), NotKnown[time.Time](reason), NotKnown[uint64](reason), NotKnown[string](reason)
	return Session{
		Trust: NotKnown[Trust](reason), ReadAt: date,
		Activation: NotKnown[Activation](reason), PasscodeLocked: yesOrNo,
		LastBackup: date, LastCloudBackup: date, CloudBackup: yesOrNo, BackupEncrypted: yesOrNo, FindMy: yesOrNo,
		Capacity: bytes, FreeSpace: bytes, Battery: NotKnown[uint8](reason), Charging: yesOrNo,
		SensorTrace: NotKnown[SensorTrace](reason), FittedSensor: serial, FactorySensor: serial,
	}
}

// Trust is how a phone stands to this computer.
type Trust string

// What can be known of it. All but the first say why there was no session.
const (
	Trusted         Trust = "trusted"         // a session stood
	NotTrusted      Trust = "not-trusted"     // this computer keeps no pairing with the phone
	TrustWaiting    Trust = "waiting"         // the phone asks at this moment
	TrustDenied     Trust = "denied"          // somebody tapped Don't Trust
	TrustLocked     Trust = "locked"          // the phone wants its passcode first
	TrustStale      Trust = "stale"           // the phone no longer knows this computer
	TrustSupervised Trust = "supervised"      // managed: other computers are kept out
	TrustByCable    Trust = "network-only"    // not over the network
	TrustUnusable   Trust = "record-unusable" // the record that this computer keeps is of no use
	TrustForeign    Trust = "stranger"        // what answers is not the phone of the record
)

// Trusts lists every state.
var Trusts = []Trust{
	Trusted, NotTrusted, TrustWaiting, TrustDenied, TrustLocked, TrustStale,
	TrustSupervised, TrustByCable, TrustUnusable, TrustForeign,
}

// Activation is the ActivationState of a phone, in its own words.
type Activation string

// The words, as far as they are known: observed in ideviceinfo's output, and the
// constants of Apple's MobileDevice framework.
const (
	Activated          Activation = "Activated"
	Unactivated        Activation = "Unactivated"
	FactoryActivated   Activation = "FactoryActivated"
	WildcardActivated  Activation = "WildcardActivated"
	SoftActivation     Activation = "SoftActivation"
	MismatchedIMEI     Activation = "MismatchedIMEI"
	MismatchedICCID    Activation = "MismatchedICCID"
	MissingSIM         Activation = "MissingSIM"
	ActivationUnlocked Activation = "Unlocked"
	ActivationExpired  Activation = "Expired"
)

// Activations lists the words; any other is not known.
var Activations = []Activation{
	Activated, Unactivated, FactoryActivated, WildcardActivated, SoftActivation,
	MismatchedIMEI, MismatchedICCID, MissingSIM, ActivationUnlocked, ActivationExpired,
}

// FindMyFrom makes the fact of com.apple.fmip's IsAssociated. False proves nothing: it
// is what a phone in the setup assistant gives as well, Activation Lock or not
// (libimobiledevice/libimobiledevice issue 531).
func FindMyFrom(associated bool, source Source) Fact[bool] {
	if !associated {
		return NotKnown[bool]("off or not known: the phone says no, which proves nothing")
	}
	return Known(true, source)
}
