package inspect_test

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/inspect"
	"error53/mocks"
	"error53/usbmux/plist"
)

// withSensor is an iPhone 6 that trusts this computer.
func withSensor(spoil func(*mocks.Profile)) mocks.Profile {
	p := mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.1", ECID: 0x53e5, Trust: mocks.Trust{State: mocks.Paired}}
	spoil(&p)
	return p
}

// relayGives makes the diagnostics relay give a status, whatever the key.
func relayGives(status string) func(*mocks.Profile) {
	return func(p *mocks.Profile) { p.MobileGestalt = plist.Dict{"Status": status, "MesaSerialNumber": nil} }
}

func relayFails(kind mocks.Kind) func(*mocks.Profile) {
	return func(p *mocks.Profile) { p.Faults = []mocks.Fault{{Side: mocks.DiagnosticsRelay, Kind: kind}} }
}

func factoryRecord(record any) func(*mocks.Profile) {
	return func(p *mocks.Profile) {
		p.Domains = map[string]plist.Dict{"com.apple.mobile.internal": {"SysCfgData": record}}
	}
}

const service = "com.apple.mobile.diagnostics_relay"

// The trace is exactly one of its words, with what each source gave for a reason, and
// the rest of the reading is the same whatever it is.
func TestSensorTrace(t *testing.T) {
	fitted := []byte("\x09\xd7\x76\x15\x82\x41\x90\x0f\xf4\x0f\x63\xa0\x30\x47\xca\x52")
	for _, row := range []struct {
		name  string
		spoil func(*mocks.Profile)
		want  diag.SensorTrace
		raw   string // a part of the reason
	}{
		{"the factory's own", func(p *mocks.Profile) { p.Sensor = mocks.Original }, diag.TraceSame, "MesaSerialNumber: 16 bytes; NSrN of SysCfg: 16 bytes"},
		{"another", func(p *mocks.Profile) { p.Sensor = mocks.Replaced }, diag.TraceDiffers, "MesaSerialNumber: 16 bytes; NSrN of SysCfg: 16 bytes"},
		{"not in the factory record", func(p *mocks.Profile) { p.Sensor = mocks.Unlisted }, diag.TraceFittedOnly, "NSrN of SysCfg: no such value: no NSrN in SysCfg"},
		{"does not answer", func(p *mocks.Profile) { p.Sensor = mocks.Mute }, diag.TraceNoAnswer, "MesaSerialNumber: no such value"},
		{"an empty answer", func(p *mocks.Profile) { p.MobileGestalt = plist.Dict{"MesaSerialNumber": []byte{}} }, diag.TraceNoAnswer, "MesaSerialNumber: no such value"},
		{"an answer of another type", func(p *mocks.Profile) { p.MobileGestalt = plist.Dict{"MesaSerialNumber": true} }, diag.TraceFailed, "of type bool"},
		{"as text", func(p *mocks.Profile) {
			p.MobileGestalt = plist.Dict{"MesaSerialNumber": "09D776158241900FF40F63A03047CA52"}
			factoryRecord(mocks.SysCfg(mocks.SysCfgEntry{Tag: "NSrN", Data: fitted}))(p)
		}, diag.TraceSame, "MesaSerialNumber: 32 bytes"},
		{"backwards", func(p *mocks.Profile) {
			p.MobileGestalt = plist.Dict{"MesaSerialNumber": fitted}
			factoryRecord(mocks.SysCfg(mocks.SysCfgEntry{Tag: "NSrN", Data: []byte("\x52\xca\x47\x30\xa0\x63\x0f\xf4\x0f\x90\x41\x82\x15\x76\xd7\x09")}))(p)
		}, diag.TraceSame, "16 bytes"},
		{"an empty factory record", factoryRecord([]byte{}), diag.TraceFittedOnly, "NSrN of SysCfg: no such value: SysCfg is empty"},
		{"a factory record that is none", factoryRecord([]byte("nothing")), diag.TraceFittedOnly, "unreadable factory record"},
		{"a factory record with bad offsets", factoryRecord(badOffsets()), diag.TraceFittedOnly, "unreadable factory record"},
		{"the factory record withheld", func(p *mocks.Profile) {
			p.Errors = map[string]string{"com.apple.mobile.internal/SysCfgData": "GetProhibited"}
		}, diag.TraceFittedOnly, "the phone answers GetProhibited"},
		{"no such question any more", relayGives("MobileGestaltDeprecated"), diag.TraceDeprecated, "MobileGestaltDeprecated"},
		{"a question it does not know", relayGives("UnknownRequest"), diag.TraceFailed, `the phone answers "UnknownRequest"`},
		{"the service withheld", func(p *mocks.Profile) { p.Errors = map[string]string{service: "ServiceProhibited"} }, diag.TraceWithheld, "the phone answers ServiceProhibited"},
		{"the service locked", func(p *mocks.Profile) { p.Errors = map[string]string{service: "PasswordProtected"} }, diag.TraceWithheld, "the phone answers PasswordProtected"},
		{"no such service", func(p *mocks.Profile) { p.Errors = map[string]string{service: "InvalidService"} }, diag.TraceFailed, "the phone answers InvalidService"},
		{"the service without TLS", func(p *mocks.Profile) { p.PlainServices = true }, diag.TraceSame, "16 bytes"},
		{"the service hangs", relayFails(mocks.Silent), diag.TraceFailed, "no answer in time"},
		{"the service talks garbage", relayFails(mocks.Garbage), diag.TraceFailed, "malformed answer"},
		{"the service hangs up", relayFails(mocks.Cut), diag.TraceFailed, "connection"},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				b, i := onBench(t, attached(t, withSensor(row.spoil)))
				start := time.Now()
				read := readAll(t, i)[0]
				require.NoError(t, read.Err)
				assert.NoError(t, read.NoSession)
				assert.LessOrEqual(t, time.Since(start), inspect.DefaultTimeout)

				trace := read.Facts.SensorTrace
				assert.Equal(t, row.want, trace.Value)
				assert.Equal(t, diag.FromRelay, trace.Source)
				assert.Contains(t, trace.Reason, row.raw)
				assert.NotRegexp(t, identifier, trace.Reason)
				seen := row.want == diag.TraceSame || row.want == diag.TraceDiffers || row.want == diag.TraceFittedOnly
				assert.Equal(t, seen, read.Facts.FittedSensor.Known())
				assert.True(t, read.Facts.Battery.Known(), "the rest is there")
				assert.Equal(t, diag.RiskUnknown, diag.Decide(read.Facts).Risk, "it never decides")
				assert.Equal(t, 1, b.MaxPerPhone())
			})
		})
	}
}

