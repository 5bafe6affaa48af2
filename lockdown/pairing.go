package lockdown

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"fmt"

	"error53/usbmux"
	"error53/usbmux/plist"
)

// pair puts the Trust dialog on the screen of a phone, and makes the phone remember this
// computer once somebody has tapped Trust. Of all that is sent, it alone changes
// something on a phone. Nothing but trusting.go may come to it.
const pair verb = "Pair" // [LOCKDOWN] lockdownd_do_pair

// pairOffer is what the phone gets to remember: certificates, and no private key.
type pairOffer struct {
	DeviceCertificate, HostCertificate, RootCertificate []byte
	HostID, SystemBUID                                  string
}

// pairingOptions make lockdownd say why it does not pair. [LOCKDOWN] lockdownd_do_pair.
type pairingOptions struct{ ExtendedPairingErrors bool }

// pairing is a trust in the making.
type pairing struct {
	keys        keys
	offer       pairOffer
	wifiAddress string
}

// newPairing makes what the phone is offered. phone is its key, buid this computer's id.
func newPairing(k keys, phone *rsa.PublicKey, buid, wifiAddress string) (*pairing, error) {
	c, err := k.certify(phone)
	if err != nil {
		return nil, fmt.Errorf("make certificates: %w", err)
	}
	return &pairing{
		keys: k,
		offer: pairOffer{
			DeviceCertificate: c.phone, HostCertificate: c.host, RootCertificate: c.root,
			HostID: newHostID(), SystemBUID: buid,
		},
		wifiAddress: wifiAddress,
	}, nil
}

// newHostID is a random UUID (RFC 9562, section 5.4) in capitals, as libimobiledevice has
// it.
func newHostID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%X-%X-%X-%X-%X", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// offerTrust offers it to the phone. The escrow bag may be empty.
//
// Errors: an Error (ErrTrustPending, ErrPasswordProtected, ErrTrustDenied …), or one of
// usbmux.
func (p *pairing) offerTrust(ctx context.Context, c *Client) (escrowBag []byte, err error) {
	req := newRequest(pair)
	req.PairRecord, req.PairingOptions = &p.offer, &pairingOptions{ExtendedPairingErrors: true}
	answer, err := c.ask(ctx, req)
	if err != nil {
		return nil, opError(req.op(), err)
	}
	escrowBag, _ = answer.Data("EscrowBag")
	return escrowBag, nil
}

// saveTrust makes this computer keep the record. Its keys are those of [USERPREF], so
// that other programs can use it.
func (p *pairing) saveTrust(ctx context.Context, mux *usbmux.Client, device usbmux.Device, escrowBag []byte) error {
	d := plist.Dict{
		"DeviceCertificate": p.offer.DeviceCertificate,
		"HostCertificate":   p.offer.HostCertificate,
		"RootCertificate":   p.offer.RootCertificate,
		"HostPrivateKey":    keyPEM(p.keys.host),
		"RootPrivateKey":    keyPEM(p.keys.root),
		"HostID":            p.offer.HostID,
		"SystemBUID":        p.offer.SystemBUID,
	}
	if p.wifiAddress != "" {
		d["WiFiMACAddress"] = p.wifiAddress
	}
	if len(escrowBag) > 0 {
		d["EscrowBag"] = escrowBag
	}
	data, err := plist.EncodeXML(d)
	if err != nil {
		return err
	}
	record, err := usbmux.NewPairRecord(data)
	if err != nil {
		return err
	}
	return mux.SavePairRecord(ctx, device.UDID(), record, device.ID)
}
