package diag_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"error53/diag"
)

// sensors gives one repair and Touch ID for each state of the sensor.
var sensors = map[string]situation{
	"good":  {repair: "none", touchID: "yes"},
	"maybe": {repair: "unknown", touchID: "unknown"},
	"bad":   {repair: "third-party-sensor", touchID: "no"},
}

// TestSensor: every cell of repair against Touch ID. On an iPhone 6 and 9.1 the
// three states of the sensor show as three effects.
func TestSensor(t *testing.T) {
	t.Parallel()
	states := map[string]diag.Outcome{
		"good":  {Effect: diag.EffectNone, Worst: diag.EffectNone},
		"maybe": {Effect: diag.EffectUnknown, Worst: diag.Error53},
		"bad":   {Effect: diag.Error53, Worst: diag.Error53},
	}
	for _, row := range []struct{ repair, yes, no, unknown string }{
		{"none", "good", "maybe", "good"},
		{"apple", "good", "maybe", "good"},
		{"third-party-screen", "good", "maybe", "maybe"},
		{"third-party-sensor", "good", "bad", "bad"},
		{"damaged", "good", "bad", "bad"},
		{"unknown", "good", "maybe", "maybe"},
		{"", "good", "maybe", "maybe"},
	} {
		for touchID, state := range map[string]string{"yes": row.yes, "no": row.no, "unknown": row.unknown, "": row.unknown} {
			t.Run(fmt.Sprintf("%s, touch id %s", row.repair, touchID), func(t *testing.T) {
				t.Parallel()
				o := outcomeOf(situation{productType: "iPhone7,2", repair: row.repair, touchID: touchID, target: rel("9.1", "")})
				assert.Equal(t, states[state].Effect, o.Effect)
				assert.Equal(t, states[state].Worst, o.Worst)
			})
		}
	}
}

// TestBands: every release has its place on either side of the fix.
func TestBands(t *testing.T) {
	t.Parallel()
	effects := map[string]diag.Effect{"below the fix": diag.Error53, "beta": diag.EffectUnknown, "fixed": diag.TouchIDOff}
	for _, row := range []struct {
		target release
		band   string
	}{
		{rel("8.0", "12A365"), "below the fix"},
		{rel("8.4.1", "12H321"), "below the fix"},
		{rel("9.0", ""), "below the fix"},
		{rel("9.2", "13C75"), "below the fix"},
		{rel("9.2", "13C5060d"), "below the fix"},
		{rel("9.2.1", ""), "below the fix"},
		{rel("9.2.1", "13D11"), "below the fix"},
		{rel("9.2.1", "13D15"), "below the fix"},
		{rel("9.2.1", "13D20"), "fixed"},
		{rel("9.2.1", "13D20a"), "below the fix"},
		{rel("9.2.1", "13D21"), "below the fix"},
		{rel("9.2.1", "13D6020"), "below the fix"},
		{rel("9.3", "13E4999"), "fixed"},
		{rel("9.3", "13E5000"), "beta"},
		{rel("9.3", "13E5181d"), "beta"},
		{rel("9.3", "13E5999"), "beta"},
		{rel("9.3", "13E6000"), "fixed"},
		{rel("9.3", ""), "fixed"},
		{rel("9.3", "13E233"), "fixed"},
		{rel("9.3.1", "13E238"), "fixed"},
		{rel("9.3.2", "13F5037c"), "fixed"},
		{rel("10.0", "14A5261v"), "fixed"},
		{rel("12.5.8", "16H88"), "fixed"},
		{rel("99.0", ""), "fixed"},
	} {
		t.Run(row.target.String(), func(t *testing.T) {
			t.Parallel()
			o := outcomeOf(situation{productType: "iPhone7,2", repair: "third-party-sensor", target: row.target})
			assert.Equal(t, effects[row.band], o.Effect)
		})
	}
}

// TestEffects: every row of class, band and sensor, over USB and over the air.
func TestEffects(t *testing.T) {
	t.Parallel()
	classes := map[string][]string{
		"no sensor": {"iPhone10,3", "iPhone5,1", "iPad4,4", "iPod7,1"},
		"affected":  affected,
		"never 53":  {"iPhone6,1", "iPhone6,2", "iPhone8,4", "iPhone10,1", "iPhone12,8", "iPad6,3", "iPad16,8"},
		"button":    solidButton,
	}
	bands := map[string]release{"below": rel("9.2.1", "13D15"), "beta": rel("9.3", "13E5181d"), "fixed": rel("9.2.1", "13D20")}
	every := []string{"below", "beta", "fixed"}
	for _, row := range []struct {
		class           string
		bands           []string
		sensors         []string
		effect, worst   diag.Effect // over USB
		refused, atMost diag.Effect // over the air
	}{
		{"no sensor", every, []string{"good", "maybe", "bad"}, diag.EffectNone, diag.EffectNone, diag.EffectNone, diag.EffectNone},
		{"affected", []string{"below"}, []string{"bad"}, diag.Error53, diag.Error53, diag.UpdateRefused, diag.UpdateRefused},
		{"affected", []string{"below"}, []string{"maybe"}, diag.EffectUnknown, diag.Error53, diag.EffectUnknown, diag.UpdateRefused},
		{"affected", []string{"beta"}, []string{"bad", "maybe"}, diag.EffectUnknown, diag.Error53, diag.EffectUnknown, diag.Error53},
		{"affected", []string{"fixed"}, []string{"bad"}, diag.TouchIDOff, diag.TouchIDOff, diag.TouchIDOff, diag.TouchIDOff},
		{"affected", []string{"fixed"}, []string{"maybe"}, diag.EffectUnknown, diag.TouchIDOff, diag.EffectUnknown, diag.TouchIDOff},
		{"never 53", every, []string{"bad"}, diag.TouchIDOff, diag.TouchIDOff, diag.TouchIDOff, diag.TouchIDOff},
		{"never 53", every, []string{"maybe"}, diag.EffectUnknown, diag.TouchIDOff, diag.EffectUnknown, diag.TouchIDOff},
		{"button", every, []string{"bad"}, diag.HomeButtonDead, diag.HomeButtonDead, diag.HomeButtonDead, diag.HomeButtonDead},
		{"button", every, []string{"maybe"}, diag.EffectUnknown, diag.HomeButtonDead, diag.EffectUnknown, diag.HomeButtonDead},
		{"affected", every, []string{"good"}, diag.EffectNone, diag.EffectNone, diag.EffectNone, diag.EffectNone},
		{"never 53", every, []string{"good"}, diag.EffectNone, diag.EffectNone, diag.EffectNone, diag.EffectNone},
		{"button", every, []string{"good"}, diag.EffectNone, diag.EffectNone, diag.EffectNone, diag.EffectNone},
	} {
		for _, band := range row.bands {
			for _, sensor := range row.sensors {
				t.Run(fmt.Sprintf("%s, %s, %s", row.class, band, sensor), func(t *testing.T) {
					t.Parallel()
					for _, productType := range classes[row.class] {
						s := sensors[sensor]
						s.productType, s.target = productType, bands[band]
						for _, s.way = range []string{"", "computer-update", "computer-restore"} {
							assert.Equal(t, [2]diag.Effect{row.effect, row.worst}, effectsOf(s), "%s", s)
						}
						s.way = "ota"
						assert.Equal(t, [2]diag.Effect{row.refused, row.atMost}, effectsOf(s), "%s", s)
					}
				})
			}
		}
	}
}

func effectsOf(s situation) [2]diag.Effect {
	o := outcomeOf(s)
	return [2]diag.Effect{o.Effect, o.Worst}
}
