package usbmux_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"testing"

	"github.com/sirupsen/logrus"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux"
	"error53/usbmux/plist"
)

const secret = "BEGIN RSA PRIVATE KEY"

// aRecord is a pair record that everybody would recognise in a log.
func aRecord(t testing.TB) usbmux.PairRecord {
	record, err := usbmux.NewPairRecord(xml(t, plist.Dict{"HostID": secret, "HostPrivateKey": []byte(secret)}))
	require.NoError(t, err)
	return record
}

func TestReadBUID(t *testing.T) {
	t.Parallel()
	bench := mocks.NewBench()
	defer bench.Close()
	client := usbmux.Client{Dial: bench.Dial}
	buid, err := client.ReadBUID(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "53535353-0053-4053-8053-535353535353", buid)
}

// Saved, read by all, told to listeners, deleted.
func TestPairRecords(t *testing.T) {
	t.Parallel()
	phone := virtual(t, mocks.Profile{ProductType: "iPhone14,6"})
	bench := mocks.NewBench(phone)
	defer bench.Close()
	client := usbmux.Client{Dial: bench.Dial}
	_, err := client.ReadPairRecord(t.Context(), phone.UDID)
	require.ErrorIs(t, err, usbmux.ErrNoRecord)
	assert.NotErrorIs(t, err, usbmux.ErrGone)

	var heard []string
	for e := range client.Listen(t.Context()) {
		heard = append(heard, brief(e))
		if e.Kind == usbmux.Attached {
			require.NoError(t, client.SavePairRecord(t.Context(), phone.UDID, aRecord(t), 0))
			require.NoError(t, client.SavePairRecord(t.Context(), phone.UDID, aRecord(t), e.Device.ID))
			bench.Detach(e.Device.ID)
		}
		if e.Kind == usbmux.Detached {
			break
		}
	}
	assert.Equal(t, []string{"Daemon", "Attached 1 USB", "Paired 1 USB", "Detached 1 USB"}, heard)

	record, err := client.ReadPairRecord(t.Context(), phone.UDID)
	require.NoError(t, err)
	values, err := plist.DecodeDict(record.Bytes())
	require.NoError(t, err)
	assert.Equal(t, plist.Dict{"HostID": secret, "HostPrivateKey": []byte(secret)}, values)

	require.NoError(t, client.DeletePairRecord(t.Context(), phone.UDID))
	require.ErrorIs(t, client.DeletePairRecord(t.Context(), phone.UDID), usbmux.ErrNoRecord)
	_, err = client.ReadPairRecord(t.Context(), phone.UDID)
	require.ErrorIs(t, err, usbmux.ErrNoRecord)
}

// The requests about pairings, as they are sent.
func TestPairingRequests(t *testing.T) {
	t.Parallel()
	const udid = "00008101-0A1B2C3D4E5F6071"
	record := aRecord(t)
	for _, tt := range []struct {
		want plist.Dict
		ask  func(c *usbmux.Client) error
	}{
		{plist.Dict{"MessageType": "ReadBUID"}, func(c *usbmux.Client) error {
			_, err := c.ReadBUID(t.Context())
			return err
		}},
		{plist.Dict{"MessageType": "ReadPairRecord", "PairRecordID": udid}, func(c *usbmux.Client) error {
			_, err := c.ReadPairRecord(t.Context(), udid)
			return err
		}},
		{plist.Dict{"MessageType": "SavePairRecord", "PairRecordID": udid, "PairRecordData": record.Bytes()}, func(c *usbmux.Client) error {
			return c.SavePairRecord(t.Context(), udid, record, 0)
		}},
		{plist.Dict{"MessageType": "SavePairRecord", "PairRecordID": udid, "PairRecordData": record.Bytes(), "DeviceID": uint64(7)}, func(c *usbmux.Client) error {
			return c.SavePairRecord(t.Context(), udid, record, 7)
		}},
		{plist.Dict{"MessageType": "DeletePairRecord", "PairRecordID": udid}, func(c *usbmux.Client) error {
			return c.DeletePairRecord(t.Context(), udid)
		}},
	} {
		name := fmt.Sprint(tt.want["MessageType"])
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got request
			p, client := newPeer(t, func(p *peer, c net.Conn) {
				got, _ = p.read(c)
				c.Write(muxFrame(got.tag, xml(t, plist.Dict{"MessageType": "Result", "Number": 22})))
			})
			err := tt.ask(client)
			require.ErrorIs(t, err, usbmux.ErrProtocol)
			assert.ErrorContains(t, err, "22 (invalid argument)")
			p.running.Wait()
			for key, v := range map[string]any{"ProgName": "error53", "ClientVersionString": "error53", "kLibUSBMuxVersion": uint64(3)} {
				assert.Equal(t, v, got.body[key])
				delete(got.body, key)
			}
			assert.Equal(t, tt.want, got.body)
		})
	}
}

