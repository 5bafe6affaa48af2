package main

import (
	"bytes"
	"encoding/json"
	"time"

	"error53/diag"
	"error53/diag/watch"
)

// jsonEvent is one line of watch --json; schema.json describes it.
type jsonEvent struct {
	SchemaVersion int          `json:"schemaVersion"`
	Simulated     bool         `json:"simulated"`
	Seq           uint64       `json:"seq"`
	Time          jsonTime     `json:"time"`
	Event         watch.Kind   `json:"event"`
	Phone         any          `json:"phone"` // null where the event is about the daemon or the run
	Daemon        *jsonDaemon  `json:"daemon,omitempty"`
	Outcome       *jsonOutcome `json:"outcome,omitempty"`
	Error         *jsonError   `json:"error,omitempty"`
}

// jsonTime is written in UTC to the millisecond.
type jsonTime time.Time

// MarshalJSON gives "2016-02-18T12:00:00.000Z".
func (t jsonTime) MarshalJSON() ([]byte, error) {
	return json.Marshal(time.Time(t).UTC().Format("2006-01-02T15:04:05.000Z"))
}

// jsonSeat is where a phone is, and which of the watched ones it is.
type jsonSeat struct {
	Key     int      `json:"key"`
	Label   string   `json:"label"`
	Port    *string  `json:"port"`
	Place   *string  `json:"place"` // the name of the port
	Present bool     `json:"present"`
	Since   jsonTime `json:"since"` // when it came, or went
}

type jsonSeen struct {
	jsonSeat
	jsonListed
}

type jsonJudged struct {
	jsonSeat
	jsonVerdict
}

type jsonDaemon struct {
	State  string     `json:"state"` // up, down
	Reason *jsonError `json:"reason"`
}

type jsonOutcome struct {
	End       watch.End       `json:"end"`
	From      *jsonRelease    `json:"from"`
	To        *jsonRelease    `json:"to"`
	Predicted diag.Prediction `json:"predicted"`
	Held      *bool           `json:"held"`
	AskAgain  bool            `json:"askAgain"`
	Journey   []jsonLeg       `json:"journey"`
}

type jsonRelease struct {
	Version string  `json:"version"`
	Build   *string `json:"build"`
}

type jsonLeg struct {
	Mode    diag.Mode `json:"mode"`
	Since   jsonTime  `json:"since"`
	Seconds float64   `json:"seconds"` // how long it stayed, so far
}

// tellJSON prints an event as one line.
func (o *watchOptions) tellJSON(s sighting) error {
	e := jsonEvent{schemaVersion, o.dryRun, s.Seq, jsonTime(s.Time), s.Kind, nil, nil, nil, nil}
	switch s.Kind {
	case watch.Daemon:
		e.Daemon = o.daemonJSON(s)
	case watch.Failed:
		failed := errorJSON(s.Err, s.phone.label())
		e.Error = &failed
	case watch.Outcame:
		e.Outcome = outcomeJSON(s)
	}
	if s.Phone != nil {
		e.Phone = o.phoneJSON(s)
	}
	return o.writeLine(e)
}

func (o *watchOptions) phoneJSON(s sighting) any {
	seat := jsonSeat{
		Key: s.Phone.Key, Label: s.phone.label(), Port: orNull(s.Phone.Port), Place: orNull(o.ports.named(s.Phone.Port)),
		Present: s.Phone.Present, Since: jsonTime(s.Phone.Since),
	}
	if s.Kind == watch.Decided {
		return jsonJudged{seat, verdictJSON(s.phone)}
	}
	return jsonSeen{seat, jsonListed{factsOf(s.phone.facts, s.phone.mask)}}
}

func (o *watchOptions) daemonJSON(s sighting) *jsonDaemon {
	if s.Err == nil {
		return &jsonDaemon{State: "up"}
	}
	reason := errorJSON(s.Err, "")
	return &jsonDaemon{"down", &reason}
}

func outcomeJSON(s sighting) *jsonOutcome {
	o := s.Phone.Outcome
	shown := &jsonOutcome{o.End, releaseJSON(o.From), releaseJSON(o.To), o.Predicted, o.Held, o.AskAgain, []jsonLeg{}}
	for i, leg := range o.Journey {
		shown.Journey = append(shown.Journey, jsonLeg{leg.Mode, jsonTime(leg.Since), stay(o.Journey, i, s.Time).Seconds()})
	}
	return shown
}

// stay is how long a leg of a journey took; the last one goes on.
func stay(journey []watch.Leg, leg int, now time.Time) time.Duration {
	if leg+1 < len(journey) {
		now = journey[leg+1].Since
	}
	return now.Sub(journey[leg].Since).Round(time.Millisecond)
}

func releaseJSON(r diag.Release) *jsonRelease {
	if r.Version.IsZero() {
		return nil
	}
	return &jsonRelease{r.Version.String(), orNull(r.Build.String())}
}

// writeLine prints one line and nothing less: what follows it may be a day away.
func (o *watchOptions) writeLine(e jsonEvent) error {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(e); err != nil {
		return err
	}
	_, err := o.out.Write(escapeActing(line.Bytes()))
	return err
}

// inStream prints the failure of the run as an event too, when JSON was asked for.
func (o *watchOptions) inStream(err error) error {
	if err == nil || !o.json {
		return err
	}
	failed := errorJSON(err, "")
	e := jsonEvent{SchemaVersion: schemaVersion, Simulated: o.dryRun, Time: jsonTime(time.Now()), Event: watch.Failed, Error: &failed}
	_ = o.writeLine(e) // standard error has it as well
	return err
}
