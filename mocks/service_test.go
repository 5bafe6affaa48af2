package mocks_test

import (
	"crypto/tls"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux/plist"
)

const relayName = "com.apple.mobile.diagnostics_relay"

func startService(name string) plist.Dict {
	return plist.Dict{"Request": "StartService", "Service": name}
}

// port takes the port of a service out of an answer.
func port(t *testing.T, answer plist.Dict) uint64 {
	t.Helper()
	require.NotContains(t, answer, "Error")
	port, ok := answer.Uint64("Port")
	require.True(t, ok)
	return port
}

// service starts the diagnostics relay in a session and connects to it, up to where
// TLS begins.
func (c talker) service(b *mocks.Bench) talker {
	c.t.Helper()
	answer := c.get(startService(relayName))
	s := dial(c.t, b)
	s.ask(1, connectTo(1, port(c.t, answer)))
	require.Equal(c.t, result(0), s.told(1))
	return s
}

// relay opens a session with a phone, and the diagnostics relay in it.
func relay(t *testing.T, p mocks.Phone) (*mocks.Bench, talker) {
	t.Helper()
	b := bench(t, p)
	s := session(t, b, p, &tls.Config{}).service(b)
	if p.PlainServices {
		return b, s
	}
	s, err := s.secure(record(t, b, p), &tls.Config{})
	require.NoError(t, err)
	return b, s
}

func TestStartService(t *testing.T) {
	t.Parallel()
	p := paired(t, "12.5.7")
	p.Errors = map[string]string{"com.apple.afc": "ServiceProhibited"}
	b := bench(t, p)
	assert.Equal(t, "SessionInactive", toPhone(t, b, 1).get(startService(relayName))["Error"])
	c := session(t, b, p, &tls.Config{})
	assert.Equal(t, "MissingService", c.get(plist.Dict{"Request": "StartService"})["Error"])
	assert.Equal(t, "InvalidService", c.get(startService("com.apple.coffee"))["Error"])
	assert.Equal(t, "ServiceProhibited", c.get(startService("com.apple.afc"))["Error"])

	first, second := c.get(startService(relayName)), c.get(startService(relayName))
	assert.Equal(t, plist.Dict{"Request": "StartService", "Service": relayName, "Port": first["Port"], "EnableServiceSSL": true}, first)
	assert.NotEqual(t, port(t, first), port(t, second), "each has a port of its own")
}

// A port is for one connection, and is gone with the phone.
func TestPortOfAService(t *testing.T) {
	t.Parallel()
	p := paired(t, "12.5.7")
	b := bench(t, p)
	c := session(t, b, p, &tls.Config{})
	connect := func(id, port uint64) plist.Dict {
		d := dial(t, b)
		d.ask(1, connectTo(id, port))
		return d.told(1)
	}
	first, second := port(t, c.get(startService(relayName))), port(t, c.get(startService(relayName)))
	assert.Equal(t, result(0), connect(1, first))
	assert.Equal(t, result(3), connect(1, first))
	b.Replug(1)
	assert.Equal(t, result(3), connect(2, second))
}

func TestServicesThatWaitAreBounded(t *testing.T) {
	t.Parallel()
	p := paired(t, "12.5.7")
	c := session(t, bench(t, p), p, &tls.Config{})
	for range 64 {
		port(t, c.get(startService(relayName)))
	}
	assert.Equal(t, "ServiceLimit", c.get(startService(relayName))["Error"])
}

func TestServiceWithAndWithoutTLS(t *testing.T) {
	t.Parallel()
	goodbye := plist.Dict{"Request": "Goodbye"}
	for _, plain := range []bool{false, true} {
		p := paired(t, "12.5.7")
		p.PlainServices = plain
		b, c := relay(t, p)
		assert.Equal(t, plist.Dict{"Status": "Success"}, c.get(goodbye))
		assert.Empty(t, c.rest())
		all := b.Requests()
		assert.Equal(t, mocks.Request{
			Connection: 3, Side: mocks.DiagnosticsRelay, DeviceID: 1, Name: "Goodbye", Session: true}, all[len(all)-1])
		if plain {
			assert.Len(t, b.Handshakes(), 1)
			continue
		}
		require.Len(t, b.Handshakes(), 2)
		assert.Equal(t, mocks.DiagnosticsRelay, b.Handshakes()[1].Side)
	}
}

