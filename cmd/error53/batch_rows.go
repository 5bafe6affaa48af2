package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"error53/diag"
)

// batchFields are the fields of a row, as CSV names its columns and NDJSON its keys.
var batchFields = []string{
	"productType", "mode", "installedVersion", "installedBuild",
	"repair", "touchId", "targetVersion", "targetBuild", "way",
}

// batchRow is what a row states; empty means not known.
type batchRow [9]string

// asked puts a row in the words of predict's flags, so that the row is read as they are.
func (r batchRow) asked() predictOptions {
	target := r[6]
	if target != "" && r[7] != "" {
		target += ":"
	}
	return predictOptions{
		productType: r[0], mode: r[1], installed: r[2], build: r[3],
		operator: operator{repair: r[4], touchID: r[5], target: target + r[7], way: r[8]},
	}
}

// rowParser makes rows of records.
type rowParser func(text []byte) (batchRow, error)

var errNotText = errors.New("the row is not UTF-8 text")

// jsonRow is a row of NDJSON. Keys that are no field belong to whoever wrote them.
type jsonRow struct {
	ProductType      string `json:"productType"`
	Mode             string `json:"mode"`
	InstalledVersion string `json:"installedVersion"`
	InstalledBuild   string `json:"installedBuild"`
	Repair           string `json:"repair"`
	TouchID          string `json:"touchId"`
	TargetVersion    string `json:"targetVersion"`
	TargetBuild      string `json:"targetBuild"`
	Way              string `json:"way"`
}

func parseJSONRow(text []byte) (batchRow, error) {
	if !utf8.Valid(text) {
		return batchRow{}, errNotText
	}
	var r jsonRow
	err := json.Unmarshal(text, &r)
	if err != nil {
		return batchRow{}, rowError(err)
	}
	row := batchRow{r.ProductType, r.Mode, r.InstalledVersion, r.InstalledBuild, r.Repair, r.TouchID, r.TargetVersion, r.TargetBuild, r.Way}
	for i := range row {
		row[i] = strings.TrimSpace(row[i])
	}
	return row, nil
}

// rowError tells a value of the wrong type from a row that is no object at all.
func rowError(err error) error {
	var wrong *json.UnmarshalTypeError
	switch {
	case !errors.As(err, &wrong):
		return fmt.Errorf("the row is no JSON object: %w", err)
	case wrong.Field == "":
		return fmt.Errorf("the row is no JSON object, but a JSON %s", wrong.Value)
	default:
		return fmt.Errorf("%s is a JSON %s: put it in quotes", wrong.Field, wrong.Value)
	}
}

// csvRows reads the header of a CSV and gives the parser of its rows, and the
// columns that are no field.
func csvRows(header []byte) (parse rowParser, unused []string, err error) {
	separator := separatorOf(header)
	names, err := cells(header, separator)
	if err != nil {
		return nil, nil, &usageError{"the header of the batch cannot be read", err.Error()}
	}
	columns := make([]int, len(names)) // which field each column is; -1 = none
	for at, name := range names {
		columns[at] = slices.IndexFunc(batchFields, func(field string) bool { return strings.EqualFold(field, name) })
		switch {
		case columns[at] < 0:
			unused = append(unused, name)
		case slices.Contains(columns[:at], columns[at]):
			return nil, nil, &usageError{fmt.Sprintf("the batch has two columns %s", name), "name each column once"}
		}
	}
	if !slices.Contains(columns, 0) {
		return nil, nil, &usageError{"the batch has no column productType", "begin it with a header: " + strings.Join(batchFields, ",")}
	}
	return func(text []byte) (batchRow, error) { return csvRow(text, separator, columns) }, unused, nil
}

// separatorOf finds what a spreadsheet put between its cells: the character
// depends on the language it runs in.
func separatorOf(header []byte) byte {
	for _, separator := range []byte{'\t', ';'} {
		if bytes.IndexByte(header, separator) >= 0 && bytes.IndexByte(header, ',') < 0 {
			return separator
		}
	}
	return ','
}

func csvRow(text []byte, separator byte, columns []int) (batchRow, error) {
	var row batchRow
	stated, err := cells(text, separator)
	if err != nil {
		return row, err
	}
	if len(stated) != len(columns) {
		return row, fmt.Errorf("the row has %d cells, the header %d", len(stated), len(columns))
	}
	for at, field := range columns {
		if field >= 0 {
			row[field] = stated[at]
		}
	}
	return row, nil
}

// cells splits a line of CSV (RFC 4180).
func cells(line []byte, separator byte) ([]string, error) {
	if !utf8.Valid(line) {
		return nil, errNotText
	}
	var split []string
	if bytes.IndexByte(line, '"') < 0 {
		split = strings.Split(string(line), string(separator))
	} else {
		reader := csv.NewReader(bytes.NewReader(line))
		reader.Comma = rune(separator)
		var err error
		if split, err = reader.Read(); err != nil {
			return nil, fmt.Errorf("the row is no CSV: %w", errors.Unwrap(err))
		}
	}
	for i := range split {
		split[i] = strings.TrimSpace(split[i])
	}
	return split, nil
}

// decideRow gives the verdict of a row, the same as predict gives with its flags.
func decideRow(row batchRow) (diag.Summary, error) {
	asked := row.asked()
	facts, err := asked.facts()
	if err != nil {
		return diag.Summary{}, err
	}
	return diag.NewCase(facts).Summary(), nil
}
