package postmortem_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag/postmortem"
)

// situations are logs that lead to every summary there is.
func situations() []string {
	var logs []string
	for _, device := range []string{"", "iPhone6,2", "iPhone7,2", "iPhone9,1", "iPhone13,2", "iPhone99,1"} {
		for _, target := range []string{"", "8.1", "9.1", "9.2.1:13D20", "12.5.8"} {
			for _, lines := range []string{
				"", status53, seperr, seperr + "\n" + status53, chained + "got http failures)",
				chained + "x-fdr-message: 'Error')", chained + "Failed to copy proxy information and proxy is enabled.)",
				"Status: Fail", "Failed with errorcode=-11", "Unhandled status message (777)", "Status: Restore Finished",
				"Unable to restore device", "restore-step-names = {0x11030655:is_host_compatible;0x1103067C:cleanup_boot_command}",
				"restore-step-names = {0x11030634:fdr_recover;0x1103067C:cleanup_boot_command}",
				"Checkpoint FAILURE id: 0x648 result=0: [0]D(failed to install splat)",
			} {
				logs = append(logs, logOf(device, target, lines))
			}
		}
	}
	return logs
}

var kebab = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Technicians act on these words, so that what they must never say is checked.
func TestWordsDoNotMislead(t *testing.T) {
	t.Parallel()
	for _, text := range situations() {
		run := read(t, text).Runs[0]
		texts := []string{run.Summary}
		for _, step := range run.Next() {
			assert.Regexp(t, kebab, step.ID)
			texts = append(texts, step.Text)
		}
		for _, text := range texts {
			assert.True(t, strings.HasSuffix(text, "."), text)
			assert.Less(t, utf8.RuneCountInString(text), 300, text)
			for _, never := range []string{"paired", "back up", "do not experience", "is signed"} {
				assert.NotContains(t, strings.ToLower(text), never)
			}
			if strings.Contains(text, "Restore") {
				assert.Contains(t, text, "erases")
			}
		}
	}
}

// What to do first, by what the log supports.
func TestNext(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, device, target, lines string
		want                        []string
	}{
		{"a sensor", "iPhone7,2", "9.1", status53, []string{"newest-revives", "update-first", "restore-erases", "touch-id-later", "only-apple"}},
		{"a proxy", "iPhone7,2", "12.5.8", chained + "Failed to copy proxy information and proxy is enabled.)", []string{"another-program", "another-network", "update-first", "restore-erases"}},
		{"a server", "iPhone13,2", "18.6.2", chained + "x-fdr-message: 'Error')", []string{"try-later", "another-network", "update-first", "restore-erases"}},
		{"a network", "", "", chained + "got http failures)", []string{"another-network", "another-program", "update-first", "restore-erases"}},
		{"another code", "iPhone7,2", "9.1", "Status: Fail", []string{"look-up-code"}},
		{"another step", "iPhone7,2", "9.1", "restore-step-names = {0x11030655:is_host_compatible;0x1103067C:cleanup_boot_command}", []string{"whole-log"}},
		{"53, and nothing else", "iPhone13,2", "18.6.2", status53, []string{"proves-nothing", "another-network", "another-program", "update-first", "restore-erases"}},
		{"53, and the target matters", "iPhone7,2", "", status53, []string{"find-target", "proves-nothing", "another-network", "another-program", "update-first", "restore-erases"}},
		{"FDR, and no end", "", "", seperr, []string{"whole-log", "update-first", "restore-erases"}},
		{"nothing", "", "", "", []string{"whole-log"}},
		{"success", "", "", "Status: Restore Finished", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var ids []string
			for _, step := range read(t, logOf(test.device, test.target, test.lines)).Runs[0].Next() {
				ids = append(ids, step.ID)
			}
			assert.Equal(t, test.want, ids)
		})
	}
}

// Each cause is reached by one of the situations, so that the words above are all of them.
func TestSituationsReachEveryCause(t *testing.T) {
	t.Parallel()
	reached := map[postmortem.Cause]bool{}
	for _, text := range situations() {
		reached[read(t, text).Runs[0].Cause] = true
	}
	for _, cause := range postmortem.Causes {
		require.True(t, reached[cause], cause)
	}
}
