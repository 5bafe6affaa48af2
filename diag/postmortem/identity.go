package postmortem

import (
	"strings"

	"error53/diag"
)

// claim is a value that lines give, by how much it tells, with the first line that gives
// it best.
type claim struct {
	value  string
	weight int
	line   mark
}

// The weights of claims.
const (
	fromFileName = iota + 1 // the name of an IPSW, or of a file in it
	lookedUp                // a board or chip, found in the catalog
	saidOutright
)

func (c *claim) take(value string, weight int, line mark) {
	if value != "" && weight > c.weight {
		*c = claim{strings.Clone(value), weight, line}
	}
}

// identities tell which phone it is.
var identities = []rule{
	{words: "Identified device as ", read: func(r *recorder, h hit) {
		productType, board := identified(h.behind())
		r.device.take(productType, saidOutright, r.mark(h))
		r.takeBoard(board, h)
	}},
	{words: "Found device ", read: func(r *recorder, h hit) { // [FUTURE] "Found device iPhone8,1 n71map"
		r.device.take(productTypeIn(h.behind()), saidOutright, r.mark(h))
	}},
	{words: "ProductType", read: func(r *recorder, h hit) {
		r.device.take(productTypeIn(strings.TrimPrefix(h.behind(), "</key><string>")), saidOutright, r.mark(h))
	}},
	{words: "HardwareModel", read: func(r *recorder, h hit) { r.takeBoard(token(h.behind()), h) }},
	// iTunes describes what it asks a signature for: "ap=(personalize=YES n61ap ecid=…".
	{words: "personalize=YES ", read: func(r *recorder, h hit) { r.takeBoard(token(h.behind()), h) }},
	{words: "DeviceTree.", read: func(r *recorder, h hit) {
		board, _, _ := strings.Cut(h.behind(), ".")
		r.takeFile(board, h)
	}},
	// [IDR] in decimal, on lines of their own; [PMD3] both in one.
	{words: "BoardID", read: func(r *recorder, h hit) { r.takeChip(&r.board, h, number) }},
	{words: "ChipID", read: func(r *recorder, h hit) { r.takeChip(&r.chip, h, number) }},
	// iBoot's serial string, in hexadecimal.
	{words: "CPID:", read: func(r *recorder, h hit) { r.takeChip(&r.chip, h, hexNumber) }},
	{words: "BDID:", read: func(r *recorder, h hit) { r.takeChip(&r.board, h, hexNumber) }},
}

// identified reads what stands behind "Identified device as": "n61ap, iPhone7,2", or the
// product type alone.
func identified(s string) (productType, board string) {
	for word := range strings.FieldsSeq(s) {
		if found := productTypeIn(word); found != "" {
			return found, board
		}
		board = token(word)
	}
	return "", board
}

func (r *recorder) takeBoard(board string, h hit) {
	if d, ok := diag.DeviceByBoard(board); ok {
		r.device.take(d.ProductType, lookedUp, r.mark(h))
	}
}

func (r *recorder) takeFile(board string, h hit) {
	if d, ok := diag.DeviceByBoard(board); ok {
		r.device.take(d.ProductType, fromFileName, r.mark(h))
	}
}

// takeChip takes one half of the pair of ids that names a model.
func (r *recorder) takeChip(half *int64, h hit, read func(string) (int64, bool)) {
	if h.from > 0 && isWord(h.line[h.from-1]) {
		return // UniqueChipID is another thing
	}
	id, ok := read(strings.TrimLeft(h.behind(), "'\":= "))
	if !ok {
		return
	}
	*half = id
	if r.chip < 0 || r.board < 0 {
		return
	}
	if d, known := diag.DeviceByChip(uint32(r.chip), uint32(r.board)); known {
		r.device.take(d.ProductType, lookedUp, r.mark(h))
	}
}
