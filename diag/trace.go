package diag

// SensorTrace is what USB shows of the Touch ID sensor: at most two serial numbers,
// that of the sensor which answers and that of the factory record. It never decides.
// Serial numbers can be copied onto other parts, and none says whether the sensor and
// the phone accept each other.
type SensorTrace string

// What the reading of the two came to, exactly one of these.
const (
	TraceDiffers    SensorTrace = "differs-from-factory-record"
	TraceSame       SensorTrace = "same-as-factory-record"
	TraceFittedOnly SensorTrace = "fitted-serial-only" // there is no factory record to compare with
	TraceNoAnswer   SensorTrace = "no-answer"          // the phone answers, but with no serial number
	TraceWithheld   SensorTrace = "withheld"           // the phone refuses
	TraceDeprecated SensorTrace = "deprecated"         // iOS 17.4 and later answer no such question
	TraceFailed     SensorTrace = "failed"             // the question could not be put
)

// SensorTraces lists them all.
var SensorTraces = []SensorTrace{
	TraceDiffers, TraceSame, TraceFittedOnly, TraceNoAnswer, TraceWithheld, TraceDeprecated, TraceFailed,
}

var traceTexts = map[SensorTrace]string{
	TraceDiffers:    "its serial number is not the one of the factory record",
	TraceSame:       "its serial number is the one of the factory record, which is no test of it",
	TraceFittedOnly: "it has a serial number, and there is no factory record to compare it with",
	TraceNoAnswer:   "no serial number: it does not answer, or this iOS does not tell",
	TraceWithheld:   "the phone withholds its serial number, which says nothing about it",
	TraceDeprecated: "this iOS no longer tells its serial number, which says nothing about it",
	TraceFailed:     "its serial number could not be read, which says nothing about it",
}

// Text says of the sensor what the trace tells, and what it does not.
func (t SensorTrace) Text() string { return traceTexts[t] }
