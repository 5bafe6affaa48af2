package guide_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/guide"
)

func device(t *testing.T, productType string) *diag.Device {
	t.Helper()
	d, ok := diag.DeviceByType(productType)
	require.True(t, ok, productType)
	return d
}

// everyGuide yields the guide to each goal for each model, and the general ones.
func everyGuide() func(yield func(string, guide.Guide) bool) {
	return func(yield func(string, guide.Guide) bool) {
		for _, topic := range guide.Topics {
			for _, d := range diag.Devices() {
				if !yield(d.ProductType, guide.For(topic, d)) {
					return
				}
			}
			for _, g := range guide.General(topic) {
				if !yield("any", g) {
					return
				}
			}
		}
	}
}

// held is what is pressed, step by step, for how long.
func held(g guide.Guide) string {
	var steps []string
	for _, s := range g.Timed() {
		steps = append(steps, fmt.Sprintf("%s %d", strings.Join(s.Buttons, "+"), s.Seconds))
	}
	return strings.Join(steps, ", ")
}

// The buttons of a handful of models, spelt out.
func TestButtons(t *testing.T) {
	t.Parallel()
	const (
		taps    = "Volume Up 1, Volume Down 1, "
		padTaps = "the volume button nearer to Top 1, the other volume button 1, "
	)
	tests := []struct {
		productType string
		family      guide.Family
		dfu         string
		recovery    string
		exit        string
	}{
		{"iPhone6,1", guide.HomeButton, "Home+Top 10, Home 10", "Home+Top 30", "Home+Top 10,  60"},
		{"iPhone7,2", guide.HomeButton, "Home+Side 10, Home 10", "Home+Side 30", "Home+Side 10,  60"},
		{"iPhone8,1", guide.HomeButton, "Home+Side 10, Home 10", "Home+Side 30", "Home+Side 10,  60"},
		{"iPhone8,4", guide.HomeButton, "Home+Top 10, Home 10", "Home+Top 30", "Home+Top 10,  60"},
		{"iPhone9,1", guide.VolumeDown, "Volume Down+Side 10, Volume Down 10", "Volume Down+Side 30", "Volume Down+Side 10,  60"},
		{"iPhone9,4", guide.VolumeDown, "Volume Down+Side 10, Volume Down 10", "Volume Down+Side 30", "Volume Down+Side 10,  60"},
		{"iPhone10,1", guide.VolumeTaps, taps + "Side 10, Side+Volume Down 5, Volume Down 10", taps + "Side 30", taps + "Side 10,  60"},
		{"iPhone10,3", guide.VolumeTaps, taps + "Side 10, Side+Volume Down 5, Volume Down 10", taps + "Side 30", taps + "Side 10,  60"},
		{"iPhone12,8", guide.VolumeTaps, taps + "Side 10, Side+Volume Down 5, Volume Down 10", taps + "Side 30", taps + "Side 10,  60"},
		{"iPhone14,6", guide.VolumeTaps, taps + "Side 10, Side+Volume Down 5, Volume Down 10", taps + "Side 30", taps + "Side 10,  60"},
		{"iPad5,3", guide.HomeButton, "Home+Top 10, Home 10", "Home+Top 30", "Home+Top 10,  60"},
		{"iPad7,5", guide.HomeButton, "Home+Top 10, Home 10", "Home+Top 30", "Home+Top 10,  60"},
		{"iPad12,1", guide.HomeButton, "Home+Top 10, Home 10", "Home+Top 30", "Home+Top 10,  60"},
		{"iPad13,1", guide.TopButton, padTaps + "Top 10, Top+the other volume button 5, the other volume button 10", padTaps + "Top 30", padTaps + "Top 10,  60"},
		{"iPad8,1", guide.TopButton, padTaps + "Top 10, Top+the other volume button 5, the other volume button 10", padTaps + "Top 30", padTaps + "Top 10,  60"},
		{"iPod7,1", guide.HomeButton, "Home+Top 10, Home 10", "Home+Top 30", "Home+Top 10,  60"},
		{"iPod9,1", guide.VolumeDown, "Volume Down+Top 10, Volume Down 10", "Volume Down+Top 30", "Volume Down+Top 10,  60"},
	}
	for _, test := range tests {
		t.Run(test.productType, func(t *testing.T) {
			t.Parallel()
			d := device(t, test.productType)
			assert.Equal(t, test.family, guide.FamilyOf(d))
			assert.Equal(t, test.dfu, held(guide.For(guide.DFU, d)))
			assert.Equal(t, test.recovery, held(guide.For(guide.Recovery, d)))
			assert.Equal(t, test.exit, held(guide.For(guide.Exit, d)))
		})
	}
}

