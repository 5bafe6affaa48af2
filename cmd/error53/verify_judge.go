package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"sync"
	"time"

	"error53/diag"
)

// outcome is how a case ended.
type outcome string

const (
	hasPassed  outcome = "passed"
	hasFailed  outcome = "failed"
	wasSkipped outcome = "skipped"
	wasUpdated outcome = "updated" // failed, and its expectation was rewritten
)

// result is what became of a case.
type result struct {
	file        string
	outcome     outcome
	reason      string // why it was skipped, or failed for another reason than a difference
	differences []difference
	model, ios  string // as far as known
	took        time.Duration
}

// judge runs the cases, several at once, and gives their results in their order.
func (o *verifyOptions) judge(ctx context.Context, cases []verifyCase) []result {
	results := make([]result, len(cases))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(cases)) {
		workers.Go(func() {
			for i := range next {
				start := time.Now()
				results[i] = o.judgeOne(ctx, cases[i])
				results[i].took = time.Since(start)
			}
		})
	}
	for i := range cases {
		next <- i
	}
	close(next)
	workers.Wait()
	return results
}

func (o *verifyOptions) judgeOne(ctx context.Context, c verifyCase) result {
	r := result{file: c.file, differences: []difference{}}
	if c.file == c.expect {
		return r.fail(errNoCase)
	}
	wanted, missing, err := readExpectation(c.expect)
	if err != nil {
		return r.fail(err)
	}
	if missing && !c.named && !isRecording(c.file) {
		return r.skip("no expectation beside it")
	}
	p, err := o.readCase(ctx, c.file)
	if err != nil {
		return r.fail(err)
	}
	r.model, r.ios = p.facts.ProductType.Value, p.facts.InstalledVersion.Value
	if missing {
		return r.skip("no expectation beside it")
	}
	p.state(wanted.operator())
	if p.badTarget() {
		return r.fail(p.err)
	}
	return o.compare(r, c, wanted, p.verdict)
}

// compare holds the verdict against what was expected.
func (o *verifyOptions) compare(r result, c verifyCase, wanted expectation, got diag.Verdict) result {
	r.differences = wanted.Expect.differences(got)
	if len(r.differences) == 0 {
		r.outcome = hasPassed
		return r
	}
	if q := got.Question; got.Risk == diag.RiskUnknown && q != nil && !wanted.Said.says(q.Fact) {
		r.differences = []difference{}
		return r.skip(fmt.Sprintf("%s is not known, and the verdict hangs on it: state it in \"said\"", q.Fact))
	}
	r.outcome = hasFailed
	if o.update {
		wanted.Expect = wanted.Expect.of(got)
		return r.update(c.expect, wanted)
	}
	return r
}

func (r result) skip(reason string) result {
	r.outcome, r.reason = wasSkipped, reason
	return r
}

func (r result) fail(err error) result {
	r.outcome, r.reason = hasFailed, explain(err).message
	return r
}

// update rewrites an expectation.
func (r result) update(file string, e expectation) result {
	text, err := e.bytes()
	if err == nil {
		err = os.WriteFile(file, text, 0o644)
	}
	if err != nil {
		return r.fail(&fileError{file, err})
	}
	r.outcome = wasUpdated
	return r
}

// readExpectation reads the expectation of a case, which may be missing.
func readExpectation(name string) (e expectation, missing bool, err error) {
	data, err := streams{}.load(name)
	if errors.Is(err, fs.ErrNotExist) {
		return e, true, nil
	}
	if err != nil {
		return e, false, &fileError{name, err}
	}
	e, err = parseExpectation(data)
	return e, false, err
}

// isRecording goes by the name.
func isRecording(name string) bool { return len(name) > 4 && name[len(name)-4:] == ".e53" }

// errNoCase: an expectation alone.
var errNoCase = errors.New("it expects something of a recording or a dump that is not beside it")

// errSeveral: an expectation cannot be about several phones.
var errSeveral = errors.New("several phones in one file")

// readCase reads the only phone of a file.
func (o *verifyOptions) readCase(ctx context.Context, name string) (phone, error) {
	data, err := o.load(name)
	if err != nil {
		return phone{}, err
	}
	phones, err := phonesIn(ctx, name, data)
	switch {
	case err != nil:
		return phone{}, err
	case len(phones) != 1:
		return phone{}, fmt.Errorf("verify: %w: %d", errSeveral, len(phones))
	}
	return phones[0], nil
}
