package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/mocks"
)

// logged runs a command with -v against phones of both modes, named so that all that
// can be asked of them is, and gives what went to standard error.
func logged(t *testing.T, phones []mocks.Phone, args ...string) string {
	t.Helper()
	_, stderr, code := runOnBench(t, mocks.NewBench(phones...), args...)
	require.Contains(t, []int{exitOK, exitUnknown}, code, stderr)
	require.NotContains(t, stderr, "error:")
	return stderr
}

func phonesToLog(t *testing.T) []mocks.Phone {
	t.Helper()
	return []mocks.Phone{
		attached(t, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "12.5.8", ECID: 0x5353000000a1, Name: "Anna’s iPhone"}),
		attached(t, mocks.Profile{ProductType: "iPhone8,2", ECID: 0x5353000000b2, Mode: diag.Restore}),
	}
}

// Each line of --log-format json is one object, with what was exchanged and how long it
// took.
func TestLogJSON(t *testing.T) {
	t.Parallel()
	var asked []string
	for line := range strings.Lines(logged(t, phonesToLog(t), "check", "-v", "--log-format", "json", "E53M000000B2")) {
		var entry struct {
			Level, Msg, Op, Time string
			Dur                  *int64 // nanoseconds
		}
		require.NoError(t, json.Unmarshal([]byte(line), &entry), line)
		assert.Equal(t, "debug", entry.Level)
		assert.NotEmpty(t, entry.Msg)
		assert.NotEmpty(t, entry.Time)
		assert.NotNil(t, entry.Dur, line)
		asked = append(asked, entry.Op)
	}
	assert.ElementsMatch(t, []string{
		"ListDevices", "ReadPairRecord", "Connect", "QueryType", "GetValue", "Connect", "QueryType", "QueryValue HardwareInfo",
	}, asked)
}

// A log can be sent to anybody: there is nothing in it of what the phones say, nor
// what they go by.
func TestLogTellsNothingOfPhones(t *testing.T) {
	t.Parallel()
	for _, format := range logFormats {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			phones := append(phonesToLog(t), attached(t, mocks.Profile{
				ProductType: "iPhone7,2", ProductVersion: "9.1", ECID: 0x5353000000c3, Trust: mocks.Trust{State: mocks.Paired},
			}))
			for _, show := range []string{"--show-ids=false", "--show-ids"} {
				log := logged(t, phones, "check", "-v", "--log-format", string(format), show, "--timeout", "60s", "E53M000000B2")
				require.Contains(t, log, "QueryType")
				require.Contains(t, log, "MesaSerialNumber")
				require.NotRegexp(t, `BEGIN|[0-9A-Fa-f]{32}`, log, "neither of a pair record nor of a sensor")
				for _, p := range phones {
					assertUntold(t, log, p)
				}
			}
		})
	}
}

// assertUntold fails where a text holds a value of the phone, but for words and
// numbers too short to tell anything; a duration may look like those.
func assertUntold(t *testing.T, text string, p mocks.Phone) {
	t.Helper()
	telling := []string{p.UDID}
	for _, value := range p.Values {
		switch v := value.(type) {
		case uint64:
			telling = append(telling, fmt.Sprintf("%09d", v), fmt.Sprintf("%09x", v))
		case string:
			if len(v) > 4 {
				telling = append(telling, v)
			}
		}
	}
	assert.Greater(t, len(telling), 10, "a phone has many values")
	for _, value := range telling {
		assert.NotContains(t, strings.ToLower(text), strings.ToLower(value))
	}
}
