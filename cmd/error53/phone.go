package main

import (
	"errors"

	"error53/diag"
	"error53/diag/inspect"
)

// phone is one row of the run: what was read, what it means, what went wrong.
type phone struct {
	facts   diag.Facts
	verdict diag.Verdict
	err     error  // why the facts are incomplete, or the plan impossible
	session error  // why there was no session, or not to its end; nil where none was tried
	pairing error  // why pairing failed, which was asked for
	origin  string // the file it was read from; "" for an attached one
	place   string // where an attached one is; it tells two apart that have no identifier
	called  string // what it was called before, in another mode perhaps; "" = nothing yet
	mask    masker

	identity inspect.Identity // by which an attached one is found again
}

// after is the phone as it is now that it was read.
func (p phone) after(read phone) phone {
	read.mask = p.mask
	read.mask.learn(read.facts)
	return read
}

// decide makes the verdict anew, after a fact was added.
func (p *phone) decide() { p.verdict = diag.Decide(p.facts) }

// state adds what the operator says to the facts, and decides. A target that the
// device never had becomes the phone's error; one that could not be read has its own.
func (p *phone) state(said *operator) {
	if err := said.apply(&p.facts); err != nil && p.err == nil {
		p.err = err
	}
	p.decide()
}

// hasVerdict tells whether there is more to say of the phone than its error.
func (p *phone) hasVerdict() bool { return p.err == nil || p.facts.ProductType.Known() }

// badTarget tells whether what was stated as its target cannot be meant for the phone.
func (p *phone) badTarget() bool {
	var target *diag.TargetError
	return errors.As(p.err, &target)
}
