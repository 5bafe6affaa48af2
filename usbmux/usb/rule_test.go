package usb_test

import (
	"fmt"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux/usb"
)

// statements gives the rules of the file, each on a line, without comments.
func statements(t *testing.T) []string {
	t.Helper()
	var rules []string
	for line := range strings.Lines(strings.ReplaceAll(usb.UdevRule(), "\\\n", "")) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			rules = append(rules, line)
		}
	}
	return rules
}

// The rule opens what this package may open, and leaves phones in normal mode alone.
func TestUdevRuleMatches(t *testing.T) {
	t.Parallel()
	rules := statements(t)
	require.Len(t, rules, 2)
	for _, rule := range rules {
		_, rest, found := strings.Cut(rule, `ATTR{idProduct}=="`)
		require.True(t, found, rule)
		patterns, _, _ := strings.Cut(rest, `"`)
		assert.Contains(t, rule, fmt.Sprintf(`ATTR{idVendor}=="%04x"`, usb.AppleVendorID))
		for product := range 1 << 16 {
			mode := usb.ModeOf(uint16(product))
			want := mode == usb.Recovery || mode == usb.DFU || mode == usb.WTF
			assert.Equal(t, want, matchesAny(t, patterns, fmt.Sprintf("%04x", product)), "%04x", product)
		}
	}
}

// matchesAny matches as udev does: shell patterns with | between them.
func matchesAny(t *testing.T, patterns, text string) bool {
	t.Helper()
	for pattern := range strings.SplitSeq(patterns, "|") {
		matched, err := path.Match(pattern, text)
		require.NoError(t, err)
		if matched {
			return true
		}
	}
	return false
}

// udev reads the files in the order of their names: the mode has to come behind that of
// 50-udev-default.rules, the tag before the rules that act on it.
func TestUdevRuleOrder(t *testing.T) {
	t.Parallel()
	assert.Greater(t, usb.RuleName, "50-udev-default.rules")
	assert.Less(t, usb.RuleName, "73-seat-late.rules")
	file, err := os.ReadFile(usb.RuleName)
	require.NoError(t, err)
	assert.Equal(t, string(file), usb.UdevRule())
}

// A group that the system does not have spoils the rule it stands in: the tag must not
// stand beside it. Nobody is let in beyond the two.
func TestUdevRuleLetsIn(t *testing.T) {
	t.Parallel()
	rules := statements(t)
	require.Len(t, rules, 2)
	assert.Contains(t, rules[0], `MODE="0660", TAG+="uaccess"`)
	assert.NotContains(t, rules[0], "GROUP")
	assert.Contains(t, rules[1], `GROUP="`+usb.RuleGroup+`"`)
	assert.NotContains(t, usb.UdevRule(), "666")
}
