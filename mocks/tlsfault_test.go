package mocks_test

import (
	"crypto/tls"
	"encoding/binary"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux/plist"
)

func ofTLS(kind mocks.Kind) mocks.Fault { return mocks.Fault{Side: mocks.TLSServer, Kind: kind} }

// startedBy asks a phone with faults for a session, which it grants, up to where TLS
// begins.
func startedBy(t *testing.T, faults ...mocks.Fault) (*mocks.Bench, plist.Dict, talker) {
	t.Helper()
	p := paired(t, "12.5.7", faults...)
	b := bench(t, p)
	r := record(t, b, p)
	c := toPhone(t, b, 1)
	require.NotContains(t, c.start(r), "Error")
	return b, r, c
}

// A stranger's certificate has the right form, and the signature of the host's own
// root; the key alone is another.
func TestStrangerInTheHandshake(t *testing.T) {
	t.Parallel()
	_, r, c := startedBy(t, ofTLS(mocks.Stranger))
	c, err := c.secure(r, &tls.Config{})
	require.NoError(t, err)
	assert.NotEqual(t, der(t, "CERTIFICATE", data(t, r, "DeviceCertificate")), c.shown())
	assert.NotEqual(t, devicePublicKey(t, c), peerKey(t, c))
	assert.Contains(t, c.get(getValue("", "SerialNumber")), "Value", "the phone sees nothing wrong")
}

func peerKey(t *testing.T, c talker) any {
	t.Helper()
	conn, ok := c.conn.(*tls.Conn)
	require.True(t, ok)
	return conn.ConnectionState().PeerCertificates[0].PublicKey
}

// The phone goes on in TLS while the client is back at plain text: there the next
// thing looks like a length of 369,295,618 bytes.
func TestAlertInsteadOfAHandshake(t *testing.T) {
	t.Parallel()
	b, r, c := startedBy(t, ofTLS(mocks.Alert))
	_, err := c.secure(r, &tls.Config{})
	assert.ErrorContains(t, err, "handshake failure")
	assert.Error(t, b.Handshakes()[0].Err)
	c.request(plist.Dict{"Request": "QueryType"})
	assert.Equal(t, uint32(369_295_618), binary.BigEndian.Uint32(c.read(4)))
}

func TestHandshakeThatIsNone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind mocks.Kind
		want string
	}{
		{mocks.Garbage, "first record does not look like a TLS handshake"},
		{mocks.WrongLength, "oversized record"},
		{mocks.Vanish, ""},
		{mocks.Cut, "EOF"},
	} {
		t.Run(string(tt.kind), func(t *testing.T) {
			t.Parallel()
			b, r, c := startedBy(t, ofTLS(tt.kind))
			_, err := c.secure(r, &tls.Config{})
			assert.ErrorContains(t, err, tt.want)
			shakes := b.Handshakes()
			require.Len(t, shakes, 1)
			assert.Error(t, shakes[0].Err)
			if tt.kind == mocks.Vanish {
				c := dial(t, b)
				c.ask(1, plist.Dict{"MessageType": "ListDevices"})
				assert.Equal(t, plist.Dict{"DeviceList": []any{}}, c.told(1))
			}
		})
	}
}

// The connection ends at any byte of the phone's part of the handshake; from where it
// is whole, all is well.
func TestHandshakeCutAfterEveryByte(t *testing.T) {
	t.Parallel()
	for _, config := range []*tls.Config{{}, {MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}} {
		whole := false
		for n := 0; !whole; n += 53 {
			require.Less(t, n, 10_000)
			_, r, c := startedBy(t, mocks.Fault{Side: mocks.TLSServer, Kind: mocks.Cut, After: n})
			c, err := c.secure(r, config)
			if err == nil {
				whole = true
				assert.Contains(t, c.get(plist.Dict{"Request": "QueryType"}), "Type")
			}
		}
	}
}

func TestHandshakeThatStalls(t *testing.T) {
	t.Parallel()
	p := paired(t, "12.5.7", ofTLS(mocks.Silent))
	synctest.Test(t, func(t *testing.T) {
		b := bench(t, p)
		r := record(t, b, p)
		c := toPhone(t, b, 1)
		c.start(r)
		from := time.Now()
		require.NoError(t, c.conn.SetDeadline(from.Add(time.Hour)))
		_, err := c.secure(r, &tls.Config{})
		require.Error(t, err)
		assert.Equal(t, time.Hour, time.Since(from))
	})
}

