package mocks

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// fieldError is what is wrong with a field: "phones[2].mode".
type fieldError struct {
	field string
	err   error
}

func (e *fieldError) Error() string { return e.err.Error() }
func (e *fieldError) Unwrap() error { return e.err }

// inField says in which field an error lies, of which the error may know a part.
func inField(field string, err error) error {
	var inside *fieldError
	if errors.As(err, &inside) {
		return &fieldError{field + "." + inside.field, inside.err}
	}
	return &fieldError{field, err}
}

// textError is where a text is none of its form.
type textError struct {
	at  int // in bytes, from the beginning
	err error
}

func (e *textError) Error() string { return e.err.Error() }

// newScenarioError finds the place of an error.
func newScenarioError(file string, data []byte, err error) *ScenarioError {
	e := &ScenarioError{File: file, Line: 1, Column: 1, Err: err}
	at := 0
	var field *fieldError
	var text *textError
	switch {
	case errors.As(err, &field):
		e.Field, e.Err = field.field, field.err
		at = locate(data, field.field)
	case errors.As(err, &text):
		at = min(text.at, len(data))
	}
	before := data[:at]
	e.Line += bytes.Count(before, []byte("\n"))
	e.Column += utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	return e
}

// locate gives the place of a field in JSON that can be read: that of its key, or of an
// element of a list, in bytes. Of one that is missing it is the place of what should
// hold it.
func locate(data []byte, field string) int {
	s := seeker{d: json.NewDecoder(bytes.NewReader(data)), data: data, field: field}
	s.found = s.next()
	s.value("")
	return s.found
}

// seeker goes through the fields of a JSON text.
type seeker struct {
	d     *json.Decoder
	data  []byte
	field string
	found int
}

// next is the place of the next token.
func (s *seeker) next() int {
	at := int(s.d.InputOffset())
	return at + len(s.data[at:]) - len(bytes.TrimLeft(s.data[at:], " \t\r\n,:"))
}

// value goes through a value, which has a path.
func (s *seeker) value(path string) {
	switch token, _ := s.d.Token(); token {
	case json.Delim('{'):
		for s.d.More() {
			at := s.next()
			key, _ := s.d.Token()
			s.member(strings.TrimPrefix(fmt.Sprintf("%s.%s", path, key), "."), at)
		}
		s.d.Token()
	case json.Delim('['):
		for i := 0; s.d.More(); i++ {
			s.member(fmt.Sprintf("%s[%d]", path, i), s.next())
		}
		s.d.Token()
	}
}

func (s *seeker) member(path string, at int) {
	rest, within := strings.CutPrefix(s.field, path)
	if within && (rest == "" || rest[0] == '.' || rest[0] == '[') {
		s.found = at
	}
	s.value(path)
}
