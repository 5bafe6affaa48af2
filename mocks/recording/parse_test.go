package recording_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks/recording"
)

// small is a recording that means nothing, and has one of each part.
const small = `error53 recording 1
tool: error53 (test)
model: iPhone7,2
masked: UDID

== 1 usbmuxd
> ListDevices
	<dict>
		<key>MessageType</key>
		<string>ListDevices</string>
	</dict>
<
	<dict>
		<key>DeviceList</key>
		<array>
		</array>
	</dict>

== 2 lockdownd
> QueryType
	<dict>
		<key>Request</key>
		<string>QueryType</string>
	</dict>
-- TLS
> GetValue
	<dict>
		<key>Request</key>
		<string>GetValue</string>
	</dict>
<
	<dict>
		<key>Value</key>
		<integer>53</integer>
	</dict>
`

func TestParse(t *testing.T) {
	t.Parallel()
	r, err := recording.Parse([]byte(small))
	require.NoError(t, err)
	assert.Equal(t, "iPhone7,2", r.Header.Model)
	assert.Equal(t, "UDID", r.Header.Masked)
	require.Len(t, r.Flows, 2)
	assert.Equal(t, "lockdownd", r.Flows[1].Speaker)
	assert.Nil(t, r.Flows[1].Exchanges[0].Answer, "none came")
	assert.False(t, r.Flows[1].Exchanges[0].TLS)
	assert.True(t, r.Flows[1].Exchanges[1].TLS)
	assert.Equal(t, small, written(t, r))

	windows, err := recording.Parse([]byte(strings.ReplaceAll(small, "\n", "\r\n")))
	require.NoError(t, err)
	assert.Equal(t, r, windows)
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	replace := func(old, with string) string { return strings.Replace(small, old, with, 1) }
	tests := []struct {
		name string
		text string
		line int
		kind error
	}{
		{"nothing", "", 1, recording.ErrNotRecording},
		{"another file", "ProductType: iPhone7,2\n", 1, recording.ErrNotRecording},
		{"no version", replace("recording 1", "recording one"), 1, recording.ErrNotRecording},
		{"version 0", replace("recording 1", "recording 0"), 1, recording.ErrNotRecording},
		{"a newer version", replace("recording 1", "recording 2"), 1, recording.ErrNewer},
		{"a head without flows", "error53 recording 1\n", 2, recording.ErrCut},
		{"an unknown key in the head", replace("masked: ", "owner: "), 4, recording.ErrEdited},
		{"another order in the head", replace("tool: error53 (test)\nmodel: iPhone7,2", "model: iPhone7,2\ntool: error53 (test)"), 3, recording.ErrEdited},
		{"no empty line", replace("\n\n== 1", "\n== 1"), 5, recording.ErrEdited},
		{"a flow too many", replace("== 1", "== 2"), 6, recording.ErrEdited},
		{"a flow of nobody", replace("== 1 usbmuxd", "== 1 "), 6, recording.ErrEdited},
		{"a request of another name", replace("> ListDevices", "> Listen"), 7, recording.ErrEdited},
		{"no body", replace("	<dict>\n		<key>MessageType</key>\n		<string>ListDevices</string>\n	</dict>\n", ""), 8, recording.ErrEdited},
		{"blanks for a tab", replace("\t\t<string>ListDevices", "\t  <string>ListDevices"), 10, recording.ErrEdited},
		{"a body that is no list", replace("<string>ListDevices</string>", "<string>ListDevices"), 8, recording.ErrEdited},
		{"an array for a body", replace("	<dict>\n		<key>MessageType</key>\n		<string>ListDevices</string>\n	</dict>", "	<array>\n	</array>"), 8, recording.ErrEdited},
		{"two equal keys", replace("<integer>53</integer>", "<integer>53</integer>\n\t\t<key>Value</key>\n\t\t<integer>54</integer>"), 34, recording.ErrEdited},
		{"TLS twice", replace("> GetValue", "-- TLS\n> GetValue"), 26, recording.ErrEdited},
		{"an empty line at the end", small + "\n", 36, recording.ErrCut},
		{"something behind it", small + "\nx\n", 37, recording.ErrEdited},
		{"larger than any", small + strings.Repeat("x", recording.MaxSize), 1, recording.ErrNotRecording},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := recording.Parse([]byte(tt.text))
			require.ErrorIs(t, err, tt.kind)
			at, ok := errors.AsType[*recording.SyntaxError](err)
			require.True(t, ok)
			assert.Equal(t, tt.line, at.Line, err)
		})
	}
}

// A file that ends early says so, wherever that is.
func TestParseOfACutFile(t *testing.T) {
	t.Parallel()
	for end := len("error53 recording 1"); end < len(small); end++ {
		_, err := recording.Parse([]byte(small[:end]))
		if err == nil {
			assert.Equal(t, '\n', rune(small[end-1]), "whole messages up to %d", end)
			continue
		}
		assert.NotErrorIs(t, err, recording.ErrNewer)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	for _, profile := range phones() {
		r, _ := record(f, virtual(f, profile))
		f.Add([]byte(written(f, r)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := recording.Parse(data)
		if err != nil {
			at, ok := errors.AsType[*recording.SyntaxError](err)
			require.True(t, ok)
			assert.Positive(t, at.Line)
			return
		}
		assert.Equal(t, strings.ReplaceAll(string(data), "\r\n", "\n"), written(t, r), "there is one way to write it")
		if masked, err := r.Mask(chance()); err == nil {
			assert.Empty(t, recording.Check([]byte(written(t, masked))))
		}
		_, err = r.Phone()
		if err != nil {
			assert.ErrorIs(t, err, recording.ErrNotVirtual)
		}
	})
}
