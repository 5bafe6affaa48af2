package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"error53/diag"
)

// questionsPerPhone is how much a technician is asked about one phone.
const questionsPerPhone = 2

// interviewer asks the technician what no cable can tell. It asks only where the
// answer changes the headline.
type interviewer struct {
	ctx   context.Context // its end is the end of the questions: Ctrl-C at a prompt
	lines <-chan string   // what is typed, closed at its end
	out   io.Writer
	width int
}

// typed reads lines in the background, since nothing can wake up who waits for a
// key. It ends with the input, at the first line after ctx, or with the process.
func typed(ctx context.Context, r io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		for scanner := bufio.NewScanner(r); scanner.Scan(); {
			select {
			case lines <- scanner.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	return lines
}

// choice is one key and what it stands for.
type choice struct {
	key   string
	word  string
	label string
}

var choices = map[diag.FactName][]choice{
	diag.AskRepair: {
		{"n", string(diag.RepairNone), "none"},
		{"a", string(diag.RepairApple), "Apple"},
		{"t", string(diag.ThirdPartySensor), "third party: button, sensor, cable, board"},
		{"s", string(diag.ThirdPartyScreen), "third party: screen only"},
		{"d", string(diag.Damaged), "damaged, not repaired"},
	},
	diag.AskTouchID: {
		{"y", string(diag.TouchIDYes), "yes"},
		{"n", string(diag.TouchIDNo), "no"},
	},
	diag.AskTarget: {
		{"n", diag.Newest, "the newest"},
	},
	diag.AskTargetBuild: {
		{"5", "9.2.1:13D15", "13D15"},
		{"2", "9.2.1:13D20", "13D20"},
	},
	diag.AskWay: {
		{"o", string(diag.OTA), "over the air"},
		{"c", string(diag.ComputerUpdate), "by a computer"},
	},
}

// interview asks about one phone until no answer would change its headline, two
// questions were asked, or the technician does not know. It tells whether
// anything was learnt.
func (i interviewer) interview(p *phone, who string) (learnt bool) {
	for range questionsPerPhone {
		question := p.verdict.Question
		if question == nil {
			return learnt
		}
		answer, ok := i.ask(question, who)
		if !ok {
			return learnt
		}
		if err := answered(&p.facts, question.Fact, answer); err != nil {
			report(i.out, err, "")
			continue
		}
		p.decide()
		learnt = true
	}
	return learnt
}

// ask puts one question; false when the technician does not know, or is gone.
func (i interviewer) ask(question *diag.Question, who string) (string, bool) {
	writeWrapped(i.out, "", who+": "+question.Text, i.width)
	for {
		writeWrapped(i.out, "  ", menu(question.Fact), i.width)
		fmt.Fprint(i.out, "  > ")
		line, ok := i.line()
		if !ok {
			fmt.Fprintln(i.out)
			return "", false
		}
		if answer, known := match(question.Fact, strings.TrimSpace(line)); known {
			return answer, answer != ""
		}
		fmt.Fprintln(i.out, "  that is none of the answers")
	}
}

// line waits for a line; false when there will be none.
func (i interviewer) line() (string, bool) {
	select {
	case line, ok := <-i.lines:
		return line, ok
	case <-i.ctx.Done():
		return "", false
	}
}

// menu lists the answers.
func menu(fact diag.FactName) string {
	var answers []string
	for _, c := range choices[fact] {
		answers = append(answers, fmt.Sprintf("[%s] %s", c.key, c.label))
	}
	if fact == diag.AskTarget {
		answers = append(answers, "[9.2.1 …] a version")
	}
	return strings.Join(append(answers, "[Enter] not known"), " · ")
}

// match finds the word for what was typed; "" for not known.
func match(fact diag.FactName, typed string) (word string, ok bool) {
	folded := strings.ToLower(typed)
	if folded == "" || folded == "u" {
		return "", true
	}
	for _, c := range choices[fact] {
		if folded == c.key || folded == strings.ToLower(c.word) {
			return c.word, true
		}
	}
	if fact == diag.AskTarget {
		return typed, true
	}
	return "", false
}

// answered adds an answer to the facts; it fails on a target the device never had.
func answered(f *diag.Facts, fact diag.FactName, word string) error {
	said := operator{}
	switch fact {
	case diag.AskRepair:
		f.Repair = diag.Known(diag.Repair(word), diag.FromOperator)
	case diag.AskTouchID:
		f.TouchID = diag.Known(diag.TouchID(word), diag.FromOperator)
	case diag.AskWay:
		f.Way = diag.Known(diag.Way(word), diag.FromOperator)
	case diag.AskTarget, diag.AskTargetBuild:
		said.target = word
		return said.applyTarget(f)
	}
	return nil
}
