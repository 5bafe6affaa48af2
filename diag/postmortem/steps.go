package postmortem

import (
	"cmp"
	"slices"
	"strings"
)

// stepNames are the checkpoints that failures of FDR are about, for logs that give only
// their numbers. [IDR] issues 268, 352, 370 and 490 show both; 648 is shown by iTunes.
var stepNames = map[uint16]string{
	0x0616: "fdr_create",
	0x0617: "fdr_save_data",
	0x0634: "fdr_recover",
	0x063C: "verify_fdr_data",
	0x063D: "fdr_verify_sealed_manifest",
	0x0648: "cleanup_send_final_status",
	0x065B: "asr_and_invert_image",
	0x0677: "perform_main_os_prepare",
	0x067B: "perform_restore_installing",
	0x067D: "fdr_auto_challenge_claim",
	0x069B: "fdr_prepare",
}

// wrappers are checkpoints that fail because one within them has.
var wrappers = []string{"perform_restore_installing", "perform_main_os_prepare", "restore_images"}

func stepOf(id uint16, name string) Step {
	return Step{id, cmp.Or(strings.Clone(name), stepNames[id])}
}

func (s Step) isFDR() bool { return strings.Contains(strings.ToLower(s.Name), "fdr") }

// isFrame tells a step that says nothing about what went wrong within it.
func (s Step) isFrame() bool {
	return slices.Contains(wrappers, s.Name) || strings.HasPrefix(s.Name, "cleanup_")
}

// isName tells the name of a checkpoint from other text.
func isName(s string) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	for i := range len(s) {
		if !isWord(s[i]) {
			return false
		}
	}
	return true
}

// failedStep finds the innermost step that failed with the final code; nil where the lines
// do not tell.
func (r *recorder) failedStep() *Step {
	if step := r.failureWithCode(); step != nil {
		return step
	}
	if step := r.openStep(); step != nil {
		return step
	}
	if step := stepOf(r.errorStep, ""); r.errorLine.text != "" {
		return &step
	}
	if n := len(r.failures); n > 0 && !r.final.known {
		step := stepOf(r.failures[n-1].step, r.failures[n-1].name)
		return &step
	}
	if r.fdrEntered.text != "" && (r.final.isCode(fdrFailure) || r.mesa.text != "") {
		_, name, _ := strings.Cut(r.fdrEntered.text, "entering ")
		if name = token(name); !isName(name) {
			name = "RestoredFDR"
		}
		return &Step{Name: strings.Clone(name)}
	}
	return nil
}

// failureWithCode goes back from the last failure with the final code, as long as that is
// only the frame of the one before.
func (r *recorder) failureWithCode() *Step {
	var step *Step
	for i := len(r.failures) - 1; i >= 0; i-- {
		f := r.failures[i]
		fits := f.said && r.final.isCode(f.code)
		if step != nil && !fits {
			break
		}
		if fits {
			found := stepOf(f.step, f.name)
			r.stepLine, step = f.line, &found
		}
		if step != nil && !step.isFrame() {
			break
		}
	}
	return step
}

// openStep is the innermost step that was under way when the ramdisk began to clear up.
func (r *recorder) openStep() *Step {
	var step *Step
	for _, e := range dictIn(r.open) {
		name := strings.TrimRight(e.value, "}\r")
		if found := stepOf(e.step(), name); isName(name) && !found.isFrame() {
			r.stepLine, step = r.openLine, &found
		}
	}
	return step
}
