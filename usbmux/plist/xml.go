package plist

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

// xmlWalk follows the elements of a document without keeping any of it.
type xmlWalk struct {
	scanner *xml.Decoder
	open    []element // the elements that are not closed, <plist> first
	rooted  bool      // <plist> has been seen
	budget  budget
}

// element is an open element and the number of those directly within.
type element struct {
	name     string
	children int
}

// checkXML walks a document to its end, or to the first thing that is wrong.
func checkXML(data []byte) error {
	w := xmlWalk{scanner: xml.NewDecoder(bytes.NewReader(data))}
	for {
		// RawToken is the same scanner as the decoder's Token, but keeps no
		// stack of its own, which would grow before the depth is known.
		token, err := w.scanner.RawToken()
		if errors.Is(err, io.EOF) {
			return w.finish()
		}
		if err != nil {
			return w.wrong("not well-formed XML in UTF-8")
		}
		if err := w.token(token); err != nil {
			return err
		}
	}
}

func (w *xmlWalk) token(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		return w.start(t)
	case xml.EndElement:
		return w.end(t.Name)
	case xml.CharData:
		return w.text(t)
	case xml.ProcInst, xml.Directive:
		if w.rooted {
			return w.wrong("a declaration behind the start of <plist>")
		}
	}
	return nil
}

// start enters an element. By [PLIST] there is but one attribute, the version of
// <plist>; others would cost the decoder memory and mean nothing to it.
func (w *xmlWalk) start(t xml.StartElement) error {
	name := t.Name
	if name.Space != "" || !isContainer(name.Local) && !isLeaf(name.Local) {
		return w.wrong("an element that is not of a property list")
	}
	if len(t.Attr) > 1 || len(t.Attr) == 1 && name.Local != "plist" {
		return w.wrong("attributes that are not of a property list")
	}
	if err := w.place(name.Local); err != nil {
		return err
	}
	if len(w.open) > 0 {
		if err := w.budget.node(len(w.open)); err != nil {
			return w.at(err)
		}
	}
	w.open = append(w.open, element{name: name.Local})
	return nil
}

// place tells whether an element may stand where it does, by [PLIST].
func (w *xmlWalk) place(name string) error {
	if len(w.open) == 0 {
		if w.rooted || name != "plist" {
			return w.wrong("not one <plist> element")
		}
		w.rooted = true
		return nil
	}
	parent := &w.open[len(w.open)-1]
	nth := parent.children
	parent.children++
	switch {
	case name == "plist" || isLeaf(parent.name):
		return w.wrong("an element where none may be")
	case parent.name == "plist" && nth > 0:
		return w.wrong("more than one value")
	case (name == "key") != (parent.name == "dict" && nth%2 == 0):
		return w.wrong("keys and values out of turn")
	}
	return nil
}

// end leaves an element.
func (w *xmlWalk) end(name xml.Name) error {
	if len(w.open) == 0 || name.Space != "" {
		return w.wrong("an end tag without its start")
	}
	last := w.open[len(w.open)-1]
	switch {
	case last.name != name.Local:
		return w.wrong("an end tag of another element")
	case last.name == "dict" && last.children%2 != 0:
		return w.wrong("a key without a value")
	case last.name == "plist" && last.children == 0:
		return w.wrong("no value")
	}
	w.open = w.open[:len(w.open)-1]
	return nil
}

// text passes the text of a leaf, and blanks anywhere.
func (w *xmlWalk) text(text []byte) error {
	if len(w.open) > 0 && isLeaf(w.open[len(w.open)-1].name) {
		return nil
	}
	if len(bytes.Trim(text, blanks)) > 0 {
		return w.wrong("text outside of a value")
	}
	return nil
}

func (w *xmlWalk) finish() error {
	if !w.rooted || len(w.open) > 0 {
		return w.wrong("the document ends early")
	}
	return nil
}

func (w *xmlWalk) wrong(what string) error {
	return w.at(fmt.Errorf("%w: %s", ErrSyntax, what))
}

// at adds the position.
func (w *xmlWalk) at(err error) error {
	return fmt.Errorf("%w, before byte %d", err, w.scanner.InputOffset())
}

func isContainer(name string) bool {
	return name == "plist" || name == "dict" || name == "array"
}

func isLeaf(name string) bool {
	switch name {
	case "key", "string", "integer", "real", "true", "false", "date", "data":
		return true
	}
	return false
}
