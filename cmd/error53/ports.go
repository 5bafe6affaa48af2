package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// portNames are the names that somebody has given to the ports of the hubs, in the
// order in which the phones there are shown.
type portNames []portName

type portName struct{ port, name string }

// maxPorts and maxPortsFile bound a file of names: the bench of a shop has some dozens.
const (
	maxPorts     = 1024
	maxPortsFile = 64 << 10
)

const portsForm = "it takes a file with a line for each port: 1-2.3 = left hub, 3"

// badPorts is a line of a file of port names that makes no sense.
func badPorts(file string, line int, reason string) error {
	return &usageError{fmt.Sprintf("%s:%d: %s", file, line, reason), portsForm}
}

// readPorts reads the names from a file. Where none was asked for, the one in the
// folder of the user's settings need not be there.
func readPorts(asked, config string) (portNames, error) {
	if asked != "" {
		return readPortsFile(asked)
	}
	if config == "" {
		return nil, nil
	}
	names, err := readPortsFile(filepath.Join(config, "error53", "ports"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return names, err
}

func readPortsFile(file string) (portNames, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, &fileError{file, err}
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, &usageError{file + " is a folder", portsForm}
	}
	data, err := io.ReadAll(io.LimitReader(f, maxPortsFile+1))
	if err != nil {
		return nil, &fileError{file, err}
	}
	return parsePorts(file, string(data))
}

// parsePorts reads lines such as "1-2.3 = left hub, 3". Empty lines and those behind a #
// say nothing.
func parsePorts(file, text string) (portNames, error) {
	if len(text) > maxPortsFile {
		return nil, badPorts(file, 1, fmt.Sprintf("the file is larger than %d bytes", maxPortsFile))
	}
	var names portNames
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, reason := parsePort(line)
		if reason == "" {
			reason = names.refuse(name)
		}
		if reason != "" {
			return nil, badPorts(file, number, reason)
		}
		names = append(names, name)
	}
	return names, nil
}

// portForm is a port as the kernel of Linux names it: the bus, and the ports from its
// root down (torvalds/linux Documentation/ABI/testing/sysfs-bus-usb).
var portForm = regexp.MustCompile(`^[0-9]{1,3}-[0-9]{1,3}(\.[0-9]{1,3}){0,6}$`)

func parsePort(line string) (name portName, reason string) {
	port, words, found := strings.Cut(line, "=")
	name = portName{strings.TrimSpace(port), strings.TrimSpace(words)}
	switch {
	case !utf8.ValidString(line):
		return name, "this is not UTF-8"
	case !found:
		return name, fmt.Sprintf("there is no = in %q", line)
	case !portForm.MatchString(name.port):
		return name, fmt.Sprintf("%q is no port such as 1-2.3", name.port)
	case name.name == "":
		return name, "port " + name.port + " is given no name"
	case strings.ContainsFunc(name.name, acts):
		return name, fmt.Sprintf("the name %q has control characters", name.name)
	}
	return name, ""
}

// refuse tells why a name cannot join the others.
func (names portNames) refuse(more portName) string {
	for _, n := range names {
		switch {
		case n.port == more.port:
			return "port " + n.port + " has a name already: " + n.name
		case n.name == more.name:
			return fmt.Sprintf("port %s is called %q already", n.port, n.name)
		}
	}
	if len(names) == maxPorts {
		return fmt.Sprintf("more than %d ports", maxPorts)
	}
	return ""
}

// named gives the name of a port; "" where it has none.
func (names portNames) named(port string) string {
	if at := names.at(port); at >= 0 {
		return names[at].name
	}
	return ""
}

func (names portNames) at(port string) int {
	return slices.IndexFunc(names, func(n portName) bool { return n.port == port })
}

// compare orders ports as they are shown: those with names as their file has them, then
// the others by number, those that nobody knows last.
func (names portNames) compare(a, b string) int {
	last := func(at int) int { return (at + maxPorts + 1) % (maxPorts + 1) } // -1 comes last
	return cmp.Or(cmp.Compare(last(names.at(a)), last(names.at(b))), comparePorts(a, b))
}

func comparePorts(a, b string) int {
	if (a == "") != (b == "") {
		return cmp.Compare(len(b), len(a))
	}
	return slices.Compare(portNumbers(a), portNumbers(b))
}

// portNumbers gives 1, 2, 3 of "1-2.3".
func portNumbers(port string) []int {
	var numbers []int
	for part := range strings.FieldsFuncSeq(port, func(r rune) bool { return r == '-' || r == '.' }) {
		n, _ := strconv.Atoi(part)
		numbers = append(numbers, n)
	}
	return numbers
}
