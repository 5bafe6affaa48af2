package diag

import (
	"fmt"
	"slices"
)

// Option is one way on for a phone, and what it costs.
type Option struct {
	Way Way // WayNotStated for leaving the phone as it is
	Outcome
	Confidence Confidence
	Cost       []Advice // in plain words, what weighs most first
}

// Stay is what becomes of a phone that is left as it is. Nothing is installed, so
// nothing is predicted, and the documents have nothing to say.
func Stay(f Facts) Option {
	c := NewCase(f)
	stay := Option{
		Outcome:    Outcome{Effect: EffectNone, Worst: EffectNone, Documented: NotApplicable, Risk: RiskNone},
		Confidence: High,
	}
	switch c.Mode {
	case Normal:
		stay.Cost = []Advice{{"nothing-changes", "Nothing changes: what works today works on. But no security fixes come, and the next update puts the same question."}}
	case Restore:
		stay.Cost = []Advice{leaveAlone}
	default:
		stay.Cost = []Advice{{"unusable", fmt.Sprintf("The phone stays in %s mode, where nobody can use it.", c.Mode)}}
	}
	return stay
}

// Options weighs the ways in which the stated target can be installed, of those given
// the ones that the phone offers in its mode and from the iOS it runs; where that is
// none of them, all that are given. A range of what is installed counts as in [Decide].
func Options(f Facts, ways []Way) []Option {
	c := NewCase(f)
	if options, ok := c.optionsWithin(f.InstalledRange, ways); ok {
		return options
	}
	return c.options(ways)
}

func (c Case) options(ways []Way) []Option {
	offered := slices.DeleteFunc(slices.Clone(ways), func(way Way) bool {
		c.Way = way
		return !c.offered()
	})
	if len(offered) == 0 {
		offered = ways
	}
	options := make([]Option, len(offered))
	for i, way := range offered {
		c.Way = way
		options[i] = Option{way, c.Outcome(), c.confidence(), c.cost()}
	}
	return options
}

// offered tells whether the phone offers the way: no update leads from DFU mode, nor
// back to an older iOS.
func (c Case) offered() bool {
	byRestoreAlone := c.Mode != Normal && c.Mode != Restore && c.Mode != Recovery
	return c.whyUnlikely() == "" && (!byRestoreAlone || c.Way == ComputerRestore)
}

// cost puts into words what the way costs.
func (c Case) cost() []Advice {
	cost := []Advice{}
	add := func(applies bool, id, format string, args ...any) {
		if applies {
			cost = append(cost, Advice{id, fmt.Sprintf(format, args...)})
		}
	}
	c.costOfEffect(add)
	c.costOfData(add)
	if c.Device != nil {
		older := c.Target.Compare(c.Device.Last) < 0
		add(older && c.Way != OTA, "not-signed", "Apple is believed to sign only the newest, %s: without a saved ticket a computer is refused this one at the start (error 3194).", c.Device.Last)
		add(older && c.Way == OTA, "not-offered", "Over the air Apple is believed to offer only the newest, %s.", c.Device.Last)
		c.warnOfEdges(add, "target", c.Target)
	}
	unlikely := c.whyUnlikely()
	add(unlikely != "", "unlikely-plan", "Nobody is likely to carry this out: %s.", unlikely)
	return cost
}

// effectCosts tell what an effect means for whoever owns the phone.
var effectCosts = map[Effect]string{
	Error53:        fmt.Sprintf("it ends with Error 53: the phone is left in recovery mode, its data out of reach, until %s or later is installed", Fix),
	UpdateRefused:  "the phone refuses the update and works on",
	TouchIDOff:     "Touch ID stays off",
	HomeButtonDead: "the home button does nothing (AssistiveTouch takes its place)",
}

func (c Case) costOfEffect(add func(bool, string, string, ...any)) {
	effect, worst := c.predict()
	text := effectCosts[worst]
	switch {
	case c.undecidable():
		add(true, "not-known", "What it does to this phone is not known.")
	case effect == EffectUnknown && c.untested():
		add(true, "untested", "Nobody has reported whether this beta has Apple's fix. Without it, if the sensor is not the phone's own or does not answer, %s.", text)
	case effect == EffectUnknown:
		add(true, "maybe-"+string(worst), "If the sensor is not the phone's own or does not answer, %s.", text)
	case effect != EffectNone:
		add(true, string(effect), "%s", sentence(text))
	}
	add(effect == UpdateRefused, notByUSB.ID, "%s", notByUSB.Text)
}

// costOfData: what is promised of an update is little, so nothing is promised.
func (c Case) costOfData(add func(bool, string, string, ...any)) {
	effect, _ := c.predict()
	kept := c.Way != ComputerRestore && effect != Error53 && effect != UpdateRefused
	reachable := c.Mode == Normal
	add(kept && reachable, "keeps-data", "It should keep the data, which nobody promises: back up first.")
	add(kept && !reachable, "may-keep-data", "It may keep the data, which nobody promises.")
	add(c.Way == ComputerRestore && reachable, "erases", "Restore erases the phone: back up first, and have the owner's Apple Account password at hand.")
	add(c.Way == ComputerRestore && !reachable, "erases", "Restore erases the phone, and no backup can be made in this mode: have the owner's consent, and the owner's Apple Account password at hand.")
	add(c.Way == OTA && kept, "by-itself", "The phone installs it by itself, without a computer.")
}
