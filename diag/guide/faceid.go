package guide

import (
	"fmt"

	"error53/diag"
)

const (
	fromParts      = "support.apple.com/102658"
	fromTrueDepth  = "support.apple.com/120567"
	fromArticleFAQ = "appfixing.com/iphone-error-53-fix, questions"
)

// faceID is the documented caution for the iPhone X and later, and for iPads with
// Face ID.
func (g *Guide) faceID(d *diag.Device) {
	g.Title, g.Models = "What to mind about Face ID", "models with Face ID: iPhone X and later but the SE, iPad Pro without a home button"
	g.Steps = faceIDSteps()
	if d != nil && d.Biometric != diag.FaceIDHardware {
		g.Steps = []Step{{Text: fmt.Sprintf("The %s has no Face ID: nothing of this is about it. What is known of Touch ID: error53 rules.", d.MarketingName), Source: "devicekit/DeviceKit"}}
	}
}

func faceIDSteps() []Step {
	return []Step{
		{Text: "Before a repair or an update, see whether Face ID works, and look at Settings, General, About: from iOS 15.2 on, the iPhone 12 and later show there whether the TrueDepth camera was replaced.", Source: fromParts},
		{Text: "Face ID is tied to its TrueDepth camera. A screen repair that hurts the camera or its cable turns Face ID off: move camera and cable over unhurt.", Source: fromArticleFAQ},
		{Text: "A notice of an unknown part by itself stops neither the phone nor an update.", Source: fromParts},
		{Text: "A new TrueDepth camera has to be genuine and calibrated: by Apple, those it authorises, or a shop with Apple's parts and Repair Assistant.", Source: fromTrueDepth},
		{Text: "The Touch ID kind of Error 53 cannot happen here. A restore can show code 53 all the same, where factory data could not be loaded: try another network without a proxy.", Source: "libimobiledevice/idevicerestore issue 751"},
	}
}
