package mocks

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"error53/diag"
)

// ParseStep reads what happens to a phone: "unplug", "after 5s mode recovery",
// "update 12.5.8", "update 9.2.1:13D20" or "update newest". At is the time behind
// "after". An update must be one that the model can have, as for [diag.ParseTarget].
func (p *Phone) ParseStep(text string) (Step, error) {
	after, act, rest, err := stepWords(text, PhoneActs)
	s := Step{At: after, Act: act}
	if err != nil {
		return Step{}, err
	}
	switch act {
	case ActMode:
		s.Mode, rest, err = modeWord(rest)
	case ActUpdate:
		s.Release, rest, err = p.releaseWord(rest)
	}
	return s, cmp.Or(err, nothingFollows(rest))
}

// parseDaemonStep reads what happens to usbmuxd: "after 30s restart".
func parseDaemonStep(text string) (Step, error) {
	after, act, rest, err := stepWords(text, []Act{ActRestart})
	return Step{At: after, Act: act}, cmp.Or(err, nothingFollows(rest))
}

// stepWords reads the words that every step begins with.
func stepWords(text string, acts []Act) (after time.Duration, act Act, rest []string, err error) {
	rest = strings.Fields(text)
	if len(rest) > 1 && rest[0] == "after" {
		if after, err = duration(rest[1]); err != nil {
			return 0, "", nil, err
		}
		rest = rest[2:]
	}
	switch {
	case after < 0:
		return 0, "", nil, errors.New("nothing happens after a negative time")
	case len(rest) == 0:
		return 0, "", nil, fmt.Errorf("it lacks one of %s", list(acts))
	case !slices.Contains(acts, Act(rest[0])):
		return 0, "", nil, fmt.Errorf("%q is none of %s", rest[0], list(acts))
	}
	return after, Act(rest[0]), rest[1:], nil
}

func modeWord(words []string) (diag.Mode, []string, error) {
	switch {
	case len(words) == 0:
		return "", nil, fmt.Errorf("it lacks one of %s", list(diag.Modes))
	case !slices.Contains(diag.Modes, diag.Mode(words[0])):
		return "", nil, fmt.Errorf("%q is none of %s", words[0], list(diag.Modes))
	}
	return diag.Mode(words[0]), words[1:], nil
}

// releaseWord finds out what an update installs: where no build is stated, the lowest
// that the catalog has for the version.
func (p *Phone) releaseWord(words []string) (diag.Release, []string, error) {
	if len(words) == 0 {
		return diag.Release{}, nil, errors.New("it lacks a release such as 12.5.8, 9.2.1:13D20 or newest")
	}
	productType, _ := p.Values.String("ProductType")
	device, _ := diag.DeviceByType(productType)
	version, build, err := diag.ParseTarget(device, words[0])
	if err != nil {
		return diag.Release{}, nil, err
	}
	r, err := Profile{ProductVersion: version.Value, BuildVersion: build.Value}.release(device)
	return r, words[1:], err
}

func nothingFollows(words []string) error {
	if len(words) == 0 {
		return nil
	}
	return fmt.Errorf("nothing may follow, but %q does", words[0])
}

func list[T ~string](words []T) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(w))
	}
	return b.String()
}
