package postmortem_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"error53/diag"
	"error53/diag/postmortem"
)

const (
	status53 = "Status: Failed to recover FDR data."
	seperr   = "entering RestoredFDRRecover\nAppleMesaSEPDriver::sepMessageReceived: SEP returned error, request = 54"
	chained  = "CHECKPOINT FAILURE:(FAILURE:53) (null):[0x0634] fdr_recover [6]D("
)

func TestCause(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, device, target, lines string
		cause                       postmortem.Cause
		confidence                  diag.Confidence
	}{
		{"a sensor, by elimination", "iPhone7,2", "9.1", status53, postmortem.Sensor, diag.Medium},
		{"a sensor, and the driver says so", "iPhone7,2", "9.1", seperr + "\n" + status53, postmortem.Sensor, diag.High},
		{"a sensor, with an iOS of which less is known", "iPhone7,2", "8.1", seperr + "\n" + status53, postmortem.Sensor, diag.Medium},
		{"a sensor, but the end is missing", "iPhone8,2", "9.2", seperr, postmortem.Sensor, diag.Low},
		{"the last iOS below the fix, without a build", "iPad5,3", "9.2.1", status53, postmortem.Sensor, diag.Medium},
		{"an iOS with the fix", "iPhone7,2", "12.5.8", status53, postmortem.Undecidable, diag.Low},
		{"an iOS with the fix, and the driver complains", "iPhone7,2", "12.5.8", seperr + "\n" + status53, postmortem.Undecidable, diag.Low},
		{"a beta of which nobody knows", "iPhone7,2", "9.3:13E5181d", status53, postmortem.Undecidable, diag.Low},
		{"a model that never had it", "iPhone6,2", "9.1", status53, postmortem.Undecidable, diag.Low},
		{"a model without the sensor", "iPhone13,2", "18.6.2", status53, postmortem.Undecidable, diag.Low},
		{"an iOS the model never had", "iPhone9,1", "9.1", status53, postmortem.Undecidable, diag.Low},
		{"a model nobody knows", "iPhone99,1", "9.1", status53, postmortem.Undecidable, diag.Low},
		{"a model older than every release that is known", "iPod3,1", "", status53, postmortem.Undecidable, diag.Low},
		{"no model", "", "9.1", status53, postmortem.Undecidable, diag.Low},
		{"no target", "iPhone7,2", "", status53, postmortem.Undecidable, diag.Low},
		{"a sensor cannot be told from a network", "iPhone7,2", "9.1", seperr + "\nHTTP request failed with error Error Domain=NSURLErrorDomain Code=-1001\n" + status53, postmortem.Network, diag.Low},
		{"the chain stands over the sensor's driver", "iPhone7,2", "9.1", seperr + "\n" + chained + "got http failures)", postmortem.Network, diag.Medium},
		{"proxy", "iPhone7,2", "9.1", chained + "Failed to copy proxy information and proxy is enabled.)", postmortem.HostProxy, diag.High},
		{"proxy, by the numbered list", "", "", "10: AMFDRError/a: Failed to copy proxy information and proxy is enabled.\n" + status53, postmortem.HostProxy, diag.High},
		{"proxy, but 53 is not told", "", "", `restore-step-error = {0x11070634:"[10]D(Failed to copy proxy information and proxy is enabled.)"}`, postmortem.HostProxy, diag.Medium},
		{"proxy, told outside the chain", "", "", "Failed to copy proxy information and proxy is enabled.\n" + status53, postmortem.HostProxy, diag.Medium},
		{"FDR was switched off", "iPhone12,8", "17.0", "Establishing a mock FDR listener\n" + status53, postmortem.HostProxy, diag.Medium},
		{"server", "iPhone7,2", "9.1", chained + "_AMFDRHttpHandleHeaderMessage returned status 403. x-fdr-message: 'Error retrieving device cert')", postmortem.FDRServer, diag.High},
		{"server, since iOS 15", "", "", chained + "_AMFDRHttpRequestSendSyncNoRetry returned status 500.)", postmortem.FDRServer, diag.High},
		{"server, in the header of its answer", "", "", "_AMFDRHttpLogResponse: header count=7 status=403\n" + status53, postmortem.FDRServer, diag.Medium},
		{"an answer without fault", "iPhone7,2", "9.1", "_AMFDRHttpLogResponse: header count=7 status=200\n" + status53, postmortem.Sensor, diag.Medium},
		{"another server", "iPhone7,2", "9.1", "TSS: gs.apple.com returned status 403\n" + status53, postmortem.Sensor, diag.Medium},
		{"a network that wants a login", "", "", chained + "_AMFDRHttpHandleHeaderMessage returned status 511.)", postmortem.Network, diag.High},
		{"network", "", "", chained + "got http failures)", postmortem.Network, diag.High},
		{"the chain stands over the rest", "", "", "_AMFDRHttpLogResponse: header count=7 status=403\n" + chained + "got http failures)", postmortem.Network, diag.High},
		{"FDR messages that were not received are noise", "iPhone7,2", "9.1", "ERROR: Unable to receive message from FDR 0x7fcb (-7). 0/2 bytes\nFDR 0x7fcb timeout waiting for command\n" + status53, postmortem.Sensor, diag.Medium},
		{"a reason of FDR, and another code", "iPhone7,2", "9.1", "got http failures\nFailed to copy proxy information and proxy is enabled.\nStatus: Fail", postmortem.OtherCode, diag.High},
		{"another code of FDR", "iPhone7,2", "10.0.2", "CHECKPOINT FAILURE:(FAILURE:6) RESTORED:[0x0616] fdr_create [0]D(fatal FDR Error)", postmortem.OtherCode, diag.Medium},
		{"a number of the tool's own", "", "", "Failed with errorcode=-11", postmortem.OtherCode, diag.Low},
		{"another step, without a code", "", "", "restore-step-names = {0x11030655:is_host_compatible;0x1103067C:cleanup_boot_command}", postmortem.OtherCode, diag.Medium},
		{"another reason, without a code", "", "", "Checkpoint FAILURE id: 0x648 result=0: [0]D(failed to install splat)", postmortem.OtherCode, diag.Medium},
		{"it succeeded in the end", "iPhone7,2", "9.1", chained + "got http failures)\nStatus: Restore Finished", postmortem.None, diag.High},
		{"FDR, and no more", "iPhone7,2", "9.1", "restore-step-names = {0x11030634:fdr_recover;0x1103067C:cleanup_boot_command}", postmortem.Undecidable, diag.Low},
		{"a healthy sensor's lines", "iPhone7,2", "9.1", "AppleMesa::start: disabling the sensor\nAppleMesaSEPDriver::sepMessageReceived: SEP returned error", postmortem.Undecidable, diag.Low},
		{"nothing at all", "iPhone7,2", "9.1", "", postmortem.Undecidable, diag.Low},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			run := read(t, logOf(test.device, test.target, test.lines)).Runs[0]
			assert.Equal(t, test.cause, run.Cause)
			assert.Equal(t, test.confidence, run.Confidence)
		})
	}
}