func TestHandshakeThatTakesItsTime(t *testing.T) {
	t.Parallel()
	p := paired(t, "12.5.7", mocks.Fault{Side: mocks.TLSServer, Kind: mocks.Slow, Delay: 7 * time.Second})
	synctest.Test(t, func(t *testing.T) {
		b := bench(t, p)
		from := time.Now()
		c := session(t, b, p, &tls.Config{})
		assert.Equal(t, 7*time.Second, time.Since(from))
		assert.Contains(t, c.get(getValue("", "SerialNumber")), "Value")
	})
}

// A fault of TLS may wait for the second handshake: that of a service.
func TestFaultOfTheSecondHandshake(t *testing.T) {
	t.Parallel()
	p := paired(t, "12.5.7", mocks.Fault{Side: mocks.TLSServer, Kind: mocks.Stranger, After: 1})
	b := bench(t, p)
	c := session(t, b, p, &tls.Config{})
	r := record(t, b, p)
	relay, err := c.service(b).secure(r, &tls.Config{})
	require.NoError(t, err)
	assert.NotEqual(t, der(t, "CERTIFICATE", data(t, r, "DeviceCertificate")), relay.shown())
}

func TestServiceWhoseHandshakeFails(t *testing.T) {
	t.Parallel()
	p := paired(t, "12.5.7", mocks.Fault{Side: mocks.TLSServer, Kind: mocks.Garbage, After: 1})
	b := bench(t, p)
	c := session(t, b, p, &tls.Config{})
	_, err := c.service(b).secure(record(t, b, p), &tls.Config{})
	require.Error(t, err)
	assert.Equal(t, mocks.DiagnosticsRelay, b.Handshakes()[1].Side)
	assert.Contains(t, c.get(getValue("", "SerialNumber")), "Value", "the session goes on")
}

// Faults of lockdownd reach into sessions, counted from the start of the connection.
func TestFaultsInASession(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind  mocks.Kind
		check func(t *testing.T, c talker)
	}{
		{mocks.Garbage, func(t *testing.T, c talker) {
			assert.Equal(t, "\x00\x00\x00\x18this is no property list", string(c.read(28)))
		}},
		{mocks.WrongLength, func(t *testing.T, c talker) {
			assert.Equal(t, []byte{0xFF, 0xFF, 0xFF, 0xFF}, c.read(4))
		}},
		{mocks.WrongTag, func(t *testing.T, c talker) {
			assert.Equal(t, "NobodyAskedThis", c.reply()["Request"])
		}},
		{mocks.Vanish, func(t *testing.T, c talker) {
			_, err := io.ReadAll(c.conn)
			assert.NoError(t, err)
		}},
		{mocks.Silent, func(t *testing.T, c talker) {
			require.NoError(t, c.conn.SetReadDeadline(time.Now()))
			_, err := c.conn.Read(make([]byte, 1))
			assert.Error(t, err)
		}},
	} {
		t.Run(string(tt.kind), func(t *testing.T) {
			t.Parallel()
			p := paired(t, "9.1", mocks.Fault{Side: mocks.Lockdownd, Kind: tt.kind, After: 2})
			c := session(t, bench(t, p), p, asOld())
			assert.Contains(t, c.get(getValue("", "SerialNumber")), "Value", "the second answer")
			c.request(getValue("", "SerialNumber"))
			tt.check(t, c)
		})
	}
}

// In a session, too, the connection ends after so many bytes of answers.
func TestCutInASession(t *testing.T) {
	t.Parallel()
	whole := paired(t, "9.1")
	c := toPhone(t, bench(t, whole), 1)
	c.request(plist.Dict{"Request": "StartSession", "HostID": record(t, bench(t, whole), whole)["HostID"]})
	first := 4 + int(binary.BigEndian.Uint32(c.read(4)))

	p := paired(t, "9.1", mocks.Fault{Side: mocks.Lockdownd, Kind: mocks.Cut, After: first + 10})
	c = session(t, bench(t, p), p, asOld())
	c.request(getValue("", "SerialNumber"))
	got, err := io.ReadAll(c.conn)
	assert.NoError(t, err)
	assert.Len(t, got, 10)
}
