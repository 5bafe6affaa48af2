package postmortem

import (
	"fmt"
	"strconv"

	"error53/diag"
)

// fdrSummaries are the findings that a line speaks for.
var fdrSummaries = map[Cause]string{
	HostProxy: "The program that ran the restore did not pass the phone's FDR request on to Apple: its FDR proxy failed.",
	FDRServer: "Apple's FDR server refused the phone's request.",
	Network:   "The phone's FDR request did not get through the network to Apple and back.",
}

// fdrSummary adds what the log says of the sensor.
func (r *recorder) fdrSummary(cause Cause) string {
	if r.mesa.text != "" {
		return fdrSummaries[cause] + " The driver of the Touch ID sensor reports errors as well."
	}
	return fdrSummaries[cause] + " No line speaks of the Touch ID sensor."
}

// sensorSummary never says more than that the sensor is what is left.
func (r *recorder) sensorSummary(run Run) string {
	what := fmt.Sprintf("a bad Touch ID sensor ends a restore of this model to iOS %s like this, and no line speaks of network, proxy or server", target(run))
	switch {
	case !r.final.known:
		return "Consistent with a sensor fault, final code not in the log: " + what + "."
	case r.mesa.text != "":
		return "The Touch ID sensor: " + what + ", but the sensor's driver reports errors while FDR is under way."
	default:
		return "The Touch ID sensor, by elimination: " + what + "."
	}
}

func target(run Run) string {
	if run.TargetBuild == "" {
		return run.TargetVersion
	}
	return run.TargetVersion + " (" + run.TargetBuild + ")"
}

// openSummary is for failures of FDR that nothing in the log explains.
func (r *recorder) openSummary(run Run) string {
	switch {
	case !r.final.known && r.mesa.text != "":
		return "Consistent with a sensor fault, final code not in the log: the driver of the Touch ID sensor reports errors of the Secure Enclave while FDR is under way."
	case !r.final.known:
		return "It stopped in FDR; the final code and the reason are not in the log."
	case affected(run) && run.TargetVersion == "":
		return "Code 53 without a reason. On this model it hangs on the iOS that was being installed, which is not in the log: below " + diag.Fix.String() + " a bad Touch ID sensor does it, above it does not."
	case run.ProductType == "":
		return "Code 53 without a reason, and the log does not say which phone it is. The number alone proves nothing."
	default:
		return "Code 53 without a reason. A Touch ID sensor does not end a restore of this model to this iOS with 53, and no line tells what did."
	}
}

// affected tells whether there is an iOS with which a bad sensor ends in Error 53.
func affected(run Run) bool {
	d, ok := diag.DeviceByType(run.ProductType)
	if !ok || len(d.Releases()) == 0 {
		return false
	}
	first := d.Releases()[0]
	run.TargetVersion, run.TargetBuild = first.Version.String(), first.Build.String()
	return bricks(run)
}

func (r *recorder) otherCodeSummary() string {
	meaning := meanings[r.final.code]
	switch {
	case meaning == "" && r.final.rank == byTool:
		meaning = "a number of the program that ran the restore, not Apple's"
	case meaning == "":
		meaning = "what it stands for is not published"
	}
	return fmt.Sprintf("Code %d, not 53: %s.", r.final.code, meaning)
}

func otherStepSummary(run Run) string {
	if run.Step.isFrame() {
		return "It failed, and the reason that the phone gives is no part of FDR, so this is no Error 53; the code is not in the log."
	}
	return fmt.Sprintf("It failed in %s, which is no part of FDR, so this is no Error 53; the code is not in the log.", run.Step)
}

// String names a step as its log does.
func (s Step) String() string {
	switch {
	case s.ID == 0:
		return s.Name
	case s.Name == "":
		return s.hex()
	default:
		return s.Name + " (" + s.hex() + ")"
	}
}

func (s Step) hex() string {
	id := strconv.FormatUint(uint64(s.ID), 16)
	return "0x" + "0000"[min(len(id), 4):] + id
}

// meanings are what other codes are known for: the names of [AMRESTORE], the words of
// [IDR], and what Apple's support pages advise.
var meanings = map[int64]string{
	-1:   "a general failure, often of a baseband or another chip's update",
	6:    "a failure of the disk, or FDR could not be set up",
	9:    "the phone was lost from USB while it was restored: cable, port, computer",
	10:   "the restore software on the computer is too old for this iOS",
	14:   "the system image could not be written: a broken IPSW, USB, or no space left",
	21:   "a command on the phone failed: battery, power or another part",
	27:   "the file systems could not be mounted",
	29:   "the battery's gauge could not be updated: the battery",
	40:   "the storage did not start",
	50:   "the Secure Enclave did not start",
	51:   "the firmware of the Secure Enclave could not be loaded",
	52:   "the volume with the factory data is missing",
	54:   "the memory of the Secure Enclave failed its test",
	55:   "the NFC chip could not be paired",
	56:   "the NFC chip could not be updated",
	58:   "the Secure Enclave could not be certified",
	1015: "the baseband cannot go back to an older version",
	2008: "a request to the phone in recovery mode failed",
	3194: "Apple does not sign this iOS for the phone, or its signing server cannot be reached",
	4005: "the phone was lost while it changed modes: cable, port, computer",
	4013: "the phone was lost while it changed modes: cable, port, computer",
	4014: "the phone was lost while it changed modes: cable, port, computer",
}
