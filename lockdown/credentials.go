package lockdown

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"

	"error53/usbmux"
	"error53/usbmux/plist"
)

// secrets is what a session takes of a pair record. The keys of the record are those
// that [USERPREF] writes.
type secrets struct {
	hostID, systemBUID string
	host               tls.Certificate // HostCertificate and HostPrivateKey
	phone              crypto.PublicKey
	escrowBag          []byte // empty where the record has none
}

// credentials are the secrets of a pair record, which show themselves as "[credentials]"
// wherever they are printed; see usbmux.PairRecord for why they are behind a function.
type credentials struct{ secrets func() secrets }

// Format masks the credentials, whatever the verb.
func (credentials) Format(f fmt.State, _ rune) { io.WriteString(f, "[credentials]") }

// newCredentials reads a record. The error is ErrUnusableRecord, and names the part of
// the record that is at fault without a byte of it.
func newCredentials(record usbmux.PairRecord) (credentials, error) {
	d, err := plist.DecodeDict(record.Bytes())
	if err != nil {
		return credentials{}, ErrUnusableRecord
	}
	var s secrets
	if s.hostID, _ = d.String("HostID"); s.hostID == "" {
		return credentials{}, unusable("HostID")
	}
	if s.systemBUID, _ = d.String("SystemBUID"); s.systemBUID == "" {
		return credentials{}, unusable("SystemBUID")
	}
	if s.phone, err = publicKey(d); err != nil {
		return credentials{}, err
	}
	if s.host, err = hostCertificate(d); err != nil {
		return credentials{}, err
	}
	s.escrowBag, _ = d.Data("EscrowBag")
	return credentials{func() secrets { return s }}, nil
}

func unusable(part string) error { return fmt.Errorf("%w: %s", ErrUnusableRecord, part) }

// publicKey is the one that the phone's certificate is for.
func publicKey(record plist.Dict) (crypto.PublicKey, error) {
	text, _ := record.Data("DeviceCertificate")
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, unusable("DeviceCertificate")
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, unusable("DeviceCertificate")
	}
	return certificate.PublicKey, nil
}

// hostCertificate is what this computer shows the phone. Its errors must not be those of
// crypto/tls, which quote the headings of the text.
func hostCertificate(record plist.Dict) (tls.Certificate, error) {
	certificate, _ := record.Data("HostCertificate")
	key, _ := record.Data("HostPrivateKey")
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return tls.Certificate{}, unusable("HostCertificate and HostPrivateKey")
	}
	return pair, nil
}
