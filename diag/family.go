package diag

import "strings"

// Family names the kind of device that a product type stands for: "an iPhone", "an
// Apple Watch". Ours are iPhone, iPad and iPod touch.
func Family(productType string) (name string, ours bool) {
	switch family := strings.TrimRight(productType, "0123456789,"); {
	case family == "iPhone":
		return "an iPhone", true
	case family == "iPad":
		return "an iPad", true
	case family == "iPod":
		return "an iPod touch", true
	case family == "Watch":
		return "an Apple Watch", false
	case family == "AppleTV":
		return "an Apple TV", false
	case family == "AudioAccessory":
		return "a HomePod", false
	case family == "RealityDevice":
		return "an Apple Vision", false
	case family == "iBridge":
		return "the T2 chip of a Mac", false
	case strings.Contains(family, "Mac"):
		return "a Mac", false
	}
	return "an unknown device", false
}
