package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"error53/diag"
)

// schemaVersion is raised when a reader of the old form would misread the new one.
const schemaVersion = 1

// envelope is what check and list print with --json; schema.json describes it.
type envelope struct {
	SchemaVersion int         `json:"schemaVersion"`
	Simulated     bool        `json:"simulated"`
	Phones        []any       `json:"phones"`
	Errors        []jsonError `json:"errors"`
}

// add adds a failure of the run, if there is one.
func (e *envelope) add(err error) {
	if err != nil {
		e.Errors = append(e.Errors, errorJSON(err, ""))
	}
}

type jsonFacts []fact

type jsonVerdict struct {
	Facts      jsonFacts       `json:"facts"`
	Prediction diag.Prediction `json:"prediction"`
	Check      diag.Check      `json:"check"`
	Risk       diag.Risk       `json:"risk"`
	Question   *diag.Question  `json:"question"`
	Next       []diag.Advice   `json:"next"`
	Warnings   []diag.Advice   `json:"warnings"`
}

type jsonListed struct {
	Facts jsonFacts `json:"facts"`
}

// jsonPrediction is what predict prints: one phone, with the envelope's keys.
type jsonPrediction struct {
	SchemaVersion int  `json:"schemaVersion"`
	Simulated     bool `json:"simulated"`
	jsonVerdict
}

type jsonError struct {
	Code    string  `json:"code"`
	Message string  `json:"message"`
	Hint    string  `json:"hint"`
	Device  *string `json:"device"` // the phone or file it is about; null for the run
}

// MarshalJSON gives an object with one key a fact, in their order.
func (facts jsonFacts) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range facts {
		if i > 0 {
			b.WriteByte(',')
		}
		value, err := json.Marshal(f)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%q:%s", f.name, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func verdictJSON(p phone) jsonVerdict {
	v := p.verdict
	return jsonVerdict{factsOf(p.facts, p.mask), v.Prediction, v.Check, v.Risk, v.Question, v.Next, v.Warnings}
}

// errorsOf lists the failure of the daemon, if any, and those of single phones and
// files.
func errorsOf(daemon error, phones []phone) []jsonError {
	errs := []jsonError{}
	if daemon != nil {
		errs = append(errs, errorJSON(daemon, ""))
	}
	for _, p := range phones {
		if p.err != nil {
			errs = append(errs, errorJSON(p.err, cmp.Or(p.origin, p.label())))
		} else if err := p.sessionFailure(); err != nil {
			errs = append(errs, errorJSON(err, p.label()))
		}
	}
	return errs
}

func errorJSON(err error, device string) jsonError {
	e := explain(err)
	shown := jsonError{Code: e.code, Message: e.message, Hint: e.hint}
	if device != "" {
		shown.Device = &device
	}
	return shown
}

// writeJSON prints the value with one key a line. Characters that act on a
// terminal stay escaped, so that the text is safe to look at and its data whole.
func writeJSON(w io.Writer, value any) error {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return err
	}
	_, err := w.Write(escapeActing(b.Bytes()))
	return err
}

// escapeActing writes acting runes, which JSON leaves bare, as \uXXXX. They stand
// inside strings only, where that means the same.
func escapeActing(text []byte) []byte {
	escaped := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r >= 0x7f && acts(r) {
			for _, unit := range utf16.Encode([]rune{r}) {
				escaped = fmt.Appendf(escaped, `\u%04x`, unit)
			}
		} else {
			escaped = append(escaped, text[:size]...)
		}
		text = text[size:]
	}
	return escaped
}

// inJSON prints the failure of a whole run as JSON too, when JSON was asked for.
func inJSON(s streams, asked, simulated bool, err error) error {
	var verdict verdictExit
	if err == nil || !asked || errors.As(err, &verdict) {
		return err
	}
	return errors.Join(err, writeJSON(s.out, envelope{schemaVersion, simulated, []any{}, []jsonError{errorJSON(err, "")}}))
}