func TestMobileGestalt(t *testing.T) {
	t.Parallel()
	serial := []byte("0123456789abcdef")
	ask := plist.Dict{"Request": "MobileGestalt", "MobileGestaltKeys": []any{"MesaSerialNumber", "FavouriteColour", 53}}
	for _, tt := range []struct {
		name, version string
		gestalt       plist.Dict
		want          plist.Dict
	}{
		{"one key of two", "12.5.7", plist.Dict{"MesaSerialNumber": serial},
			plist.Dict{"Status": "Success", "MesaSerialNumber": serial}},
		{"none", "12.5.7", nil, plist.Dict{"Status": "Success"}},
		{"another status", "12.5.7", plist.Dict{"Status": "Failure"}, plist.Dict{"Status": "Failure"}},
		{"the last version that tells", "17.3.1", plist.Dict{"MesaSerialNumber": serial},
			plist.Dict{"Status": "Success", "MesaSerialNumber": serial}},
		{"the first that does not", "17.4", plist.Dict{"MesaSerialNumber": serial},
			plist.Dict{"Status": "MobileGestaltDeprecated"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := paired(t, tt.version)
			p.MobileGestalt = tt.gestalt
			b, c := relay(t, p)
			assert.Equal(t, plist.Dict{"Status": "Success", "Diagnostics": plist.Dict{"MobileGestalt": tt.want}}, c.get(ask))
			all := b.Requests()
			assert.Equal(t, "MesaSerialNumber FavouriteColour 53", all[len(all)-1].Key)
			assert.Equal(t, plist.Dict{"Status": "Failure"}, c.get(plist.Dict{"Request": "MobileGestalt"}))
		})
	}
}

func TestIORegistry(t *testing.T) {
	t.Parallel()
	p := paired(t, "12.5.7")
	p.IORegistry = map[string]plist.Dict{"AppleMesaShim": {"patch-version": uint64(53)}, "AppleBiometricServices": {}}
	_, c := relay(t, p)
	for _, tt := range []struct {
		name, field, entry string
		want               plist.Dict
	}{
		{"present", "EntryName", "AppleMesaShim", plist.Dict{"IORegistry": plist.Dict{"patch-version": uint64(53)}}},
		{"present by class", "EntryClass", "AppleMesaShim", plist.Dict{"IORegistry": plist.Dict{"patch-version": uint64(53)}}},
		{"empty", "EntryName", "AppleBiometricServices", plist.Dict{"IORegistry": plist.Dict{}}},
		{"absent", "EntryName", "AppleMesaSEPDriver", plist.Dict{}},
		{"a whole plane", "CurrentPlane", "IOService", plist.Dict{}},
	} {
		assert.Equal(t, plist.Dict{"Status": "Success", "Diagnostics": tt.want},
			c.get(plist.Dict{"Request": "IORegistry", tt.field: tt.entry}), tt.name)
	}
}

// Nothing that acts on a phone is done, and the log says that somebody tried.
func TestRelayRefusesToAct(t *testing.T) {
	t.Parallel()
	b, c := relay(t, paired(t, "12.5.7"))
	for _, name := range []string{"Sleep", "Restart", "Shutdown", "Obliterate", "MakeCoffee"} {
		assert.Equal(t, plist.Dict{"Status": "UnknownRequest"}, c.get(plist.Dict{"Request": name, "WaitForDisconnect": true}))
		all := b.Requests()
		assert.Equal(t, mocks.Request{Connection: 3, Side: mocks.DiagnosticsRelay, DeviceID: 1,
			Name: name, Refused: true, Session: true}, all[len(all)-1])
	}
}

func TestFaultsOfAService(t *testing.T) {
	t.Parallel()
	gestalt := plist.Dict{"Request": "MobileGestalt", "MobileGestaltKeys": []any{}}
	for _, tt := range []struct {
		kind  mocks.Kind
		check func(t *testing.T, c talker)
	}{
		{mocks.Garbage, func(t *testing.T, c talker) {
			assert.Equal(t, "\x00\x00\x00\x18this is no property list", string(c.read(28)))
		}},
		{mocks.Cut, func(t *testing.T, c talker) { assert.Empty(t, c.rest()) }},
		{mocks.Vanish, func(t *testing.T, c talker) { assert.Empty(t, c.rest()) }},
		{mocks.Silent, func(t *testing.T, c talker) {
			require.NoError(t, c.conn.SetReadDeadline(time.Now()))
			_, err := c.conn.Read(make([]byte, 1))
			assert.Error(t, err)
		}},
	} {
		t.Run(string(tt.kind), func(t *testing.T) {
			t.Parallel()
			_, c := relay(t, paired(t, "12.5.7", mocks.Fault{Side: mocks.DiagnosticsRelay, Kind: tt.kind}))
			c.request(gestalt)
			tt.check(t, c)
		})
	}
}
