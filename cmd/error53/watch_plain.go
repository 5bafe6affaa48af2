package main

import (
	"fmt"
	"time"

	"error53/diag"
	"error53/diag/watch"
)

// tellPlain prints an event as one line of text.
func (o *watchOptions) tellPlain(s sighting) error {
	mark := ""
	if o.dryRun {
		mark = "SIMULATED  "
	}
	_, err := fmt.Fprintf(o.out, "%s  %s%s\n", s.Time.Format(time.TimeOnly), mark, sentence(s, o.ports))
	return err
}

// sentence puts an event into words.
func sentence(s sighting, ports portNames) string {
	switch {
	case s.Phone != nil:
		return who(s, ports) + ": " + happened(s)
	case s.Err == nil:
		return "usbmuxd answers"
	default:
		return inOneLine(s.Err)
	}
}

// who names the phone of an event: where it is, what it is, what it goes by.
func who(s sighting, ports portNames) string {
	where := ports.named(s.Phone.Port)
	if where == "" {
		where = s.Phone.Port
	}
	label := s.phone.label()
	if label == s.phone.place {
		where = ""
	}
	title := s.phone.title()
	if title == unknownModel {
		title = ""
	}
	return join([]string{where, title, label}, " · ")
}

func happened(s sighting) string {
	switch s.Kind {
	case watch.Attached:
		return fmt.Sprintf("attached in %s mode", s.Phone.Mode())
	case watch.FactsRead:
		return "read: " + join([]string{s.phone.model(), installed(s.phone.facts)}, ", ")
	case watch.Decided:
		return s.phone.headline() + ". " + advice(s.phone)
	case watch.ModeChanged:
		return fmt.Sprintf("now in %s mode", s.Phone.Mode())
	case watch.Detached:
		return "unplugged"
	case watch.Outcame:
		return outcomeText(s.Phone.Outcome) + askAgain(s.Phone.Outcome)
	default:
		return inOneLine(s.Err)
	}
}

// advice is the first reason of a verdict, and what to do first.
func advice(p phone) string {
	words := p.verdict.Prediction.Reasons[0].Text
	if len(p.verdict.Next) > 0 {
		words += " " + p.verdict.Next[0].Text
	}
	return words
}

func inOneLine(err error) string {
	e := explain(err)
	return "error: " + join([]string{e.message, e.hint}, "; ")
}

// outcomes are the ends of journeys in words.
var outcomes = map[watch.End]string{
	watch.OnTarget:   "Back on the planned %s",
	watch.OnOther:    "Back on %s",
	watch.Unchanged:  "Back on %s, as before",
	watch.Back:       "Back, on an iOS that could not be read",
	watch.InRecovery: "It stands in recovery mode: the restore did not finish",
}

// outcomeText says how a journey ended, beside what was predicted.
func outcomeText(o *watch.Outcome) string {
	text := outcomes[o.End]
	if o.End != watch.Back && o.End != watch.InRecovery {
		text = fmt.Sprintf(text, "iOS "+o.To.String())
	}
	text += ". Predicted: " + effects[o.Predicted.Effect]
	switch {
	case o.Held == nil:
		text += "."
	case *o.Held:
		text += ", which fits what is seen."
	default:
		text += ", which did not come true."
	}
	return text
}

func askAgain(o *watch.Outcome) string {
	if !o.AskAgain {
		return ""
	}
	return " Ask again: Does Touch ID work today?"
}

// effects are what was predicted in words.
var effects = map[diag.Effect]string{
	diag.EffectNone:     "nothing",
	diag.TouchIDOff:     "Touch ID off",
	diag.HomeButtonDead: "the home button dead",
	diag.UpdateRefused:  "the update refused",
	diag.Error53:        "Error 53",
	diag.EffectUnknown:  "not known",
}
