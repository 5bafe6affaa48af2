package diag

import "slices"

// class groups the models by what a sensor that is not the phone's own does.
type class uint8

const (
	classUnknown class = iota // the type is not known, or not in the catalog
	noSensor                  // no Touch ID sensor at all
	affected                  // an iOS below the fix ends in Error 53
	never53                   // loses Touch ID only
	buttonBound               // loses the home button with it
)

// affectedTypes can end in Error 53. Apple made restore images of the fix,
// 13D20, for just these models ([APPLEDB]), and the press named them
// (digitaltrends.com/mobile/apple-error-53-iphone-6, iPad mini 3 included).
// The iPhone 5s is not among them: it loses Touch ID only.
var affectedTypes = []string{
	"iPhone7,1", "iPhone7,2", "iPhone8,1", "iPhone8,2",
	"iPad4,7", "iPad4,8", "iPad4,9",
	"iPad5,1", "iPad5,2", "iPad5,3", "iPad5,4",
	"iPad6,7", "iPad6,8",
}

// buttonTypes have a solid-state home button that does nothing once the sensor
// in it is foreign (ifixit.com/News/9020).
var buttonTypes = []string{"iPhone9,1", "iPhone9,2", "iPhone9,3", "iPhone9,4"}

// iPhone5s is the Touch ID phone whose immunity rests on statements alone.
var iPhone5s = []string{"iPhone6,1", "iPhone6,2"}

func classOf(d *Device) class {
	switch {
	case d == nil:
		return classUnknown
	case d.Biometric != TouchIDHardware:
		return noSensor
	case slices.Contains(affectedTypes, d.ProductType):
		return affected
	case slices.Contains(buttonTypes, d.ProductType):
		return buttonBound
	default:
		return never53
	}
}

// Affected tells whether the model can end in Error 53 for its Touch ID sensor.
func (d *Device) Affected() bool { return classOf(d) == affected }
