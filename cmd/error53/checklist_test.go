package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

const (
	article = "appfixing.com/iphone-error-53-fix"
	post    = "ihelpit.com.au"
)

// claim is one statement of the two documents that somebody can act on, as an
// independent reading of them has it.
type claim struct {
	place      string // in the document
	gist       string // what it says, in our words
	shownBy    string // the command that shows it
	under      string // the entry, or the step, that has it
	document   string
	contains   []string // what the entry must say of it
	superseded string   // by what; "" where nothing corrects it
}

// checklist is every such statement, in the order of the documents.
var checklist = []claim{
	{"introduction", "the message in iTunes, and a phone unusable for good", "rules", "message", article, []string{"An unknown error occurred (53)", "unusable for good"}, "13D20"},
	{"causes", "a third party's sensor or cable on a 5s to 8 stops an update or restore", "rules", "core", article, []string{"5s to 8", "third party", "update or restore"}, "The target decides"},
	{"causes", "the iPhone X and later do not have it in the same way", "rules", "face-id", article, []string{"iPhone X and later", "in the same way"}, "issue 751"},
	{"can it be fixed", "Apple's own repair can be paired, another's cannot; the phone works without", "rules", "options", article, []string{"authorised provider", "Touch ID is lost"}, ""},
	{"step 1", "find out what was repaired by whom", "rules", "step-1", article, []string{"anyone but Apple", "home button, Touch ID sensor or screen"}, "network, proxy"},
	{"step 1", "no repair: a loose or damaged cable", "rules", "cable", article, []string{"loose or damaged home button cable"}, ""},
	{"step 2", "contact Apple Support, who lead through a restore", "rules", "step-2", article, []string{"Contact Apple Support", "Touch ID off"}, ""},
	{"step 3", "restore in DFU mode, with its buttons", "rules", "step-3", article, []string{"DFU mode", "Side for 10 seconds", "Volume Down alone for 5", "9.3.1"}, "iPhone 8 and later alone"},
	{"step 3", "its buttons are not those of a 6s", "guide dfu --product-type iPhone8,1", "article-steps", article, []string{"fit the iPhone 8 and later alone, not this model"}, ""},
	{"step 3", "they are those of an 8", "guide dfu --product-type iPhone10,1", "article-steps", article, []string{"These are the steps that appfixing.com gives"}, "never stopped one of those"},
	{"step 4", "only Apple can pair a new button; the price hangs on the model", "rules", "step-4", article, []string{"genuine home button", "AppleCare+"}, ""},
	{"step 5", "use it without Touch ID, by passcode", "rules", "step-5", article, []string{"passcode", "everything but Touch ID"}, "iPhone 7"},
	{"step 6", "a newer phone may be cheaper", "rules", "step-6", article, []string{"newer phone may be cheaper"}, ""},
	{"step 7", "the AppleCare check, before paying", "rules", "step-7", article, []string{"checkcoverage.apple.com", "before paying", "AppleCare+"}, ""},
	{"how to avoid it", "repairs by Apple; ask another shop for genuine parts and Touch ID", "rules", "avoid", article, []string{"Apple or an authorised provider", "genuine"}, "Genuine parts do not help"},
	{"question 1", "since 9.3.1 it bricks no more", "rules", "fixed", article, []string{"9.3.1", "can be restored", "Touch ID stays off"}, "13D20"},
	{"question 2", "another shop restores, but brings no Touch ID back", "rules", "other-shop", article, []string{"Another shop can restore", "not Touch ID", "Be wary"}, ""},
	{"question 3", "a hurt TrueDepth camera turns Face ID off", "rules", "true-depth", article, []string{"TrueDepth camera", "screen repair"}, ""},
	{"question 3", "the same, as a caution", "guide face-id --product-type iPhone12,1", "2", article, []string{"A screen repair that hurts the camera or its cable turns Face ID off"}, ""},
	{"question 4", "it is there against sensors that steal fingerprints", "rules", "why", article, []string{"steals fingerprints"}, "a test for the factory"},

	{"explained", "the sensor is no longer recognised, typically after a screen with another", "rules", "sensor-lost", post, []string{"no longer recognises its Touch ID sensor", "screen"}, "13D20"},
	{"explained", "follow Apple's own page", "rules", "official-advice", post, []string{"Apple's own support page"}, ""},
	{"check if affected", "the list of devices", "rules", "affected-list", post, []string{"iPhone 5s, 6, 6 Plus, 6s, 6s Plus, iPad Air 2, iPad Pro, iPad mini 3 and 4"}, "The 5s loses Touch ID and nothing else"},
	{"check if affected", "such a device whose screen another replaced", "rules", "screen", post, []string{"5s to 6s Plus", "screen was replaced by anyone but Apple", "do not update"}, "moved over unhurt"},
	{"check if affected", "back up, do not update, have Apple check it", "rules", "back-up", post, []string{"back up", "do not update", "Apple Store"}, "newest iOS has the fix"},
	{"check if affected", "how to back up", "guide backup --product-type iPhone7,2", "1", post, []string{"Back up while the phone still starts"}, ""},
	{"check if affected", "do not update before that", "guide backup --product-type iPhone7,2", "3", post, []string{"Decline the update", "error53 check"}, ""},
	{"check if affected", "lost for all time", "rules", "lost-for-all-time", post, []string{"lost for all time"}, "revives them"},
	{"always go to Apple", "have it repaired by Apple", "rules", "always-apple", post, []string{"repaired by Apple or an authorised agent"}, ""},
	{"always go to Apple", "the videos need parts nobody has", "rules", "videos", post, []string{"Videos", "Apple Store"}, "only a restore"},
	{"19 Feb", "Apple's update brings them back", "rules", "update-of-19-feb", post, []string{"brings phones stopped by Error 53 back"}, ""},
	{"19 Feb, 1", "quit iTunes", "guide restore --product-type iPhone7,2", "1", post, []string{"Quit iTunes"}, ""},
	{"19 Feb, 2", "unplug", "guide restore --product-type iPhone7,2", "2", post, []string{"Pull the phone's cable"}, ""},
	{"19 Feb, 3", "the newest iTunes", "guide restore --product-type iPhone7,2", "3", post, []string{"up to date", "iTunes"}, "today Finder"},
	{"not in it", "the step that is left out", "guide restore --product-type iPhone7,2", "4", "", []string{"Force the phone to restart", "leaves this step out"}, ""},
	{"19 Feb, 4", "connect", "guide restore --product-type iPhone7,2", "5", post, []string{"Connect the phone by its cable"}, ""},
	{"19 Feb, 5", "open iTunes, choose the device", "guide restore --product-type iPhone7,2", "6", post, []string{"Open the program again and choose the phone"}, ""},
	{"19 Feb, 6", "click Restore", "guide restore --product-type iPhone7,2", "7", post, []string{"Restore. It erases the phone"}, "Update, tried first, may keep the data"},
	{"19 Feb, 7", "set it up, from a backup, Touch ID later", "guide restore --product-type iPhone7,2", "8", post, []string{"Hello screen", "backup", "Touch ID, choose to set it up later"}, ""},
	{"19 Feb, 8", "Touch ID that was off stays off; ask Apple for service", "guide restore --product-type iPhone7,2", "9", post, []string{"does not work now", "Apple Support"}, ""},
	{"wall plugs", "Apple's recall of plugs", "rules", "wall-plug", post, []string{"Not about phones", "Four or five numbers", "AUS", "exchange the plug alone"}, "No characters at all"},
	{"resilience", "services for going on after a disaster", "rules", "business-continuity", post, []string{"Not about phones", "after a disaster"}, ""},
}

