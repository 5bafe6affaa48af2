package recording

import (
	"regexp"
	"strings"
)

// rows are what people type who make an identifier up, and one that is the same in every
// dump made on Windows: the class of iBoot's USB interface.
var rows = regexp.MustCompile(`(?i)a1b2c3d4e5f|00112233|33221100|0001020304|aaecawqf|1111122222|test|ed82a167d61a4af6|^0200000000|5353$`)

// plausible is what identifiers are made of. Placeholders such as [redacted] or N/A hold
// something else.
var plausible = regexp.MustCompile(`^[0-9A-Za-z+/=:. ()_-]{6,}$`)

// isInvented tells whether an identifier was made up by hand, or says that it was taken
// out.
func isInvented(k kind, text string) bool {
	bare := strings.NewReplacer("-", "", ":", "", " ", "").Replace(text)
	if len(bare) == 24 && k == udid && strings.HasPrefix(bare[8:], "000000000000") {
		return true // an ECID as small as that is nobody's
	}
	return rows.MatchString(bare) || k != name && (!plausible.MatchString(text) || !digit.MatchString(text))
}
