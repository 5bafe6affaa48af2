package main

import (
	"encoding/xml"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The report that CI servers read: a suite for each folder, a case for each file. The
// form is that of the Jenkins xUnit plugin's schema, junit-10.xsd.
type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Name    string       `xml:"name,attr"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Time     string      `xml:"time,attr"`
		Cases    []junitCase `xml:"testcase"`
		took     time.Duration
	}
	junitCase struct {
		Name    string     `xml:"name,attr"`
		Class   string     `xml:"classname,attr"`
		Time    string     `xml:"time,attr"`
		Skipped *junitText `xml:"skipped"`
		Failure *junitText `xml:"failure"`
		Out     string     `xml:"system-out,omitempty"`
	}
	junitText struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// junitOf writes the report.
func junitOf(results []result) []byte {
	report := junitSuites{Name: "error53 verify"}
	for _, r := range results {
		report.suite(filepath.ToSlash(filepath.Dir(r.file))).add(r)
	}
	text, err := xml.MarshalIndent(report, "", "\t")
	if err != nil {
		panic(err) // these types can always be written
	}
	return append([]byte(xml.Header), append(text, '\n')...)
}

// suite gives the suite of a folder, whose files need not follow one another.
func (s *junitSuites) suite(name string) *junitSuite {
	at := slices.IndexFunc(s.Suites, func(each junitSuite) bool { return each.Name == name })
	if at < 0 {
		at = len(s.Suites)
		s.Suites = append(s.Suites, junitSuite{Name: name})
	}
	return &s.Suites[at]
}

func (s *junitSuite) add(r result) {
	c := junitCase{Name: path.Base(filepath.ToSlash(r.file)), Class: s.Name, Time: seconds(r.took), Out: strings.TrimPrefix(r.about(), " · ")}
	first, _, _ := strings.Cut(r.message(), "\n")
	switch r.outcome {
	case hasFailed:
		s.Failures++
		c.Failure = &junitText{Message: first, Type: "verdict", Text: r.message()}
	case wasSkipped:
		s.Skipped++
		c.Skipped = &junitText{Message: first}
	}
	s.Tests++
	s.took += r.took
	s.Time = seconds(s.took)
	s.Cases = append(s.Cases, c)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
