package postmortem_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag/postmortem"
)

// known is a line that makes any text a restore log, and says nothing else.
const known = "Got status message\n"

func TestLinesThatHoldACode(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, lines string
		want        int64
	}{
		{"the phone", "CHECKPOINT FAILURE:(FAILURE:53) RESTORED:[0x0634] fdr_recover", 53},
		{"the phone, the brace escaped", "[18:09:36.0245-GMT]{4&gt;6} CHECKPOINT FAILURE:(FAILURE:53) (null):[0x063C] verify_fdr_data D(x)", 53},
		{"the phone, negative", "CHECKPOINT FAILURE:(FAILURE:-1) (null):[0x0668] update_firmware_post_sealing", -1},
		{"the dictionary of results", "restore-step-results = {0x1107067B:{0:53};0x11070634:{0:53}}", 53},
		{"by the old nvram", "executing /usr/sbin/nvram restore-step-results={0x11070634:{0:53}}", 53},
		{"the last attempt of a step", "restore-step-results = {0x11070634:{0:-1;1:-1;2:53}}", 53},
		{"the newest of several steps", "restore-step-results = {0x1107063C:{0:53};0x11071303:{0:-1;1:-1}}", 53},
		{"decimal checkpoints", "Checkpoint 1659 complete with code 53", 53},
		{"decimal checkpoints of 64 bits", "Checkpoint 4294968884 complete with code 53", 53},
		{"a negative code, unsigned", "Checkpoint 4867 complete with code 18446744073709551615", -1},
		{"a negative code of 32 bits, unsigned", "Checkpoint 4867 complete with code 4294967295", -1},
		{"named checkpoints", "Checkpoint completed id: 0x634 (fdr_recover) result=53", 53},
		{"a failed checkpoint", "Checkpoint FAILURE id: 0x634 result=53: [0]D(failed)", 53},
		{"a Python dictionary", "pymobiledevice3 DEBUG checkpoint: {'CHECKPOINT_RESULT': 53, 'CHECKPOINT_ID': 1588}", 53},
		{"a status in words", "Status: Failed to recover FDR data.", 53},
		{"a status in words, quoted", `2017-11-10 13:50:57.204 "Status: Failed to recover FDR data.\n"`, 53},
		{"a status in words, by Python", "x pymobiledevice3.restore.restore[1] ERROR failed to recover FDR data", 53},
		{"a status that has no words", "Unhandled status message (68)", 68},
		{"a status message in Python", "status message: {'MsgType': 'StatusMsg', 'Status': 53}", 53},
		{"AMRError in a property list", "\t<key>AMRError</key>\n\t<integer>53</integer>", 53},
		{"AMRError in a property list of one line", "<dict><key>AMRError</key><integer>53</integer></dict>", 53},
		{"AMRError in a description", `    AMRError = 53;`, 53},
		{"AMRError in prose", "It then reports AMRError 14 followed by a dump", 14},
		{"iTunes", "[10:06:40.0204] Restore completed, status: 53", 53},
		{"iTunes, of the device", "<Restore Device 0A53F2D8>: Restore failed (result = 53)", 53},
		{"iTunes, the outermost error", "Depth:0 Code:53 Error:AMRestore…", 53},
		{"iTunes, the function", "AMRestorePerformRestoreModeRestoreWithError failed with error: 53", 53},
		{"Finder", "AMPDevicesAgent: Restore error 53", 53},
		{"the dialog", "The iPhone “Anna” could not be restored. An unknown error occurred (53).", 53},
		{"Configurator", "(AMRestoreErrorDomain error 53 - Failed to handle message type StatusMsg (FDR failure))", 53},
		{"Configurator, in brackets", "[AMRestoreErrorDomain – 0x35 (53)]", 53},
		{"Configurator, of the library", "[com.apple.MobileDevice.MobileRestore - 0xFB1 (4017)]", 4017},
		{"an NSError", "Error Domain=AMRestoreErrorDomain Code=53", 53},
		{"a CFError, in hexadecimal", "0: AMRestoreErrorDomain/35: fdr recover failed", 53},
		{"a CFError, negative", "0: AMRestoreErrorDomain/ffffffff: failed to update device firmware", -1},
		{"a request of iTunes", "command device request for 'getenv ramdisk-delay' failed: 2008", 2008},
		{"the tool's own number", "Failed with errorcode=-11", -11},
		{"the tool's own result", "idevicerestore_start result:-68", -68},
		{"the final status stands over the step", "Status: Fail\nCHECKPOINT FAILURE:(FAILURE:53) RESTORED:[0x0634] fdr_recover", 14},
		{"the step stands over the tool", "Failed with errorcode=-11\nCheckpoint 1588 complete with code 53", 53},
		{"the last step stands over the first", "Checkpoint 4867 complete with code 1004\nCheckpoint 1588 complete with code 53", 53},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			log := read(t, test.lines+"\n") // which is a restore log by itself
			require.Len(t, log.Runs, 1)
			require.NotNil(t, log.Runs[0].Code)
			assert.Equal(t, test.want, *log.Runs[0].Code)
			_, texts := evidenceOf(log.Runs[0])
			assert.NotEmpty(t, texts)
		})
	}
}

