package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

// Facts come in one order: what the phone is, who it is, what the operator says, what
// trust shows.
func TestFactsOrder(t *testing.T) {
	t.Parallel()
	var names []string
	for _, f := range factsOf(diag.Facts{}, masker{}) {
		names = append(names, f.name)
	}
	assert.Equal(t, []string{
		"mode", "productType", "marketingName", "hardwareModel", "installedVersion", "installedBuild",
		"iboot", "installedLowest", "installedHighest",
		"ecid", "udid", "serialNumber", "deviceName", "cpid", "bdid", "apNonce", "sepNonce",
		"repair", "touchId", "targetVersion", "targetBuild", "targetFile", "targetFdrSupport", "way",
		"trust", "readAt", "activationState", "passcodeLocked",
		"lastComputerBackup", "lastCloudBackup", "cloudBackup", "backupEncrypted", "findMy",
		"capacity", "freeSpace", "battery", "charging", "sensorTrace", "fittedSensor", "factorySensor",
	}, names)

	text, err := json.Marshal(jsonFacts(factsOf(diag.Facts{}, masker{})))
	require.NoError(t, err)
	at := -1
	for _, name := range names {
		next := strings.Index(string(text), `"`+name+`":`)
		assert.Greater(t, next, at, name)
		at = next
	}
}

func TestFactJSON(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		facts diag.Facts
		fact  string
		want  string
	}{
		{"known", diag.Facts{ProductType: diag.Known("iPhone7,2", diag.FromLockdown)}, "productType", `{"value":"iPhone7,2","source":"lockdown"}`},
		{"not known", diag.Facts{ProductType: diag.NotKnown[string]("it was asleep")}, "productType", `{"value":null,"source":null,"reason":"it was asleep"}`},
		{"known and empty", diag.Facts{DeviceName: diag.Known("", diag.FromLockdown)}, "deviceName", `{"value":"","source":"lockdown"}`},
		{"an ECID has 16 digits", diag.Facts{ECID: diag.Known(uint64(0xa1), diag.FromLockdown)}, "ecid", `{"value":"0x00000000000000a1","source":"lockdown"}`},
		{"an ECID of 64 bits", diag.Facts{ECID: diag.Known(uint64(1<<63|0xa1), diag.FromRestored)}, "ecid", `{"value":"0x80000000000000a1","source":"restored"}`},
		{"an ECID nobody knows", diag.Facts{ECID: diag.NotKnown[uint64]("hidden")}, "ecid", `{"value":null,"source":null,"reason":"hidden"}`},
		{"a chip", diag.Facts{CPID: diag.Known(uint32(0x7000), diag.FromIBoot)}, "cpid", `{"value":"0x7000","source":"iboot"}`},
		{"what an image says", diag.Facts{TargetFDR: diag.Known(false, diag.FromIPSW)}, "targetFdrSupport", `{"value":"false","source":"ipsw"}`},
		{"what no image says", diag.Facts{TargetFDR: diag.NotKnown[bool]("no image")}, "targetFdrSupport", `{"value":null,"source":null,"reason":"no image"}`},
		{"a board of number 0", diag.Facts{BDID: diag.Known(uint32(0), diag.FromIBoot)}, "bdid", `{"value":"0x00","source":"iboot"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text, err := json.Marshal(jsonFacts(factsOf(test.facts, masker{})))
			require.NoError(t, err)
			var facts map[string]json.RawMessage
			require.NoError(t, json.Unmarshal(text, &facts))
			assert.Equal(t, test.want, string(facts[test.fact]))
		})
	}
}

// Characters that act on a terminal are written as escapes, and mean the same.
func TestWriteJSONEscapes(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"a control sequence", "\x1b[2J", `"\u001b[2J"`},
		{"of eight bits", "\u009b2J", `"\u009b2J"`},
		{"delete", "\x7f", `"\u007f"`},
		{"text turned round", "\u202egnp", `"\u202egnp"`},
		{"a tag beyond sixteen bits", "\U000e0041", `"\udb40\udc41"`},
		{"line separators", "\u2028", `"\u2028"`},
		{"other scripts stay", "田中 Анна 👩\u200d👧", "\"田中 Анна 👩\u200d👧\""},
		{"so does HTML", `<b>&"`, `"<b>&\""`},
		{"a backslash is one", `\u202e`, `"\\u202e"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			require.NoError(t, writeJSON(&b, test.text))
			assert.Equal(t, test.want+"\n", b.String())
			var read string
			require.NoError(t, json.Unmarshal(b.Bytes(), &read))
			assert.Equal(t, test.text, read)
		})
	}
}

// Lists that are empty are [], which a program can walk, and not null.
func TestJSONHasNoNullLists(t *testing.T) {
	t.Parallel()
	p := decided(t, "iPhone10,3", "16.7.12", operator{})
	var b bytes.Buffer
	require.NoError(t, writeJSON(&b, envelope{schemaVersion, false, []any{verdictJSON(p)}, errorsOf(nil, []phone{p})}))
	for _, path := range []string{"phones.0.warnings", "phones.0.check.disagreement", "errors"} {
		assert.Equal(t, "[]", shownAt(t, b.String(), path), path)
	}
	assert.Equal(t, "null", shownAt(t, b.String(), "phones.0.question"))
}

// A run that fails as a whole says so in JSON too, and keeps its exit code; a verdict
// is no failure.
func TestInJSON(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		asked   bool
		err     error
		code    int
		printed bool
	}{
		{"no error", true, nil, exitOK, false},
		{"a verdict", true, verdictExit(exitHigh), exitHigh, false},
		{"a failure", true, errNoPhone, exitNoPhone, true},
		{"a failure of a run in words", false, errNoPhone, exitNoPhone, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := piped()
			assert.Equal(t, test.code, exitCode(s.streams, inJSON(s.streams, test.asked, true, test.err)))
			if !test.printed {
				assert.Empty(t, s.stdout.String())
				return
			}
			require.NoError(t, validate(s.stdout.Bytes()))
			assert.Equal(t, "true", shownAt(t, s.stdout.String(), "simulated"))
			assert.Equal(t, "null", shownAt(t, s.stdout.String(), "errors.0.device"))
		})
	}
}
