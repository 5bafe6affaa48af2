package usbmux_test

import (
	"context"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux"
	"error53/usbmux/plist"
)

// A record and a connection to the phone, over one connection to the daemon.
func TestReach(t *testing.T) {
	t.Parallel()
	bench := mocks.NewBench(virtual(t, mocks.Profile{ProductType: "iPhone7,2", Trust: mocks.Trust{State: mocks.Paired}}))
	defer bench.Close()
	client := usbmux.Client{Dial: bench.Dial}
	devices, err := client.ListDevices(t.Context())
	require.NoError(t, err)
	reached, err := client.Reach(t.Context(), devices[0], 62078)
	require.NoError(t, err)
	defer reached.Conn.Close()
	require.NoError(t, reached.RecordErr)
	assert.NotEmpty(t, reached.Record.Bytes())
	assert.Equal(t, 2, bench.Connections(), "the list is one of them")
}

// served answers each kind of request to the daemon as told; nil hangs up.
func served(answers map[string]plist.Dict) func(*peer, net.Conn) {
	return func(p *peer, c net.Conn) {
		for {
			r, ok := p.read(c)
			if !ok {
				return
			}
			name, _ := r.body.String("MessageType")
			answer, ok := answers[name]
			if !ok {
				return
			}
			payload, err := plist.EncodeXML(answer)
			if err != nil {
				return
			}
			c.Write(muxFrame(r.tag, payload))
		}
	}
}

func resultOf(number int) plist.Dict { return plist.Dict{"MessageType": "Result", "Number": number} }

// Whatever becomes of the record, the phone is reached.
func TestReachWithoutARecord(t *testing.T) {
	t.Parallel()
	phone := usbmux.Device{ID: 1, SerialNumber: serial40}
	for _, tt := range []struct {
		name        string
		device      usbmux.Device
		record      plist.Dict // answer to ReadPairRecord; nil hangs up
		err         error
		connections int32
		requests    int32
	}{
		{"there is none", phone, resultOf(2), usbmux.ErrNoRecord, 1, 2},
		{"it may not be read", phone, resultOf(13), usbmux.ErrPermission, 1, 2},
		{"it is no record", phone, plist.Dict{"PairRecordData": []byte("53")}, usbmux.ErrProtocol, 1, 2},
		{"it is of another type", phone, plist.Dict{"PairRecordData": "53"}, usbmux.ErrProtocol, 1, 2},
		{"the daemon hangs up at that", phone, nil, usbmux.ErrGone, 2, 2},
		{"restore mode shows no UDID", usbmux.Device{ID: 1, SerialNumber: restoreSerial}, nil, usbmux.ErrNoRecord, 1, 1},
		{"no serial number", usbmux.Device{ID: 1}, nil, usbmux.ErrNoRecord, 1, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			answers := map[string]plist.Dict{"Connect": resultOf(0)}
			if tt.record != nil {
				answers["ReadPairRecord"] = tt.record
			}
			p, client := newPeer(t, served(answers))
			reached, err := client.Reach(t.Context(), tt.device, 62078)
			require.NoError(t, err)
			defer reached.Conn.Close()
			require.ErrorIs(t, reached.RecordErr, tt.err)
			assert.Empty(t, reached.Record.Bytes())
			assert.Equal(t, tt.connections, p.conns.Load())
			assert.Equal(t, tt.requests, p.requests.Load())
		})
	}
}

const restoreSerial = "ffffffffffffffffffffffffffffffffffffffff"

// A name that is no UDID leads out of the daemon's folder, and is not asked for.
func TestReachAsksForUDIDsOnly(t *testing.T) {
	t.Parallel()
	p, client := newPeer(t, served(map[string]plist.Dict{"Connect": resultOf(0)}))
	reached, err := client.Reach(t.Context(), usbmux.Device{ID: 1, SerialNumber: "../SystemConfiguration"}, 62078)
	require.NoError(t, err)
	defer reached.Conn.Close()
	require.Error(t, reached.RecordErr)
	assert.EqualValues(t, 1, p.requests.Load())
}

// A daemon that never answers about the record costs half of the time, and no more.
func TestReachPastASilentAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, client := newPeer(t, func(p *peer, c net.Conn) {
			r, ok := p.read(c)
			if name, _ := r.body.String("MessageType"); !ok || name != "Connect" {
				silent(p, c)
				return
			}
			c.Write(muxFrame(r.tag, xml(t, resultOf(0))))
			silent(p, c)
		})
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		reached, err := client.Reach(ctx, usbmux.Device{ID: 1, SerialNumber: serial40}, 62078)
		require.NoError(t, err)
		defer reached.Conn.Close()
		require.ErrorIs(t, reached.RecordErr, usbmux.ErrTimeout)
		assert.Equal(t, 1500*time.Millisecond, time.Since(start))
	})
}

func TestReachFails(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		answer plist.Dict
		err    error
	}{
		{"nothing listens there", resultOf(3), usbmux.ErrRefused},
		{"the phone has gone", resultOf(2), usbmux.ErrGone},
		{"the daemon hangs up", nil, usbmux.ErrGone},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			answers := map[string]plist.Dict{"ReadPairRecord": resultOf(2)}
			if tt.answer != nil {
				answers["Connect"] = tt.answer
			}
			_, client := newPeer(t, served(answers))
			reached, err := client.Reach(t.Context(), usbmux.Device{ID: 1, SerialNumber: serial40}, 62078)
			require.ErrorIs(t, err, tt.err)
			assert.Nil(t, reached.Conn)
		})
	}
}

// Who wants a phone that somebody has waits, in whatever way its UDID is spelled.
func TestReserve(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var client usbmux.Client
		phone := usbmux.Device{SerialNumber: serial24}
		again := usbmux.Device{SerialNumber: phone.UDID()}
		release, err := client.Reserve(t.Context(), phone)
		require.NoError(t, err)
		other, err := client.Reserve(t.Context(), usbmux.Device{SerialNumber: serial40})
		require.NoError(t, err, "another phone is not waited for")
		other()

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = client.Reserve(ctx, again)
		require.ErrorIs(t, err, usbmux.ErrTimeout)
		cancelled, stop := context.WithCancel(t.Context())
		stop()
		_, err = client.Reserve(cancelled, again)
		require.ErrorIs(t, err, context.Canceled)

		time.AfterFunc(time.Minute, release)
		start := time.Now()
		second, err := client.Reserve(t.Context(), again)
		require.NoError(t, err)
		assert.Equal(t, time.Minute, time.Since(start))
		release() // once more, which is nobody's but its own
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = client.Reserve(ctx, phone)
		require.ErrorIs(t, err, usbmux.ErrTimeout)
		second()
	})
}
