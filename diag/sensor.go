package diag

// sensor is what the operator's word makes of the Touch ID sensor.
type sensor uint8

const (
	maybe sensor = iota // nobody can say
	good                // the phone's own, and it answers
	bad                 // foreign, or it does not answer
)

// sensorOf weighs the repair against whether Touch ID works today. A sensor that
// works is paired, whatever was done to it.
func sensorOf(repair Repair, touchID TouchID) sensor {
	if touchID == TouchIDYes {
		return good
	}
	switch repair {
	case ThirdPartySensor, Damaged:
		return bad
	case RepairNone, RepairApple:
		if touchID != TouchIDNo {
			return good
		}
	}
	return maybe
}
