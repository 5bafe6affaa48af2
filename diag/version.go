package diag

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Version is an iOS version such as 9.2.1, and the letter of a rapid security
// response such as 16.5.1 (c). The zero value means "not known".
type Version struct {
	Major, Minor, Patch uint16
	Response            byte // 'a', 'b' …; 0 without a security response
}

// ParseVersion reads "9", "9.1", "9.2.1" or "16.5.1 (c)".
// It fails on anything else, and on a major version of 0.
func ParseVersion(s string) (Version, error) {
	v, ok := parseVersion(s)
	if !ok {
		return Version{}, fmt.Errorf("%q is not an iOS version such as 9.2.1", s)
	}
	return v, nil
}

func parseVersion(s string) (Version, bool) {
	var v Version
	number, response, extra := strings.Cut(s, " ")
	if extra {
		if len(response) != 3 || response[0] != '(' || response[2] != ')' || response[1] < 'a' || response[1] > 'z' {
			return Version{}, false
		}
		v.Response = response[1]
	}
	more := true
	for _, part := range [...]*uint16{&v.Major, &v.Minor, &v.Patch} {
		if !more {
			break
		}
		var field string
		var ok bool
		field, number, more = strings.Cut(number, ".")
		if *part, ok = smallNumber(field); !ok {
			return Version{}, false
		}
	}
	return v, !more && v.Major != 0
}

// smallNumber reads one to three decimal digits and nothing else.
func smallNumber(s string) (uint16, bool) {
	if s == "" || len(s) > 3 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseUint(s, 10, 16)
	return uint16(n), err == nil
}

// IsZero tells whether the version is not known.
func (v Version) IsZero() bool { return v == Version{} }

// String gives the version as Apple writes it; "" when it is not known.
func (v Version) String() string {
	if v.IsZero() {
		return ""
	}
	text := strconv.AppendUint(make([]byte, 0, 16), uint64(v.Major), 10)
	text = strconv.AppendUint(append(text, '.'), uint64(v.Minor), 10)
	if v.Patch != 0 {
		text = strconv.AppendUint(append(text, '.'), uint64(v.Patch), 10)
	}
	if v.Response != 0 {
		text = append(text, ' ', '(', v.Response, ')')
	}
	return string(text)
}

// Compare orders versions: negative when v is the older, 0 when both are equal.
func (v Version) Compare(w Version) int {
	return cmp.Or(
		cmp.Compare(v.Major, w.Major), cmp.Compare(v.Minor, w.Minor),
		cmp.Compare(v.Patch, w.Patch), cmp.Compare(v.Response, w.Response))
}

// Build is an Apple build number such as 13D20: train 13D, number 20, and
// sometimes a letter behind. The zero value means "not known".
type Build struct {
	Major  uint16
	Train  byte
	Number uint32
	Suffix byte
}

// ParseBuild reads "13D20", "11B554a" or "20E772520a" in that very spelling.
func ParseBuild(s string) (Build, error) {
	b, ok := parseBuild(s)
	if !ok {
		return Build{}, fmt.Errorf("%q is not a build number such as 13D20", s)
	}
	return b, nil
}

func parseBuild(s string) (Build, bool) {
	at := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if at < 1 || at > 2 || s[at] < 'A' || s[at] > 'Z' {
		return Build{}, false
	}
	major, err := strconv.ParseUint(s[:at], 10, 16)
	if err != nil {
		return Build{}, false
	}
	b := Build{Major: uint16(major), Train: s[at]}
	rest := s[at+1:]
	if n := len(rest); n > 1 && rest[n-1] >= 'a' && rest[n-1] <= 'z' {
		b.Suffix, rest = rest[n-1], rest[:n-1]
	}
	if rest == "" || len(rest) > 6 || strings.Trim(rest, "0123456789") != "" || s[0] == '0' || len(rest) > 1 && rest[0] == '0' {
		return Build{}, false
	}
	number, err := strconv.ParseUint(rest, 10, 32)
	if err != nil {
		return Build{}, false
	}
	b.Number = uint32(number)
	return b, true
}

// IsZero tells whether the build is not known.
func (b Build) IsZero() bool { return b == Build{} }

// IsBeta tells whether the number lies in the range Apple gives to betas.
// [APPLEDB] observed: betas are numbered 5000 to 5999.
func (b Build) IsBeta() bool { return b.Number >= 5000 && b.Number <= 5999 }

// String gives the build as Apple writes it; "" when it is not known.
func (b Build) String() string {
	if b.IsZero() {
		return ""
	}
	s := fmt.Sprintf("%d%c%d", b.Major, b.Train, b.Number)
	if b.Suffix != 0 {
		s += string(b.Suffix)
	}
	return s
}

// compare orders builds of one version: betas first, then by number. Between
// versions build numbers mean nothing (11.0.1 is 15A8391, 11.0.3 is 15A432).
func (b Build) compare(c Build) int {
	return cmp.Or(
		compareBool(!b.IsBeta(), !c.IsBeta()),
		cmp.Compare(b.Major, c.Major), cmp.Compare(b.Train, c.Train),
		cmp.Compare(b.Number, c.Number), cmp.Compare(b.Suffix, c.Suffix))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// Release is a version together with its build; either may be not known.
type Release struct {
	Version Version
	Build   Build
}

// Compare orders releases by version and, within one version, by build.
func (r Release) Compare(s Release) int {
	return cmp.Or(r.Version.Compare(s.Version), r.Build.compare(s.Build))
}

// String gives "9.2.1 (13D20)", or the version alone where no build is known.
func (r Release) String() string {
	if r.Build.IsZero() {
		return r.Version.String()
	}
	return fmt.Sprintf("%s (%s)", r.Version, r.Build)
}
