package diag

import "fmt"

// Sources of the reasons. The press of 2016 is the best there is: Apple's own
// page on Error 53 is gone.
const (
	fromFDR      = "Apple's support text of 2016 (quoted by 24news.ca 200060); status 53 = FDR failure in libimobiledevice/idevicerestore src/restore.c"
	fromFix      = "Apple's statement of 18 February 2016 (macobserver.com, pxlnv.com/linklog/rip-error-53); builds from littlebyteorg/appledb"
	fromOTA      = "iphoneblog.de 2016-02-18, ilounge.com, itsworthmore.com; mobilesyrup.com says otherwise"
	fromRoster   = "digitaltrends.com, talkbackcomms.com; littlebyteorg/appledb lists 13D20 for no such device"
	fromButton   = "ifixit.com/News/9020, discdepotdundee.co.uk (iPhone 7 home button)"
	fromModel    = "biometric sensors: devicekit/DeviceKit; code 53 on an iPhone 12: libimobiledevice/idevicerestore issue 751"
	fromCatalog  = "littlebyteorg/appledb, as of " + DataDate
	fromOperator = "the operator's word; pairing is validated by Apple's service (iclarified.com/53790)"
	fromNobody   = "USB shows no such thing; the operator has not said"
)

// reasons tells why the effect is what it is, the deciding reason first.
func (c Case) reasons() []Reason {
	switch {
	case c.undecidable():
		return []Reason{c.undecidableReason()}
	case classOf(c.Device) == noSensor:
		return []Reason{{"no-sensor", fmt.Sprintf("The %s has no Touch ID sensor, so the Touch ID kind of Error 53 cannot happen. "+
			"A restore can still show code 53 for network or factory-data faults.", c.Device.MarketingName), fromModel}}
	case sensorOf(c.Repair, c.TouchID) == good:
		return []Reason{c.goodSensorReason()}
	}
	reasons := []Reason{c.harmReason()}
	if c.newestIsWayOut() {
		reasons = append(reasons, c.newestReason())
	}
	return reasons
}

func (c Case) undecidableReason() Reason {
	switch {
	case c.Contradictory:
		return Reason{"contradiction", "The reading contradicts itself: " + c.Contradiction() + ". Nothing is predicted from it.", fromCatalog}
	case c.ProductType == "":
		return Reason{"unknown-device", "Which model this is could not be read, so nothing is predicted.", fromCatalog}
	default:
		return Reason{"unknown-device", fmt.Sprintf("%q is not in the catalog (models known up to %s), so nothing is predicted.", c.ProductType, DataDate), fromCatalog}
	}
}

func (c Case) goodSensorReason() Reason {
	switch {
	case c.Repair == ThirdPartySensor:
		return Reason{"sensor-works", "Touch ID works although a third party replaced the sensor: surprising, but a working sensor is a paired one.", fromOperator}
	case c.TouchID == TouchIDYes:
		return Reason{"sensor-works", "Touch ID works today, which proves that sensor and phone are paired.", fromOperator}
	case c.Repair == RepairApple:
		return Reason{"sensor-good", "Apple or an authorised provider made the repair and pairs the sensor with the phone.", fromOperator}
	default:
		return Reason{"sensor-good", "Nothing was done to the sensor, so it should be the phone's own.", fromOperator}
	}
}

// harmReason tells what the target does to a sensor that is bad, or may be.
func (c Case) harmReason() Reason {
	effect, worst := c.predict()
	r := harmReasons[worst]
	switch {
	case c.untested():
		return Reason{"beta", c.targetClause() + "nobody has reported whether this beta of 9.3 has Apple's fix; without it, the restore stops with Error 53.", fromCatalog}
	case classOf(c.Device) == never53:
		r = c.never53Reason()
	}
	if effect == EffectUnknown {
		r.ID = "maybe-" + r.ID
		r.Text = sentence(c.targetClause() + "if the sensor is not the phone's own or does not answer, " + r.Text)
		r.Source += "; " + fromNobody
		return r
	}
	r.Text = sentence(c.targetClause() + c.cause() + ", so " + r.Text)
	return r
}

// harmReasons continue a clause about the sensor.
var harmReasons = map[Effect]Reason{
	Error53:        {"error-53", "the restore stops with Error 53", fromFDR},
	UpdateRefused:  {"update-refused", "the phone refuses the update over the air and goes on working", fromOTA},
	TouchIDOff:     {"touch-id-off", "Touch ID stays off; everything else works", fromFix},
	HomeButtonDead: {"home-button-dead", "the home button does nothing at all, Touch ID included", fromButton},
}

func (c Case) never53Reason() Reason {
	why := "this model was never bricked by Error 53"
	if bandOf(c.Device.oldest()) == fixed {
		why = "every iOS for this model has Apple's fix"
	}
	return Reason{"touch-id-off", "Touch ID stays off and nothing else: " + why, fromRoster}
}

// cause says what is wrong with a bad sensor.
func (c Case) cause() string {
	if c.Repair == Damaged {
		return "the sensor or its cable is damaged"
	}
	return "the sensor is a third party's"
}

// targetClause begins the sentence with the release it is about.
func (c Case) targetClause() string {
	target := c.target()
	switch {
	case classOf(c.Device) != affected:
		return ""
	case c.targetStated():
		return fmt.Sprintf("With iOS %s: ", target)
	case c.Mode != Normal:
		return fmt.Sprintf("With the newest iOS, %s: ", target)
	case bandOf(target) == belowFix:
		return fmt.Sprintf("If anything older than %s is installed: ", Fix)
	case bandOf(target) == beta:
		return fmt.Sprintf("If iOS %s is installed again: ", target)
	default:
		return "Whatever iOS it can still get has Apple's fix: "
	}
}

// newestIsWayOut tells whether the newest release would do less harm than what
// was assumed, or stated.
func (c Case) newestIsWayOut() bool {
	return classOf(c.Device) == affected && bandOf(c.target()) != fixed && sensorOf(c.Repair, c.TouchID) != good
}

func (c Case) newestReason() Reason {
	off := "stays off"
	if sensorOf(c.Repair, c.TouchID) == maybe {
		off = "may stay off"
	}
	return Reason{"newest", fmt.Sprintf("The newest, %s, has Apple's fix: Error 53 is not expected there, Touch ID %s.", c.Device.Last, off), fromFix}
}
