package main

import (
	"fmt"
	"slices"
	"strings"

	"error53/diag"
	"error53/diag/guide"
)

// jsonGuide is what guide prints with --json.
type jsonGuide struct {
	SchemaVersion int           `json:"schemaVersion"`
	Simulated     bool          `json:"simulated"`
	Device        *string       `json:"device"`      // the phone, as it may be named; null without one
	ProductType   *string       `json:"productType"` // null: the guides are those of every model
	Mode          *diag.Mode    `json:"mode"`        // null where there is no phone
	Guides        []guide.Guide `json:"guides"`
	Errors        []jsonError   `json:"errors"`
}

func (o *guideOptions) show(g guided) error {
	if o.json {
		return writeJSON(o.out, o.asJSON(g))
	}
	screen := screen{w: o.out, width: o.width, simulated: o.dryRun}
	screen.banner()
	for i, each := range g.guides {
		if i > 0 {
			fmt.Fprintln(o.out)
		}
		screen.guide(each, g)
	}
	screen.notes(g.guides)
	if why := g.why(); why != "" {
		fmt.Fprintln(o.out)
		writeWrapped(o.out, "", why, o.width)
	}
	if g.exit() != exitOK {
		report(o.err, g.err, g.phone.label())
	}
	return nil
}

func (o *guideOptions) asJSON(g guided) jsonGuide {
	shown := jsonGuide{SchemaVersion: schemaVersion, Simulated: o.dryRun, Guides: g.guides, Errors: []jsonError{}}
	label := ""
	if g.phone != nil {
		label = g.phone.label()
		shown.Device, shown.Mode = &label, &g.phone.facts.Mode.Value
	}
	if g.device != nil {
		shown.ProductType = &g.device.ProductType
	}
	if g.err != nil {
		shown.Errors = append(shown.Errors, errorJSON(g.err, label))
	}
	return shown
}

// why says what the guide is not, or why there will be no clock; "" where it is what
// was asked for.
func (g guided) why() string {
	switch {
	case g.phone == nil && g.err != nil:
		return "These are the steps of every model: " + explain(g.err).message + "."
	case g.phone != nil && g.device == nil:
		return fmt.Sprintf("These are the steps of every model: which one %s is could not be found out.", g.phone.label())
	case g.phone == nil || g.guides[0].Until == "":
		return ""
	case g.phone.facts.Mode.Value == diag.Restore:
		return "Leave this phone alone for now: it is in restore mode, and a program may be writing iOS to it at this moment."
	case g.phone.facts.Mode.Value == g.guides[0].Until:
		return fmt.Sprintf("It is in %s mode already.", modeName(g.guides[0].Until))
	default:
		return ""
	}
}

// guide prints the steps, and where they are known from.
func (s screen) guide(g guide.Guide, of guided) {
	writeWrapped(s.w, fmt.Sprintf("%-11s ", strings.ToUpper(string(g.Topic))), join(s.heading(g, of), " · "), s.width)
	for i, step := range g.Steps {
		writeWrapped(s.w, fmt.Sprintf(head+"%d. ", firstOnly("steps", i), i+1), step.Text, s.width)
	}
	for i, source := range sourcesOf(g.Steps) {
		s.line(firstOnly("sources", i), source)
	}
}

// notes prints what to mind, what several guides share but once.
func (s screen) notes(guides []guide.Guide) {
	var shown []guide.Note
	for _, g := range guides {
		for _, note := range g.Notes {
			if !slices.Contains(shown, note) {
				s.line(firstOnly("mind", len(shown)), fmt.Sprintf("%s (%s)", note.Text, note.Source))
				shown = append(shown, note)
			}
		}
	}
}

func (s screen) heading(g guide.Guide, of guided) []string {
	parts := []string{g.Title}
	switch {
	case of.device == nil:
		parts = append(parts, g.Models)
	case of.phone == nil:
		parts = append(parts, of.device.MarketingName)
	default:
		parts = append(parts, of.phone.title(), string(of.phone.facts.Mode.Value), of.phone.label())
	}
	if s.simulated {
		parts = append(parts, "SIMULATED")
	}
	return parts
}

// sourcesOf lists each source once, behind the numbers of its steps.
func sourcesOf(steps []guide.Step) []string {
	var sources []string
	numbers := map[string][]string{}
	for i, step := range steps {
		if !slices.Contains(sources, step.Source) {
			sources = append(sources, step.Source)
		}
		numbers[step.Source] = append(numbers[step.Source], fmt.Sprint(i+1))
	}
	for i, source := range sources {
		sources[i] = strings.Join(numbers[source], ", ") + ": " + source
	}
	return sources
}

// catalogued finds the model that was stated.
func catalogued(productType string) (*diag.Device, error) {
	if err := checkType(productType); err != nil {
		return nil, err
	}
	if d, ok := diag.DeviceByType(productType); ok {
		return d, nil
	}
	return nil, &usageError{
		fmt.Sprintf("the catalog does not list %s (models known up to %s)", productType, diag.DataDate),
		"without --product-type the steps of every model are shown",
	}
}