// An oracle of its own for the whole catalog: the family by the name that is printed on
// the box.
func TestFamilies(t *testing.T) {
	t.Parallel()
	byName := []struct {
		name   *regexp.Regexp
		family guide.Family
	}{
		{regexp.MustCompile(`^iPhone (7|7 Plus)( \(|$)`), guide.VolumeDown},
		{regexp.MustCompile(`^iPod touch \(7th`), guide.VolumeDown},
		{regexp.MustCompile(`^(iPhone( 3G| 3GS)?|iPhone [4-6][a-zA-Z]*( Plus)?( \(.*\))?|iPhone SE \(1st generation\))$`), guide.HomeButton},
		{regexp.MustCompile(`^iPhone`), guide.VolumeTaps},
		{regexp.MustCompile(`^iPod`), guide.HomeButton},
		{regexp.MustCompile(`^iPad Pro \((9.7|10.5)-inch\)|^iPad Pro \(12.9-inch\) \((1st|2nd)`), guide.HomeButton},
		{regexp.MustCompile(`^iPad (Pro|Air 11|Air 13)|^iPad Air \((4|5)th|^iPad \(10th|^iPad \(A|^iPad mini \((6th|A)`), guide.TopButton},
		{regexp.MustCompile(`^iPad`), guide.HomeButton},
	}
	for _, d := range diag.Devices() {
		at := slices.IndexFunc(byName, func(row struct {
			name   *regexp.Regexp
			family guide.Family
		}) bool {
			return row.name.MatchString(d.MarketingName)
		})
		require.GreaterOrEqual(t, at, 0, d.MarketingName)
		assert.Equal(t, byName[at].family, guide.FamilyOf(d), "%s %s", d.ProductType, d.MarketingName)
	}
}

// Every model has steps to every goal. What leads into another mode ends in steps that
// a clock can run for; nothing else has any.
func TestEveryModelHasSteps(t *testing.T) {
	t.Parallel()
	until := map[guide.Topic]diag.Mode{guide.Recovery: diag.Recovery, guide.DFU: diag.DFU, guide.Exit: diag.Normal}
	for model, g := range everyGuide() {
		where := fmt.Sprintf("%s %s", g.Topic, model)
		require.NotEmpty(t, g.Steps, where)
		require.NotEmpty(t, g.Title, where)
		require.NotEmpty(t, g.Models, where)
		require.Equal(t, until[g.Topic], g.Until, where)
		require.Equal(t, g.Topic == guide.Backup || g.Topic == guide.FaceID || model == "any" && g.Topic == guide.Restore, g.Family == "", where)
		if g.Until == "" {
			require.Empty(t, g.Timed(), where)
			continue
		}
		require.NotZero(t, g.Steps[len(g.Steps)-1].Seconds, "the clock runs to the end: %s", where)
		pressed := strings.Join(g.Steps[len(g.Steps)-1].Buttons, "")
		require.Equal(t, g.Topic == guide.Exit, pressed == "", "only leaving ends in waiting: %s", where)
	}
}

// Each sentence ends, is short enough to be read with both hands full, and has a source;
// a step that names Restore says that it erases, and is marked so.
func TestWords(t *testing.T) {
	t.Parallel()
	kebab := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	for model, g := range everyGuide() {
		where := fmt.Sprintf("%s %s", g.Topic, model)
		for _, s := range g.Steps {
			requireText(t, s.Text, where)
			require.NotEmpty(t, s.Source, "%s: %s", where, s.Text)
			require.Equal(t, strings.Contains(s.Text, "Restore"), s.Erases, "%s: %s", where, s.Text)
			require.Equal(t, s.Erases, strings.Contains(s.Text, "It erases"), "%s: %s", where, s.Text)
			require.NotNil(t, s.Buttons, where)
			require.Equal(t, s.Seconds > 0, s.Short != "", "%s: %s", where, s.Text)
			require.Less(t, len(s.Short), 60, "%s: it has to fit on a line", where)
		}
		seen := map[string]bool{}
		for _, n := range g.Notes {
			requireText(t, n.Text, where)
			require.NotEmpty(t, n.Source, "%s %s", where, n.ID)
			require.Regexp(t, kebab, n.ID)
			require.False(t, seen[n.ID], "%s %s", where, n.ID)
			seen[n.ID] = true
			if strings.Contains(n.Text, "Restore ") {
				require.Contains(t, n.Text, "erases the phone", "%s %s", where, n.ID)
			}
		}
	}
}

func requireText(t *testing.T, text, where string) {
	t.Helper()
	require.True(t, strings.HasSuffix(text, "."), "%s: %s", where, text)
	require.NotContains(t, text, "  ", where)
	require.NotContains(t, text, "%!", where)
	most := 400
	if strings.Contains(text, "iPads without a home button: ") {
		most = 800 // the restart of every family at once
	}
	require.Less(t, utf8.RuneCountInString(text), most, "%s: %s", where, text)
	if signed := strings.ReplaceAll(text, "believed signed", ""); strings.Contains(signed, "signed") {
		require.Fail(t, "nobody here knows what Apple signs", text)
	}
}

