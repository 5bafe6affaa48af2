package diag

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// iPhone8 may not finish starting without a button (discdepotdundee.co.uk,
// error-53-the-revenge: the only report).
var iPhone8 = []string{"iPhone10,1", "iPhone10,2", "iPhone10,4", "iPhone10,5"}

var questions = map[FactName]string{
	AskRepair:      "Was the home button, its cable, the Touch ID sensor, the logic board or the screen ever replaced or damaged, and by whom?",
	AskTouchID:     "Does Touch ID work today?",
	AskTarget:      "Which iOS is to be installed?",
	AskTargetBuild: "Which build of 9.2.1 is to be installed: 13D15, or 13D20, which has Apple's fix?",
	AskWay:         "Will it be installed over the air or by a computer?",
}

// ask puts the question into words; nil where there is none.
func (c Case) ask() *Question {
	fact := c.question()
	if fact == "" {
		return nil
	}
	return &Question{fact, questions[fact]}
}

// warnings tells what to mind about the facts and the plan.
func (c Case) warnings(s Session) []Advice {
	warnings := []Advice{}
	add := func(applies bool, id, format string, args ...any) {
		if applies {
			warnings = append(warnings, Advice{id, fmt.Sprintf(format, args...)})
		}
	}
	if c.Device != nil {
		c.warnOfEdges(add, "iOS on the phone", c.Installed)
		c.warnOfEdges(add, "target", c.Target)
	}
	add(c.Contradictory, "contradiction", "The phone's answers cannot all be true: %s.", c.Contradiction())
	unlikely := c.whyUnlikely()
	add(unlikely != "", "unlikely-plan", "Nobody is likely to carry this plan out: %s.", unlikely)
	add(c.Repair == ThirdPartySensor && c.TouchID == TouchIDYes, "sensor-surprise",
		"A third party's sensor that works is rare: make sure that it was the sensor, and that a finger unlocks the phone.")
	add(slices.Contains(iPhone8, c.ProductType) && sensorOf(c.Repair, c.TouchID) != good, "button-needed",
		"An iPhone 8 without any button connected may not finish starting (one report).")
	c.warn(s, add)
	return warnings
}

// warnOfEdges warns of a release beyond what the catalog lists.
func (c Case) warnOfEdges(add func(bool, string, string, ...any), what string, r Release) {
	s := c.Device.standing(r)
	add(s == newerThanCatalog, "newer-than-catalog", "The %s, %s, is newer than anything known on %s; it is taken to have Apple's fix.", what, r, DataDate)
	add(s == unlistedBuild, "unlisted-build", "The %s, %s, is a build the catalog does not list for this model: a beta, or one of Apple's twins.", what, r)
	add(s == olderThanCatalog, "older-than-catalog", "The %s, %s, is older than 7.0, where the catalog begins; it was not checked against it.", what, r)
}

// whyUnlikely says why nobody would carry the plan out; "" where somebody may.
func (c Case) whyUnlikely() string {
	switch {
	case c.Way == OTA && c.Mode != Normal:
		return fmt.Sprintf("a phone in %s mode cannot be updated over the air", c.Mode)
	case (c.Way == OTA || c.Way == ComputerUpdate) && c.isDowngrade():
		return fmt.Sprintf("an update does not go from %s back to %s", c.Installed, c.Target)
	default:
		return ""
	}
}

func (c Case) isDowngrade() bool {
	return c.targetStated() && !c.Installed.Version.IsZero() && c.Target.Version.Compare(c.Installed.Version) < 0
}

// StepAsk is the step that puts the verdict's question.
const StepAsk = "ask"

// next lists the steps, what to do first first.
func (c Case) next(s Session) []Advice {
	var steps []Advice
	if q := c.ask(); q != nil {
		steps = append(steps, Advice{StepAsk, "Ask: " + q.Text})
	}
	switch c.Mode {
	case Normal:
		return slices.Concat(steps, c.nextInNormal(c.prepare(s)), c.trustStep(s))
	case Restore:
		return append(steps, leaveAlone)
	case Recovery:
		return append(steps, c.nextInRecovery()...)
	default:
		return append(steps, c.nextInDFU()...)
	}
}

