package recording

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"error53/usbmux/plist"
)

// Bounds of what is read.
const (
	MaxSize      = 8 << 20 // bytes of a file
	maxFlows     = 256
	maxExchanges = 4096 // of all flows
)

// The ways in which a file is refused.
var (
	ErrNotRecording = errors.New("no recording")
	ErrNewer        = errors.New("a recording of a newer form")
	ErrCut          = errors.New("the recording is cut off")
	ErrEdited       = errors.New("not as a recording is written")
)

// SyntaxError is a file that cannot be used. It never quotes the file, which may hold
// identifiers.
type SyntaxError struct {
	Line int // from 1
	Err  error
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("recording: line %d: %v", e.Line, e.Err) }
func (e *SyntaxError) Unwrap() error { return e.Err }

// Is tells whether a file says of itself that it is a recording, of whatever version.
func Is(data []byte) bool { return bytes.HasPrefix(data, []byte(magic)) }

// Parse reads a file. There is one way to write a recording, that of [Recording.Bytes],
// and any other is an error, but for lines that end as on Windows.
//
// Errors: SyntaxError around ErrNotRecording, ErrNewer, ErrCut, ErrEdited.
func Parse(data []byte) (Recording, error) {
	text := strings.ReplaceAll(string(data), "\r\n", "\n") // within a value it is written as a reference
	p := parser{lines: strings.SplitAfter(text, "\n")}
	r, err := p.recording(len(data))
	if err == nil {
		err = p.compare(r)
	}
	if err != nil {
		return Recording{}, &SyntaxError{p.at + 1, err}
	}
	return r, nil
}

// parser reads line by line.
type parser struct {
	lines     []string // each with its end, but for the last, which is empty in a whole file
	at        int      // of the line to read, or that is wrong
	exchanges int
}

// peek gives the line to read without its end; false where there is none, or it is cut.
func (p *parser) peek() (string, bool) { return strings.CutSuffix(p.lines[p.at], "\n") }

func (p *parser) recording(size int) (r Recording, err error) {
	if size > MaxSize {
		return r, fmt.Errorf("%w: larger than %d bytes", ErrNotRecording, MaxSize)
	}
	if err := p.first(); err != nil {
		return r, err
	}
	if err := p.header(&r.Header); err != nil {
		return r, err
	}
	for p.at < len(p.lines)-1 {
		flow, err := p.flow(len(r.Flows) + 1)
		if err != nil {
			return r, err
		}
		r.Flows = append(r.Flows, flow)
	}
	if p.lines[p.at] != "" || len(r.Flows) == 0 {
		return r, ErrCut
	}
	return r, nil
}

// first reads the line that names the form.
func (p *parser) first() error {
	line, whole := p.peek()
	number, ok := strings.CutPrefix(line, magic)
	version, err := strconv.Atoi(number)
	switch {
	case !ok || whole && err != nil:
		return fmt.Errorf("%w: it does not begin with %q", ErrNotRecording, magic+strconv.Itoa(Version))
	case !whole:
		return ErrCut
	case version > Version:
		return fmt.Errorf("%w: version %d, where %d is known", ErrNewer, version, Version)
	case version != Version:
		return fmt.Errorf("%w: there is no version %d", ErrNotRecording, version)
	}
	p.at++
	return nil
}

// header reads lines "key: value" up to an empty one.
func (p *parser) header(h *Header) error {
	for _, field := range h.fields() {
		line, whole := p.peek()
		value, ok := strings.CutPrefix(line, field.key+": ")
		if ok && whole && value != "" {
			*field.value = value
			p.at++
		}
	}
	return nil // what else stands there is no flow
}

