package lockdown_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/lockdown"
	"error53/mocks"
	"error53/usbmux"
	"error53/usbmux/plist"
)

// The raw trace of the sensor, and what comes instead of each part.
func TestSensor(t *testing.T) {
	t.Parallel()
	internal := func(value any) map[string]plist.Dict {
		return map[string]plist.Dict{"com.apple.mobile.internal": {"SysCfgData": value}}
	}
	relay := "com.apple.mobile.diagnostics_relay"
	for _, tt := range []struct {
		name            string
		profile         mocks.Profile
		fitted, factory error // nil: a serial number
		same            bool
	}{
		{name: "the original", same: true},
		{name: "another one", profile: mocks.Profile{Sensor: mocks.Replaced}},
		{name: "does not answer", profile: mocks.Profile{Sensor: mocks.Mute}, fitted: lockdown.ErrMissingValue},
		{name: "not in the factory record", profile: mocks.Profile{Sensor: mocks.Unlisted}, factory: lockdown.ErrMissingValue},
		{name: "in another form", profile: mocks.Profile{MobileGestalt: plist.Dict{"MesaSerialNumber": 53}}, fitted: usbmux.ErrProtocol},
		{name: "empty", profile: mocks.Profile{MobileGestalt: plist.Dict{"MesaSerialNumber": []byte{}}}, fitted: lockdown.ErrMissingValue},
		{name: "an empty text", profile: mocks.Profile{MobileGestalt: plist.Dict{"MesaSerialNumber": ""}}, fitted: lockdown.ErrMissingValue},
		{name: "a text", profile: mocks.Profile{MobileGestalt: plist.Dict{"MesaSerialNumber": "F53SENSOR"}}},
		{name: "MobileGestalt says no", profile: mocks.Profile{MobileGestalt: plist.Dict{"Status": "Failure"}}, fitted: &lockdown.Error{Code: "Failure"}},
		{name: "MobileGestalt is no more", profile: mocks.Profile{ProductVersion: "17.4.1"}, fitted: lockdown.ErrDeprecated, factory: lockdown.ErrMissingValue},
		{name: "the factory record is empty", profile: mocks.Profile{ProductVersion: "16.7.2"}, factory: lockdown.ErrMissingValue, same: true},
		{name: "the factory record is garbage", profile: mocks.Profile{Domains: internal([]byte("gfCS"))}, factory: lockdown.ErrSysCfg},
		{name: "the factory record is a text", profile: mocks.Profile{Domains: internal("gfCS")}, factory: lockdown.ErrSysCfg},
		{name: "no factory record", profile: mocks.Profile{Domains: internal(nil)}, factory: lockdown.ErrMissingValue},
		{name: "withheld", profile: mocks.Profile{Errors: map[string]string{"com.apple.mobile.internal/SysCfgData": "GetProhibited"}}, factory: lockdown.ErrGetProhibited},
		{name: "no such service", profile: mocks.Profile{Errors: map[string]string{relay: "InvalidService"}}, fitted: &lockdown.Error{Code: "InvalidService"}, same: true},
		{name: "the service is locked", profile: mocks.Profile{Errors: map[string]string{relay: "PasswordProtected"}}, fitted: lockdown.ErrPasswordProtected},
		{name: "the service is not allowed", profile: mocks.Profile{Errors: map[string]string{relay: "ServiceProhibited"}}, fitted: &lockdown.Error{Code: "ServiceProhibited"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.profile.ProductType, tt.profile.Trust.State = "iPhone7,2", mocks.Paired
			switch tt.profile.ProductVersion {
			case "":
				tt.profile.ProductVersion = "9.1"
			default: // later than an iPhone 6 goes
				tt.profile.ProductType = "iPhone14,6"
			}
			_, mux := bench(t, tt.profile)
			phone := open(t, mux)
			require.NoError(t, phone.NoSession)
			s := phone.Sensor(t.Context())
			requireSerial(t, tt.fitted, s.Fitted)
			requireSerial(t, tt.factory, s.Factory)
			if tt.fitted == nil && tt.factory == nil {
				assert.Equal(t, tt.same, string(s.Fitted.Bytes) == string(s.Factory.Bytes))
			}
		})
	}
}