// logOf is a log of idevicerestore that names a phone and a target, "version" or
// "version:build", as far as they are given.
func logOf(device, target, lines string) string {
	text := known
	if device != "" {
		text += "Identified device as " + device + "\n"
	}
	version, build, _ := strings.Cut(target, ":")
	if version != "" {
		text += "IPSW Product Version: " + version + "\n"
	}
	if build != "" {
		text += "IPSW Product Build: " + build + " Major: 13\n"
	}
	return text + lines + "\n"
}

// The sensor is named exactly where diag says that a bad one ends in Error 53, for every
// model and every release there is.
func TestSensorFollowsThePrediction(t *testing.T) {
	t.Parallel()
	named := 0
	for _, d := range diag.Devices() {
		releases := d.Releases()
		for i := 0; i < len(releases); i += 1 + len(releases)/25 {
			target := releases[i]
			run := read(t, logOf(d.ProductType, fmt.Sprintf("%s:%s", target.Version, target.Build), status53)).Runs[0]
			bad := diag.NewCase(diag.Facts{
				ProductType:   diag.Known(d.ProductType, diag.FromOperator),
				Mode:          diag.Known(diag.Recovery, diag.FromOperator),
				Repair:        diag.Known(diag.Damaged, diag.FromOperator),
				TargetVersion: diag.Known(target.Version.String(), diag.FromOperator),
				TargetBuild:   diag.Known(target.Build.String(), diag.FromOperator),
			}).Outcome()
			assert.Equal(t, bad.Effect == diag.Error53, run.Cause == postmortem.Sensor, "%s to %s", d.ProductType, target)
			if run.Cause == postmortem.Sensor {
				named++
			}
		}
	}
	assert.Greater(t, named, 20)
}

