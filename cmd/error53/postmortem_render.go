package main

import (
	"fmt"
	"strings"

	"error53/diag"
	"error53/diag/postmortem"
)

// autopsyScreen prints findings for people: the cause first, then the lines it rests on,
// then what to do.
type autopsyScreen struct {
	screen
	showIDs bool
}

// causeWords are the first words of a finding, and the risk whose colour it has.
var causeWords = map[postmortem.Cause]struct {
	word  string
	color diag.Risk
}{
	postmortem.Sensor:      {"SENSOR", diag.RiskHigh},
	postmortem.HostProxy:   {"PROXY", diag.RiskElevated},
	postmortem.FDRServer:   {"SERVER", diag.RiskElevated},
	postmortem.Network:     {"NETWORK", diag.RiskElevated},
	postmortem.OtherCode:   {"NOT 53", diag.RiskLow},
	postmortem.Undecidable: {"UNDECIDED", diag.RiskUnknown},
	postmortem.None:        {"SUCCEEDED", diag.RiskNone},
}

// file prints the runs of a log, and what was not read of it.
func (s autopsyScreen) file(a autopsy) {
	for _, run := range a.log.Runs {
		s.run(a.file, run)
		fmt.Fprintln(s.w)
	}
	if left := leftOut(a.log); len(a.log.Runs) > 0 && left != "" {
		writeWrapped(s.w, "", a.file+": "+left, s.width)
		fmt.Fprintln(s.w)
	}
}

func (s autopsyScreen) run(file string, run postmortem.Run) {
	words := causeWords[run.Cause]
	s.top(words.word, colors[words.color], join([]string{
		modelOf(run), ofRestore(run), ofFailure(run), fmt.Sprintf("%s, lines %d to %d", file, run.FirstLine, run.LastLine),
	}, " · "))
	s.line("finding", fmt.Sprintf("%s Confidence %s.", run.Summary, run.Confidence))
	s.line("also", alsoFailed(run))
	for i, e := range run.Evidence {
		at := fmt.Sprintf(head+"%d: ", firstOnly("evidence", i), e.Line)
		room := max(s.width-len(at), minTextWidth)
		writeWrapped(s.w, at, chop(visible(redact(e.Text, s.showIDs)), room), s.width)
	}
	for i, step := range run.Next() {
		writeWrapped(s.w, fmt.Sprintf(head+"%d. ", firstOnly("next", i), i+1), step.Text, s.width)
	}
}

func modelOf(run postmortem.Run) string {
	if d, ok := diag.DeviceByType(run.ProductType); ok {
		return d.MarketingName
	}
	if run.ProductType != "" {
		return visible(run.ProductType)
	}
	return unknownModel
}

// ofRestore says from which iOS to which; what is not known is left out.
func ofRestore(run postmortem.Run) string {
	base, target := iosOf(run.BaseVersion, run.BaseBuild), iosOf(run.TargetVersion, run.TargetBuild)
	switch {
	case base != "" && target != "":
		return base + " to " + target
	case target != "":
		return "to " + target
	case base != "":
		return "from " + base
	default:
		return ""
	}
}

func iosOf(version, build string) string {
	switch {
	case version != "":
		return withBuild("iOS "+version, build)
	case build != "":
		return "build " + build
	default:
		return ""
	}
}

func ofFailure(run postmortem.Run) string {
	var parts []string
	if run.Code != nil {
		parts = append(parts, fmt.Sprintf("code %d", *run.Code))
	}
	if run.Step != nil {
		parts = append(parts, "in "+run.Step.String())
	}
	return strings.Join(parts, " ")
}

func alsoFailed(run postmortem.Run) string {
	var codes []string
	for _, c := range run.Others {
		domain := ""
		if c.Domain != "" {
			domain = " of " + c.Domain
		}
		codes = append(codes, fmt.Sprintf("code %d%s in %s", c.Number, domain, c.Step))
	}
	return strings.Join(codes, "; ")
}

// leftOut says what of a log was not read; "" where all of it was.
func leftOut(log postmortem.Log) string {
	var parts []string
	if log.CutLines > 0 {
		parts = append(parts, fmt.Sprintf("%s longer than %d bytes, read to that length", counted(log.CutLines, "line"), postmortem.MaxLine))
	}
	if log.MoreRuns > 0 {
		parts = append(parts, fmt.Sprintf("%s behind the first %d, not shown", counted(log.MoreRuns, "run"), postmortem.MaxRuns))
	}
	if log.Unfinished {
		parts = append(parts, "it ends in the middle of a line, so that something may be missing")
	}
	return strings.Join(parts, "; ")
}
