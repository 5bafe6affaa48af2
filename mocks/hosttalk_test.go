package mocks_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"maps"
	"math/big"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux/plist"
)

// A host that pairs and holds sessions, by hand.

// ofAge is a phone with Touch ID that runs this version of iOS.
func ofAge(t *testing.T, version string, trust mocks.Trust, faults ...mocks.Fault) mocks.Phone {
	t.Helper()
	return phone(t, mocks.Profile{
		ProductType: "iPhone7,2", ProductVersion: version, Trust: trust, Faults: faults})
}

// paired is a phone that trusts the host.
func paired(t *testing.T, version string, faults ...mocks.Fault) mocks.Phone {
	t.Helper()
	return ofAge(t, version, mocks.Trust{State: mocks.Paired}, faults...)
}

// record reads the host's pair record of a phone.
func record(t *testing.T, b *mocks.Bench, p mocks.Phone) plist.Dict {
	t.Helper()
	c := dial(t, b)
	defer c.conn.Close()
	return decode(t, data(t, c.put("ReadPairRecord", p.UDID, nil), "PairRecordData"))
}

// text is a string that must be there.
func text(t *testing.T, d plist.Dict, key string) string {
	t.Helper()
	s, ok := d.String(key)
	require.True(t, ok, key)
	return s
}

// data is data that must be there.
func data(t *testing.T, d plist.Dict, key string) []byte {
	t.Helper()
	b, ok := d.Data(key)
	require.True(t, ok, key)
	return b
}

// der takes the only block out of a PEM text.
func der(t *testing.T, kind string, text []byte) []byte {
	t.Helper()
	block, rest := pem.Decode(text)
	require.NotNil(t, block)
	require.Equal(t, kind, block.Type)
	require.Empty(t, rest)
	return block.Bytes
}

// start asks for a session with a record.
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

// secure turns to TLS, with the host's certificate.
func (c talker) secure(record plist.Dict, config *tls.Config) (talker, error) {
	c.t.Helper()
	own, err := tls.X509KeyPair(data(c.t, record, "HostCertificate"), data(c.t, record, "HostPrivateKey"))
	require.NoError(c.t, err)
	config = config.Clone()
	config.Certificates, config.InsecureSkipVerify = []tls.Certificate{own}, true
	conn := tls.Client(c.conn, config)
	if err := conn.HandshakeContext(c.t.Context()); err != nil {
		return talker{}, err
	}
	return talker{c.t, conn}, nil
}

// shown is the certificate that the phone showed.
func (c talker) shown() []byte {
	c.t.Helper()
	conn, ok := c.conn.(*tls.Conn)
	require.True(c.t, ok)
	return conn.ConnectionState().PeerCertificates[0].Raw
}

// session opens a session with the first phone of a bench, by the host's record of it.
func session(t *testing.T, b *mocks.Bench, p mocks.Phone, config *tls.Config) talker {
	t.Helper()
	r := record(t, b, p)
	c := toPhone(t, b, 1)
	answer := c.start(r)
	require.NotContains(t, answer, "Error")
	require.Equal(t, true, answer["EnableSessionSSL"])
	secured, err := c.secure(r, config)
	require.NoError(t, err)
	assert.Equal(t, der(t, "CERTIFICATE", data(t, r, "DeviceCertificate")), secured.shown())
	return secured
}

// hostKey is the host's, which is its root's as well: nothing here tells them apart.
var hostKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		panic(err)
	}
	return key
})

func certificate(t *testing.T, public *rsa.PublicKey) []byte {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(53), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, hostKey())
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// devicePublicKey reads it from a phone.
func devicePublicKey(t *testing.T, c talker) *rsa.PublicKey {
	t.Helper()
	key, err := x509.ParsePKCS1PublicKey(der(t, "RSA PUBLIC KEY", data(t, c.get(getValue("", "DevicePublicKey")), "Value")))
	require.NoError(t, err)
	return key
}

// newRecord makes a record as a host does that wants to pair. secret has the keys, too.
func newRecord(t *testing.T, c talker) (public, secret plist.Dict) {
	t.Helper()
	public = plist.Dict{
		"DeviceCertificate": certificate(t, devicePublicKey(t, c)),
		"HostCertificate":   certificate(t, &hostKey().PublicKey),
		"RootCertificate":   certificate(t, &hostKey().PublicKey),
		"HostID":            "E53E53E5-0053-4053-8053-000000000001",
		"SystemBUID":        "53535353-0053-4053-8053-535353535353",
	}
	secret = maps.Clone(public)
	secret["HostPrivateKey"] = pem.EncodeToMemory(
		&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(hostKey())})
	return public, secret
}

// pair asks a phone to trust the host.
func (c talker) pair(record plist.Dict) plist.Dict {
	c.t.Helper()
	return c.get(plist.Dict{"Request": "Pair", "PairRecord": record, "ProtocolVersion": "2",
		"PairingOptions": plist.Dict{"ExtendedPairingErrors": true}})
}
