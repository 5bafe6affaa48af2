package guide

import "error53/diag"

// Topic is what a guide leads to.
type Topic string

// The topics.
const (
	Recovery Topic = "recovery"
	DFU      Topic = "dfu"
	Restore  Topic = "restore"
	Backup   Topic = "backup"
	Exit     Topic = "exit"
	FaceID   Topic = "face-id"
)

// Topics lists every topic.
var Topics = []Topic{Recovery, DFU, Restore, Backup, Exit, FaceID}

// Guide is a way to a goal, step by step.
type Guide struct {
	Topic  Topic     `json:"topic"`
	Title  string    `json:"title"`
	Family Family    `json:"family"` // "" where the buttons make no difference
	Models string    `json:"models"` // which models it is for
	Until  diag.Mode `json:"until"`  // where the timed steps lead; "" = there are none
	Steps  []Step    `json:"steps"`
	Notes  []Note    `json:"notes"`
}

// Step is one thing to do.
type Step struct {
	Text    string   `json:"text"`
	Short   string   `json:"short"`   // of a timed step, for a line that counts; "" for others
	Seconds int      `json:"seconds"` // how long to hold, or to wait at most; 0 = as long as it takes
	Buttons []string `json:"buttons"` // pressed all that while
	Erases  bool     `json:"erases"`  // the phone's data are lost by it
	Source  string   `json:"source"`
}

// Note is what to mind about a guide.
type Note = diag.Reason

// For gives the guide for a model.
func For(t Topic, d *diag.Device) Guide {
	if t == Backup || t == FaceID {
		return build(t, "", d)
	}
	return build(t, FamilyOf(d), d)
}

// General gives the guides to a goal where the model is not known: one for each
// family, or one alone where buttons make no difference.
func General(t Topic) []Guide {
	if !t.byButtons() {
		return []Guide{build(t, "", nil)}
	}
	var guides []Guide
	for _, f := range Families {
		guides = append(guides, build(t, f, nil))
	}
	return guides
}

// byButtons tells whether a guide is one of buttons, with a mode at its end.
func (t Topic) byButtons() bool { return t == Recovery || t == DFU || t == Exit }

// build makes a guide; without a device it speaks of the family, or of all models.
func build(t Topic, f Family, d *diag.Device) Guide {
	g := Guide{Topic: t, Family: f, Models: "every model", Notes: []Note{}}
	if f != "" {
		g.Models = models[f]
	}
	switch t {
	case Recovery:
		g.recovery(keysOf(f, d))
	case DFU:
		g.dfu(keysOf(f, d), d)
	case Exit:
		g.exit(keysOf(f, d))
	case Restore:
		g.restore(f, d)
	case Backup:
		g.backup()
	case FaceID:
		g.faceID(d)
	}
	for i := range g.Steps {
		if g.Steps[i].Buttons == nil {
			g.Steps[i].Buttons = []string{} // in JSON a list, not null
		}
	}
	return g
}

// Timed gives the steps a clock runs for.
func (g Guide) Timed() []Step {
	var timed []Step
	for _, s := range g.Steps {
		if s.Seconds > 0 {
			timed = append(timed, s)
		}
	}
	return timed
}
