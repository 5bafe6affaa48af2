package mocks_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux/plist"
)

// A session with a phone of any age reads all there is, in the TLS of its age.
func TestSession(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, version string
		config        *tls.Config
		want          uint16
		bits          int
	}{
		{"iOS 9", "9.1", asOld(), tls.VersionTLS10, 1024},
		{"iOS 12 with a client for old phones", "12.5.7", asOld(), tls.VersionTLS10, 2048},
		{"iOS 12", "12.5.7", &tls.Config{}, tls.VersionTLS12, 2048},
		{"iOS 17", "17.4.1", &tls.Config{}, tls.VersionTLS13, 2048},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := paired(t, tt.version)
			b := bench(t, p)
			c := session(t, b, p, tt.config)
			assert.Equal(t, p.Values, c.get(getValue("", ""))["Value"])
			assert.Equal(t, p.Domains["com.apple.mobile.battery"], c.get(getValue("com.apple.mobile.battery", ""))["Value"])
			assert.Equal(t, tt.bits, devicePublicKey(t, c).N.BitLen())

			shakes := b.Handshakes()
			require.Len(t, shakes, 1)
			assert.Equal(t, tt.want, shakes[0].Version)
			assert.NotZero(t, shakes[0].CipherSuite)
			assert.NoError(t, shakes[0].Err)
			assert.Equal(t, mocks.Lockdownd, shakes[0].Side)
		})
	}
}

// A phone does not speak what is not of its age, and then tells nothing at all.
func TestSessionInAnotherTLS(t *testing.T) {
	t.Parallel()
	upTo := func(version uint16) *tls.Config {
		return &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: version, CipherSuites: asOld().CipherSuites}
	}
	for _, tt := range []struct {
		name, version string
		way           mocks.TLS
		config        *tls.Config
		offered       uint16
	}{
		{"iOS 9 turns away who offers more", "9.1", "", upTo(tls.VersionTLS13), tls.VersionTLS13},
		{"even a little more", "9.1", "", upTo(tls.VersionTLS11), tls.VersionTLS11},
		{"iOS 9 knows RSA key exchange alone", "9.1", "",
			&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10}, tls.VersionTLS10},
		{"iOS 10 that is like iOS 9", "10.3.3", mocks.OldTLS, &tls.Config{}, tls.VersionTLS13},
		{"iOS 12 knows no 1.3", "12.5.7", "", &tls.Config{MinVersion: tls.VersionTLS13}, tls.VersionTLS13},
		{"iOS 17 knows no 1.0", "17.4.1", "", asOld(), tls.VersionTLS10},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := paired(t, tt.version)
			p.TLS = tt.way
			b := bench(t, p)
			r := record(t, b, p)
			c := toPhone(t, b, 1)
			require.Equal(t, true, c.start(r)["EnableSessionSSL"])
			_, err := c.secure(r, tt.config)
			require.Error(t, err)
			assert.Empty(t, c.rest(), "the phone has hung up")
			shakes := b.Handshakes()
			require.Len(t, shakes, 1)
			assert.Error(t, shakes[0].Err)
			assert.Equal(t, tt.offered, shakes[0].Offered)
			assert.Zero(t, shakes[0].Version)
		})
	}
}

// A client that knows SSL 3.0 alone, as that of iOS 1 would have to.
func TestSessionInSSL(t *testing.T) {
	t.Parallel()
	p := paired(t, "9.1")
	b := bench(t, p)
	c := toPhone(t, b, 1)
	c.start(record(t, b, p))
	hello := "\x03\x00" + strings.Repeat("r", 32) + "\x00" + "\x00\x02\x00\x2f" + "\x01\x00"
	c.write([]byte("\x16\x03\x00\x00\x2d" + "\x01\x00\x00\x29" + hello))
	assert.Equal(t, "\x15\x03\x01\x00\x02\x02\x46", string(c.rest()), "an alert: protocol_version")
	assert.Error(t, b.Handshakes()[0].Err)
	assert.Zero(t, b.Handshakes()[0].Offered)
}

