package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"an ECID", "Found ECID 535300a1b2c3", "Found ECID …b2c3"},
		{"an ECID, decimal", "ECID: 91615947391137", "ECID: …1137"},
		{"an ECID, short", "ecid=0x5353a1, chipid=0x7000", "ecid=0x…53a1, chipid=0x7000"},
		{"an ECID of a property list", "<key>UniqueChipID</key><integer>91615947391137</integer>", "<key>UniqueChipID</key><integer>…1137</integer>"},
		{"a signature request", "ap=(personalize=YES n61ap ecid=0x535300000001, nonce=0x5353aa5353bb5353cc53)", "ap=(personalize=YES n61ap ecid=0x…0001, nonce=0x…cc53)"},
		{"a UDID", "device 53535353535353535353535300005353000000a1 connected", "device …00a1 connected"},
		{"a UDID of today", "seal-00008101-00005353000000A1 get data failed", "seal-00008101-…00A1 get data failed"},
		{"a serial number", "INFO: device serial number is F53PROXY0003", "INFO: device serial number is …0003"},
		{"a serial number of lockdownd", `SerialNumber = "F53PROXY0003";`, `SerialNumber = "…0003";`},
		{"an IMEI", "IMEI:535300000000005", "IMEI:…0005"},
		{"a nonce", "Getting ApNonce in recovery mode... ff 10 72 ea f0 ec fa 0c 00 a3 ", "Getting ApNonce in recovery mode... … "},
		{"an address of Wi-Fi", "WiFiAddress: 53:53:53:aa:bb:cc", "WiFiAddress: …"},
		{"a UUID", "AsyncContextUUID: 53535353-5950-85D6-5362-77442B59A2E6", "AsyncContextUUID: …A2E6"},
		{"an account on macOS", "/Users/anna/Library/Logs", "/Users/…/Library/Logs"},
		{"an account on Windows", `C:\Users\anna\Downloads\x.ipsw`, `C:\Users\…\Downloads\x.ipsw`},
		{"an account on Linux", "/home/anna/x.ipsw", "/home/…/x.ipsw"},
		{"a mail address", "from anna@example.org.", "from …"},
		{"the name of a phone", "The iPhone “Anna’s iPhone” could not be restored.", "The iPhone “…” could not be restored."},
		{"the name of a phone, by its key", `DeviceName: "Anna"; ProductType: iPhone7,2`, `DeviceName: "…"; ProductType: iPhone7,2`},
		{"the name of a computer", "2026-06-08 18:29:50 annas-mac.local pymobiledevice3.cli.restore[1] INFO x", "2026-06-08 18:29:50 … pymobiledevice3.cli.restore[1] INFO x"},

		{"a prompt on macOS", "`Annas-MBP:restore anna$ ./futurerestore -t x", "`…$ ./futurerestore -t x"},
		{"a prompt on Linux", "anna@annas-pc:~$ idevicerestore -e", "…$ idevicerestore -e"},
		{"the phone's model stays", "Identified device as n61ap, iPhone7,2", "Identified device as n61ap, iPhone7,2"},
		{"times stay", "2015-12-14 10:02:11.101 [1a2c:1f40]: iTunes: Current software version: 12H321", "2015-12-14 10:02:11.101 [1a2c:1f40]: iTunes: Current software version: 12H321"},
		{"checkpoints stay", "Checkpoint 18446744069414585938 complete with code 53", "Checkpoint 18446744069414585938 complete with code 53"},
		{"steps stay", "restore-step-results = {0x1107067B:{0:53};0x11070634:{0:53}}", "restore-step-results = {0x1107067B:{0:53};0x11070634:{0:53}}"},
		{"the name of an IPSW stays", "iPhone_4.7_P3_13.5.1_17F80_Restore.ipsw", "iPhone_4.7_P3_13.5.1_17F80_Restore.ipsw"},
		{"words stay", "Apple Configurator: device name unknown, an unknown error occurred (53)", "Apple Configurator: device name unknown, an unknown error occurred (53)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, redact(test.text, false))
			assert.Equal(t, test.text, redact(test.text, true))
			assert.Equal(t, test.want, redact(test.want, false), "once is enough")
		})
	}
}

// What the fixtures hold of identifiers and names does not come out, except when it is
// asked for.
func TestPostmortemMasks(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../diag/postmortem/testdata/*.log")
	require.NoError(t, err)
	private := regexp.MustCompile(`5353aa5353|53530000000[0-9]|916159473911|F53[A-Z]{5}|tester|bench`)
	all, _, code := run(t, append([]string{"postmortem", "--show-ids"}, files...)...)
	assert.Equal(t, exitOK, code)
	assert.Regexp(t, private, all)
	for _, format := range []string{"--json", "--no-color"} {
		masked, _, code := run(t, append([]string{"postmortem", format}, files...)...)
		assert.Equal(t, exitOK, code)
		assert.NotRegexp(t, private, masked)
	}
}

// No specimen's phone, serial number or account is left in its lines.
func TestRedactSpecimens(t *testing.T) {
	dir := os.Getenv("ERROR53_SPECIMENS")
	if dir == "" {
		t.Skip("ERROR53_SPECIMENS does not name the folder of specimens")
	}
	files, err := filepath.Glob(filepath.Join(dir, "restorelog", "*"))
	require.NoError(t, err)
	secret := regexp.MustCompile(`(?:serial number is |ECID:? |device (?:00)?|UniqueChipID: |Users[/\\\\]|iPhone7,2_)([0-9A-Za-z]{5,40})(?:[^0-9A-Za-z]|$)`)
	hidden := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			for _, match := range secret.FindAllStringSubmatch(line, -1) {
				if id := match[1]; strings.ContainsAny(id, "0123456789") || strings.Contains(match[0], "Users") {
					hidden++
					assert.NotContains(t, redact(line, false), id, file)
				}
			}
		}
	}
	assert.Greater(t, hidden, 20)
}
