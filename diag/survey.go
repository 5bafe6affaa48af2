package diag

import "iter"

// Survey counts the cases in which documents and evidence part.
type Survey struct {
	Cases   int // in which both know what they say
	Parting int // of them, those in which they part
	Groups  []Parting
}

// Parting is the cases that part for one reason. A case may part for several.
type Parting struct {
	Contradiction
	Count   int
	Devices []*Device // with such a case, in the catalog's order
	Example Case      // the first of them
}

// TakeSurvey goes through every Touch ID device of the catalog, each of its
// releases, what can be said of repair and Touch ID, over USB and through the air,
// with the target open and with the newest. It takes some tenths of a second.
func TakeSurvey() Survey {
	s := Survey{Groups: make([]Parting, len(contradictions))}
	for i := range s.Groups {
		s.Groups[i].Contradiction = contradictions[i]
	}
	for c := range surveyed() {
		if agrees := c.agrees(); agrees != nil {
			s.Cases++
			s.add(c, !*agrees)
		}
	}
	return s
}

func (s *Survey) add(c Case, parts bool) {
	if !parts {
		return
	}
	s.Parting++
	for i := range s.Groups {
		if g := &s.Groups[i]; g.applies(c) {
			g.add(c)
		}
	}
}

func (p *Parting) add(c Case) {
	if p.Count == 0 {
		p.Example = c
	}
	if n := len(p.Devices); n == 0 || p.Devices[n-1] != c.Device {
		p.Devices = append(p.Devices, c.Device)
	}
	p.Count++
}

func surveyed() iter.Seq[Case] {
	return func(yield func(Case) bool) {
		for _, d := range Devices() {
			if d.Biometric == TouchIDHardware && !surveyDevice(d, yield) {
				return
			}
		}
	}
}

func surveyDevice(d *Device, yield func(Case) bool) bool {
	c := Case{ProductType: d.ProductType, Device: d, Mode: Normal}
	for _, c.Installed = range d.Releases() {
		for _, c.Target = range [...]Release{{}, d.Last} {
			for _, c.Way = range [...]Way{ComputerUpdate, OTA} {
				if !surveyOperator(c, yield) {
					return false
				}
			}
		}
	}
	return true
}

func surveyOperator(c Case, yield func(Case) bool) bool {
	for _, c.Repair = range Repairs {
		for _, c.TouchID = range TouchIDs {
			if !yield(c) {
				return false
			}
		}
	}
	return true
}
