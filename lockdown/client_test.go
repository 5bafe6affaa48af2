package lockdown_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/lockdown"
	"error53/usbmux"
	"error53/usbmux/plist"
)

func TestQueryType(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		answer plist.Dict
		want   lockdown.Identity
	}{
		{"lockdownd", isLockdownd, lockdown.Identity{Type: lockdown.TypeLockdown}},
		{
			"lockdownd before iOS 5",
			plist.Dict{"Request": "QueryType", "Result": "Success", "Type": "com.apple.mobile.lockdown"},
			lockdown.Identity{Type: lockdown.TypeLockdown},
		},
		{
			"restored", isRestored,
			lockdown.Identity{
				Type: lockdown.TypeRestored, Restored: true,
				HardwareModel: "N53AP", SerialNumber: "F00INVENTED1", ProtocolVersion: 15,
			},
		},
		{
			"restored, other values of another type",
			plist.Dict{"Type": "com.apple.mobile.restored", "HardwareModel": 53, "SerialNumber": []byte{1}, "RestoreProtocolVersion": "15"},
			lockdown.Identity{Type: lockdown.TypeRestored, Restored: true},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, client := dial(t, always(t, tt.answer))
			got, err := client.QueryType(t.Context())
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
			assert.Equal(t, []plist.Dict{{"Label": "error53", "Request": "QueryType"}}, p.requests())
		})
	}
}

func TestQueryTypeRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		answer plist.Dict
		err    error
		text   string
	}{
		{"another daemon", plist.Dict{"Request": "QueryType", "Type": "com.example.other"}, lockdown.ErrNotLockdown, `"com.example.other"`},
		{"hostile name", plist.Dict{"Type": "\u202e" + strings.Repeat("x", 1000)}, lockdown.ErrNotLockdown, `\u202ex`},
		{"no type", plist.Dict{"Request": "QueryType"}, usbmux.ErrProtocol, "no Type"},
		{"type of another type", plist.Dict{"Type": 7}, usbmux.ErrProtocol, "no Type"},
		{"answer to something else", plist.Dict{"Request": "GetValue", "Type": "com.apple.mobile.lockdown"}, usbmux.ErrProtocol, `"GetValue"`},
		{"an error", plist.Dict{"Request": "QueryType", "Error": "InvalidService"}, &lockdown.Error{}, "InvalidService"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, client := dial(t, always(t, tt.answer))
			got, err := client.QueryType(t.Context())
			if refusal, ok := tt.err.(*lockdown.Error); ok {
				require.ErrorAs(t, err, &refusal)
			} else {
				require.ErrorIs(t, err, tt.err)
			}
			assert.ErrorContains(t, err, "lockdown: QueryType: ")
			assert.ErrorContains(t, err, tt.text)
			assert.Less(t, len(err.Error()), 200)
			assert.Zero(t, got)
		})
	}
}

// What may come instead of an answer. Every case ends the connection.
func TestBrokenAnswers(t *testing.T) {
	t.Parallel()
	raw := func(b []byte) func(plist.Dict) []byte { return func(plist.Dict) []byte { return b } }
	list, err := plist.EncodeXML([]any{"com.apple.mobile.lockdown"})
	require.NoError(t, err)
	for _, tt := range []struct {
		name   string
		answer func(plist.Dict) []byte
		err    error
		text   string
	}{
		{"hangs up", raw(nil), usbmux.ErrGone, "EOF"},
		{"length 0", raw([]byte{0, 0, 0, 0}), usbmux.ErrProtocol, "plist"},
		{"length 3", raw([]byte{0, 0, 0, 3, 'a', 'b', 'c'}), usbmux.ErrProtocol, "plist"},
		{"length 0xFFFFFFFF", raw([]byte{0xff, 0xff, 0xff, 0xff}), usbmux.ErrProtocol, "4294967295"},
		{"TLS alert", raw([]byte{0x15, 3, 1, 0, 2, 2, 40}), usbmux.ErrProtocol, "TLS"},
		{"TLS handshake", raw([]byte{0x16, 3, 1, 1, 2}), usbmux.ErrProtocol, "TLS"},
		{"text", raw(frame([]byte("garbage"))), usbmux.ErrProtocol, "plist"},
		{"a list", raw(frame(list)), usbmux.ErrProtocol, "dictionary"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, client := dial(t, tt.answer)
			_, err := client.QueryType(t.Context())
			require.ErrorIs(t, err, tt.err)
			assert.ErrorContains(t, err, tt.text)
			p.running.Wait() // the phone has seen the end of the connection
			_, err = client.QueryType(t.Context())
			require.ErrorIs(t, err, usbmux.ErrGone, "and stays closed")
		})
	}
}

