package guide

import (
	"slices"
	"strconv"
	"strings"

	"error53/diag"
)

// Family groups the models that are restarted by the same buttons.
type Family string

// The families, by what is pressed.
const (
	HomeButton Family = "home-button" // Home with Side or Top
	VolumeDown Family = "volume-down" // Volume Down with Side or Top
	VolumeTaps Family = "volume-taps" // Volume Up, Volume Down, then Side
	TopButton  Family = "top-button"  // an iPad's two volume buttons, then Top
)

// Families lists the families, the oldest models first.
var Families = []Family{HomeButton, VolumeDown, VolumeTaps, TopButton}

// models says which models a family is made of.
var models = map[Family]string{
	HomeButton: "iPhone up to 6s and 6s Plus, iPhone SE (1st generation), iPads with a home button, iPod touch up to the 6th generation",
	VolumeDown: "iPhone 7 and 7 Plus, iPod touch (7th generation)",
	VolumeTaps: "iPhone 8 and later, iPhone SE from the 2nd generation on",
	TopButton:  "iPads without a home button",
}

// volumeDownTypes have a home button that does not move, or, the iPod, one that the
// restart does not read.
// [TECHTIMES7]; the iPod by techno.rentetan.com/2021/07/12 and [HT201263].
var volumeDownTypes = []string{"iPhone9,1", "iPhone9,2", "iPhone9,3", "iPhone9,4", "iPod9,1"}

// FamilyOf finds the family of a model.
func FamilyOf(d *diag.Device) Family {
	switch {
	case slices.Contains(volumeDownTypes, d.ProductType):
		return VolumeDown
	case d.HomeButton == "mechanical":
		return HomeButton
	case strings.HasPrefix(d.ProductType, "iPad"):
		return TopButton
	default: // the 8 and the later SE among them, whose home button does not move
		return VolumeTaps
	}
}

// keys are the buttons of a model by their part in a restart.
type keys struct {
	taps    []string // pressed and let go beforehand
	power   string   // held
	partner string   // held with it; after taps into DFU mode only
}

// keysOf gives the buttons of a model; without one, those of the family.
func keysOf(f Family, d *diag.Device) keys {
	power := "Side (or Top)"
	if d != nil {
		power = powerOf(d.ProductType)
	}
	switch f {
	case HomeButton:
		return keys{power: power, partner: "Home"}
	case VolumeDown:
		return keys{power: power, partner: "Volume Down"}
	case TopButton:
		const other = "the other volume button"
		return keys{taps: []string{"the volume button nearer to Top", other}, power: "Top", partner: other}
	default:
		return keys{taps: []string{"Volume Up", "Volume Down"}, power: "Side", partner: "Volume Down"}
	}
}

// powerOf names the button that switches a model on: the iPhone 6 moved it from the
// top to the side, the first SE has the body of the 5s.
func powerOf(productType string) string {
	major, ok := iPhone(productType)
	if ok && major >= 7 && productType != "iPhone8,4" {
		return "Side"
	}
	return "Top"
}

// iPhone gives the number before the comma of an iPhone's ProductType.
func iPhone(productType string) (major int, ok bool) {
	return generation(productType, "iPhone")
}

func generation(productType, kind string) (major int, ok bool) {
	numbers, ok := strings.CutPrefix(productType, kind)
	if !ok {
		return 0, false
	}
	first, _, _ := strings.Cut(numbers, ",")
	major, err := strconv.Atoi(first)
	return major, err == nil
}