// libimobiledevice shows the root's certificate, others the host's: both are right.
func TestCertificateOfTheHost(t *testing.T) {
	t.Parallel()
	p := paired(t, "12.5.7")
	b := bench(t, p)
	r := record(t, b, p)
	_, another := newRecord(t, toPhone(t, b, 1))
	for _, tt := range []struct {
		name      string
		cert, key []byte
		welcome   bool
	}{
		{"the host's", data(t, r, "HostCertificate"), data(t, r, "HostPrivateKey"), true},
		{"its root's", data(t, r, "RootCertificate"), data(t, r, "RootPrivateKey"), true},
		{"another one", data(t, another, "HostCertificate"), data(t, another, "HostPrivateKey"), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := toPhone(t, b, 1)
			c.start(r)
			c, err := c.secure(plist.Dict{"HostCertificate": tt.cert, "HostPrivateKey": tt.key}, &tls.Config{})
			if !tt.welcome {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			assert.Contains(t, c.get(plist.Dict{"Request": "QueryType"}), "Type")
		})
	}
}

func TestRequestsOfASession(t *testing.T) {
	t.Parallel()
	p := paired(t, "9.1")
	b := bench(t, p)
	r := record(t, b, p)
	c := toPhone(t, b, 1)
	refused := func(c talker, request plist.Dict, want string) {
		t.Helper()
		assert.Equal(t, want, c.get(request)["Error"], "%v", request)
	}
	hostID := text(t, r, "HostID")
	refused(c, plist.Dict{"Request": "StartSession"}, "MissingHostID")
	refused(c, plist.Dict{"Request": "StartSession", "HostID": "nobody"}, "InvalidHostID")
	refused(c, plist.Dict{"Request": "StartSession", "HostID": hostID, "SystemBUID": "another's"}, "InvalidHostID")
	refused(c, plist.Dict{"Request": "StopSession", "SessionID": "S"}, "SessionInactive")
	refused(c, getValue("", "SerialNumber"), "GetProhibited")

	id := text(t, c.start(r), "SessionID")
	c, err := c.secure(r, asOld())
	require.NoError(t, err)
	refused(c, plist.Dict{"Request": "StartSession", "HostID": hostID}, "SessionActive")
	refused(c, plist.Dict{"Request": "StopSession"}, "MissingSessionID")
	refused(c, plist.Dict{"Request": "StopSession", "SessionID": "another"}, "InvalidSessionID")
	refused(c, getValue("", "FavouriteColour"), "MissingValue")
	refused(c, getValue("com.apple.nowhere", ""), "MissingValue")
	refused(c, plist.Dict{"Request": "SetValue", "Key": "UntrustedHostBUID", "Value": "B"}, "SetProhibited")
	assert.NotContains(t, c.get(plist.Dict{"Request": "StopSession", "SessionID": id}), "Error")
}

// After StopSession both ends leave TLS, and the next session is a new one.
func TestPlainTextAfterASession(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"9.1", "12.5.7", "17.4.1"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			p := paired(t, version)
			b := bench(t, p)
			r := record(t, b, p)
			config := &tls.Config{}
			if version == "9.1" {
				config = asOld()
			}
			c := toPhone(t, b, 1)
			for range 2 {
				id := text(t, c.start(r), "SessionID")
				secured, err := c.secure(r, config)
				require.NoError(t, err)
				assert.Contains(t, secured.get(getValue("", "SerialNumber")), "Value")
				assert.NotContains(t, secured.get(plist.Dict{"Request": "StopSession", "SessionID": id}), "Error")
				conn, _ := secured.conn.(*tls.Conn)
				require.NoError(t, conn.CloseWrite())
				require.NoError(t, c.conn.SetWriteDeadline(time.Time{})) // CloseWrite leaves one behind
				assert.Empty(t, secured.rest(), "the phone leaves TLS, too")

				assert.Equal(t, "GetProhibited", c.get(getValue("", "SerialNumber"))["Error"])
			}
			assert.Len(t, b.Handshakes(), 2)
		})
	}
}