// Every statement of the documents is shown, with the document it is from, and marked
// where later evidence has superseded it, with what that is.
func TestChecklist(t *testing.T) {
	t.Parallel()
	for _, c := range checklist {
		t.Run(c.place+" "+c.gist, func(t *testing.T) {
			t.Parallel()
			stdout, stderr, code := run(t, strings.Fields(c.shownBy)...)
			require.Equal(t, exitOK, code, stderr)
			entry, sources := entryOf(t, stdout, c)
			for _, words := range c.contains {
				assert.Contains(t, entry, words)
			}
			assert.Contains(t, sources, c.document)
			assert.Contains(t, entry, c.superseded)
			if c.shownBy == "rules" {
				assert.Equal(t, c.superseded != "", strings.Contains(entry, " superseded: "), entry)
			}
		})
	}
}

// entryOf finds what a command shows of a claim, and its source, as running text.
func entryOf(t *testing.T, stdout string, c claim) (entry, source string) {
	t.Helper()
	if c.shownBy == "rules" {
		_, rest, found := strings.Cut(stdout, "\n"+c.under+"\n")
		require.True(t, found, c.under)
		entry, _, _ = strings.Cut(rest, "\n\n")
		entry = flowing(entry)
		_, source, _ = strings.Cut(entry, "source: ")
		return entry, source
	}
	asJSON, _, _ := run(t, append(strings.Fields(c.shownBy), "--json")...)
	var shown jsonGuide
	require.NoError(t, json.Unmarshal([]byte(asJSON), &shown))
	for i, step := range shown.Guides[0].Steps {
		if fmt.Sprint(i+1) == c.under {
			entry, source = step.Text, step.Source
		}
	}
	for _, note := range shown.Guides[0].Notes {
		if note.ID == c.under {
			entry, source = note.Text, note.Source
		}
	}
	require.NotEmpty(t, entry, c.under)
	assert.Contains(t, flowing(stdout), strings.TrimSpace(flowing(entry)), "the text has it as well")
	assert.Contains(t, flowing(stdout), strings.TrimSpace(flowing(source)))
	return entry, source
}

func flowing(text string) string { return " " + strings.Join(strings.Fields(text), " ") + " " }

// The other way round: whatever the program says the documents say is on the checklist.
func TestChecklistIsWhole(t *testing.T) {
	t.Parallel()
	var read []string
	for _, c := range checklist {
		if c.shownBy == "rules" {
			read = append(read, c.under)
		}
	}
	var shown []string
	for _, r := range diag.Rules() {
		shown = append(shown, r.ID)
	}
	for _, s := range diag.Statements() {
		shown = append(shown, s.ID)
	}
	assert.ElementsMatch(t, shown, read)
}
