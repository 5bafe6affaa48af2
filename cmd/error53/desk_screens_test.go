package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/watch"
	"error53/usbmux"
)

// aMorning is a desk with a phone for everything that a row can show.
func aMorning(t *testing.T) *bench {
	b := deskAt(t, portName{"1-1", "left hub, 1"}, portName{"1-2", "left hub, 2"}, portName{"1-3", "left hub, 3"})
	b.desk.simulated = true
	b.comes(
		asking, settled,
		there{key: 4, port: "1-4", kind: "iPhone8,1", ios: "12.4", said: operator{repair: "damaged", target: "9.1"}, trust: diag.Trusted},
		there{key: 5, port: "1-5", kind: "iPhone6,2", ios: "9.2", said: operator{repair: "third-party-sensor"}, trust: diag.TrustWaiting},
		there{key: 6, port: "1-6", kind: "iPhone8,2", mode: diag.Restore},
		there{key: 7, port: "1-7", kind: "iPhone7,2", mode: diag.Recovery, said: operator{repair: "third-party-sensor"}},
		there{key: 8, port: "1-8", err: usbmux.ErrTimeout},
		there{key: 9, port: "1-9"},
		there{key: 10, kind: "iPad5,3", ios: "15.8.8", said: operator{touchID: "yes"}},
	)
	gone := there{key: 11, port: "1-11", kind: "iPhone9,1", ios: "15.8.8", said: operator{repair: "third-party-sensor"}}
	b.comes(gone).goes(gone)
	return b
}

// back is a phone that came out of a restore, and the way it went.
func (b *bench) back(p there, modes ...diag.Mode) *watch.Phone {
	made := b.phone(p)
	made.Journey = nil
	for i, mode := range modes {
		made.Journey = append(made.Journey, watch.Leg{Mode: mode, Since: b.now.Add(time.Duration(i-len(modes)) * 100 * time.Second)})
	}
	return made
}

func isBack(t *testing.T) *bench {
	b := deskAt(t).comes(there{key: 1, port: "1-1", kind: "iPhone7,2", ios: "9.1", said: operator{repair: "third-party-sensor", target: "newest"}})
	came := b.back(there{key: 1, port: "1-1", kind: "iPhone7,2", ios: "12.5.8", said: operator{repair: "third-party-sensor"}},
		diag.Normal, diag.Recovery, diag.Restore, diag.Normal)
	held := true
	came.Outcome = &watch.Outcome{
		End: watch.OnTarget, AskAgain: true, Held: &held, Journey: came.Journey,
		To:        diag.Release{Version: diag.Version{Major: 12, Minor: 5, Patch: 8}},
		Predicted: diag.Prediction{Effect: diag.TouchIDOff},
	}
	return b.tells(watch.Event{Kind: watch.Outcame, Phone: came})
}

// forty phones are more than a terminal of 24 lines has room for.
func forty(t *testing.T) *bench {
	b := deskAt(t)
	for i := range 40 {
		b.comes(there{key: i + 1, port: fmt.Sprintf("1-%d.%d", 1+i/7, 1+i%7), kind: "iPhone7,2", ios: "12.5.8"})
	}
	return b.types("home")
}

// scenes are the screens that are kept as they look, without colour.
var scenes = map[string]func(*testing.T) *bench{
	"80x24":       func(t *testing.T) *bench { return aMorning(t) },
	"readme":      func(t *testing.T) *bench { return aMorning(t).does(sized{80, 19}) },
	"120x40":      func(t *testing.T) *bench { return aMorning(t).does(sized{120, 40}) },
	"72x16":       func(t *testing.T) *bench { return aMorning(t).does(sized{72, 16}) },
	"too-small":   func(t *testing.T) *bench { return aMorning(t).does(sized{50, 10}) },
	"nothing-yet": func(t *testing.T) *bench { return deskAt(t) },
	"empty-ports": func(t *testing.T) *bench { return deskAt(t, portName{"1-1", "window"}, portName{"1-2", "door"}) },
	"no-daemon": func(t *testing.T) *bench {
		return aMorning(t).tells(watch.Event{Kind: watch.Daemon, Err: usbmux.ErrPermission})
	},
	"forty":       func(t *testing.T) *bench { return forty(t).types("end") },
	"filter":      func(t *testing.T) *bench { return forty(t).types("/", "1", "-", "3") },
	"plan":        func(t *testing.T) *bench { return aMorning(t).types("p", "n", "e", "w", "e", "s", "t") },
	"answered":    func(t *testing.T) *bench { return aMorning(t).types("home", "t") },
	"details":     func(t *testing.T) *bench { return aMorning(t).types("home", "enter") },
	"details-end": func(t *testing.T) *bench { return aMorning(t).types("home", "enter", "end") },
	"no-answer":   func(t *testing.T) *bench { return aMorning(t).types("end", "up", "up", "up", "enter") },
	"help":        func(t *testing.T) *bench { return aMorning(t).types("?") },
	"outcome":     func(t *testing.T) *bench { return isBack(t) },
	"journey":     func(t *testing.T) *bench { return isBack(t).types("enter", "pgdown") },
	"hostile":     hostile,
}

