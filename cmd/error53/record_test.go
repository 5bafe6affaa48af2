package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/mocks"
	"error53/mocks/recording"
)

// Every phone of every scenario, recorded, masked and replayed, gives the verdict that
// it gave itself, and the same facts but for what identifies it. One that cannot be read
// leaves no file.
func TestRecordedPhonesSayTheSame(t *testing.T) {
	t.Parallel()
	for _, name := range mocks.Scenarios() {
		scenario, err := mocks.LoadScenario(name)
		require.NoError(t, err)
		for _, p := range scenario.Phones {
			t.Run(name+" "+p.Port, func(t *testing.T) {
				t.Parallel()
				file := filepath.Join(t.TempDir(), "phone.e53")
				synctest.Test(t, func(t *testing.T) {
					inOurDays()
					assertRecorded(t, name, p, file)
				})
			})
		}
	}
}

func assertRecorded(t *testing.T, scenario string, p mocks.ScenarioPhone, file string) {
	device := p.Phone.UDID
	if p.Phone.Mode != "" && p.Phone.Mode != diag.Normal {
		ecid, _ := p.Phone.Values.Uint64("UniqueChipID")
		device, _ = p.Phone.Values.String("SerialNumber")
		if p.Phone.Mode == diag.DFU {
			device = ecidText(diag.Known(ecid, diag.FromIBoot)).Value
		}
	}
	live, _, _ := run(t, "check", device, "--dry-run", "--scenario", scenario, "--json")
	_, said, code := run(t, "record", device, "--dry-run", "--scenario", scenario, "-o", file)
	if code != exitOK {
		assert.Contains(t, said, "error: "+shownAt(t, live, "errors.0.message"))
		_, err := os.Stat(file)
		assert.ErrorIs(t, err, fs.ErrNotExist)
		return
	}
	args := []string{"check", "--from", file, "--json"}
	if p.Repair != "" {
		args = append(args, "--repair", string(p.Repair))
	}
	if p.TouchID != "" {
		args = append(args, "--touch-id", string(p.TouchID))
	}
	replayed, errs, _ := run(t, args...)
	require.Empty(t, errs)
	assert.Equal(t, withoutIdentifiers(t, live), withoutIdentifiers(t, replayed))
	assertNothingOf(t, p.Phone, file)
}

// withoutIdentifiers leaves of a phone's identifiers only whether they are known. What
// the clock says differs as well, and that it is no dry run.
func withoutIdentifiers(t *testing.T, output string) any {
	t.Helper()
	var document map[string]any
	require.NoError(t, json.Unmarshal([]byte(output), &document))
	delete(document, "simulated")
	for _, each := range document["phones"].([]any) {
		facts := each.(map[string]any)["facts"].(map[string]any)
		for _, name := range []string{"ecid", "udid", "serialNumber", "deviceName", "apNonce", "sepNonce", "fittedSensor", "factorySensor", "readAt"} {
			if fact, ok := facts[name].(map[string]any); ok {
				fact["value"] = fact["value"] != nil
			}
		}
		for _, name := range []string{"apNonce", "sepNonce", "iboot"} { // why this computer could not ask is not the phone's
			delete(facts[name].(map[string]any), "reason")
		}
	}
	for _, each := range document["errors"].([]any) {
		delete(each.(map[string]any), "device")
	}
	return document
}

// assertNothingOf fails where a file holds an identifier of the phone.
func assertNothingOf(t *testing.T, p mocks.Phone, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Empty(t, recording.Check(text))
	secrets := []string{p.UDID, p.Name}
	for _, key := range []string{"SerialNumber", "MLBSerialNumber", "WiFiAddress", "BluetoothAddress", "InternationalMobileEquipmentIdentity", "PhoneNumber"} {
		if value, ok := p.Values.String(key); ok {
			secrets = append(secrets, value)
		}
	}
	for _, secret := range secrets {
		if len(secret) > 6 && !strings.HasPrefix(secret, "iPhone") {
			assert.False(t, strings.Contains(strings.ToLower(string(text)), strings.ToLower(secret)), secret)
		}
	}
}

// A file is written whole or not at all, and nothing else is left in its folder.
func TestWriteWhole(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	name := filepath.Join(folder, "a.e53")
	require.NoError(t, writeWhole(name, []byte("one")))
	require.NoError(t, writeWhole(name, []byte("two")))
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, "two", string(text))
	taken := filepath.Join(folder, "taken")
	require.NoError(t, os.MkdirAll(filepath.Join(taken, "full"), 0o755))
	require.Error(t, writeWhole(taken, []byte("three")), "a folder is not overwritten")
	require.True(t, errors.Is(writeWhole(filepath.Join(folder, "nowhere", "b.e53"), nil), fs.ErrNotExist))
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, entries, 2)
}
