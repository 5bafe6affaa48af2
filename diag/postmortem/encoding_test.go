package postmortem_test

import (
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag/postmortem"
)

func units(text string, order binary.AppendByteOrder) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		b = order.AppendUint16(b, unit)
	}
	return string(b)
}

// A log says the same in every encoding and with every kind of line end, in lines of the
// same numbers.
func TestEncodings(t *testing.T) {
	t.Parallel()
	crlf := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
	encodings := []struct {
		name   string
		encode func(string) string
	}{
		{"UTF-8 with a mark", func(s string) string { return "\ufeff" + s }},
		{"CRLF", crlf},
		{"CR", func(s string) string { return strings.ReplaceAll(s, "\n", "\r") }},
		{"UTF-16 LE", func(s string) string { return units(s, binary.LittleEndian) }},
		{"UTF-16 LE with a mark", func(s string) string { return units("\ufeff"+s, binary.LittleEndian) }},
		{"UTF-16 LE with a mark and CRLF", func(s string) string { return units("\ufeff"+crlf(s), binary.LittleEndian) }},
		{"UTF-16 BE", func(s string) string { return units(s, binary.BigEndian) }},
		{"UTF-16 BE with a mark", func(s string) string { return units("\ufeff"+s, binary.BigEndian) }},
		{"UTF-16 with an odd byte at the end", func(s string) string { return units(s, binary.LittleEndian) + "x" }},
		{"zeros around the lines", func(s string) string { return "\x00\x00" + strings.ReplaceAll(s, "\n", "\x00\x00\n") }},
	}
	for _, e := range encodings {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			for _, test := range fixtures {
				text := fixture(t, test.file)
				want, got := read(t, text), read(t, e.encode(text))
				assert.Equal(t, want.Runs, got.Runs, test.file)
			}
		})
	}
}

// The bytes of a log come in pieces of any size.
func TestPieces(t *testing.T) {
	t.Parallel()
	for _, test := range fixtures {
		text := strings.ReplaceAll(fixture(t, test.file), "\n", "\r\n")
		want := read(t, text)
		for name, pieces := range map[string]func(io.Reader) io.Reader{"one by one": iotest.OneByteReader, "halves": iotest.HalfReader, "with the error": iotest.DataErrReader} {
			got, err := postmortem.Read(t.Context(), pieces(strings.NewReader(text)))
			require.NoError(t, err)
			assert.Equal(t, want, got, "%s %s", test.file, name)
		}
	}
}

// Text that UTF-16 cannot be made of is taken as it comes.
func TestBrokenUTF16(t *testing.T) {
	t.Parallel()
	log := read(t, "\xff\xfe"+units("Got status message\n", binary.LittleEndian)+"\x00\xd8"+units("\n", binary.LittleEndian)+
		"\x00\xdc"+units("Status: Fail\n", binary.LittleEndian)+"\x00\xd8")
	require.Len(t, log.Runs, 1)
	assert.Equal(t, int64(14), *log.Runs[0].Code)
}

// A program redraws its progress behind a CR; the line that is redrawn stays one line.
func TestProgressIsOneLine(t *testing.T) {
	t.Parallel()
	log := read(t, "Got status message\n[=   ]  1%\r[==  ] 50%\rStatus: Fail\n")
	assert.Equal(t, []postmortem.Evidence{{Line: 2, Text: "Status: Fail"}}, log.Runs[0].Evidence)
}
