package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// batch answers rows by the thousand: predict for each, in the order of the rows.
// Several workers decide at once, a chunk of rows each, so that memory stays the
// same however many rows there are.
type batch struct {
	records *recordReader
	parse   rowParser
	write   lineWriter
	out     io.Writer
	meter   *meter
	spare   sync.Pool // of chunks
}

// chunkRows is how many rows a worker takes at once.
const chunkRows = 512

// chunk is some rows, then their answers.
type chunk struct {
	rows   []rawRow
	text   []byte // of the rows
	answer bytes.Buffer
	failed int
	done   chan struct{}
}

// runBatch answers the batch in a file, "-" for standard input.
func (o *predictOptions) runBatch(cmd *cobra.Command) error {
	if err := o.onlyBatch(cmd.Flags()); err != nil {
		return err
	}
	in, closeInput, err := openInput(o.in, o.batch)
	if err != nil {
		return err
	}
	defer closeInput()
	b := &batch{records: newRecordReader(in), write: writeJSONLine, out: o.out, meter: newMeter(o.streams)}
	b.spare.New = func() any { return new(chunk) }
	if err := b.begin(o.err); err != nil {
		return err
	}
	if o.format == formatCSV {
		b.write = writeCSVLine
		fmt.Fprintln(o.out, strings.Join(csvHeader, ","))
	}
	failed, err := b.run(cmd.Context())
	b.meter.stop()
	if err != nil {
		return err
	}
	if failed > 0 {
		fmt.Fprintf(o.err, "error: rows without a verdict: %d\n", failed)
		return exitWith(exitFailure)
	}
	return nil
}

// onlyBatch refuses flags beside a batch: its rows say it all.
func (o *predictOptions) onlyBatch(flags *pflag.FlagSet) error {
	var err error
	flags.Visit(func(f *pflag.Flag) {
		switch f.Name {
		case "batch", "format", "json", "no-color":
		default:
			err = &usageError{"--" + f.Name + " and --batch do not go together", "write it in the rows: " + strings.Join(batchFields, ", ")}
		}
	})
	return cmp.Or(err, oneOf("--format", o.format, batchFormats))
}

func openInput(in io.Reader, name string) (io.Reader, func() error, error) {
	if name == "-" {
		return in, func() error { return nil }, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	if info, err := file.Stat(); err == nil && info.IsDir() {
		file.Close()
		return nil, nil, errFolder
	}
	return file, file.Close, nil
}

// begin finds out in which form the rows come: NDJSON where the first character is
// "{", else CSV with a header.
func (b *batch) begin(talk io.Writer) error {
	start, _ := b.records.in.Peek(3)
	switch {
	case bytes.HasPrefix(start, []byte("\xef\xbb\xbf")):
		b.records.in.Discard(3) // a byte order mark, as Windows puts it
	case bytes.HasPrefix(start, []byte("\xff\xfe")), bytes.HasPrefix(start, []byte("\xfe\xff")):
		return &usageError{"the batch is in UTF-16", "save it as CSV UTF-8"}
	}
	first, err := b.records.next()
	switch {
	case err == io.EOF:
		return &usageError{"the batch is empty", "a row needs at least productType; see error53 predict --help"}
	case err != nil:
		return err
	case first.err != nil:
		return &usageError{"the first row of the batch cannot be read: " + first.err.Error(), "begin it with a header: " + strings.Join(batchFields, ",")}
	case bytes.TrimSpace(first.text)[0] == '{':
		first.text = bytes.Clone(first.text)
		b.parse, b.records.ahead = parseJSONRow, []rawRow{first}
		return nil
	}
	b.records.quoted = true
	parse, unused, err := csvRows(first.text)
	if len(unused) > 0 {
		fmt.Fprintf(talk, "columns not used: %s\n", visible(strings.Join(unused, ", ")))
	}
	b.parse = parse
	return err
}

// run answers every row and tells how many have no verdict.
func (b *batch) run(ctx context.Context) (failed int, err error) {
	ctx, cancel := context.WithCancel(ctx)
	workers := runtime.GOMAXPROCS(0)
	toDecide, toWrite := make(chan *chunk), make(chan *chunk, 2*workers)
	var reading, deciding sync.WaitGroup
	var readErr error
	reading.Go(func() { readErr = b.read(ctx, toDecide, toWrite) })
	for range workers {
		deciding.Go(func() { b.decide(toDecide) })
	}
	failed, err = b.writeAll(ctx, toWrite)
	cancel()
	if err != nil {
		return failed, err // the reader may hang on a pipe: it is not waited for
	}
	reading.Wait()
	deciding.Wait()
	return failed, readErr
}

// read fills chunks and hands each to a worker, and in their order to the writer.
func (b *batch) read(ctx context.Context, toDecide, toWrite chan<- *chunk) error {
	defer close(toWrite)
	defer close(toDecide)
	for {
		c, err := b.readChunk()
		if len(c.rows) > 0 && !(send(ctx, toWrite, c) && send(ctx, toDecide, c)) {
			return nil
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the batch: %w", err)
		}
	}
}

func send(ctx context.Context, to chan<- *chunk, c *chunk) bool {
	select {
	case to <- c:
		return true
	case <-ctx.Done():
		return false
	}
}

// readChunk reads rows until there are enough, or the next is yet to come.
func (b *batch) readChunk() (*chunk, error) {
	c := b.spare.Get().(*chunk)
	c.rows, c.text, c.failed, c.done = c.rows[:0], c.text[:0], 0, make(chan struct{})
	c.answer.Reset()
	for {
		row, err := b.records.next()
		if err != nil {
			return c, err
		}
		at := len(c.text)
		c.text = append(c.text, row.text...)
		row.text = c.text[at:len(c.text):len(c.text)]
		c.rows = append(c.rows, row)
		if len(c.rows) == chunkRows || len(c.text) >= maxRecord || b.records.idle() {
			return c, nil
		}
	}
}

func (b *batch) decide(chunks <-chan *chunk) {
	for c := range chunks {
		for _, row := range c.rows {
			answer := b.answer(row)
			if answer.err != nil {
				c.failed++
			}
			b.write(&c.answer, answer)
		}
		close(c.done)
	}
}

func (b *batch) answer(row rawRow) batchLine {
	answer := batchLine{line: row.line, err: row.err}
	var stated batchRow
	if answer.err == nil {
		stated, answer.err = b.parse(row.text)
	}
	if answer.err == nil {
		answer.summary, answer.err = decideRow(stated)
	}
	return answer
}

// wait tells whether the chunk has been decided, which it never is after an interrupt.
func (c *chunk) wait(ctx context.Context) bool {
	select {
	case <-c.done:
		return true
	case <-ctx.Done():
		return false
	}
}

// writeAll writes the answers in the order of the rows.
func (b *batch) writeAll(ctx context.Context, chunks <-chan *chunk) (failed int, err error) {
	for {
		select {
		case <-ctx.Done():
			return failed, ctx.Err()
		case c, more := <-chunks:
			if !more || !c.wait(ctx) {
				return failed, ctx.Err()
			}
			if _, err := b.out.Write(c.answer.Bytes()); err != nil {
				return failed, fmt.Errorf("write the answers: %w", err)
			}
			failed += c.failed
			b.meter.add(len(c.rows))
			b.spare.Put(c)
		}
	}
}