func hasNote(g guide.Guide, id string) bool {
	return slices.ContainsFunc(g.Notes, func(n guide.Note) bool { return n.ID == id })
}

// The hint about cables is for sockets that such a cable fits into.
func TestCableHint(t *testing.T) {
	t.Parallel()
	for productType, want := range map[string]bool{
		"iPhone4,1": false, "iPhone5,1": true, "iPhone8,1": true, "iPhone10,3": true, "iPhone14,7": true, "iPhone15,2": true,
		"iPhone15,4": false, "iPhone15,5": false, "iPhone16,1": false, "iPhone18,4": false,
		"iPad1,1": false, "iPad2,4": false, "iPad2,5": true, "iPad3,3": false, "iPad3,4": true, "iPad5,3": true, "iPad12,2": true,
		"iPad8,1": false, "iPad13,1": false, "iPad14,1": false,
		"iPod4,1": false, "iPod5,1": true, "iPod9,1": true,
	} {
		assert.Equal(t, want, hasNote(guide.For(guide.DFU, device(t, productType)), "usb-c-cable"), productType)
	}
	for _, g := range guide.General(guide.DFU) {
		assert.True(t, hasNote(g, "usb-c-cable"), g.Family)
	}
}

// The article's DFU steps are said to fit the iPhone 8 and later, and to fit no other.
func TestArticleSteps(t *testing.T) {
	t.Parallel()
	fits, total := 0, 0
	for _, d := range diag.Devices() {
		g := guide.For(guide.DFU, d)
		at := slices.IndexFunc(g.Notes, func(n guide.Note) bool { return n.ID == "article-steps" })
		require.GreaterOrEqual(t, at, 0, d.ProductType)
		isTheirs := strings.Contains(g.Notes[at].Text, "These are the steps")
		assert.Equal(t, g.Family == guide.VolumeTaps, isTheirs, d.ProductType)
		assert.Contains(t, g.Notes[at].Text, "iPhone 8 and later alone")
		if isTheirs {
			fits++
			assert.False(t, d.Affected(), "%s could be stopped", d.ProductType)
		}
		total++
	}
	assert.Positive(t, fits)
	assert.Less(t, fits, total)
}

// Apple's procedure has nine steps, of which the copy of 19 February 2016 has eight.
func TestRestore(t *testing.T) {
	t.Parallel()
	g := guide.For(guide.Restore, device(t, "iPhone7,2"))
	require.Len(t, g.Steps, 9)
	var alone []int
	for i, s := range g.Steps {
		assert.Contains(t, s.Source, "zdnet.com")
		if !strings.Contains(s.Source, "ihelpit.com.au") {
			alone = append(alone, i+1)
		}
	}
	assert.Equal(t, []int{4}, alone)
	assert.Contains(t, g.Steps[3].Text, "hold Home and Side until the Apple logo shows")
	assert.Contains(t, g.Steps[3].Text, "leaves this step out")
	assert.Contains(t, g.Steps[6].Text, "12.5.8 (16H88) (believed signed, releases known up to "+diag.DataDate+")")
	assert.False(t, hasNote(g, "not-the-sensor"))

	for _, productType := range []string{"iPhone6,1", "iPhone8,4", "iPhone9,1", "iPhone10,1", "iPhone13,2", "iPad13,1"} {
		assert.True(t, hasNote(guide.For(guide.Restore, device(t, productType)), "not-the-sensor"), productType)
	}
	general := guide.General(guide.Restore)
	require.Len(t, general, 1)
	for _, words := range []string{"hold Home and Side (or Top)", "hold Volume Down and Side", "press Volume Up, then Volume Down, then hold Side", "then hold Top"} {
		assert.Contains(t, general[0].Steps[3].Text, words)
	}
}

// What is said of Face ID is said of models that have it.
func TestFaceID(t *testing.T) {
	t.Parallel()
	for _, d := range diag.Devices() {
		g := guide.For(guide.FaceID, d)
		if d.Biometric == diag.FaceIDHardware {
			assert.Greater(t, len(g.Steps), 3, d.ProductType)
			continue
		}
		require.Len(t, g.Steps, 1, d.ProductType)
		assert.Contains(t, g.Steps[0].Text, "has no Face ID", d.ProductType)
	}
}

func TestGeneral(t *testing.T) {
	t.Parallel()
	for _, topic := range guide.Topics {
		var families []guide.Family
		for _, g := range guide.General(topic) {
			families = append(families, g.Family)
		}
		switch topic {
		case guide.Recovery, guide.DFU, guide.Exit:
			assert.Equal(t, guide.Families, families, topic)
		default:
			assert.Equal(t, []guide.Family{""}, families, topic)
		}
	}
}

// JSON holds lists where there is nothing in them, too.
func TestJSON(t *testing.T) {
	t.Parallel()
	for model, g := range everyGuide() {
		text, err := json.Marshal(g)
		require.NoError(t, err)
		require.NotContains(t, string(text), "null", "%s %s", g.Topic, model)
	}
}
