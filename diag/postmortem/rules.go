package postmortem

// rule says what words mean that programs write into logs.
type rule struct {
	words  string
	starts func(*recorder, hit) bool // whether another run begins here; nil for never
	read   func(*recorder, hit)      // takes what the line says; nil for nothing
}

// rules are all words that are known. Words of less than two bytes cannot be among them.
// It is filled in init, since reading them leads back to the recorder.
var rules []rule

func init() {
	for _, t := range tools {
		for _, words := range t.words {
			rules = append(rules, rule{words: words, read: wroteBy(t.tool)})
		}
	}
	for _, some := range [][]rule{starts, identities, releases, checkpoints, statuses, reasons} {
		rules = append(rules, some...)
	}
}

// toolWords are words that give a program away.
type toolWords struct {
	tool  Tool
	words []string
}

// tools are in ascending order of how much they tell: futurerestore and 3uTools contain
// others' code and print their words, and every program prints the log of the phone.
var tools = []toolWords{
	{Device, []string{
		"CHECKPOINT ", "restore-step-", "ramrod_", "restored_external", "restored_fdr", "RestoredFDR", "AMFDR",
		"SYSLOG: ", "ASR STATUS", "PreviousRestoreLog", "AMRestoreErrorDomain", "AMRError",
	}},
	{IDeviceRestore, []string{
		"idevicerestore", "irecv_event_cb", "Identified device as ", "Getting ApNonce", "Getting SepNonce", "TSS request", " TSS entry",
		"Got status message", "Failed to recover FDR data", "Unhandled status message (", "complete with code ", "Checkpoint completed id: ", "Checkpoint FAILURE id: ",
		"Unable to restore device", "Unable to successfully restore device", "Unable to send payload to ASR", "receive message from FDR",
	}},
	{ITunes, []string{
		"iTunes: ", "iTunes[", " amai: ", "<Restore Device ", "<Recovery Mode Device ", "<DFU Device ",
		"MobileRestore state machine", "Changing state from '", "Completed checkpoint id: ", "requested restore behavior: ",
		"Restore completed, status: ", "AMRestorePerform", "Depth:0 Code:", "MobileDevice.MobileRestore", "command device request ", "unknown error occurred (",
	}},
	{Finder, []string{"AMPDevicesAgent"}},
	{Configurator, []string{"com.apple.configurator", "Apple Configurator", "cfgutil", "AMRestoreErrorDomain error ", "[AMRestoreErrorDomain "}},
	{ThreeUTools, []string{"3uTools", "Start flash", "iTunesFlash"}},
	{PyMobileDevice3, []string{"pymobiledevice3", "status message: {", "'CHECKPOINT_RESULT': "}},
	{FutureRestore, []string{"futurerestore", "[TSSC] ", "[TSSR] ", "Done: restoring ", "Failed with errorcode="}},
}

func wroteBy(tool Tool) func(*recorder, hit) {
	return func(r *recorder, _ hit) {
		if rankOf(tool) > rankOf(r.tool) {
			r.tool = tool
		}
	}
}

// rankOf is the place of a tool in the order above; -1 for none.
func rankOf(tool Tool) int {
	for i, t := range tools {
		if t.tool == tool {
			return i
		}
	}
	return -1
}