// What is no answer, or no record.
func TestPairingAnswersThatAreNone(t *testing.T) {
	t.Parallel()
	data := func(v any) plist.Dict { return plist.Dict{"PairRecordData": v} }
	for _, tt := range []struct {
		name   string
		answer any
		text   string
	}{
		{"empty", plist.Dict{}, "no "},
		{"of another type", plist.Dict{"BUID": 53, "PairRecordData": "x", "Number": "0"}, "no "},
		{"a success without a value", plist.Dict{"MessageType": "Result", "Number": 0}, "the daemon answers 0"},
		{"a list", []any{}, "dictionary"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, client := newPeer(t, answers(xml(t, tt.answer)))
			buid, err := client.ReadBUID(t.Context())
			require.ErrorIs(t, err, usbmux.ErrProtocol)
			assert.ErrorContains(t, err, "usbmux: read BUID: ")
			assert.ErrorContains(t, err, tt.text)
			assert.Empty(t, buid)
			record, err := client.ReadPairRecord(t.Context(), serial40)
			require.ErrorIs(t, err, usbmux.ErrProtocol)
			assert.ErrorContains(t, err, "usbmux: read pair record: ")
			assert.ErrorContains(t, err, tt.text)
			assert.Nil(t, record.Bytes())
		})
	}
	for name, v := range map[string][]byte{
		"nothing":         {},
		"text":            []byte("opaque"),
		"a list":          []byte(`<plist version="1.0"><array/></plist>`),
		"nested too deep": []byte(`<plist version="1.0">` + strings.Repeat("<array>", 1000)),
	} {
		t.Run("a record that is "+name, func(t *testing.T) {
			t.Parallel()
			_, client := newPeer(t, answers(xml(t, data(v))))
			record, err := client.ReadPairRecord(t.Context(), serial40)
			require.ErrorIs(t, err, usbmux.ErrProtocol)
			assert.Nil(t, record.Bytes())
			_, err = usbmux.NewPairRecord(v)
			require.ErrorIs(t, err, usbmux.ErrProtocol)
		})
	}
}

func TestPairRecordsInEitherForm(t *testing.T) {
	t.Parallel()
	want := plist.Dict{"HostID": secret}
	binary, err := plist.EncodeBinary(want)
	require.NoError(t, err)
	for _, data := range [][]byte{xml(t, want), binary} {
		_, client := newPeer(t, answers(xml(t, plist.Dict{"PairRecordData": data})))
		record, err := client.ReadPairRecord(t.Context(), serial40)
		require.NoError(t, err)
		assert.Equal(t, data, record.Bytes(), "as it was")
	}
}

// The daemon makes a file name of the id: an id that leads elsewhere never reaches it.
func TestPairingAsksForUDIDsOnly(t *testing.T) {
	t.Parallel()
	p, client := newPeer(t, answers(xml(t, plist.Dict{"MessageType": "Result", "Number": 0})))
	for _, id := range []string{"", "../../etc/x", "/etc/x", `..\x`, "a.b", "a b", "a\x00", "SystemConfiguration", "é", strings.Repeat("a", 256)} {
		_, err := client.ReadPairRecord(t.Context(), id)
		assert.ErrorContains(t, err, "not a UDID", id)
		assert.ErrorContains(t, client.SavePairRecord(t.Context(), id, aRecord(t), 1), "not a UDID", id)
		assert.ErrorContains(t, client.DeletePairRecord(t.Context(), id), "not a UDID", id)
	}
	assert.Zero(t, p.requests.Load())
	for _, id := range []string{serial40, serial24, "00008101-0A1B2C3D4E5F6071", "00:11:22:aa:BB:ff"} {
		assert.NoError(t, client.DeletePairRecord(t.Context(), id), id)
	}
}

