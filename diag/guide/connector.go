package guide

import (
	"slices"
	"strings"

	"error53/diag"
)

// dockTypes are the last generations with the wide connector that are not told by
// their number alone.
var dockTypes = []string{"iPad2,1", "iPad2,2", "iPad2,3", "iPad2,4", "iPad3,1", "iPad3,2", "iPad3,3"}

// hasLightning tells whether a model has a Lightning socket, between the wide
// connector of up to the iPhone 4S and the USB-C of the iPhone 15 and of every iPad
// without a home button.
func hasLightning(d *diag.Device) bool {
	if major, ok := iPhone(d.ProductType); ok {
		isFifteen := d.ProductType == "iPhone15,4" || d.ProductType == "iPhone15,5"
		return major >= 5 && major <= 15 && !isFifteen
	}
	if major, ok := generation(d.ProductType, "iPod"); ok {
		return major >= 5
	}
	return FamilyOf(d) == HomeButton && !strings.HasPrefix(d.ProductType, "iPad1,") && !slices.Contains(dockTypes, d.ProductType)
}
