package lockdown_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/lockdown"
	"error53/mocks"
	"error53/usbmux"
	"error53/usbmux/plist"
)

// What may be wrong with a record. The phone is asked for no session, and what it tells
// everybody stands.
func TestUnusableRecords(t *testing.T) {
	t.Parallel()
	b, p := pairedPhone(t, "iPhone7,2", "9.1")
	good := recordOf(t, b, p)
	edited := func(key string, value any) []byte {
		d := plist.Dict{}
		for k, v := range good {
			d[k] = v
		}
		if d[key] = value; value == nil {
			delete(d, key)
		}
		data, err := plist.EncodeXML(d)
		require.NoError(t, err)
		return data
	}
	whole := edited("UDID", p.UDID)
	for _, tt := range []struct {
		name   string
		record []byte
		text   string
	}{
		{"truncated", whole[:len(whole)/2], "property list"},
		{"empty", []byte{}, "property list"},
		{"a list", []byte("<plist><array/></plist>"), "property list"},
		{"no HostID", edited("HostID", nil), "HostID"},
		{"HostID of another type", edited("HostID", 53), "HostID"},
		{"no SystemBUID", edited("SystemBUID", nil), "SystemBUID"},
		{"no DeviceCertificate", edited("DeviceCertificate", nil), "DeviceCertificate"},
		{"DeviceCertificate is no PEM", edited("DeviceCertificate", []byte("53")), "DeviceCertificate"},
		{"DeviceCertificate is a key", edited("DeviceCertificate", good["HostPrivateKey"]), "DeviceCertificate"},
		{"no HostPrivateKey", edited("HostPrivateKey", nil), "HostPrivateKey"},
		{"HostPrivateKey is garbled", edited("HostPrivateKey", bytes.ReplaceAll(good["HostPrivateKey"].([]byte), []byte("A"), []byte("B"))), "HostPrivateKey"},
		{"HostPrivateKey is another's", edited("HostPrivateKey", good["RootPrivateKey"]), "HostPrivateKey"},
		{"HostCertificate is cut", edited("HostCertificate", good["HostCertificate"].([]byte)[:200]), "HostCertificate"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := p
			p.PairRecord = tt.record
			b := mocks.NewBench(p)
			t.Cleanup(func() { b.Close() })
			phone := open(t, &usbmux.Client{Dial: b.Dial})
			require.ErrorIs(t, phone.NoSession, lockdown.ErrUnusableRecord)
			require.NotErrorIs(t, phone.NoSession, usbmux.ErrProtocol)
			assert.ErrorContains(t, phone.NoSession, tt.text)
			assert.NotContains(t, phone.NoSession.Error(), "BEGIN")
			assert.Equal(t, "9.1", phone.Public["ProductVersion"])
			assert.NotContains(t, asked(b, mocks.Lockdownd), "StartSession")
		})
	}
}

// A record of another phone names a host that this one does not know.
func TestForeignRecord(t *testing.T) {
	t.Parallel()
	other, otherPhone := pairedPhone(t, "iPhone8,1", "12.5.7")
	p, err := paired("iPhone14,6", "16.7.2").Phone()
	require.NoError(t, err)
	p.PairRecord, err = plist.EncodeXML(recordOf(t, other, otherPhone))
	require.NoError(t, err)
	b := mocks.NewBench(p)
	t.Cleanup(func() { b.Close() })
	phone := open(t, &usbmux.Client{Dial: b.Dial})
	require.ErrorIs(t, phone.NoSession, lockdown.ErrInvalidHostID)
}

// Keys of another pairing are turned away by the phone: with TLS 1.3 only after the
// handshake, where it looks like a connection that was lost, and is none.
func TestForeignKey(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	for _, version := range []string{"9.1", "12.5.7", "16.7.2"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b, p := pairedPhone(t, "iPhone7,2", version)
			record := recordOf(t, b, p)
			record["HostCertificate"] = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
			record["HostPrivateKey"] = pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
			data, err := plist.EncodeXML(record)
			require.NoError(t, err)
			p.PairRecord = data
			b.Detach(1)
			b.Attach(p) // the phone has not forgotten this computer
			phone := open(t, &usbmux.Client{Dial: b.Dial})
			require.ErrorIs(t, phone.NoSession, lockdown.ErrHandshake)
		})
	}
}

// However a phone in a session is printed, no secret of the record comes with it.
func TestSecretsDoNotPrint(t *testing.T) {
	t.Parallel()
	b, p := pairedPhone(t, "iPhone7,2", "12.5.7")
	record := recordOf(t, b, p)
	var log bytes.Buffer
	logger := logrus.New()
	logger.SetOutput(&log)
	logger.SetLevel(logrus.TraceLevel)
	phone := open(t, &usbmux.Client{Dial: b.Dial, Log: logger})
	require.NoError(t, phone.NoSession)
	_ = phone.Sensor(t.Context())
	text := log.String()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		text += fmt.Sprintf(verb+verb, phone, phone.Client)
	}
	for key, value := range record {
		if key == "WiFiMACAddress" {
			continue // the phone tells that to everybody
		}
		secret, isText := value.(string)
		if data, isData := value.([]byte); isData {
			secret, isText = string(bytes.Split(append(data, '\n'), []byte("\n"))[min(1, bytes.Count(data, []byte("\n")))]), true
		}
		require.True(t, isText && len(secret) >= 16, key)
		for _, form := range []string{"%s", "%x", "%d", "%q"} {
			assert.NotContains(t, text, strings.Trim(fmt.Sprintf(form, []byte(secret)), `[]"`), key)
		}
	}
}
