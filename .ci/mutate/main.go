// Command mutate shows that the tests hold the tables of the decision: it changes
// one cell at a time and runs the tests of package diag, which must fail.
//
//	go run ./.ci/mutate
//
// The tree is not touched: each change is laid over it (go help build, -overlay).
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// mutation is one cell of the decision changed.
type mutation struct {
	cell     string
	file     string
	old, new string
}

var mutations = []mutation{
	{"class: iPad mini 3 is affected", "class.go", `"iPad4,7", "iPad4,8", "iPad4,9",`, `"iPad4,8", "iPad4,9",`},
	{"class: the button of the 7 is part of it", "class.go", `"iPhone9,1", "iPhone9,2", "iPhone9,3", "iPhone9,4"}`, `"iPhone9,1", "iPhone9,2", "iPhone9,3"}`},
	{"sensor: a third-party sensor that works is good", "sensor.go", `if touchID == TouchIDYes {`, `if touchID == TouchIDYes && repair != ThirdPartySensor {`},
	{"sensor: none, and Touch ID does not work: maybe", "sensor.go", `if touchID != TouchIDNo {`, `if true {`},
	{"band: the fix is 13D20", "band.go", `fixBuild    = Build{Major: 13, Train: 'D', Number: 20}`, `fixBuild    = Build{Major: 13, Train: 'D', Number: 15}`},
	{"band: a beta of 9.3 is undecided", "band.go", `return beta`, `return fixed`},
	{"prediction: below the fix, bad, over the air: refused", "predict.go", `return UpdateRefused`, `return Error53`},
	{"prediction: button is part of it: home button dead", "predict.go", `return HomeButtonDead`, `return TouchIDOff`},
	{"confidence: target 8.0 to 8.2 is medium", "predict.go", `v.Minor <= 2`, `v.Minor <= 1`},
	{"rules: core means iOS before 9.3.1", "rules.go", `documentedFix = Version{Major: 9, Minor: 3, Patch: 1}`, `documentedFix = Version{Major: 9, Minor: 3}`},
	{"risk: error-53 is high", "risk.go", `return RiskHigh`, `return RiskElevated`},
	{"risk: documented at-risk is at least elevated", "risk.go", `case documented == AtRisk:`, `case documented == AtRisk && effect == EffectUnknown:`},
	{"question: ties go to the earlier fact", "question.go", `n > most`, `n >= most`},
	{"target: none stated in recovery is the newest", "case.go", `return c.Device.Last`, `return c.Device.oldest()`},
	{"iboot: an older build bounds the release from below", "iboot.go", `lowest = build.highest`, `lowest = line.lowest`},
	{"iboot: a newer build bounds the release from above", "iboot.go", `highest = build.lowest`, `highest = line.highest`},
	{"iboot: releases that part decide nothing", "within.go", `if !sameAnswer(`, `if len(c.Device.ProductType) == 0 && !sameAnswer(`},
}

func main() {
	survived := 0
	for _, m := range mutations {
		verdict, err := m.test()
		if err != nil {
			fmt.Fprintln(os.Stderr, "error:", err)
			os.Exit(1)
		}
		if verdict == "" {
			survived++
			verdict = "SURVIVED"
		}
		fmt.Printf("%-55s %s\n", m.cell, verdict)
	}
	if survived > 0 {
		os.Exit(1)
	}
}

// test runs the tests over the mutation and names one that failed; "" where all passed.
func (m mutation) test() (failed string, err error) {
	overlay, err := m.overlay()
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(filepath.Dir(overlay))
	out, err := exec.Command("go", "test", "-failfast", "-overlay", overlay, "./diag").CombinedOutput()
	if err == nil {
		return "", nil
	}
	for line := range strings.Lines(string(out)) {
		if name, found := strings.CutPrefix(strings.TrimSpace(line), "--- FAIL: "); found {
			return name, nil
		}
	}
	return "", fmt.Errorf("%s: no test ran:\n%s", m.cell, out)
}

// overlay writes the changed file and the list that puts it over the real one.
func (m mutation) overlay() (string, error) {
	path, err := filepath.Abs(filepath.Join("diag", m.file))
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	if n := strings.Count(string(text), m.old); n != 1 {
		return "", fmt.Errorf("%s: diag/%s has %q %d times", m.cell, m.file, m.old, n)
	}
	folder, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return "", err
	}
	changed, list := filepath.Join(folder, m.file), filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(changed, []byte(strings.Replace(string(text), m.old, m.new, 1)), 0o600); err != nil {
		return "", err
	}
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {path: changed}})
	if err != nil {
		return "", err
	}
	return list, os.WriteFile(list, replace, 0o600)
}
