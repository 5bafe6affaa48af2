package inspect

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"error53/diag"
	"error53/lockdown"
)

// hasSensor tells whether the phone was built with a Touch ID sensor.
func hasSensor(f diag.Facts) bool {
	d, ok := diag.DeviceByType(f.ProductType.Value)
	return ok && d.Biometric == diag.TouchIDHardware
}

// sensorFacts makes facts of what a phone tells of its sensor. It judges nothing but
// whether two serial numbers are the same one.
func sensorFacts(s lockdown.Sensor) (trace diag.Fact[diag.SensorTrace], fitted, factory diag.Fact[string]) {
	fitted, factory = serialFact(s.Fitted, diag.FromRelay), serialFact(s.Factory, diag.FromLockdown)
	trace = diag.Fact[diag.SensorTrace]{Value: traceOf(s), Source: diag.FromRelay, Reason: rawReason(s)}
	return trace, fitted, factory
}

func traceOf(s lockdown.Sensor) diag.SensorTrace {
	switch {
	case s.Fitted.Err != nil:
		return traceWithout(s.Fitted.Err)
	case s.Factory.Err != nil:
		return diag.TraceFittedOnly
	case isSameSerial(s.Fitted.Bytes, s.Factory.Bytes):
		return diag.TraceSame
	default:
		return diag.TraceDiffers
	}
}

// traceWithout sorts why there is no serial number of the fitted sensor.
func traceWithout(err error) diag.SensorTrace {
	refused, isRefused := errors.AsType[*lockdown.Error](err)
	switch {
	case errors.Is(err, lockdown.ErrDeprecated):
		return diag.TraceDeprecated
	case errors.Is(err, lockdown.ErrMissingValue):
		return diag.TraceNoAnswer
	case isRefused && !slices.Contains(notThere, refused.Code):
		return diag.TraceWithheld
	default:
		return diag.TraceFailed
	}
}

// notThere are the answers of a phone that has no such service or request: nothing is
// withheld.
var notThere = []string{"InvalidService", "ServiceLimit", "UnknownRequest", "Failure"}

// rawReason tells what each source gave, without the serial numbers.
func rawReason(s lockdown.Sensor) string {
	said := []string{"MesaSerialNumber: " + rawSerial(s.Fitted), "NSrN of SysCfg: " + rawSerial(s.Factory)}
	var there []string
	for _, entry := range s.Registry {
		if entry.Err == nil {
			there = append(there, fmt.Sprintf("%s (%d properties)", entry.Name, len(entry.Properties)))
		}
	}
	if len(there) > 0 {
		said = append(said, "in the I/O registry: "+strings.Join(there, ", "))
	}
	return strings.Join(said, "; ")
}

func rawSerial(s lockdown.Serial) string {
	if s.Err != nil {
		return cause(s.Err)
	}
	return fmt.Sprintf("%d bytes", len(s.Bytes))
}

func serialFact(s lockdown.Serial, from diag.Source) diag.Fact[string] {
	if s.Err != nil {
		return diag.NotKnown[string](cause(s.Err))
	}
	return diag.Known(serialShown(s.Bytes), from)
}

// serialShown writes a serial number as text where it is one, else in hexadecimal, as
// others print it (libimobiledevice/libimobiledevice issue 855).
func serialShown(serial []byte) string {
	text := bytes.TrimRight(serial, "\x00")
	isText := len(text) > 0
	for _, b := range text {
		isText = isText && '!' <= b && b <= '~'
	}
	if isText {
		return strings.ToUpper(string(text))
	}
	return fmt.Sprintf("%X", serial)
}

// isSameSerial compares two serial numbers as they may be written: as bytes, as text, or
// as bytes in the other order, which is that of the words of SysCfg. No phone is known
// of which both were published, so what could be the same counts as the same.
func isSameSerial(a, b []byte) bool {
	reversed := slices.Clone(a)
	slices.Reverse(reversed)
	return serialShown(a) == serialShown(b) || serialShown(reversed) == serialShown(b)
}
