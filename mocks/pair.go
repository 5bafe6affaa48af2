package mocks

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"

	"error53/usbmux/plist"
)

// pair answers a host that wants to be trusted. [LIBIMOBILEDEVICE] src/lockdown.c,
// lockdownd_do_pair.
func (l *lockdownd) pair(body, request plist.Dict) reply {
	host, failure := l.hostOf(request)
	switch {
	case failure != "":
	case l.phone.ConnectionType == Network:
		failure = errNotOverNetwork
	default:
		failure = l.device.memory.pair(host)
	}
	r := reply{body: body, writes: true, leaks: carriesKey(request)}
	switch failure {
	case "":
		body["EscrowBag"] = l.phone.escrowBag()
		return r
	case errDialogPending, errPasswordProtected:
		r.then = l.waited
	case errChallengeRequired:
		body["ExtendedResponse"] = plist.Dict{"PairingChallenge": l.phone.challenge()}
	}
	body["Error"] = failure
	return r
}

// carriesKey tells whether a Pair gives a private key away.
func carriesKey(request plist.Dict) bool {
	record, _ := request.Dict("PairRecord")
	return record["HostPrivateKey"] != nil || record["RootPrivateKey"] != nil
}

// waited lets the person who holds the phone act, once the answer is out.
func (l *lockdownd) waited(*dialogue) error {
	l.bench.waited(l.device)
	return nil
}

// hostOf reads the PairRecord of a Pair. The certificate for the phone must be one for
// the phone's key.
func (l *lockdownd) hostOf(request plist.Dict) (*papers, string) {
	record, ok := request.Dict("PairRecord")
	if !ok {
		return nil, errMissingPairRecord
	}
	host := &papers{}
	if host.hostID, ok = record.String("HostID"); !ok {
		return nil, errMissingHostID
	}
	host.systemBUID, _ = record.String("SystemBUID")
	for field, der := range map[string]*[]byte{
		"DeviceCertificate": &host.device, "HostCertificate": &host.host, "RootCertificate": &host.root,
	} {
		text, _ := record.Data(field)
		block, _ := pem.Decode(text)
		if block == nil {
			return nil, errInvalidPairRecord
		}
		*der = block.Bytes
	}
	device, err := x509.ParseCertificate(host.device)
	if err != nil || !l.phone.key().PublicKey.Equal(device.PublicKey) {
		return nil, errInvalidPairRecord
	}
	return host, ""
}

// validatePair tells whether a host is known, which is all that phones since iOS 7
// make of it.
func (l *lockdownd) validatePair(body, request plist.Dict) {
	record, ok := request.Dict("PairRecord")
	if !ok {
		body["Error"] = errMissingPairRecord
		return
	}
	id, _ := record.String("HostID")
	if _, failure := l.device.memory.host(id, ""); failure != "" {
		body["Error"] = failure
	}
}

// challenge is what a supervised phone wants signed.
func (p *Phone) challenge() []byte {
	sum := sha256.Sum256([]byte("challenge of " + p.UDID))
	return sum[:]
}