func TestStopSessionWithoutAnEndOfTLS(t *testing.T) {
	t.Parallel()
	p := paired(t, "9.1")
	b := bench(t, p)
	r := record(t, b, p)
	plain := toPhone(t, b, 1)
	id := text(t, plain.start(r), "SessionID")
	secured, err := plain.secure(r, asOld())
	require.NoError(t, err)
	secured.get(plist.Dict{"Request": "StopSession", "SessionID": id})
	plain.request(plist.Dict{"Request": "QueryType"})
	_, err = io.ReadAll(plain.conn)
	require.NoError(t, err, "the phone hangs up")
}

func TestSessionWithoutTLS(t *testing.T) {
	t.Parallel()
	p := paired(t, "9.1")
	p.TLS = mocks.NoTLS
	b := bench(t, p)
	c := toPhone(t, b, 1)
	answer := c.start(record(t, b, p))
	assert.Equal(t, false, answer["EnableSessionSSL"])
	assert.Contains(t, c.get(getValue("", "SerialNumber")), "Value")
	c.get(plist.Dict{"Request": "StopSession", "SessionID": answer["SessionID"]})
	assert.Contains(t, c.get(getValue("", "SerialNumber")), "Error")
	assert.Empty(t, b.Handshakes())
}

// The log tells what was asked in a session, and nothing that opens one.
func TestLogOfASession(t *testing.T) {
	t.Parallel()
	p := paired(t, "9.1")
	b := bench(t, p)
	c := session(t, b, p, asOld())
	c.get(getValue("com.apple.fmip", "IsAssociated"))
	all := b.Requests()
	assert.Equal(t, []mocks.Request{
		{Connection: 2, Side: mocks.Usbmuxd, DeviceID: 1, Name: "Connect"},
		{Connection: 2, Side: mocks.Lockdownd, DeviceID: 1, Name: "StartSession"},
		{Connection: 2, Side: mocks.Lockdownd, DeviceID: 1, Name: "GetValue", Domain: "com.apple.fmip", Key: "IsAssociated", Session: true},
	}, all[1:])
	r := record(t, b, p)
	for _, secret := range []string{text(t, r, "HostID"), string(data(t, r, "EscrowBag"))} {
		assert.NotContains(t, fmt.Sprintf("%+v %+v", all, b.Handshakes()), secret)
	}
}

// lockdownd hangs up on who says nothing for 30 seconds, in a session or not; one that
// hangs itself does not.
func TestIdleConnection(t *testing.T) {
	t.Parallel()
	p := paired(t, "9.1")
	silent := paired(t, "9.1", mocks.Fault{Side: mocks.Lockdownd, Kind: mocks.Silent})
	for _, tt := range []struct {
		name string
		open func(t *testing.T) talker
		end  error
	}{
		{"plain", func(t *testing.T) talker { return toPhone(t, bench(t, p), 1) }, io.EOF},
		{"in a session", func(t *testing.T) talker { return session(t, bench(t, p), p, asOld()) }, io.EOF},
		{"in mid-handshake", func(t *testing.T) talker {
			b := bench(t, p)
			r := record(t, b, p)
			c := toPhone(t, b, 1)
			c.start(r)
			return c
		}, io.EOF},
		{"with a phone that hangs", func(t *testing.T) talker {
			c := toPhone(t, bench(t, silent), 1)
			c.request(getValue("", ""))
			return c
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := tt.open(t)
				from := time.Now()
				require.NoError(t, c.conn.SetReadDeadline(from.Add(time.Hour)))
				_, err := c.conn.Read(make([]byte, 1))
				if tt.end == nil {
					assert.Equal(t, time.Hour, time.Since(from))
					return
				}
				assert.ErrorIs(t, err, tt.end)
				assert.Equal(t, 30*time.Second, time.Since(from))
			})
		})
	}
}
