package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// maxRecord bounds one row of a batch, in bytes: the fields of a row take some
// hundred, and whatever stands beside them must not fill the memory.
const maxRecord = 64 << 10

var (
	errTooLong  = errors.New("the row is longer than 65,536 bytes")
	errUnclosed = errors.New("a quoted cell is not closed")
)

// rawRow is one row of a batch as it stands in the file.
type rawRow struct {
	line int // of its first line, counted from 1
	text []byte
	err  error // why there is no text
}

// recordReader cuts a batch into rows.
type recordReader struct {
	in     *bufio.Reader
	quoted bool     // line breaks within quotes belong to the row
	line   int      // lines read so far
	ahead  []rawRow // lines that a cell not closed had taken
}

func newRecordReader(r io.Reader) *recordReader {
	return &recordReader{in: bufio.NewReaderSize(r, maxRecord)}
}

// next gives the next row that is not blank, or io.EOF.
func (r *recordReader) next() (rawRow, error) {
	for {
		row, err := r.nextLine()
		if err != nil || row.err != nil {
			return row, err
		}
		if r.quoted && open(row.text) {
			return r.untilClosed(row)
		}
		if len(bytes.TrimSpace(row.text)) > 0 {
			return row, nil
		}
	}
}

// untilClosed adds lines until the quotes of a row are closed. Where they never
// are, only the first line is at fault: the others are read again as rows.
func (r *recordReader) untilClosed(row rawRow) (rawRow, error) {
	whole := append([]byte(nil), row.text...)
	var taken []rawRow
	for len(whole) < maxRecord {
		line, err := r.nextLine()
		if err == io.EOF {
			break
		}
		if err != nil {
			return rawRow{}, err
		}
		taken = append(taken, rawRow{line.line, append([]byte(nil), line.text...), line.err})
		if line.err != nil {
			break
		}
		whole = append(append(whole, '\n'), line.text...)
		if !open(whole) {
			return rawRow{line: row.line, text: whole}, nil
		}
	}
	r.ahead = append(taken, r.ahead...)
	return rawRow{line: row.line, err: errUnclosed}, nil
}

// open tells whether the text ends within quotes. Quotes are doubled where they
// are meant, so that counting them is enough (RFC 4180, section 2).
func open(text []byte) bool { return bytes.Count(text, []byte{'"'})%2 == 1 }

// nextLine gives the next line without its end, or io.EOF. The text is good until
// the next call.
func (r *recordReader) nextLine() (rawRow, error) {
	if len(r.ahead) > 0 {
		line := r.ahead[0]
		r.ahead = r.ahead[1:]
		return line, nil
	}
	text, err := r.in.ReadSlice('\n')
	if err == io.EOF && len(text) == 0 || err != nil && err != io.EOF && err != bufio.ErrBufferFull {
		return rawRow{}, err
	}
	r.line++
	if err == bufio.ErrBufferFull {
		return rawRow{line: r.line, err: errTooLong}, r.skipLine()
	}
	return rawRow{line: r.line, text: bytes.TrimRight(text, "\r\n")}, nil
}

// skipLine reads the rest of a line that is too long.
func (r *recordReader) skipLine() error {
	for {
		if _, err := r.in.ReadSlice('\n'); err != bufio.ErrBufferFull {
			if err == io.EOF {
				return nil
			}
			return err
		}
	}
}

// idle tells whether the next row is not there yet: whoever writes the rows one by
// one waits for their answers.
func (r *recordReader) idle() bool { return r.in.Buffered() == 0 && len(r.ahead) == 0 }
