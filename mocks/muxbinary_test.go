package mocks_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux/plist"
)

// Old clients speak version 0 of the protocol, in structs. Bytes written by hand here.

func TestBinaryListen(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t))
	c := dial(t, b)
	c.write(muxBytes(0, 3, 7, nil))
	ok := muxBytes(0, 1, 7, []byte{0, 0, 0, 0})
	assert.Equal(t, ok, c.read(len(ok)))

	record := []byte{1, 0, 0, 0, 0xa8, 0x12}
	record = append(record, "5353535353535353535353530000535300000001"...)
	record = append(record, make([]byte, 256-40+2)...)
	record = append(record, 2, 0, 1, 0)
	added := muxBytes(0, 4, 0, record)
	assert.Equal(t, added, c.read(len(added)))

	saver := dial(t, b)
	saver.ask(1, plist.Dict{"MessageType": "SavePairRecord", "DeviceID": 1,
		"PairRecordID": iPhone6(t).UDID, "PairRecordData": xml(t, plist.Dict{"HostID": "E53"})})
	require.Equal(t, result(0), saver.told(1))
	b.Detach(1)
	for _, message := range []uint32{6, 5} {
		want := muxBytes(0, message, 0, []byte{1, 0, 0, 0})
		assert.Equal(t, want, c.read(len(want)))
	}
}

// A serial number fills its field at most, and ends in NUL.
func TestBinaryListenClipsSerialNumbers(t *testing.T) {
	t.Parallel()
	c := dial(t, bench(t, mocks.Phone{UDID: string(bytes.Repeat([]byte{'x'}, 300)), ConnectionType: mocks.Network}))
	c.write(muxBytes(0, 3, 7, nil))
	c.frame()
	f := c.frame()
	require.Len(t, f.payload, 268)
	assert.Equal(t, []byte{1, 0, 0, 0, 0, 0, 'x'}, f.payload[:7])
	assert.Equal(t, []byte{'x', 0, 0, 0, 0, 0, 0, 0}, f.payload[260:])
}

func TestBinaryConnect(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		body []byte
		want byte
	}{
		{"to lockdownd", []byte{1, 0, 0, 0, 0xf2, 0x7e, 0, 0}, 0},
		{"port in the wrong byte order", []byte{1, 0, 0, 0, 0x7e, 0xf2, 0, 0}, 3},
		{"no such phone", []byte{2, 0, 0, 0, 0xf2, 0x7e, 0, 0}, 2},
		{"too short", []byte{1, 0}, 3},
		{"nothing", nil, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := bench(t, iPhone6(t))
			c := dial(t, b)
			c.write(muxBytes(0, 2, 7, tt.body))
			want := muxBytes(0, 1, 7, []byte{tt.want, 0, 0, 0})
			assert.Equal(t, want, c.read(len(want)))
			assert.Equal(t, "Connect", b.Requests()[0].Name)
			if tt.want == 0 {
				assert.Equal(t, "com.apple.mobile.lockdown", c.get(plist.Dict{"Request": "QueryType"})["Type"])
			}
		})
	}
}

// Once a client has spoken in plists it is answered in plists.
func TestBinaryListenAfterAPlist(t *testing.T) {
	t.Parallel()
	c := dial(t, bench(t, iPhone6(t)))
	c.ask(1, plist.Dict{"MessageType": "ReadBUID"})
	c.told(1)
	c.write(muxBytes(0, 3, 2, nil))
	assert.Equal(t, result(0), c.told(2))
	assert.Equal(t, "Attached 1", c.event())
}