func (c Case) nextInNormal(prepare []Advice) []Advice {
	switch {
	case c.Contradictory:
		return append([]Advice{{"read-again", "Read model and version on the phone itself (Settings, General, About) and state them by hand."}}, prepare...)
	case c.Device == nil:
		return append([]Advice{{"identify", "Read the model on the phone itself (Settings, General, About), and look for a newer error53."}}, prepare...)
	}
	switch _, worst := c.predict(); worst {
	case Error53:
		return slices.Concat([]Advice{c.doNotInstall()}, prepare, []Advice{c.useNewest()}, c.atApple())
	case UpdateRefused:
		return slices.Concat(prepare, []Advice{notByUSB, c.useNewest()}, c.atApple())
	case TouchIDOff, HomeButtonDead:
		return slices.Concat(prepare, []Advice{c.tellOwner()}, c.atApple())
	default:
		return append(prepare, Advice{"go-on", "As far as Error 53 goes, nothing stands against the update."})
	}
}

// atApple tells who can help, once the sensor is known to be bad.
func (c Case) atApple() []Advice {
	if effect, _ := c.predict(); effect == EffectUnknown {
		return nil
	}
	return []Advice{{"only-apple", "Only Apple or an authorised provider can pair a sensor with this phone again."}}
}

// nextInRecovery: Update before Restore, as it may spare the data.
func (c Case) nextInRecovery() []Advice {
	steps := c.beforeRevival()
	steps = append(steps,
		Advice{"update-first", "Choose Update in Finder, iTunes or Apple Devices" + c.newestClause() + ": it may keep the data, which nobody promises."},
		eraseByRestore)
	return append(steps, c.afterRevival()...)
}

func (c Case) nextInDFU() []Advice {
	steps := c.beforeRevival()
	steps = append(steps,
		Advice{"leave-dfu", "DFU mode offers Restore alone, which erases. Where the phone still starts, force a restart and try Update from recovery mode before that."},
		eraseByRestore)
	return append(steps, c.afterRevival()...)
}

func (c Case) beforeRevival() []Advice {
	if _, worst := c.predict(); worst == Error53 || worst == UpdateRefused {
		return []Advice{c.doNotInstall()}
	}
	return nil
}

func (c Case) afterRevival() []Advice {
	if _, worst := c.predict(); worst == TouchIDOff || worst == HomeButtonDead || worst == Error53 {
		later := Advice{"touch-id-later", "When the phone asks for Touch ID, choose to set it up later."}
		return append([]Advice{later}, c.atApple()...)
	}
	return nil
}

var (
	leaveAlone     = Advice{"leave-alone", "Leave it connected and alone: a program may be writing iOS to it at this moment. Check again once it has finished."}
	notByUSB       = Advice{"not-by-usb", "Do not follow a refused update with one over USB to the same build: that one ends in Error 53."}
	eraseByRestore = Advice{"restore-erases", "If that fails, choose Restore. It erases the phone: have the owner's consent first, and the owner's Apple Account password at hand, since Activation Lock cannot be read in this mode."}
)

func (c Case) doNotInstall() Advice {
	older := fmt.Sprintf("anything older than %s", Fix)
	if c.targetStated() || bandOf(c.target()) == beta {
		older = fmt.Sprintf("iOS %s", c.target())
	}
	if effect, _ := c.predict(); effect == EffectUnknown {
		return Advice{"do-not-install", fmt.Sprintf("Until that is known, do not install %s.", older)}
	}
	return Advice{"do-not-install", fmt.Sprintf("Do not install %s.", older)}
}

func (c Case) useNewest() Advice {
	return Advice{"use-newest", fmt.Sprintf("If it must be updated, take the newest, %s (believed signed, releases known up to %s): --target newest shows what it does.", c.Device.Last, DataDate)}
}

func (c Case) tellOwner() Advice {
	effect, worst := c.predict()
	loss := "Touch ID stays off"
	if worst == HomeButtonDead {
		loss = "the home button does nothing (AssistiveTouch takes its place)"
	}
	if effect == EffectUnknown {
		loss = "if the sensor is not the phone's own, " + loss
	}
	return Advice{"tell-owner", "Tell the owner beforehand: " + loss + ", before and after the update."}
}

func (c Case) newestClause() string {
	if c.Device == nil {
		return ""
	}
	return fmt.Sprintf(" (the newest is %s, believed signed, releases known up to %s)", c.Device.Last, DataDate)
}

// sentence makes a clause a sentence: a capital at the start, a stop at the end.
func sentence(clause string) string {
	first := []rune(clause)[:1]
	return string(unicode.ToUpper(first[0])) + strings.TrimPrefix(clause, string(first)) + "."
}