// Who wrote a log, what it was restored from and to, and which phone it was, in all the
// ways that programs put it.
func TestIdentity(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, lines, want string }{
		{"idevicerestore", "Identified device as n61ap, iPhone7,2", "iPhone7,2 ?/? ?/?"},
		{"idevicerestore, without a board", "Identified device as iPod5,1", "iPod5,1 ?/? ?/?"},
		{"idevicerestore, a board alone", "Identified device as n61ap", "iPhone7,2 ?/? ?/?"},
		{"futurerestore", "Found device iPhone8,1 n71map", "iPhone8,1 ?/? ?/?"},
		{"lockdownd's words", "ProductType: iPhone7,2", "iPhone7,2 ?/? ?/?"},
		{"a property list", "<key>ProductType</key><string>iPhone7,2</string>", "iPhone7,2 ?/? ?/?"},
		{"a board by its word", `"HardwareModel" = "N61AP";`, "iPhone7,2 ?/? ?/?"},
		{"iTunes, when it asks for a signature", "{ap=(personalize=YES n61ap ecid=0x5353, chipid=0x7000, boardid=0x6)", "iPhone7,2 ?/? ?/?"},
		{"the ids of restored", "BoardID: 4\nChipID: 32771\nUniqueChipID: 5353", "iPhone8,1 ?/? ?/?"},
		{"the ids of restored, in Python", "{'BoardID': 6, 'ChipID': 28672, 'UniqueChipID': 5353}", "iPhone7,2 ?/? ?/?"},
		{"the string of iBoot", "CPID:7000 CPRV:11 CPFM:03 SCEP:01 BDID:06 ECID:0000535300000001", "iPhone7,2 ?/? ?/?"},
		{"a chip alone names no model", "CPID:7000", "? ?/? ?/?"},
		{"a file of the firmware", "Extracting DeviceTree.n71ap.im4p...", "iPhone8,1 ?/? ?/?"},
		{"the name of an IPSW", "Using iPhone7,2_9.1_13B143_Restore.ipsw", "iPhone7,2 ?/? 9.1/13B143"},
		{"the name of an IPSW, in a path", `D:\my files\iPhone7,2_9.1_13B143_Restore.ipsw`, "iPhone7,2 ?/? 9.1/13B143"},
		{"an IPSW of several models", "iPhone_4.7_P3_13.5.1_17F80_Restore.ipsw", "? ?/? 13.5.1/17F80"},
		{"an IPSW of two models", "iPhone12,3,iPhone12,5_18.3_22D64_Restore/044.dmg", "? ?/? 18.3/22D64"},
		{"what is said stands over a file's name", "iPad5,3_9.0_13A344_Restore.ipsw\nIdentified device as n61ap, iPhone7,2\nProduct Version: 9.1", "iPhone7,2 ?/? 9.1/13A344"},
		{"versions of idevicerestore", "Product Version: 13.5.1\nProduct Build: 17F80 Major: 17", "? ?/? 13.5.1/17F80"},
		{"versions of idevicerestore, both", "Device Product Version: 26.6\nDevice Product Build: 23G71\nIPSW Product Version: 26.6.1\nIPSW Product Build: 23G80 Major: 23", "? 26.6/23G71 26.6.1/23G80"},
		{"a phone in recovery", "Device Product Version: N/A\nDevice Product Build: N/A", "? ?/? ?/?"},
		{"builds of iTunes, looked up", "iTunes: Current software version: 12H321\niTunes: Software payload version: 13C75 (option key)", "? 8.4.1/12H321 9.2/13C75"},
		{"a build that no version is known of", "iTunes: Software payload version: 9Z999", "? ?/? ?/9Z999"},
		{"the ramdisk, of what was there", "ramrod_read_previous_os_build_version: previous OS version: 13B143", "? 9.1/13B143 ?/?"},
		{"the ramdisk, of nothing", "ramrod_read_previous_os_build_version: previous OS version: (null)", "? ?/? ?/?"},
		{"a version that is none", "Product Version: 9.1\x1b[2J\nProduct Build: ../../etc", "? ?/? ?/?"},
		{"a type that is none", "Identified device as <script>,1", "? ?/? ?/?"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			run := read(t, known+test.lines+"\n").Runs[0]
			or := func(s string) string {
				if s == "" {
					return "?"
				}
				return s
			}
			assert.Equal(t, test.want, fmt.Sprintf("%s %s/%s %s/%s", or(run.ProductType), or(run.BaseVersion), or(run.BaseBuild), or(run.TargetVersion), or(run.TargetBuild)))
		})
	}
}

// Where a run ends and the next begins.
func TestRuns(t *testing.T) {
	t.Parallel()
	const fails, iphone6, iphone6s = "Got status message\nStatus: Fail\n", "Identified device as n61ap, iPhone7,2\n", "Identified device as n71ap, iPhone8,1\n"
	tests := []struct {
		name, text string
		want       int
	}{
		{"a phone that changes modes", "Found device in Normal mode\n" + iphone6 + "Found device in Recovery mode\n" + iphone6 + fails, 1},
		{"a phone after another", iphone6 + iphone6s + fails, 2},
		{"after the status", iphone6 + fails + "Found device in Recovery mode\n" + iphone6 + fails, 2},
		{"the log behind the status", iphone6 + fails + "Log is available:\nCHECKPOINT BEGIN: MAIN:[0x0400] umask\nCHECKPOINT END: MAIN:[0x0400] umask\n", 1},
		{"two logs of a phone", "CHECKPOINT BEGIN: MAIN:[0x0400] umask\n" + status53 + "\nCHECKPOINT BEGIN: MAIN:[0x0400] umask\n", 2},
		{"a command line in front", "$ idevicerestore -e iPhone7,2_9.1_13B143_Restore.ipsw\nidevicerestore 1.0.1 (libirecovery 1.2.1)\n" + iphone6 + fails, 1},
		{"the program started again", "idevicerestore 1.0.1 (libirecovery 1.2.1)\n" + iphone6 + "idevicerestore 1.0.1 (libirecovery 1.2.1)\n" + iphone6 + fails, 2},
		{"headings of a post", "## 14.3_18C66 ##\n" + fails + "## 14.4_18D5030e ##\n" + fails, 2},
		{"a warning in a box", "idevicerestore 1.0.1\n####### [ WARNING ] #######\n# You are about to erase #\n" + fails, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Len(t, read(t, test.text).Runs, test.want)
		})
	}
}
