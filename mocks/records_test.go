package mocks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux/plist"
)

// put asks about a pair record and gives the answer.
func (c talker) put(name, id string, more plist.Dict) plist.Dict {
	c.t.Helper()
	request := plist.Dict{"MessageType": name}
	if id != "" {
		request["PairRecordID"] = id
	}
	for key, v := range more {
		request[key] = v
	}
	c.ask(1, request)
	return c.told(1)
}

func TestBUIDAndPairRecord(t *testing.T) {
	t.Parallel()
	paired := phone(t, mocks.Profile{ProductType: "iPhone7,2", PairRecord: []byte("opaque")})
	b := bench(t, paired)
	c := dial(t, b)
	assert.Equal(t, plist.Dict{"BUID": "53535353-0053-4053-8053-535353535353"}, c.put("ReadBUID", "", nil))
	record := plist.Dict{"PairRecordData": []byte("opaque")}
	assert.Equal(t, record, c.put("ReadPairRecord", paired.UDID, nil))
	b.Detach(1)
	assert.Equal(t, record, c.put("ReadPairRecord", paired.UDID, nil), "the host keeps it without the phone")
}

// What a client saves is there for all of them, and through a restart.
func TestPairRecordsAreKept(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t))
	udid, record := iPhone6(t).UDID, plist.Dict{"HostID": "E53", "HostPrivateKey": []byte("a secret")}
	binary, err := plist.EncodeBinary(record)
	require.NoError(t, err)
	for _, data := range [][]byte{xml(t, record), binary} {
		require.Equal(t, result(0), dial(t, b).put("SavePairRecord", udid, plist.Dict{"PairRecordData": data}))
		b.Restart()
		got, ok := dial(t, b).put("ReadPairRecord", udid, nil).Data("PairRecordData")
		require.True(t, ok)
		assert.Equal(t, record, decode(t, got), "in XML, whatever came")
		require.Equal(t, result(0), dial(t, b).put("DeletePairRecord", udid, nil))
		assert.Equal(t, result(2), dial(t, b).put("ReadPairRecord", udid, nil))
		assert.Equal(t, result(2), dial(t, b).put("DeletePairRecord", udid, nil))
	}
	for _, r := range b.Requests() {
		assert.Equal(t, r.Name == "SavePairRecord" || r.Name == "DeletePairRecord", r.Writes, "%v", r)
		assert.False(t, r.Refused)
	}
}

func TestSavePairRecordRefuses(t *testing.T) {
	t.Parallel()
	good := xml(t, plist.Dict{"HostID": "E53"})
	// The binary form holds equal strings once, XML each time.
	swelling, err := plist.EncodeBinary(plist.Dict{"HostID": slices.Repeat([]any{strings.Repeat("x", 20_000)}, 100)})
	require.NoError(t, err)
	for _, tt := range []struct {
		name, id string
		data     any
	}{
		{"no record", "x", nil},
		{"a record that is no data", "x", "HostID"},
		{"a record that is no plist", "x", []byte("opaque")},
		{"a record that is a list", "x", []byte(`<plist version="1.0"><array/></plist>`)},
		{"a record of nobody", "", good},
		{"a record that is too long for XML", "x", swelling},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := bench(t)
			more := plist.Dict{}
			if tt.data != nil {
				more["PairRecordData"] = tt.data
			}
			assert.Equal(t, result(22), dial(t, b).put("SavePairRecord", tt.id, more))
			assert.Equal(t, result(2), dial(t, b).put("ReadPairRecord", "x", nil))
		})
	}
	assert.Equal(t, result(22), dial(t, bench(t)).put("DeletePairRecord", "", nil))
	assert.Equal(t, result(22), dial(t, bench(t)).put("ReadPairRecord", "", nil))
}

// Paired is told where the record is that of a phone named by its number.
func TestPairedEvent(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t), inRestore(t))
	listener, c := listen(t, b), dial(t, b)
	record := xml(t, plist.Dict{"HostID": "E53"})
	save := func(id string, number any) {
		more := plist.Dict{"PairRecordData": record}
		if number != nil {
			more["DeviceID"] = number
		}
		require.Equal(t, result(0), c.put("SavePairRecord", id, more))
	}
	udid := iPhone6(t).UDID
	save(udid, nil)
	save(udid, 0)
	save(udid, 2)   // another phone's
	save(udid, 9)   // nobody's
	save(udid, "1") // no number
	save(udid, 1)
	b.Detach(1)
	save(udid, 1)
	b.Detach(2)
	for _, want := range []string{"Attached 1", "Attached 2", "Paired 1", "Detached 1", "Detached 2"} {
		assert.Equal(t, want, listener.event())
	}
}

func TestPairRecordsAreBounded(t *testing.T) {
	t.Parallel()
	c := dial(t, bench(t))
	record := plist.Dict{"PairRecordData": xml(t, plist.Dict{})}
	for n := range 1024 {
		require.Equal(t, result(0), c.put("SavePairRecord", fmt.Sprint(n), record))
	}
	assert.Equal(t, result(2), c.put("SavePairRecord", "one more", record))
}
