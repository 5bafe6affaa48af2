package mocks

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"

	"error53/diag"
)

// TLS is how a phone speaks TLS: from which version to which.
type TLS string

// The ways. The empty one is that of the phone's ProductVersion.
const (
	// iOS 7 to 9: with RSA key exchange and CBC only, and a client that offers more
	// is turned away. [LIBIMOBILEDEVICE] src/idevice.c, issues 352, 817 and 833.
	OldTLS TLS = "1.0"
	// iOS 10 to 12, the suites of old included.
	MiddleTLS TLS = "1.0-1.2"
	// iOS 13 and later.
	NewTLS TLS = "1.2-1.3"
	// EnableSessionSSL is false, and the session goes on in plain text.
	NoTLS TLS = "none"
)

// AllTLS lists all there are.
var AllTLS = []TLS{OldTLS, MiddleTLS, NewTLS, NoTLS}

// personality is the way that the phone speaks TLS.
func (p *Phone) personality() TLS {
	if p.TLS != "" {
		return p.TLS
	}
	text, _ := p.Values.String("ProductVersion")
	version, err := diag.ParseVersion(text)
	switch {
	case err != nil, version.Major >= 13:
		return NewTLS
	case version.Major >= 10:
		return MiddleTLS
	}
	return OldTLS
}

// cbcSuites are those of RSA key exchange that old phones know.
// [LIBIMOBILEDEVICE] src/idevice.c: RSA, AES-CBC, SHA-1.
var cbcSuites = []uint16{
	tls.TLS_RSA_WITH_AES_128_CBC_SHA,
	tls.TLS_RSA_WITH_AES_256_CBC_SHA,
	tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA,
}

// server configures the phone's end of TLS. It wants the host's certificate, and takes
// the root's instead, which [LIBIMOBILEDEVICE] shows.
func (w TLS) server(own tls.Certificate, host *papers) *tls.Config {
	c := &tls.Config{
		Certificates:           []tls.Certificate{own},
		ClientAuth:             tls.RequireAnyClientCert,
		SessionTicketsDisabled: true,
		MinVersion:             tls.VersionTLS12,
		MaxVersion:             tls.VersionTLS13,
		VerifyPeerCertificate:  host.verify,
	}
	switch w {
	case OldTLS:
		c.MinVersion, c.MaxVersion, c.CipherSuites = tls.VersionTLS10, tls.VersionTLS10, cbcSuites
	case MiddleTLS:
		c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS12
		for _, s := range tls.CipherSuites() {
			c.CipherSuites = append(c.CipherSuites, s.ID)
		}
		c.CipherSuites = append(c.CipherSuites, cbcSuites...)
	}
	return c
}

var errStranger = errors.New("mocks: neither the certificate of the host nor its root's")

func (p *papers) verify(certificates [][]byte, _ [][]*x509.Certificate) error {
	if len(certificates) > 0 && (slices.Equal(certificates[0], p.host) || slices.Equal(certificates[0], p.root)) {
		return nil
	}
	return errStranger
}

// turnAway ends the handshake of a client that offers more than an old phone bears.
func turnAway(offered uint16) error {
	if offered > tls.VersionTLS10 {
		return fmt.Errorf("mocks: the client offers %s", tls.VersionName(offered))
	}
	return nil
}
