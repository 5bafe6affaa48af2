package mocks

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"time"

	"error53/usbmux/plist"
)

// papers are what a phone keeps of a pairing: who the host is, and the certificates
// in DER.
type papers struct {
	hostID, systemBUID string
	device, host, root []byte
}

// hostIDOf is the HostID in the pair record that the host has from the start: a UUID
// that follows from the phone.
func hostIDOf(udid string) string {
	h := fmt.Sprintf("%X", sha256.Sum256([]byte(udid)))
	return strings.Join([]string{"53535353", h[:4], "4" + h[4:7], "8" + h[7:10], h[10:22]}, "-")
}

// The owners of keys on the ring that are no phones.
const (
	rootOwner     = "root"
	hostOwner     = "host"
	strangerOwner = "stranger"
)

// hostBits is the size of a host's keys. [LIBIMOBILEDEVICE] common/userpref.c.
const hostBits = 2048

// hostCertificates are the host's own, in all its pairings from before the bench.
var hostCertificates = sync.OnceValues(func() (root, host []byte) {
	signer := ring.key(rootOwner, hostBits)
	return certificate(&signer.PublicKey, signer, true), certificate(&ring.key(hostOwner, hostBits).PublicKey, signer, false)
})

// makePapers makes those of a pairing from before the bench.
func makePapers(p *Phone) *papers {
	root, host := hostCertificates()
	return &papers{
		hostID:     hostIDOf(p.UDID),
		systemBUID: systemBUID,
		root:       root,
		host:       host,
		device:     certificate(&p.key().PublicKey, ring.key(rootOwner, hostBits), false),
	}
}

// certificate makes one as hosts do when they pair: no names, serial number 0, ten
// years. [LIBIMOBILEDEVICE] common/userpref.c, pair_record_generate_keys_and_certs.
func certificate(public *rsa.PublicKey, signer *rsa.PrivateKey, authority bool) []byte {
	template := &x509.Certificate{
		SerialNumber:          new(big.Int),
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().AddDate(10, 0, 0),
		BasicConstraintsValid: true,
		IsCA:                  authority,
		SignatureAlgorithm:    x509.SHA256WithRSA,
	}
	if !authority {
		template.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, signer)
	if err != nil { // not with keys of our own
		panic(err)
	}
	return der
}

// record is what the host keeps of the same pairing: the plist of a pair record.
func (p *papers) record(phone *Phone) []byte {
	address, _ := phone.Values.String("WiFiAddress")
	data, err := encodeXML(plist.Dict{
		"DeviceCertificate": certificatePEM(p.device),
		"HostCertificate":   certificatePEM(p.host),
		"HostID":            p.hostID,
		"HostPrivateKey":    keyPEM(ring.key(hostOwner, hostBits)),
		"RootCertificate":   certificatePEM(p.root),
		"RootPrivateKey":    keyPEM(ring.key(rootOwner, hostBits)),
		"SystemBUID":        p.systemBUID,
		"WiFiMACAddress":    address,
		"EscrowBag":         phone.escrowBag(),
	})
	if err != nil { // a WiFiAddress of a megabyte
		return nil
	}
	return data
}

func certificatePEM(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func keyPEM(key *rsa.PrivateKey) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
}

// key is the phone's own.
func (p *Phone) key() *rsa.PrivateKey { return ring.key(p.UDID, p.bits()) }

// bits are those of its key. Old phones have a short one.
// Observed: libimobiledevice/libimobiledevice issue 179.
func (p *Phone) bits() int {
	switch {
	case p.keyBits != 0:
		return p.keyBits
	case p.personality() == OldTLS:
		return 1024
	}
	return 2048
}

// publicKey is DevicePublicKey. [LIBIMOBILEDEVICE] common/userpref.c reads PKCS #1.
func (p *Phone) publicKey() []byte {
	der := x509.MarshalPKCS1PublicKey(&p.key().PublicKey)
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: der})
}

// escrowBag opens nothing: there is nothing to open.
func (p *Phone) escrowBag() []byte {
	sum := sha256.Sum256([]byte("escrow bag of " + p.UDID))
	return sum[:]
}
