package postmortem

import (
	"cmp"
	"strings"
)

// checkpoints are the lines in which the restore ramdisk, or a program that listens to it,
// tells which step it takes. iOS 9 and older print none.
var checkpoints = []rule{
	// The phone: "CHECKPOINT FAILURE:(FAILURE:53) RESTORED:[0x0634] fdr_recover [0]D(…)".
	{words: "CHECKPOINT FAILURE:(FAILURE:", read: readFailure},
	{words: "restore-step-results", read: variable((*recorder).results)},
	{words: "restore-step-codes", read: variable(func(r *recorder, h hit) { r.codes = dictIn(h.behind()) })},
	{words: "restore-step-domains", read: variable(func(r *recorder, h hit) { r.domains = dictIn(h.behind()) })},
	{words: "restore-step-names", read: variable(readOpen)},
	{words: "restore-step-error", read: variable(func(r *recorder, h hit) {
		if entries := dictIn(h.behind()); len(entries) > 0 {
			r.errorStep, r.errorLine = entries[0].step(), r.mark(h)
		}
	})},
	// [IDR] before 2023, and futurerestore: "Checkpoint 4294968884 complete with code 53".
	{words: " complete with code ", read: readDecimal},
	// [IDR] since: "Checkpoint completed id: 0x634 (fdr_recover) result=53", and
	// "Checkpoint FAILURE id: 0x634 result=53: [0]D(…)".
	{words: "Checkpoint completed id: ", read: readHost},
	{words: "Checkpoint FAILURE id: ", read: func(r *recorder, h hit) {
		readHost(r, h)
		if step, name, ok := hostStep(h); ok {
			r.failed(failure{step: step, name: name, line: r.mark(h)})
		}
	}},
	// [PMD3] checkpoint: {…, 'CHECKPOINT_RESULT': 53, 'CHECKPOINT_NAME': 'fdr_recover', …}.
	{words: "'CHECKPOINT_RESULT': ", read: readPython},
	{words: "entering RestoredFDR", read: func(r *recorder, h hit) { r.fdrEntered = r.mark(h) }},
}

// failure is a step that failed, with the code where the line gives one.
type failure struct {
	step uint16
	name string
	code int64
	said bool // whether a code was given
	line mark
}

func readFailure(r *recorder, h hit) {
	code, ok := number(h.behind())
	_, rest, found := strings.Cut(h.near(), "[0x")
	step, fits := hexNumber(rest)
	if !ok || !found || !fits {
		return
	}
	name := ""
	if _, behind, found := strings.Cut(rest, "] "); found {
		name, _, _ = strings.Cut(behind, " ")
	}
	r.failed(failure{uint16(step), name, code, code != 0, r.mark(h)})
	r.found(code, byPhone, h)
}

func readDecimal(r *recorder, h hit) {
	_, id, found := strings.Cut(h.before(), "Checkpoint ")
	step, ok := number(id)
	code, fits := number(h.behind())
	if found && ok && fits && code != 0 {
		r.failed(failure{uint16(step), "", code, true, r.mark(h)})
		r.found(code, byPhone, h)
	}
}

func readHost(r *recorder, h hit) {
	_, result, found := strings.Cut(h.near(), "result=")
	code, ok := number(result)
	step, name, fits := hostStep(h)
	if found && ok && fits && code != 0 {
		r.failed(failure{step, name, code, true, r.mark(h)})
		r.found(code, byPhone, h)
	}
}

// hostStep reads "0x634 (fdr_recover)"; the name may be missing.
func hostStep(h hit) (step uint16, name string, ok bool) {
	id, ok := hexNumber(h.behind())
	if _, rest, found := strings.Cut(h.behind(), " ("); found {
		name, _, _ = strings.Cut(rest, ")")
	}
	if !isName(name) {
		name = ""
	}
	return uint16(id), name, ok
}

func readPython(r *recorder, h hit) {
	code, ok := number(h.behind())
	_, id, found := strings.Cut(h.line, "'CHECKPOINT_ID': ")
	step, fits := number(strings.TrimRight(token(id), "}"))
	if !ok || !found || !fits || code == 0 {
		return
	}
	name := ""
	if _, rest, found := strings.Cut(h.line, "'CHECKPOINT_NAME': '"); found {
		name, _, _ = strings.Cut(rest, "'")
	}
	r.failed(failure{uint16(step), name, code, true, r.mark(h)})
	r.found(code, byPhone, h)
}

// failed adds a failure. The last one of the same step is made up for.
func (r *recorder) failed(f failure) {
	if !isName(f.name) {
		f.name = ""
	}
	if last := len(r.failures) - 1; last >= 0 && r.failures[last].step == f.step {
		f.name, f.line = cmp.Or(f.name, r.failures[last].name), r.failures[last].line
		if !f.said {
			f.code, f.said = r.failures[last].code, r.failures[last].said
		}
		r.failures[last] = f
		return
	}
	if len(r.failures) < maxEntries {
		r.failures = append(r.failures, f)
	}
}
