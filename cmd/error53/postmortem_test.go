package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/clipperhouse/displaywidth"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag/postmortem"
)

const logs = "../../diag/postmortem/testdata/"

// The findings as they are printed, one of each cause. The test's -update flag writes the
// file anew.
func TestPostmortemGolden(t *testing.T) {
	t.Parallel()
	var files []string
	for _, name := range []string{"idevicerestore-sensor", "idevicerestore-proxy", "idevicerestore-server", "pymobiledevice3-network", "several-runs", "device-proxy", "mesa-consistent", "cut"} {
		files = append(files, logs+name+".log")
	}
	stdout, stderr, code := run(t, append([]string{"postmortem"}, files...)...)
	assert.Equal(t, exitOK, code)
	assert.Empty(t, stderr)
	golden := filepath.Join("testdata", "postmortem.golden")
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(stdout), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), stdout)
}

// Every cause has its word, and every one of them a colour.
func TestPostmortemWords(t *testing.T) {
	t.Parallel()
	for _, cause := range postmortem.Causes {
		words := causeWords[cause]
		assert.NotEmpty(t, words.word, cause)
		assert.LessOrEqual(t, len(words.word), len("SUCCEEDED"))
		assert.NotEmpty(t, colors[words.color], cause)
	}
	s := piped()
	s.outTTY = true
	assert.Equal(t, exitOK, execute(t.Context(), s.streams, []string{"postmortem", logs + "idevicerestore-sensor.log"}))
	assert.True(t, strings.HasPrefix(s.stdout.String(), "\x1b[1;31mSENSOR\x1b[0m "), s.stdout.String())
}

// The logs are found where each system's programs keep them, the newest first. Names with
// marks that mean something in patterns are taken as they are.
func TestPlaces(t *testing.T) {
	t.Parallel()
	tests := []struct {
		goos, variable string
		files          []string // from the oldest to the newest
		searched       int
	}{
		{"darwin", "HOME", []string{"Library/Logs/iPhone Updater Logs/iPhoneUpdater 1.log", "Library/Logs/iPad Updater Logs/iPadUpdater.log", "Library/Logs/iPhone Updater Logs/iPhoneUpdater.log"}, 2},
		{"windows", "APPDATA", []string{"Apple Computer/iTunes/iPhone Updater Logs/iPhoneUpdater 1.log", "Apple Computer/iTunes/iPhone Updater Logs/iPhoneUpdater.log"}, 2},
		{"windows", "LOCALAPPDATA", []string{
			"Packages/AppleInc.iTunes_nzyj5cx40ttqa/LocalCache/Roaming/Apple Computer/iTunes/iPhone Updater Logs/iPhoneUpdater.log",
			"Packages/AppleInc.AppleDevices_nzyj5cx40ttqa/LocalCache/Roaming/Apple/AMPDevicesAgent/iPhone Updater Logs/iPhoneUpdater.log",
		}, 3},
	}
	for _, test := range tests {
		t.Run(test.goos+" "+test.variable, func(t *testing.T) {
			t.Parallel()
			home := filepath.Join(t.TempDir(), "[a]*")
			var want []string
			for i, name := range test.files {
				want = append([]string{touch(t, filepath.Join(home, name), i)}, want...)
			}
			touch(t, filepath.Join(home, "Library/Logs/CoreSimulator.log"), 9)
			p := places{goos: test.goos, here: t.TempDir(), getenv: only(test.variable, home)}
			found, searched := p.logs()
			var paths []string
			for _, file := range found {
				paths = append(paths, file.path)
				assert.NotContains(t, file.label, home)
			}
			assert.Equal(t, want, paths)
			assert.Len(t, searched, test.searched, "of those whose root is known, and the working directory")
			assert.NotContains(t, strings.Join(searched, "\n"), home)
		})
	}
}

func only(name, value string) func(string) string {
	return func(asked string) string {
		if asked == name {
			return value
		}
		return ""
	}
}

// touch writes a small log that is so many hours newer than the oldest.
func touch(t *testing.T, path string, hours int) string {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte("Got status message\nStatus: Failed to recover FDR data.\n"), 0o644))
	changed := time.Date(2026, 5, 3, hours, 0, 0, 0, time.UTC)
	require.NoError(t, os.Chtimes(path, changed, changed))
	return path
}

// Only so many logs are read as a technician can look at; that there are more is said.
func TestPlacesReadsTheNewest(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	for i := range newestLogs + 5 {
		touch(t, filepath.Join(home, "Library/Logs/iPhone Updater Logs", "iPhoneUpdater "+string(rune('a'+i))+".log"), i)
	}
	s := piped()
	o := postmortemOptions{streams: s.streams, places: places{goos: "darwin", here: t.TempDir(), getenv: only("HOME", home)}}
	require.NoError(t, o.run(t.Context()))
	assert.Equal(t, newestLogs, strings.Count(s.stdout.String(), "UNDECIDED"))
	assert.Less(t, strings.Index(s.stdout.String(), "Updater o.log"), strings.Index(s.stdout.String(), "Updater f.log"))
	assert.Contains(t, s.stderr.String(), "15 restore logs in ~/Library/Logs/*Updater Logs/*.log, ./restore_*.log, newest first")
	assert.Contains(t, s.stderr.String(), "; the 10 newest are read")
}

// What waits for a key or for a pipe ends with the command.
func TestPostmortemIsInterrupted(t *testing.T) {
	t.Parallel()
	waiting, never := io.Pipe()
	defer never.Close() // lets the reader that waits go
	s := piped()
	s.in = waiting
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.Equal(t, exitFailure, execute(ctx, s.streams, []string{"postmortem", "-"}))
	assert.Equal(t, "error: interrupted\n", firstLine(s.stderr))
	assert.Empty(t, s.stdout.String())
}

// At any width no line is wider, whatever stands in the log.
func TestPostmortemWidth(t *testing.T) {
	t.Parallel()
	hostile := "Got status message\nCHECKPOINT FAILURE:(FAILURE:53) (null):[0x0634] fdr_recover " +
		strings.Repeat("D(田中AMFDRPermissionsRequest)", 20) + "\x1b[2J\u202e\n"
	for width := 40; width <= 120; width += 16 {
		s := piped()
		s.width, s.in = width, strings.NewReader(hostile)
		require.Equal(t, exitOK, execute(t.Context(), s.streams, []string{"postmortem", "-"}))
		assert.NotContains(t, s.stdout.String(), "\x1b")
		for line := range strings.Lines(s.stdout.String()) {
			assert.LessOrEqual(t, displaywidth.String(strings.TrimSuffix(line, "\n")), width, line)
		}
	}
}
