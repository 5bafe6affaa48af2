package mocks_test

import (
	"bytes"
	"context"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux/plist"
)

// FuzzHostileClient sends whatever comes: the bench neither dies nor hangs, and what
// was said to it changes no phone.
func FuzzHostileClient(f *testing.F) {
	connect := muxBytes(1, 8, 1, xml(f, connectTo(1, 62078)))
	restored := muxBytes(1, 8, 1, xml(f, connectTo(2, 62078)))
	for _, seed := range [][]byte{
		{},
		header(16, 1, 8, 1),
		header(0xFFFFFFFF, 1, 8, 1),
		header(3, 1, 8, 1),
		muxBytes(2, 8, 1, nil),
		muxBytes(0, 3, 1, nil),
		muxBytes(1, 8, 1, []byte("bplist00")),
		muxBytes(1, 8, 2, xml(f, plist.Dict{"MessageType": "ListDevices"})),
		muxBytes(1, 8, 2, xml(f, plist.Dict{"MessageType": "Listen"})),
		muxBytes(1, 8, 2, xml(f, plist.Dict{"MessageType": "ReadPairRecord", "PairRecordID": "x"})),
		muxBytes(1, 8, 2, xml(f, plist.Dict{"MessageType": "ListListeners"})),
		muxBytes(1, 8, 2, xml(f, plist.Dict{"MessageType": "SavePairRecord", "PairRecordID": "x", "DeviceID": 1, "PairRecordData": xml(f, plist.Dict{})})),
		muxBytes(1, 8, 2, xml(f, plist.Dict{"MessageType": "DeletePairRecord", "PairRecordID": "x"})),
		muxBytes(0, 2, 1, []byte{1, 0, 0, 0, 0xf2, 0x7e, 0, 0}),
		slices.Concat(muxBytes(0, 3, 1, nil), muxBytes(0, 3, 2, nil)),
		connect,
		slices.Concat(connect, []byte{0xFF, 0xFF, 0xFF, 0xFF}),
		slices.Concat(connect, []byte{0x16, 0x03, 0x01, 0x02, 0x00}),
		slices.Concat(connect, phoneBytes(xml(f, plist.Dict{"Request": "QueryType"})), phoneBytes(xml(f, getValue("", "")))),
		slices.Concat(connect, phoneBytes(xml(f, plist.Dict{"Request": "SetValue", "Key": "DeviceName", "Value": "x"}))),
		slices.Concat(connect, phoneBytes(xml(f, plist.Dict{"Request": "Goodbye"}))),
		slices.Concat(restored, phoneBytes(xml(f, plist.Dict{"Request": "StartRestore"}))),
		slices.Concat(restored, phoneBytes(xml(f, plist.Dict{"Request": "QueryValue", "QueryKey": "HardwareInfo"}))),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sent []byte) {
		phone6, restore := iPhone6(t), inRestore(t)
		b := mocks.NewBench(phone6, restore)
		conn, err := b.Dial(t.Context())
		require.NoError(t, err)
		heard := make(chan int64)
		go func() {
			n, _ := io.Copy(io.Discard, conn)
			heard <- n
		}()
		conn.Write(sent) // fails where the bench has hung up
		conn.Close()
		<-heard
		require.NoError(t, b.Close())
		assert.Equal(t, iPhone6(t), phone6)
		assert.Equal(t, inRestore(t), restore)
	})
}

// FuzzParseScenario reads whatever comes: a scenario that can be served, or an error.
func FuzzParseScenario(f *testing.F) {
	f.Add([]byte(goodScenario))
	f.Add([]byte(`{"title": "t", "phones": [{"productType": "iPad5,3", "ecid": "-1", "values": {"A": 1e999}}]}`))
	f.Add([]byte(`{"title": "t", "phones": [null], "faults": [null]}`))
	f.Add([]byte(`{"title": "t", "timeline": ["after 1s restart"], "phones": [{"productType": "iPhone7,2", "count": 3, "trust": {"replug": true},
		"timeline": ["after 1s plug", "trust", "after 2s mode dfu", "update newest", "replug"]}, {"timeline": ["x"]}]}`))
	f.Add([]byte(`[`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := mocks.ParseScenario("fuzz.json", data)
		if err != nil {
			var failure *mocks.ScenarioError
			require.ErrorAs(t, err, &failure)
			require.Positive(t, failure.Column)
			require.LessOrEqual(t, failure.Line, bytes.Count(data, []byte("\n"))+1)
			return
		}
		b := s.Bench()
		b.Sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
		for range b.Play(t.Context(), s.Timeline()) {
		}
		require.NoError(t, b.Close())
	})
}
