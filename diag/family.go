package diag

import "strings"

// Family names the kind of device that a product type stands for: "an iPhone", "an
// Apple Watch". Ours are iPhone, iPad and iPod touch.
func Family(productType string) (name string, ours bool) {
	switch family := strings.TrimRight(productType, digits+","); {
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

// IsProductType tells whether text has the form of a product type, known or not:
// letters, a number, a comma, a number.
func IsProductType(text string) bool {
	family := strings.TrimRight(text, digits+",")
	generation, variant, comma := strings.Cut(text[len(family):], ",")
	return comma && len(family) >= 2 && len(family) <= 24 && strings.Trim(family, letters) == "" &&
		isGeneration(generation) && isGeneration(variant)
}

const (
	digits  = "0123456789"
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

func isGeneration(s string) bool { return s != "" && len(s) <= 3 && strings.Trim(s, digits) == "" }
