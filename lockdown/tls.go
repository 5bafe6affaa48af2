package lockdown

import (
	"crypto"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// offer is what this computer offers a phone by way of TLS.
type offer struct {
	min, max uint16
	suites   []uint16 // nil = those that Go offers by itself
	retry    bool     // after a failure the phone may be offered oldTLS, on a new connection
}

// oldTLS is for iOS 9 and earlier. They fail when as much as offered TLS 1.2
// (libimobiledevice/libimobiledevice issue 817), so TLS 1.0 is the most as well as the
// least: [IDEVICE] idevice_connection_enable_ssl. The suites have to be named: Go offers
// those with RSA key exchange or 3DES no more by itself.
var oldTLS = offer{
	min: tls.VersionTLS10, max: tls.VersionTLS10,
	suites: []uint16{
		tls.TLS_RSA_WITH_AES_128_CBC_SHA,
		tls.TLS_RSA_WITH_AES_256_CBC_SHA,
		tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
		tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
		tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA,
	},
}

// offerTo chooses by the phone's ProductVersion. iOS 10 and 11 are said to know TLS 1.2,
// not always with success (libimobiledevice/libimobiledevice issue 833), so they get a
// second chance, as does a version that cannot be read.
func offerTo(productVersion string) offer {
	first, _, _ := strings.Cut(productVersion, ".")
	major, err := strconv.Atoi(first)
	if err == nil && major < 10 {
		return oldTLS
	}
	return offer{min: tls.VersionTLS12, max: tls.VersionTLS13, retry: err != nil || major < 12}
}

// config is that of a connection on which only the phone of the credentials is spoken
// to. Its public key is compared, not a chain: the certificates are signed by a root that
// this computer made and nobody else knows, mostly with SHA-1, which Go does not verify;
// and the key, not the certificate around it, is what a stranger cannot have.
func (o offer) config(s secrets) *tls.Config {
	return &tls.Config{
		MinVersion:         o.min,
		MaxVersion:         o.max,
		CipherSuites:       o.suites,
		Certificates:       []tls.Certificate{s.host},
		InsecureSkipVerify: true, // VerifyConnection does what there is to verify
		VerifyConnection:   func(state tls.ConnectionState) error { return isPhone(state, s.phone) },
	}
}

func isPhone(state tls.ConnectionState, phone crypto.PublicKey) error {
	known, ok := phone.(interface{ Equal(crypto.PublicKey) bool })
	if !ok || len(state.PeerCertificates) == 0 || !known.Equal(state.PeerCertificates[0].PublicKey) {
		return ErrStranger
	}
	return nil
}

// handshakeError sorts what a handshake ended in.
func handshakeError(err error) error {
	if err == nil || errors.Is(err, ErrStranger) || isInterruption(err) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrHandshake, err)
}

// isAlert knows the phone's word that it will have none of this TLS. With TLS 1.3 it
// comes after the handshake, when the phone has seen this computer's certificate.
func isAlert(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "remote error"
}