// However it is printed, logged or marshalled, a record keeps its secret.
func TestPairRecordIsMasked(t *testing.T) {
	t.Parallel()
	record := aRecord(t)
	require.Contains(t, string(record.Bytes()), secret, "or this test proves nothing")
	type holder struct{ record usbmux.PairRecord } // fmt asks no method of an unexported field
	type Exported struct{ Record usbmux.PairRecord }

	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%08b", "%p", "%T", "%!"} {
		for _, v := range []any{record, &record, []any{record}, holder{record}, &holder{record}, []holder{{record}}, Exported{record}, map[string]usbmux.PairRecord{"r": record}} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
	}
	for _, v := range []any{record, &record, holder{record}, Exported{record}} {
		data, err := json.Marshal(v)
		require.NoError(t, err)
		out.Write(data)
		for _, formatter := range []logrus.Formatter{&logrus.TextFormatter{}, &logrus.JSONFormatter{}} {
			logger := logrus.Logger{Out: &out, Formatter: formatter, Level: logrus.InfoLevel, Hooks: logrus.LevelHooks{}}
			logger.WithField("record", v).WithError(fmt.Errorf("with %v", v)).Info(v)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("record", "record", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("record", "record", v)
	}
	assert.Contains(t, out.String(), "[pair record]")
	for _, form := range []string{secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret), fmt.Sprint([]byte(secret))[1:20], fmt.Sprintf("%#v", []byte(secret))[7:30], "QkVHSU4gUlNB"} {
		assert.False(t, strings.Contains(out.String(), form), form)
	}
	assert.Equal(t, "[pair record]", record.String())
	assert.Equal(t, "[pair record]", fmt.Sprintf("%#v", record))
	assert.Nil(t, usbmux.PairRecord{}.Bytes())
}

// Who changes what he was given changes nobody's record.
func TestPairRecordIsACopy(t *testing.T) {
	t.Parallel()
	data := xml(t, plist.Dict{"HostID": secret})
	record, err := usbmux.NewPairRecord(data)
	require.NoError(t, err)
	clear(data)
	clear(record.Bytes())
	assert.Contains(t, string(record.Bytes()), secret)
}

// Neither errors nor the log know a record, nor whose it is.
func TestPairingKeepsSecrets(t *testing.T) {
	t.Parallel()
	whole := xml(t, plist.Dict{"PairRecordData": aRecord(t).Bytes()})
	inner := aRecord(t).Bytes()
	for _, payload := range [][]byte{
		whole,
		whole[:len(whole)-20],
		bytes.Replace(whole, []byte("<data>"), []byte("<data>!"), 1),
		xml(t, plist.Dict{"PairRecordData": inner[:len(inner)-20]}),
		xml(t, plist.Dict{"PairRecordData": bytes.Replace(inner, []byte("<data>"), []byte("<integer>"+secret), 1)}),
		xml(t, plist.Dict{"MessageType": "Result", "Number": 2}),
	} {
		var log bytes.Buffer
		_, client := newPeer(t, answers(payload))
		client.Log = &logrus.Logger{Out: &log, Formatter: &logrus.TextFormatter{}, Level: logrus.TraceLevel, Hooks: logrus.LevelHooks{}}
		record, err := client.ReadPairRecord(t.Context(), serial40)
		fmt.Fprintln(&log, record, err)
		fmt.Fprintln(&log, client.SavePairRecord(t.Context(), serial40, aRecord(t), 1))
		assert.Contains(t, log.String(), "op=ReadPairRecord")
		for _, text := range []string{secret, "QkVHSU4gUlNB", serial40} {
			assert.NotContains(t, log.String(), text)
		}
	}
}