// hostile is a phone whose name is an attack.
func hostile(t *testing.T) *bench {
	b := deskAt(t).does(sized{130, 16})
	for i, name := range []string{"\x1b[2J\x1b]0;x\x07\u202e", strings.Repeat("田", 10000), "👩‍👩‍👧 Anna", "e\u0301\u200d\u0000"} {
		p := b.phone(there{key: i + 1, port: fmt.Sprintf("1-%d", i+1), kind: "iPhone7,2", ios: "12.5.8"})
		p.Facts.DeviceName = diag.Known(name, diag.FromLockdown)
		b.tells(watch.Event{Kind: watch.Decided, Phone: p})
	}
	return b
}

// The screens as they look. With -update they are written anew.
func TestDeskScreens(t *testing.T) {
	t.Parallel()
	for name, scene := range scenes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := scene(t)
			assertFits(t, b.desk)
			drawn := b.desk.view() + "\n"
			golden := filepath.Join("testdata", "watch", name+".golden")
			if *update {
				require.NoError(t, os.MkdirAll(filepath.Dir(golden), 0o755))
				require.NoError(t, os.WriteFile(golden, []byte(drawn), 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(want), drawn)
		})
	}
}

// The README shows the screen as it is.
func TestDeskInReadme(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	screen, err := os.ReadFile(filepath.Join("testdata", "watch", "readme.golden"))
	require.NoError(t, err)
	var lines []string
	for line := range strings.Lines(string(screen)) {
		lines = append(lines, strings.TrimRight(line, " \n"))
	}
	assert.Contains(t, string(text), strings.Join(lines, "\n"))
}

var sgr = regexp.MustCompile("\x1b\\[[0-9;]*m")

// Colour changes nothing but colour: who does not see it reads the same.
func TestDeskColors(t *testing.T) {
	t.Parallel()
	for name, scene := range scenes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := scene(t)
			plain := b.desk.view()
			assert.NotContains(t, plain, "\x1b")
			b.desk.color = true
			colored := b.desk.view()
			if name != "too-small" {
				assert.NotEqual(t, plain, colored)
			}
			assert.Equal(t, plain, sgr.ReplaceAllString(colored, ""))
		})
	}
}

// Every step and every question that a verdict can have has its words for a row.
func TestDeskWordsForRows(t *testing.T) {
	t.Parallel()
	steps := map[string]bool{}
	for _, step := range shortSteps {
		steps[step.id] = true
		assert.LessOrEqual(t, len(step.short), nowWidth, step.id)
	}
	for _, kind := range []string{"iPhone6,2", "iPhone7,2", "iPhone9,1", "iPhone10,3", "iPad5,3", "iPhone99,1"} {
		for _, mode := range diag.Modes {
			for _, repair := range diag.Repairs {
				for _, target := range []string{"", "9.1", "12.5.8"} {
					f := diag.Facts{ProductType: diag.Known(kind, diag.FromUSB), Mode: diag.Known(mode, diag.FromUSB), Repair: diag.Known(repair, diag.FromOperator)}
					if target != "" {
						f.TargetVersion = diag.Known(target, diag.FromOperator)
					}
					verdict := diag.Decide(f)
					require.NotEmpty(t, verdict.Next)
					if step := verdict.Next[0].ID; step != diag.StepAsk {
						assert.True(t, steps[step], step)
					}
				}
			}
		}
	}
	for fact, words := range shortQuestions {
		assert.NotEmpty(t, answerKeys[fact])
		assert.LessOrEqual(t, len(words)+len(" ("+strings.ReplaceAll(answerKeys[fact], " ", "")+")"), nowWidth, words)
		assert.Contains(t, answerFlags, fact)
	}
	assert.Len(t, shortQuestions, len(answerFlags))
	for code, words := range shortTroubles {
		assert.LessOrEqual(t, len(words), nowWidth, code)
	}
}
