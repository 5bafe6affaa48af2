package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/mocks"
	"error53/usbmux"
)

// Every page is printed by help TOPIC, by TOPIC --help and by TOPIC, on standard
// output; help lists it.
func TestTopics(t *testing.T) {
	t.Parallel()
	overview, _, _ := run(t, "help")
	for _, topic := range topics {
		t.Run(topic.Use, func(t *testing.T) {
			t.Parallel()
			for _, args := range [][]string{{"help", topic.Use}, {topic.Use, "--help"}, {topic.Use}} {
				stdout, stderr, code := run(t, args...)
				assert.Equal(t, exitOK, code, args)
				assert.Empty(t, stderr, args)
				assert.Contains(t, stdout, strings.TrimSpace(topic.Long), args)
			}
			assert.Regexp(t, `(?m)^  error53 `+topic.Use+` +`+regexp.QuoteMeta(topic.Short)+`$`, overview)
		})
	}
}

// Hints send people to pages that are there.
func TestTopicsOfHints(t *testing.T) {
	t.Parallel()
	var names []string
	for _, topic := range topics {
		names = append(names, topic.Use)
	}
	for _, r := range slices.Concat(daemonRows, phoneRows, placeRows) {
		if _, topic, found := strings.Cut(r.hint, "error53 help "); found {
			assert.Contains(t, names, strings.Fields(topic)[0], r.hint)
		}
	}
}

// topicOf gives the text of a page.
func topicOf(t *testing.T, name string) string {
	t.Helper()
	at := slices.IndexFunc(topics, func(c cobra.Command) bool { return c.Use == name })
	require.GreaterOrEqual(t, at, 0, name)
	return topics[at].Long
}

// The page of exit codes has the codes of the program, all of them and no others.
func TestTopicExitCodes(t *testing.T) {
	t.Parallel()
	page := topicOf(t, "exit-codes")
	shown := map[int]string{}
	for line := range strings.Lines(page) {
		if fields := strings.Fields(line); len(fields) > 1 && strings.HasPrefix(line, " ") {
			code, err := strconv.Atoi(fields[0])
			require.NoError(t, err, line)
			shown[code] = line
		}
	}
	assert.ElementsMatch(t, exitConstants(t), slices.Collect(maps.Keys(shown)))
	for _, risk := range []diag.Risk{diag.RiskNone, diag.RiskLow, diag.RiskElevated, diag.RiskHigh, diag.RiskUnknown} {
		assert.Regexp(t, `\b`+string(risk)+`\b`, shown[exitOfRisk(risk)])
	}
	var order []string
	for _, code := range append(slices.Clone(gravest), exitOK) {
		order = append(order, fmt.Sprint(code))
	}
	assert.Contains(t, page, "the first of "+strings.Join(order, ", ")+" that occurs")
}

// exitConstants reads the values of the constants in exit.go.
func exitConstants(t *testing.T) (values []int) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "exit.go", nil, 0)
	require.NoError(t, err)
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "exit") {
			return true
		}
		value, err := strconv.Atoi(spec.Values[0].(*ast.BasicLit).Value)
		require.NoError(t, err)
		values = append(values, value)
		return true
	})
	require.NotEmpty(t, values)
	return values
}

// The page on JSON names the keys that the schema requires, each in its place.
func TestTopicJSON(t *testing.T) {
	t.Parallel()
	type object struct {
		Required []string
		OneOf    []object
	}
	var published struct {
		Defs map[string]object `json:"$defs"`
	}
	text, err := os.ReadFile("schema.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &published))
	quoted := func(o object) string { return `{"` + strings.Join(o.Required, `","`) + `"}` }
	page := strings.Join(strings.Fields(topicOf(t, "json")), " ")

	assert.Contains(t, page, quoted(published.Defs["error"]))
	assert.Contains(t, page, quoted(published.Defs["fact"].OneOf[0]))
	verdict := published.Defs["verdict"].Required
	last := len(verdict) - 1
	assert.Contains(t, page, "A phone has "+strings.Join(verdict[:last], ", ")+" and "+verdict[last]+".")
	for _, key := range published.Defs["checkEnvelope"].Required {
		assert.Contains(t, page, `"`+key+`":`)
	}
	assert.Contains(t, page, fmt.Sprintf(`"schemaVersion":%d`, schemaVersion))
	assert.Contains(t, page, "cmd/error53/schema.json")
}

// The page on the daemon names the variable and the commands that the hints name.
func TestTopicNoDaemon(t *testing.T) {
	t.Parallel()
	page := topicOf(t, "no-daemon")
	assert.Contains(t, page, usbmux.AddressVariable)
	for _, command := range []string{"sudo systemctl start usbmuxd", "sudo killall usbmuxd", "Apple Mobile Device Service"} {
		assert.Contains(t, page, command)
		assert.Contains(t, startDaemon("linux")+restartDaemon("darwin")+startDaemon("windows"), command)
	}
	assert.Contains(t, page, strings.TrimPrefix(tryDryRun, "; without a phone: "))
}

// The page on scenarios shows one that can be read, and has every word of the steps, the
// faults, and the states.
func TestTopicScenarios(t *testing.T) {
	t.Parallel()
	page := topicOf(t, "scenarios")
	start, end := strings.Index(page, "\n{\n"), strings.Index(page, "\n}\n")
	scenario, err := mocks.ParseScenario("topic.json", []byte(page[start:end+2]))
	require.NoError(t, err)
	assert.Len(t, scenario.Phones, 52)
	assert.Len(t, scenario.Timeline(), 7)
	for _, words := range [][]string{
		stringsOf(mocks.PhoneActs), {string(mocks.ActRestart)}, stringsOf(mocks.Sides), stringsOf(mocks.Kinds), stringsOf(mocks.TLSKinds),
		stringsOf(mocks.USBKinds), stringsOf(mocks.TrustStates), stringsOf(mocks.AllTLS), stringsOf(mocks.Sensors),
	} {
		for _, word := range words {
			assert.Regexp(t, `[\s(:"]`+regexp.QuoteMeta(word)+`[,;:.")\s]`, page)
		}
	}
}
