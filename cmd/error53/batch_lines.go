package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strconv"
	"strings"

	"error53/diag"
)

// batchLine is the answer to a row: a verdict, or why there is none.
type batchLine struct {
	line    int
	summary diag.Summary
	err     error
}

// The forms in which a batch is answered.
const (
	formatJSON = "json"
	formatCSV  = "csv"
)

var batchFormats = []string{formatJSON, formatCSV}

// lineWriter adds the line of an answer to b.
type lineWriter func(b *bytes.Buffer, answer batchLine)

// writeJSONLine writes by hand what is made of numbers and of this program's own
// words: encoding/json takes four times as long.
func writeJSONLine(b *bytes.Buffer, answer batchLine) {
	if answer.err != nil {
		writeJSONError(b, answer)
		return
	}
	s := answer.summary
	text := append(b.AvailableBuffer(), `{"line":`...)
	text = strconv.AppendInt(text, int64(answer.line), 10)
	text = appendWord(text, `,"prediction":{"effect":`, s.Effect)
	text = appendWord(text, `,"worst":`, s.Worst)
	text = appendWord(text, `,"confidence":`, s.Confidence)
	text = appendWord(text, `},"check":{"documented":`, s.Documented)
	text = append(text, `,"agrees":`...)
	if s.Agrees == nil {
		text = append(text, "null"...)
	} else {
		text = strconv.AppendBool(text, *s.Agrees)
	}
	separator := `,"disagreement":[`
	for _, reason := range s.Disagreement {
		text, separator = appendWord(text, separator, reason), ","
	}
	if separator != "," {
		text = append(text, separator...)
	}
	text = appendWord(text, `]},"risk":`, s.Risk)
	text = appendWord(text, `,"question":`, s.Question)
	b.Write(append(text, "}\n"...))
}

// appendWord adds a key and its word, or null for none.
func appendWord[T ~string](text []byte, key string, word T) []byte {
	text = append(text, key...)
	if word == "" {
		return append(text, "null"...)
	}
	return append(append(append(text, '"'), word...), '"')
}

type jsonRowError struct {
	Line  int `json:"line"`
	Error struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

func writeJSONError(b *bytes.Buffer, answer batchLine) {
	e := explainRowOfBatch(answer.err)
	line := jsonRowError{Line: answer.line}
	line.Error.Code, line.Error.Message = e.code, e.message
	text, err := json.Marshal(line)
	if err != nil {
		panic(err) // a number and two texts
	}
	b.Write(append(escapeActing(text), '\n'))
}

var csvHeader = []string{"line", "effect", "worst", "confidence", "documented", "agrees", "disagreement", "risk", "question", "code", "message"}

func writeCSVLine(b *bytes.Buffer, answer batchLine) {
	cells := make([]string, len(csvHeader))
	cells[0] = strconv.Itoa(answer.line)
	if answer.err != nil {
		e := explainRowOfBatch(answer.err)
		cells[9], cells[10] = e.code, e.message
	} else {
		s := answer.summary
		copy(cells[1:], []string{
			string(s.Effect), string(s.Worst), string(s.Confidence), string(s.Documented),
			agreesWord(s.Agrees), joined(s.Disagreement), string(s.Risk), string(s.Question),
		})
	}
	writeCSV(b, cells)
}

func agreesWord(agrees *bool) string {
	if agrees == nil {
		return ""
	}
	return strconv.FormatBool(*agrees)
}

func joined(reasons []diag.Disagreement) string {
	words := make([]string, len(reasons))
	for i, reason := range reasons {
		words[i] = string(reason)
	}
	return strings.Join(words, " ")
}

func writeCSV(b *bytes.Buffer, cells []string) {
	for i := range cells {
		cells[i] = neutral(cells[i])
	}
	w := csv.NewWriter(b)
	w.Write(cells) // a buffer takes all
	w.Flush()
}

// neutral keeps a spreadsheet from taking a cell for a formula (OWASP, "CSV
// injection"): a quote in front makes it text.
func neutral(cell string) string {
	if cell != "" && strings.IndexByte("=+-@\t\r", cell[0]) >= 0 {
		return "'" + cell
	}
	return cell
}

// fieldNames puts the names of fields where predict speaks of its flags.
var fieldNames = strings.NewReplacer("--product-type", "productType", "--mode", "mode", "--ios", "installedVersion",
	"--build", "installedBuild", "--repair", "repair", "--touch-id", "touchId", "--via", "way")

// explainRowOfBatch finds the words for a row that has no verdict.
func explainRowOfBatch(err error) explanation {
	e := explain(err)
	if e.code != "bad-target" {
		e.code = "bad-row"
	}
	e.message = fieldNames.Replace(e.message)
	return e
}
