package main

import (
	"fmt"
	"maps"

	"error53/diag"
	"error53/lockdown"
)

// trusts are the states of trust as the column has room for.
var trusts = map[diag.Trust]string{
	diag.Trusted:         "yes",
	diag.NotTrusted:      "no",
	diag.TrustWaiting:    "asks",
	diag.TrustDenied:     "denied",
	diag.TrustLocked:     "locked",
	diag.TrustStale:      "stale",
	diag.TrustSupervised: "never",
	diag.TrustByCable:    "cable",
	diag.TrustUnusable:   "broken",
	diag.TrustForeign:    "other",
}

func (d *desk) trustOf(s *seat) string {
	if s.Phone == nil || !s.phone.facts.Trust.Known() {
		return ""
	}
	return trusts[s.phone.facts.Trust.Value]
}

// offer asks whether a phone is to show the Trust dialog, unless that makes no sense.
func (d *desk) offer(s *seat) {
	_, busy := d.pairing[s.key()]
	switch {
	case !s.present() || s.reading() || s.Phone.Mode() != diag.Normal || s.Phone.Err != nil:
		d.say("Only a phone that is there in normal mode, and was read, can be paired with.")
	case s.phone.facts.Trust.Value == diag.Trusted:
		d.say("It trusts this computer already.")
	case busy:
		d.say("It is being asked already.")
	default:
		d.prompt = prompt{kind: confirming, key: s.key()}
	}
}

// isUseless tells of a pairing that has to be made anew.
func isUseless(trust diag.Trust) bool {
	return trust == diag.TrustStale || trust == diag.TrustUnusable || trust == diag.TrustForeign
}

// confirmLine puts the question before a pairing.
func (d *desk) confirmLine() string {
	at := d.seatOf(d.prompt.key)
	if at < 0 {
		return ""
	}
	s, instead := d.seats[at], ""
	if isUseless(s.phone.facts.Trust.Value) {
		instead = ", in place of the pairing that is of no use"
	}
	return fmt.Sprintf("Show the Trust dialog%s? [y] yes, any other key: no · %s", instead, d.nameOf(s))
}

// confirm takes the answer to it.
func (d *desk) confirm(key string) []any {
	at := d.seatOf(d.prompt.key)
	d.prompt = prompt{}
	if key != "y" || at < 0 {
		return nil
	}
	return []any{pair{d.seats[at].key(), isUseless(d.seats[at].phone.facts.Trust.Value)}}
}

// paired takes the end of a pairing.
func (d *desk) paired(e pairEnded) {
	d.pairing = maps.Clone(d.pairing)
	delete(d.pairing, e.key)
	name := "a phone that has gone"
	if at := d.seatOf(e.key); at >= 0 {
		name = d.nameOf(d.seats[at])
	}
	if e.err == nil {
		d.say("It trusts this computer, and is read again: " + name)
		return
	}
	x := explain(e.err)
	d.say("Not paired: " + join([]string{x.message, x.hint}, "; ") + ": " + name)
}

// pairingNow is what to do at a phone that is being paired with.
func pairingNow(p lockdown.Progress) (full, short string) {
	waited := ""
	if p.Waited+p.Left > 0 {
		waited = fmt.Sprintf(", %d of %d s", wholeSeconds(p.Waited), wholeSeconds(p.Waited+p.Left))
	}
	if words, ok := shortProgress[p.State]; ok {
		return progressWords(p), words + waited
	}
	return both(progressWords(p))
}

// shortProgress is how far a pairing is, as a row has room for.
var shortProgress = map[lockdown.State]string{
	lockdown.Checking:        "looking for trust",
	lockdown.AlreadyTrusted:  "it trusts already",
	lockdown.MakingKeys:      "making keys",
	lockdown.WaitingForTrust: "tap Trust",
	lockdown.PasscodeNeeded:  "passcode",
	lockdown.Reconnecting:    "wait for it",
	lockdown.Proving:         "trying the pairing",
}