// identifier is what no reason may hold.
var identifier = regexp.MustCompile(`[0-9A-Fa-f]{16}`)

// badOffsets is a factory record whose long entry lies beyond its end.
func badOffsets() []byte {
	record := mocks.SysCfg(mocks.SysCfgEntry{Tag: "NSrN", Data: make([]byte, 32)})
	return record[:len(record)-1]
}

// The serial numbers are shown as others print them.
func TestSensorSerials(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		_, i := onBench(t, attached(t, withSensor(func(p *mocks.Profile) {
			p.MobileGestalt = plist.Dict{"MesaSerialNumber": []byte("\x09\xd7\x76\x15\x82\x41\x90\x0f\xf4\x0f\x63\xa0\x30\x47\xca\x52")}
			factoryRecord(mocks.SysCfg(mocks.SysCfgEntry{Tag: "NSrN", Data: []byte("f53text")}))(p)
		})))
		f := readAll(t, i)[0].Facts
		assert.Equal(t, diag.Known("09D776158241900FF40F63A03047CA52", diag.FromRelay), f.FittedSensor)
		assert.Equal(t, diag.Known("F53TEXT", diag.FromLockdown), f.FactorySensor)
		assert.Equal(t, diag.TraceDiffers, f.SensorTrace.Value)
	})
}

// What it costs: nothing but on a model with the sensor, in a session; then a connection
// and a few requests, all of them behind the eight that the rest takes.
func TestSensorCost(t *testing.T) {
	for _, row := range []struct {
		name        string
		phone       mocks.Profile
		connections int
	}{
		{"a sensor and trust", withSensor(func(*mocks.Profile) {}), 3},
		{"a sensor, no trust", withSensor(func(p *mocks.Profile) { p.Trust = mocks.Trust{} }), 2},
		{"trust, no sensor", trusting(), 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				b, i := onBench(t, attached(t, row.phone))
				require.NoError(t, readAll(t, i)[0].Err)
				assert.Equal(t, row.connections, b.Connections())
				before := 0
				for _, name := range ofSide(b, mocks.Lockdownd) {
					if name == fmt.Sprint("StartService  ", service) {
						break
					}
					before++
				}
				assert.LessOrEqual(t, before, 8, "%q", ofSide(b, mocks.Lockdownd))
				assert.Equal(t, row.connections == 3, len(ofSide(b, mocks.DiagnosticsRelay)) > 0)
			})
		})
	}
}
