package postmortem

import (
	"math"
	"strconv"
	"strings"
	"sync"

	"error53/diag"
)

// hit is a place in a line where a rule's words stand.
type hit struct {
	rule     *rule
	line     string
	from, to int // of the words
}

func (h hit) before() string { return h.line[:h.from] }
func (h hit) behind() string { return h.line[h.to:] }

// near is what stands so close behind the words that evidence shows it.
func (h hit) near() string { return h.line[h.to:min(len(h.line), h.to+maxText/2)] }

// maxHits is how many hits of one line are looked at; no program writes so many.
const maxHits = 64

// finder looks for the words of all rules in one pass over a line.
type finder struct {
	*index
	found []hit // of the last line
}

// index holds the rules by the first two bytes of their words.
type index struct {
	heads [1 << 16 / 64]uint64 // a bit for each pair of bytes that words begin with
	rules map[uint16][]*rule
}

// indexed is made at the first log.
var indexed = sync.OnceValue(func() *index {
	x := &index{rules: map[uint16][]*rule{}}
	for i := range rules {
		r := &rules[i]
		head := headOf(r.words[0], r.words[1])
		x.heads[head/64] |= 1 << (head % 64)
		x.rules[head] = append(x.rules[head], r)
	}
	return x
})

func headOf(first, second byte) uint16 { return uint16(first)<<8 | uint16(second) }

// find gives the hits of a line in their order, valid until the next call.
func (f *finder) find(line []byte) []hit {
	f.found = f.found[:0]
	var text string
	for i := 0; i+1 < len(line); i++ {
		head := headOf(line[i], line[i+1])
		if f.heads[head/64]&(1<<(head%64)) == 0 {
			continue
		}
		for _, r := range f.rules[head] {
			if len(line)-i < len(r.words) || string(line[i:i+len(r.words)]) != r.words {
				continue
			}
			if text == "" {
				text = string(line)
			}
			if f.found = append(f.found, hit{r, text, i, i + len(r.words)}); len(f.found) == maxHits {
				return f.found
			}
		}
	}
	return f.found
}

// number reads a decimal number at the start of a text; unsigned ones of 32 and 64 bits
// that stand for negative ones become these.
func number(s string) (int64, bool) {
	s = strings.TrimLeft(s, " ")
	negative := strings.HasPrefix(s, "-")
	digits := strings.TrimPrefix(s, "-")
	end := 0
	for end < len(digits) && digits[end] >= '0' && digits[end] <= '9' {
		end++
	}
	if end < len(digits) && isWord(digits[end]) {
		return 0, false
	}
	return signed(digits[:end], 10, negative)
}

// hexNumber is number for hexadecimal ones, with or without 0x in front.
func hexNumber(s string) (int64, bool) {
	s = strings.TrimPrefix(strings.TrimPrefix(strings.TrimLeft(s, " "), "0x"), "0X")
	end := 0
	for end < len(s) && strings.IndexByte("0123456789abcdefABCDEF", s[end]) >= 0 {
		end++
	}
	if end < len(s) && isWord(s[end]) {
		return 0, false
	}
	return signed(s[:end], 16, false)
}

func signed(digits string, base int, negative bool) (int64, bool) {
	n, err := strconv.ParseUint(digits, base, 64)
	switch {
	case err != nil:
		return 0, false
	case n == math.MaxUint32:
		return -1, true
	case negative:
		return -int64(n), true
	default:
		return int64(n), true
	}
}

func isWord(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_'
}

// token is the text up to a blank, a quote or a mark that ends a value.
func token(s string) string {
	s = strings.TrimLeft(s, " \t\"'=:")
	if end := strings.IndexAny(s, " \t\"';)]}<>"); end >= 0 {
		s = s[:end]
	}
	return strings.TrimRight(s, ",.")
}

// versionIn and buildIn read a version and a build at the start of a text; "" where none
// stands there.
func versionIn(s string) string {
	v, err := diag.ParseVersion(token(s))
	if err != nil {
		return ""
	}
	return v.String()
}

func buildIn(s string) string {
	b, err := diag.ParseBuild(token(s))
	if err != nil {
		return ""
	}
	return b.String()
}

// productTypeIn reads a product type such as iPhone7,2 at the start of a text.
func productTypeIn(s string) string {
	s = token(s)
	model, rest, found := strings.Cut(s, ",")
	letters := strings.TrimRight(model, "0123456789")
	fits := found && len(s) <= 24 && letters != "" && letters != model && rest != "" &&
		strings.Trim(rest, "0123456789") == "" && strings.Trim(letters, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
	if !fits {
		return ""
	}
	return s
}
