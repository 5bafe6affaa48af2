package postmortem

import "strings"

// maxText is how much of a line is kept as evidence, in bytes.
const maxText = 300

// mark is a line to come back to; its text is empty where there is none.
type mark struct {
	at   place
	text string
}

// recorder gathers what the lines of one run say. It keeps a few of them, so that it stays
// small however long the run is.
type recorder struct {
	at          place // of the line that is read
	first, last place

	tool         Tool
	device       claim
	chip, board  int64 // -1 where not known
	base, target release

	final     ending
	failures  []failure // from the first to the last
	errorStep uint16
	errorLine mark
	open      string // the steps under way when the ramdisk cleared up
	openLine  mark
	stepLine  mark
	codes     []entry
	domains   []entry

	blames     map[Cause]blame
	fdrEntered mark
	mesa       mark
	gaveUp     mark // the program says that it failed, and not why

	ended        bool
	ownLogNext   bool // the log of the phone that follows is that of this run
	previousNext bool // what follows is the log of the run before
	integerNext  bool // the integer in the next line is a final status
	integerHere  bool
}

func newRecorder(at place) *recorder {
	return &recorder{first: at, last: at, chip: -1, board: -1, blames: map[Cause]blame{}}
}

// take reads the hits of a line.
func (r *recorder) take(hits []hit, at place) {
	r.at, r.last = at, at
	r.integerHere, r.integerNext = r.integerNext, false
	for _, h := range hits {
		if h.rule.read != nil {
			h.rule.read(r, h)
		}
	}
}

// progressed tells whether the restore itself has begun.
func (r *recorder) progressed() bool {
	return r.final.known || len(r.failures) > 0 || r.fdrEntered.text != "" || r.open != ""
}

// mark keeps the line of a hit, cut around it where it is long.
func (r *recorder) mark(h hit) mark {
	text := strings.TrimSpace(h.line)
	if len(text) > maxText {
		from := max(0, min(h.from-maxText/3, len(h.line)-maxText))
		text = ellipsis(from > 0) + strings.ToValidUTF8(h.line[from:min(from+maxText, len(h.line))], "") + ellipsis(from+maxText < len(h.line))
	}
	return mark{r.at, strings.Clone(text)}
}

func ellipsis(cut bool) string {
	if cut {
		return "…"
	}
	return ""
}
