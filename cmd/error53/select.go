package main

import (
	"cmp"
	"fmt"
	"strings"
)

// selectPhones keeps the phones that the DEVICE arguments name, in the order of
// the list. Without arguments it keeps all.
func selectPhones(phones []phone, devices []string) ([]phone, error) {
	if len(devices) == 0 {
		return phones, nil
	}
	chosen := make([]bool, len(phones))
	for _, device := range devices {
		at, err := findPhone(phones, device)
		if err != nil {
			return nil, err
		}
		chosen[at] = true
	}
	var kept []phone
	for i, p := range phones {
		if chosen[i] {
			kept = append(kept, p)
		}
	}
	return kept, nil
}

// findPhone finds the one phone that a UDID, an ECID, a serial number or the tail
// of one of them names.
func findPhone(phones []phone, device string) (int, error) {
	wanted := foldDevice(device)
	if wanted == "" {
		return 0, &usageError{fmt.Sprintf("%q names no phone", device), "give a UDID, an ECID, a serial number, or the last characters of one: error53 list"}
	}
	var matches []int
	for i, p := range phones {
		if namedBy(p, wanted) {
			matches = append(matches, i)
		}
	}
	switch len(matches) {
	case 1:
		return matches[0], nil
	case 0:
		return 0, &noMatchError{device: device, candidates: candidates(phones)}
	default:
		return 0, &ambiguousError{fmt.Sprintf("%q fits %d phones", device, len(matches)), candidates(pick(phones, matches))}
	}
}

// foldDevice takes a DEVICE as it may be typed or copied: with the ellipsis of a
// masked identifier, with dashes, with 0x.
func foldDevice(device string) string { return fold(strings.TrimLeft(device, "….*")) }

func namedBy(p phone, wanted string) bool {
	for _, id := range identifiers(p.facts) {
		if strings.HasSuffix(id, wanted) {
			return true
		}
	}
	return false
}

func pick[T any](from []T, places []int) []T {
	picked := make([]T, len(places))
	for i, at := range places {
		picked[i] = from[at]
	}
	return picked
}

// candidates names phones to choose from, by what can be typed to choose them.
func candidates(phones []phone) []string {
	names := make([]string, len(phones))
	for i, p := range phones {
		kind := p.model()
		if kind == unknownModel {
			kind = cmp.Or(string(p.facts.Mode.Value), kind)
		}
		names[i] = fmt.Sprintf("%s (%s)", p.label(), kind)
	}
	return names
}