// requireSerial wants a serial number, or none for that reason.
func requireSerial(t *testing.T, why error, s lockdown.Serial) {
	t.Helper()
	if why == nil {
		require.NoError(t, s.Err)
		require.NotEmpty(t, s.Bytes)
		return
	}
	require.Nil(t, s.Bytes)
	if refusal, ok := why.(*lockdown.Error); ok {
		var got *lockdown.Error
		require.ErrorAs(t, s.Err, &got)
		assert.Equal(t, refusal.Code, got.Code)
		return
	}
	require.ErrorIs(t, s.Err, why)
}

// What is asked, and that the service is one connection, over the TLS of the session.
func TestSensorIsRead(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"9.1", "12.5.7"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			profile := paired("iPhone7,2", version)
			profile.IORegistry = map[string]plist.Dict{"AppleMesaSEPDriver": {"MesaCalBlobSource": "FDR"}}
			b, mux := bench(t, profile)
			phone := open(t, mux)
			s := phone.Sensor(t.Context())
			require.NoError(t, phone.Close())
			require.NoError(t, b.Close())
			assert.Equal(t, []string{
				"MobileGestalt MesaSerialNumber *",
				"IORegistry AppleMesaSEPDriver *", "IORegistry AppleBiometricServices *", "IORegistry AppleMesaShim *",
				"IORegistry AppleBiometricSensor *",
			}, asked(b, mocks.DiagnosticsRelay))
			assert.Equal(t, 3, b.Connections(), "list, lockdownd, service")
			require.Len(t, b.Handshakes(), 2)
			assert.Equal(t, b.Handshakes()[0].Version, b.Handshakes()[1].Version)
			require.Len(t, s.Registry, 4)
			assert.Equal(t, plist.Dict{"MesaCalBlobSource": "FDR"}, s.Registry[0].Properties)
			for _, entry := range s.Registry[1:] {
				require.ErrorIs(t, entry.Err, lockdown.ErrMissingValue, entry.Name)
			}
		})
	}
}

// A service without TLS is one in plain text on a port that the phone named in TLS.
func TestPlainService(t *testing.T) {
	t.Parallel()
	profile := paired("iPhone7,2", "9.1")
	profile.PlainServices = true
	b, mux := bench(t, profile)
	d, err := openDiagnostics(t, mux)
	require.NoError(t, err)
	value, err := d.MobileGestalt(t.Context(), "ProductType")
	require.NoError(t, err)
	assert.Equal(t, "iPhone7,2", value)
	assert.Len(t, b.Handshakes(), 1)
}

func openDiagnostics(t *testing.T, mux *usbmux.Client) (*lockdown.Diagnostics, error) {
	t.Helper()
	phone := open(t, mux)
	require.NoError(t, phone.NoSession)
	d, err := phone.Diagnostics(t.Context())
	if err == nil {
		t.Cleanup(func() { d.Close() })
	}
	return d, err
}

// A service can be as broken as the daemon, and its end a stranger.
func TestFaultsOfDiagnostics(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		fault mocks.Fault
		want  error
	}{
		{mocks.Fault{Side: mocks.TLSServer, Kind: mocks.Stranger, After: 1}, lockdown.ErrStranger},
		{mocks.Fault{Side: mocks.TLSServer, Kind: mocks.Garbage, After: 1}, lockdown.ErrHandshake},
		{mocks.Fault{Side: mocks.DiagnosticsRelay, Kind: mocks.Cut, After: 20}, usbmux.ErrGone},
		{mocks.Fault{Side: mocks.DiagnosticsRelay, Kind: mocks.WrongLength}, usbmux.ErrProtocol},
		{mocks.Fault{Side: mocks.DiagnosticsRelay, Kind: mocks.Garbage}, usbmux.ErrProtocol},
		{mocks.Fault{Side: mocks.DiagnosticsRelay, Kind: mocks.WrongType}, usbmux.ErrProtocol},
		{mocks.Fault{Side: mocks.DiagnosticsRelay, Kind: mocks.Vanish}, usbmux.ErrGone},
	} {
		t.Run(string(tt.fault.Side)+" "+string(tt.fault.Kind), func(t *testing.T) {
			t.Parallel()
			profile := paired("iPhone7,2", "9.1")
			profile.Faults = []mocks.Fault{tt.fault}
			_, mux := bench(t, profile)
			d, err := openDiagnostics(t, mux)
			if err == nil {
				_, err = d.MobileGestalt(t.Context(), "MesaSerialNumber")
			}
			require.ErrorIs(t, err, tt.want)
		})
	}
}
