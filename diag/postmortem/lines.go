package postmortem

import (
	"bufio"
	"bytes"
	"cmp"
)

const (
	// MaxLine is how much of a line is read, in bytes. What is behind that is skipped,
	// and counted in [Log.CutLines].
	MaxLine = 64 << 10

	bufferSize = 64 << 10 // of the readers, in bytes
)

// place tells how many line ends come before a line. Both kinds are counted, since which
// of them numbers the lines is known only at the end of the file.
type place struct{ lf, cr int }

func (p place) compare(q place) int { return cmp.Or(cmp.Compare(p.lf, q.lf), cmp.Compare(p.cr, q.cr)) }

// lines reads a text line by line: LF, CRLF and CR end a line, since programs redraw
// their progress behind a CR.
type lines struct {
	in      *bufio.Reader
	here    place
	line    []byte
	cut     int  // lines longer than MaxLine
	ended   bool // the last line read had an end
	afterCR bool // a LF that comes next belongs to the CR before it
	err     error
}

func newLines(in *bufio.Reader) *lines {
	return &lines{in: in, ended: true, line: make([]byte, 0, MaxLine)}
}

// next gives a line without its end and without the zeros around it, and its place. The
// line is valid until the next call.
func (l *lines) next() ([]byte, place, error) {
	l.line = l.line[:0]
	at, skipped := l.here, false
	for {
		if l.err == nil {
			_, l.err = l.in.Peek(1)
		}
		if l.err != nil && len(l.line) > 0 {
			return l.whole(at, skipped, false)
		}
		if l.err != nil {
			return nil, at, l.err
		}
		chunk, _ := l.in.Peek(l.in.Buffered())
		if l.swallowLF(chunk) {
			at = l.here
			continue
		}
		end := lineEnd(chunk)
		piece := chunk
		if end >= 0 {
			piece = chunk[:end]
		}
		room := min(len(piece), MaxLine-len(l.line))
		l.line = append(l.line, piece[:room]...)
		skipped = skipped || room < len(piece)
		if end < 0 {
			l.in.Discard(len(chunk))
			continue
		}
		l.count(chunk[end])
		l.in.Discard(end + 1)
		return l.whole(at, skipped, true)
	}
}

func (l *lines) whole(at place, skipped, ended bool) ([]byte, place, error) {
	if l.ended = ended; skipped {
		l.cut++
	}
	return bytes.Trim(l.line, "\x00"), at, nil
}

// lineEnd finds the first LF or CR; -1 for none.
func lineEnd(chunk []byte) int {
	lf := bytes.IndexByte(chunk, '\n')
	if lf >= 0 {
		chunk = chunk[:lf]
	}
	if cr := bytes.IndexByte(chunk, '\r'); cr >= 0 {
		return cr
	}
	return lf
}

// count counts a line end. A CR is taken for one of its own until a LF follows.
func (l *lines) count(end byte) {
	if l.afterCR = end == '\r'; l.afterCR {
		l.here.cr++
	} else {
		l.here.lf++
	}
}

// swallowLF takes the LF behind a CR, which makes both of them one line end.
func (l *lines) swallowLF(chunk []byte) bool {
	pending := l.afterCR && len(l.line) == 0
	l.afterCR = false
	if !pending || chunk[0] != '\n' {
		return false
	}
	l.here.cr--
	l.here.lf++
	l.in.Discard(1)
	return true
}

// number gives a place as the number of its line, from 1. Programs that number lines go by
// LF; a text that has none goes by CR.
func (l *lines) number(at place) int {
	if l.here.lf == 0 {
		return at.cr + 1
	}
	return at.lf + 1
}
