package postmortem

import (
	"slices"
	"strings"
)

// otherCodes are the codes beside the final one: those of other domains, and of steps that
// failed with another number.
func (r *recorder) otherCodes() []Code {
	var others []Code
	add := func(code int64, domain string, step Step) {
		same := func(c Code) bool { return c.Number == code && c.Domain == domain }
		if code != 0 && len(others) < maxOthers && !slices.ContainsFunc(others, same) {
			others = append(others, Code{code, domain, step})
		}
	}
	for _, e := range r.codes {
		domain := r.domainOf(e.step())
		if code, ok := e.code(); ok && domain != restoreDomain && domain != "" {
			add(code, domain, stepOf(e.step(), ""))
		}
	}
	for _, f := range r.failures {
		domain := r.domainOf(f.step)
		if f.said && !r.final.isCode(f.code) && (domain == "" || domain == restoreDomain) {
			add(f.code, domain, stepOf(f.step, f.name))
		}
	}
	return others
}

const (
	maxOthers     = 8
	restoreDomain = "AMRestoreErrorDomain"
)

// domainOf finds the domain of a step's code; "" where the log gives none.
func (r *recorder) domainOf(step uint16) string {
	for _, e := range r.domains {
		if e.step() == step {
			return domainIn(e.value)
		}
	}
	return ""
}

// domainIn reads the domain of the last attempt: RamrodErrorDomain of {3:"RamrodErrorDomain"}.
func domainIn(value string) string {
	value = strings.TrimRight(value, "}\"")
	if name := value[strings.LastIndexByte(value, '"')+1:]; isName(name) {
		return strings.Clone(name)
	}
	return ""
}
