package mocks_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux/plist"
)

// paired is a phone that trusts the host.
func paired(t *testing.T, version string, faults ...mocks.Fault) mocks.Phone {
	t.Helper()
	return phone(t, mocks.Profile{
		ProductType: "iPhone7,2", ProductVersion: version, Trust: mocks.Trust{State: mocks.Paired}, Faults: faults})
}

// record reads the host's pair record of a phone.
func record(t *testing.T, b *mocks.Bench, p mocks.Phone) plist.Dict {
	t.Helper()
	data, ok := dial(t, b).put("ReadPairRecord", p.UDID, nil).Data("PairRecordData")
	require.True(t, ok, "the host has a record")
	return decode(t, data)
}

// text is a value of a record that must be there.
func text(t *testing.T, d plist.Dict, key string) string {
	t.Helper()
	s, ok := d.String(key)
	require.True(t, ok, key)
	return s
}

func data(t *testing.T, d plist.Dict, key string) []byte {
	t.Helper()
	b, ok := d.Data(key)
	require.True(t, ok, key)
	return b
}

// start asks for a session with the record.
func (c talker) start(record plist.Dict) plist.Dict {
	c.t.Helper()
	return c.get(plist.Dict{"Request": "StartSession",
		"HostID": text(c.t, record, "HostID"), "SystemBUID": text(c.t, record, "SystemBUID")})
}

// asOld speaks TLS as clients of old phones have to.
func asOld() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10,
		CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA, tls.TLS_RSA_WITH_AES_256_CBC_SHA},
	}
}

// secure turns to TLS. The phone must show the certificate of the record.
func (c talker) secure(record plist.Dict, config *tls.Config) (talker, error) {
	c.t.Helper()
	own, err := tls.X509KeyPair(data(c.t, record, "HostCertificate"), data(c.t, record, "HostPrivateKey"))
	require.NoError(c.t, err)
	config.Certificates, config.InsecureSkipVerify = []tls.Certificate{own}, true
	conn := tls.Client(c.conn, config)
	if err := conn.HandshakeContext(c.t.Context()); err != nil {
		return talker{}, err
	}
	block, _ := pem.Decode(data(c.t, record, "DeviceCertificate"))
	require.NotNil(c.t, block)
	assert.Equal(c.t, block.Bytes, conn.ConnectionState().PeerCertificates[0].Raw)
	return talker{c.t, conn}, nil
}

// session opens a session with a phone that trusts the host.
func session(t *testing.T, b *mocks.Bench, p mocks.Phone, id uint64, config *tls.Config) talker {
	t.Helper()
	r := record(t, b, p)
	c := toPhone(t, b, id)
	answer := c.start(r)
	require.NotContains(t, answer, "Error")
	require.Equal(t, true, answer["EnableSessionSSL"])
	secured, err := c.secure(r, config)
	require.NoError(t, err)
	return secured
}

func TestSessionOfEveryAge(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, version string
		config        *tls.Config
		want          uint16
		bits          int
	}{
		{"iOS 9", "9.1", asOld(), tls.VersionTLS10, 1024},
		{"iOS 12 with an old client", "12.5.7", asOld(), tls.VersionTLS10, 2048},
		{"iOS 12", "12.5.7", &tls.Config{}, tls.VersionTLS12, 2048},
		{"iOS 17", "17.4.1", &tls.Config{}, tls.VersionTLS13, 2048},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := paired(t, tt.version)
			b := bench(t, p)
			c := session(t, b, p, 1, tt.config)
			assert.Equal(t, p.Values, c.get(getValue("", ""))["Value"])
			shakes := b.Handshakes()
			require.Len(t, shakes, 1)
			assert.Equal(t, tt.want, shakes[0].Version)
			key, err := x509.ParsePKCS1PublicKey(pemBytes(t, c.get(getValue("", "DevicePublicKey"))["Value"]))
			require.NoError(t, err)
			assert.Equal(t, tt.bits, key.N.BitLen())
		})
	}
}

func pemBytes(t *testing.T, v any) []byte {
	t.Helper()
	text, ok := v.([]byte)
	require.True(t, ok)
	block, _ := pem.Decode(text)
	require.NotNil(t, block)
	assert.Equal(t, "RSA PUBLIC KEY", block.Type)
	return block.Bytes
}
