package lockdown

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"

	"error53/usbmux"
)

// What a computer makes to pair: [USERPREF] pair_record_generate_keys_and_certs, which
// signs with SHA-256 by now, except for phones before iOS 4.
const (
	keyBits  = 2048
	validity = 10 * 365 * 24 * time.Hour
)

// keys are the two that a computer makes for one phone.
type keys struct{ root, host *rsa.PrivateKey }

// makeKeys makes both at the same time. A slow computer takes seconds over it, and cannot
// be stopped in the middle: when ctx ends, the work goes on unattended to its end.
func makeKeys(ctx context.Context) (keys, error) {
	var k keys
	done := make(chan error, 2)
	for _, key := range []**rsa.PrivateKey{&k.root, &k.host} {
		go func() {
			made, err := rsa.GenerateKey(rand.Reader, keyBits)
			*key = made
			done <- err
		}()
	}
	for range 2 {
		select {
		case err := <-done:
			if err != nil {
				return keys{}, err
			}
		case <-ctx.Done():
			return keys{}, ctx.Err()
		}
	}
	return k, nil
}

// certificates are PEM.
type certificates struct{ root, host, phone []byte }

// certify makes the certificates: root, which signs itself and the others; host, of this
// computer; and phone, of the key that the phone shows in its handshakes.
func (k keys) certify(phone *rsa.PublicKey) (certificates, error) {
	now := time.Now()
	root := template(now)
	root.IsCA = true
	leaf := template(now)
	leaf.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment
	var c certificates
	for _, make := range []struct {
		certificate *[]byte
		template    *x509.Certificate
		key         *rsa.PublicKey
	}{{&c.root, root, &k.root.PublicKey}, {&c.host, leaf, &k.host.PublicKey}, {&c.phone, leaf, phone}} {
		der, err := x509.CreateCertificate(rand.Reader, make.template, root, make.key, k.root)
		if err != nil {
			return certificates{}, err
		}
		*make.certificate = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	}
	return c, nil
}

// template is without names, as those of other clients: the phone looks at keys only.
func template(now time.Time) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		NotBefore:             now,
		NotAfter:              now.Add(validity),
		BasicConstraintsValid: true,
		SignatureAlgorithm:    x509.SHA256WithRSA,
	}
}

func keyPEM(k *rsa.PrivateKey) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(k)})
}

// parseDevicePublicKey reads the phone's DevicePublicKey: PKCS #1 in PEM, with 1024 bits
// on old phones (observed, libimobiledevice/libimobiledevice issue 179).
func parseDevicePublicKey(value any) (*rsa.PublicKey, error) {
	text, ok := value.([]byte)
	if !ok {
		return nil, fmt.Errorf("%w: DevicePublicKey is a %T", usbmux.ErrProtocol, value)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%w: DevicePublicKey is no PEM", usbmux.ErrProtocol)
	}
	key, err := x509.ParsePKCS1PublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%w: DevicePublicKey: %w", usbmux.ErrProtocol, err)
	}
	return key, nil
}