// flow reads the flow of that number.
func (p *parser) flow(number int) (f Flow, err error) {
	if number > maxFlows {
		return f, fmt.Errorf("%w: more than %d flows", ErrNotRecording, maxFlows)
	}
	if err := p.expect(""); err != nil {
		return f, err
	}
	line, whole := p.peek()
	speaker, ok := strings.CutPrefix(line, heading+strconv.Itoa(number)+" ")
	switch {
	case !whole:
		return f, ErrCut
	case !ok || speaker == "":
		return f, fmt.Errorf("%w: a line %q belongs here", ErrEdited, heading+strconv.Itoa(number)+" NAME")
	}
	p.at++
	f.Speaker = speaker
	return f, p.exchangesOf(&f)
}

// expect reads a line that must be there.
func (p *parser) expect(want string) error {
	line, whole := p.peek()
	switch {
	case line != want:
		return fmt.Errorf("%w: %s belongs here", ErrEdited, quoted(want))
	case !whole:
		return ErrCut
	}
	p.at++
	return nil
}

func quoted(line string) string {
	if line == "" {
		return "an empty line"
	}
	return fmt.Sprintf("a line %q", line)
}

// exchangesOf reads up to the next flow.
func (p *parser) exchangesOf(f *Flow) error {
	secure := false
	for {
		line, whole := p.peek()
		switch {
		case line == "" && !p.isCut():
			return nil
		case !whole, line == "":
			return ErrCut
		case line == inTLS && !secure:
			secure = true
			p.at++
			continue
		}
		x, err := p.exchange(f.Speaker)
		if err != nil {
			return err
		}
		x.TLS = secure
		f.Exchanges = append(f.Exchanges, x)
	}
}

// isCut tells whether the file ends in an empty line, where a flow should follow.
func (p *parser) isCut() bool { return p.lines[p.at] == "\n" && p.at == len(p.lines)-2 }

func (p *parser) exchange(speaker string) (x Exchange, err error) {
	if p.exchanges++; p.exchanges > maxExchanges {
		return x, fmt.Errorf("%w: more than %d exchanges", ErrNotRecording, maxExchanges)
	}
	if speaker != USB {
		if x.Request, err = p.request(); err != nil {
			return x, err
		}
	}
	if line, _ := p.peek(); line != answer && speaker != USB {
		return x, nil // none came
	}
	if err := p.expect(answer); err != nil {
		return x, err
	}
	x.Answer, err = p.body()
	return x, err
}

func (p *parser) request() (plist.Dict, error) {
	line, _ := p.peek()
	name, ok := strings.CutPrefix(line, request)
	if !ok {
		return nil, fmt.Errorf("%w: a request (>), an answer (<) or a flow (==) belongs here", ErrEdited)
	}
	at := p.at
	p.at++
	body, err := p.body()
	if err == nil && oneLine(requestName(body)) != name {
		p.at = at
		return nil, fmt.Errorf("%w: the message below has another name", ErrEdited)
	}
	return body, err
}

// body reads the lines that begin with a tab.
func (p *parser) body() (plist.Dict, error) {
	from := p.at
	for p.at < len(p.lines) && strings.HasPrefix(p.lines[p.at], "\t") {
		p.at++
	}
	text := strings.Join(p.lines[from:p.at], "")
	message, err := plist.DecodeDict([]byte(head + text + foot))
	switch {
	case err == nil && strings.HasSuffix(text, "\t</dict>\n"):
		return message, nil
	case p.at >= len(p.lines)-1:
		p.at = min(p.at, len(p.lines)-1)
		return nil, ErrCut
	}
	p.at = from
	return nil, fmt.Errorf("%w: no dictionary follows, as a property list in XML", ErrEdited)
}

// compare finds the first line that is not written as it would be.
func (p *parser) compare(r Recording) error {
	text, err := r.Bytes()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrEdited, err)
	}
	p.at = 0
	for line := range strings.SplitAfterSeq(string(text), "\n") {
		if p.at >= len(p.lines) || p.lines[p.at] != line {
			p.at = min(p.at, len(p.lines)-1)
			return fmt.Errorf("%w: tabs, order of keys or spelling differ", ErrEdited)
		}
		p.at++
	}
	return nil
}
