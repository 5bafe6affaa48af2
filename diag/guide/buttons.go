package guide

import (
	"fmt"
	"strings"

	"error53/diag"
)

// Sources of the buttons.
const (
	fromApple = "support.apple.com/HT201263"
	fromSeven = "techtimes.com/articles/178417 (2016-09-20)"
	fromEight = "zdnet.com, iphone-8-tips-how-to-force-restart-enter-recovery-and-dfu-mode (2017-10-13)"
	fromHome  = "teksure.com/guides/iphone-recovery-mode; palera1n/palera1n src/dfuhelper.c"
	fromPads  = "how.edu.vn/?p=5455 (forced restart); DFU mode as on the iPhone 8, so RedFoxAU/coosecode apple/README.md"
)

var sources = map[Family]string{HomeButton: fromHome, VolumeDown: fromSeven, VolumeTaps: fromEight, TopButton: fromPads}

// Seconds to hold or wait. A phone restarts after 8 to 10 seconds of its two buttons
// [TECHTIMES7] [ZDNET8]; palera1n holds Home for 10 more [PALERA1N].
const (
	tapSeconds      = 1
	restartSeconds  = 10
	togetherSeconds = 5 // [ZDNET8]
	aloneSeconds    = 10
	pictureSeconds  = 30 // until the picture of recovery mode shows: an upper bound
	startSeconds    = 60 // until iOS is up: an upper bound
)

var connect = Step{
	Text:   "Connect the phone by a cable that carries data, and open Finder, iTunes or Apple Devices; touch nothing in it yet.",
	Source: fromApple,
}

func (g *Guide) recovery(k keys) {
	g.Title, g.Until = "Into recovery mode", diag.Recovery
	g.Steps = append([]Step{connect}, k.tapped()...)
	g.Steps = append(g.Steps, Step{
		Text:  fmt.Sprintf("Hold %s, past the Apple logo, until the picture of a cable and a computer shows. Then let go.", k.held()),
		Short: "Hold " + k.held(), Seconds: pictureSeconds, Buttons: k.down(),
	})
	g.cite()
	g.Notes = []Note{nothingErased, fifteenMinutes}
	if g.Family == HomeButton {
		g.Notes = append(g.Notes, deadButton)
	}
}

func (g *Guide) exit(k keys) {
	g.Title, g.Until = "Out of recovery or DFU mode", diag.Normal
	g.Steps = append(k.tapped(),
		Step{
			Text:  fmt.Sprintf("Hold %s until the Apple logo shows, and let go at once: held on, it goes back into recovery mode.", k.held()),
			Short: "Hold " + k.held() + " until the logo", Seconds: restartSeconds, Buttons: k.down(),
		},
		Step{Text: "Wait: the phone starts.", Short: "Let go; the phone starts", Seconds: startSeconds})
	g.cite()
	g.Notes = []Note{buttonsOnly, comesBack}
}

func (g *Guide) dfu(k keys, d *diag.Device) {
	g.Title, g.Until = "Into DFU mode", diag.DFU
	g.Steps = append([]Step{connect}, k.tapped()...)
	g.Steps = append(g.Steps, Step{
		Text:  fmt.Sprintf("Hold %s for %d seconds; the screen goes black before the end.", k.held(), restartSeconds),
		Short: "Hold " + k.held(), Seconds: restartSeconds, Buttons: k.down(),
	})
	if len(k.taps) > 0 {
		g.Steps = append(g.Steps, Step{
			Text:  fmt.Sprintf("Go on holding %s, and hold %s with it for %d seconds.", k.power, k.partner, togetherSeconds),
			Short: fmt.Sprintf("Hold %s and %s", k.power, k.partner), Seconds: togetherSeconds, Buttons: []string{k.power, k.partner},
		})
	}
	g.Steps = append(g.Steps, Step{
		Text:  fmt.Sprintf("Let go of %s, and go on holding %s for %d seconds. The screen stays black.", k.power, k.partner, aloneSeconds),
		Short: fmt.Sprintf("Let go of %s, hold %s", k.power, k.partner), Seconds: aloneSeconds, Buttons: []string{k.partner},
	})
	g.cite()
	g.Notes = dfuNotes(g.Family, d)
}

// cite gives the buttons' steps their source. Apple's page knows no DFU mode.
func (g *Guide) cite() {
	source := sources[g.Family]
	if g.Topic != DFU {
		source = fromApple + "; " + source
	}
	for i := range g.Steps {
		if g.Steps[i].Source == "" {
			g.Steps[i].Source = source
		}
	}
}

// tapped are the steps of the buttons that are only pressed.
func (k keys) tapped() []Step {
	var steps []Step
	for _, button := range k.taps {
		steps = append(steps, Step{Text: fmt.Sprintf("Press %s and let go at once.", button), Short: "Press " + button, Seconds: tapSeconds, Buttons: []string{button}})
	}
	return steps
}

// down lists the buttons that restart the phone when held.
func (k keys) down() []string {
	if len(k.taps) > 0 {
		return []string{k.power}
	}
	return []string{k.partner, k.power}
}

func (k keys) held() string { return strings.Join(k.down(), " and ") }

// restart puts the forced restart into one sentence.
func (k keys) restart() string {
	if len(k.taps) == 0 {
		return fmt.Sprintf("hold %s until the Apple logo shows", k.held())
	}
	return fmt.Sprintf("press %s, then %s, then hold %s until the Apple logo shows", k.taps[0], k.taps[1], k.held())
}