// The phone is pulled after each byte of its answer in turn.
func TestCutAnywhere(t *testing.T) {
	t.Parallel()
	whole := always(t, isLockdownd)(nil)
	for n := range len(whole) {
		_, client := dial(t, func(plist.Dict) []byte { return whole[:n] })
		_, err := client.QueryType(t.Context())
		require.ErrorIs(t, err, usbmux.ErrGone, "after %d bytes", n)
	}
}

// Time stands still in the bubble until everything waits.
func TestSilentPhone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, client := dial(t, func(plist.Dict) []byte {
			time.Sleep(time.Minute)
			return nil
		})
		start := time.Now()
		_, err := client.QueryType(t.Context())
		require.ErrorIs(t, err, usbmux.ErrTimeout)
		assert.Equal(t, usbmux.DefaultTimeout, time.Since(start))
		var op *lockdown.OpError
		require.ErrorAs(t, err, &op)
		assert.True(t, op.Timeout())
		assert.Equal(t, "QueryType", op.Op)
	})
}

func TestCancel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, client := dial(t, func(plist.Dict) []byte {
			time.Sleep(time.Minute)
			return nil
		})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err := client.Values(ctx, "")
		require.ErrorIs(t, err, context.Canceled)
	})
}

func TestDialFails(t *testing.T) {
	t.Parallel()
	mux := &usbmux.Client{Addr: usbmux.Address{Network: "unix", Addr: t.TempDir() + "/none"}}
	client, err := lockdown.Dial(t.Context(), mux, 1)
	require.ErrorIs(t, err, usbmux.ErrNoDaemon)
	assert.Nil(t, client)
}

// The answers of exchanges that begin at the same time do not get mixed up.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	_, client := dial(t, func(request plist.Dict) []byte {
		return always(t, plist.Dict{"Request": "GetValue", "Key": request["Key"], "Value": request["Key"]})(nil)
	})
	var wg sync.WaitGroup
	for _, key := range strings.Fields("a b c d e f g h") {
		wg.Go(func() {
			got, err := client.GetValue(t.Context(), "", key)
			assert.NoError(t, err)
			assert.Equal(t, key, got)
		})
	}
	wg.Wait()
}

// A binary answer, and one with control characters, both as phones send them.
func TestEncodings(t *testing.T) {
	t.Parallel()
	binary, err := plist.EncodeBinary(value("João’s 📱"))
	require.NoError(t, err)
	_, client := dial(t, func(plist.Dict) []byte { return frame(binary) })
	got, err := client.GetValue(t.Context(), "", "DeviceName")
	require.NoError(t, err)
	assert.Equal(t, "João’s 📱", got)

	xml, err := plist.EncodeXML(value("a-b"))
	require.NoError(t, err)
	xml = bytes.Replace(xml, []byte("a-b"), []byte("a\x02b"), 1)
	_, client = dial(t, func(plist.Dict) []byte { return frame(xml) })
	got, err = client.GetValue(t.Context(), "", "DeviceName")
	require.NoError(t, err)
	name, ok := got.(string)
	require.True(t, ok)
	assert.True(t, strings.HasPrefix(name, "a") && strings.HasSuffix(name, "b"))
}
