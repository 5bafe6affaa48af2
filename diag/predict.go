package diag

import "slices"

// Effect is what an update or restore does to the phone.
type Effect string

// The effects, from harmless to worst. EffectUnknown is no effect: see
// Outcome.Worst for what it could be.
const (
	EffectNone     Effect = "none"
	TouchIDOff     Effect = "touch-id-off"
	HomeButtonDead Effect = "home-button-dead"
	UpdateRefused  Effect = "update-refused"
	Error53        Effect = "error-53"
	EffectUnknown  Effect = "unknown"
)

// Effects lists every effect.
var Effects = []Effect{EffectNone, TouchIDOff, HomeButtonDead, UpdateRefused, Error53, EffectUnknown}

// Confidence is how much the prediction can be relied upon.
type Confidence string

// The degrees of confidence.
const (
	Low    Confidence = "low"
	Medium Confidence = "medium"
	High   Confidence = "high"
)

// predict gives the effect and, where that is not known, the worst it could be.
func (c Case) predict() (effect, worst Effect) {
	if c.undecidable() {
		return EffectUnknown, EffectUnknown
	}
	worst = c.harm()
	switch s := sensorOf(c.Repair, c.TouchID); {
	case worst == EffectNone || s == good:
		return EffectNone, EffectNone
	case s == bad && !c.untested():
		return worst, worst
	default:
		return EffectUnknown, worst
	}
}

// harm is what the target does to the device with a sensor that is not its own.
func (c Case) harm() Effect {
	switch classOf(c.Device) {
	case affected:
		return c.harmToAffected()
	case never53:
		return TouchIDOff
	case buttonBound:
		return HomeButtonDead
	default:
		return EffectNone
	}
}

// harmToAffected: over the air the phone itself refuses an update that would end
// in Error 53 over USB (iphoneblog.de 2016-02-18, ilounge.com).
func (c Case) harmToAffected() Effect {
	switch bandOf(c.target()) {
	case fixed:
		return TouchIDOff
	case belowFix:
		if c.Way == OTA {
			return UpdateRefused
		}
	}
	return Error53
}

// untested tells whether nobody knows what the target does to a bad sensor.
func (c Case) untested() bool {
	return classOf(c.Device) == affected && bandOf(c.target()) == beta
}

// confidence is the lowest that applies.
func (c Case) confidence() Confidence {
	effect, _ := c.predict()
	switch {
	case c.Contradictory || c.Repair == ThirdPartySensor && c.TouchID == TouchIDYes:
		return Low
	case effect == EffectUnknown, effect == UpdateRefused, c.targetTooOld(), c.weaklyAttested(), c.restsOnDefault():
		return Medium
	default:
		return High
	}
}

// targetTooOld: reports of Error 53 begin with 8.0.2, but good ones only with 8.3.
func (c Case) targetTooOld() bool {
	v := c.Target.Version
	return v.Major == 8 && v.Minor <= 2
}

// weaklyAttested: what a 5s and what a sensor damaged without a repair does rests
// on few statements.
func (c Case) weaklyAttested() bool {
	return sensorOf(c.Repair, c.TouchID) == bad &&
		(c.Repair == Damaged || slices.Contains(iPhone5s, c.ProductType))
}

// restsOnDefault tells whether another answer about a fact nobody has stated
// would change the effect, or the worst.
func (c Case) restsOnDefault() bool {
	effect, worst := c.predict()
	for _, fact := range openable {
		for answered := range c.answers(fact) {
			if e, w := answered.predict(); e != effect || w != worst {
				return true
			}
		}
	}
	return false
}