// A 53 is the code nowhere else.
func TestLinesThatHoldNoCode(t *testing.T) {
	t.Parallel()
	lines := strings.Split(fixture(t, "traps.log")+`
CHECKPOINT NOTICE: Pre-existing NVRAM variable: restore-step-results={0x1107067B:{0:53};0x11070634:{0:53}}
restore-step-uptime = 53
restore-step-ids = {0x11030634:53}
restore-step-names = {0x11030634:step_53}
restore-step-codes = {0x11071503:{0:53}}
Checkpoint 1588 complete with code 530
Checkpoint 1588 complete with code 53x
Checkpoint 53 complete with code 0
Checkpoint completed id: 0x634 (fdr_recover) result=0
Checkpoint started   id: 0x634 (53)
Completed checkpoint id: 0x53
{'CHECKPOINT_RESULT': 0, 'CHECKPOINT_ID': 53}
progress-bar: {'MsgType': 'ProgressMsg', 'Progress': 53, 'Operation': 53}
handle_data_request_msg: {'Status': 53}
ERROR failed to recover FDR data
sub_53: failed to recover FDR data into data partition
	<key>Status</key>
	<integer>53</integer>
	<key>BuildNumber</key><integer>53</integer>
tss_submit_job: HttpQueryInfo returned 53
STATUS=53&MESSAGE=This device isn't eligible for the requested build.
Depth:1 Code:53 Error:Software caused connection abort
Error Domain=NSPOSIXErrorDomain Code=53 "Software caused connection abort"
(RamrodErrorDomain error 53 - in a chip's updater)
1: RamrodErrorDomain/35: in a chip's updater
1: AMRestoreErrorDomain/35: the second of the list
0: AMRestoreErrorDomain/53: 0x53 is 83 in other words
AMFDRError/35: of FDR itself
usbmuxd_send returned -53 (Unknown error)
error 53
Error 53, so people call it
exit status 53`, "\n")
	for _, line := range lines {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			log := read(t, known+line+"\n")
			for _, run := range log.Runs {
				if run.Code != nil {
					assert.NotEqual(t, int64(53), *run.Code)
				}
				assert.NotEqual(t, postmortem.Sensor, run.Cause)
			}
		})
	}
}

// Which line is the failure of which step.
func TestFailedStep(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, lines, want string }{
		{"the step within its frame", "Checkpoint 4294968884 complete with code 53\nCheckpoint 1659 complete with code 53", "fdr_recover (0x0634)"},
		{"the step within its frame, of the dictionary", "restore-step-results = {0x1107067B:{0:53};0x11070634:{0:53}}", "fdr_recover (0x0634)"},
		{"the frame, where nothing else is known", "Checkpoint 1659 complete with code 53", "perform_restore_installing (0x067b)"},
		{"not the step of another code", "Checkpoint 4867 complete with code 1004\nCheckpoint 1659 complete with code 53", "perform_restore_installing (0x067b)"},
		{"not a step that was made up for", "Checkpoint 4867 complete with code 53\nCheckpoint 1588 complete with code 53\nCheckpoint 1659 complete with code 53", "fdr_recover (0x0634)"},
		{"a step nobody has a name for", "Checkpoint 4867 complete with code 53", "0x1303"},
		{"a step by its name", "Checkpoint completed id: 0x1303 (update_chip) result=53", "update_chip (0x1303)"},
		{"a name that is none", "Checkpoint completed id: 0x1303 (\x1b[2J) result=53", "0x1303"},
		{"of 64 bits and negative", "Checkpoint 18446744069414585938 complete with code 53", "0x0652"},
		{"the innermost that was open", "restore-step-names = {0x1103067B:perform_restore_installing;0x11030634:fdr_recover;0x1103067C:cleanup_boot_command}", "fdr_recover (0x0634)"},
		{"nothing was open", "restore-step-names = {0x1103067C:cleanup_boot_command}", ""},
		{"open, and going on", "restore-step-names = {0x1103067B:perform_restore_installing;0x11030634:fdr_recover}", ""},
		{"by the text of the error", `restore-step-error = {0x1107067D:"AMFDRDataHTTPChallengeClaim failed)"}`, "fdr_auto_challenge_claim (0x067d)"},
		{"before there were checkpoints", "entering RestoredFDRRecover\nStatus: Failed to recover FDR data.", "RestoredFDRRecover"},
		{"before there were checkpoints, the name broken", "entering RestoredFDR\x00Rec\nStatus: Failed to recover FDR data.", "RestoredFDR"},
		{"entered, and nothing more", "entering RestoredFDRRecover", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			run := read(t, known+test.lines+"\n").Runs[0]
			if test.want == "" {
				assert.Nil(t, run.Step)
				return
			}
			require.NotNil(t, run.Step)
			assert.Equal(t, test.want, run.Step.String())
		})
	}
}
