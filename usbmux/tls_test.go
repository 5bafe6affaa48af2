package usbmux_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux"
)

// reachedPort gives a connection to a port on which serve runs.
func reachedPort(t *testing.T, serve func(net.Conn)) *usbmux.Conn {
	t.Helper()
	_, client := newPeer(t, func(p *peer, c net.Conn) {
		r, ok := p.read(c)
		if !ok {
			return
		}
		c.Write(muxFrame(r.tag, xml(t, resultOf(0))))
		serve(c)
	})
	conn, err := client.Connect(t.Context(), 1, 62078)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return conn
}

// anybody trusts everybody: these tests are about the connection.
var anybody = &tls.Config{InsecureSkipVerify: true}

func serverConfig(t *testing.T) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	return &tls.Config{
		Certificates:           []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
		SessionTicketsDisabled: true, // in memory, who writes one waits until it is read
	}
}

// Frames pass through TLS once it is there, checked as before.
func TestStartTLS(t *testing.T) {
	t.Parallel()
	config := serverConfig(t)
	conn := reachedPort(t, func(c net.Conn) {
		secure := tls.Server(c, config)
		request := make([]byte, 4)
		if _, err := io.ReadFull(secure, request); err == nil {
			secure.Write(serviceFrame([]byte("<plist><string>" + string(request) + "</string></plist>")))
			secure.Write([]byte{0x16, 3, 1, 1, 2})
		}
		io.Copy(io.Discard, c)
	})
	require.NoError(t, conn.StartTLS(t.Context(), anybody))
	var got []byte
	read := func() error {
		got = make([]byte, 4+len("<plist><string>ping</string></plist>"))
		_, err := io.ReadFull(conn, got)
		return err
	}
	err := conn.Exchange(t.Context(), "ping", func() error {
		if err := conn.Send([]byte("ping")); err != nil {
			return err
		}
		return read()
	})
	require.NoError(t, err)
	assert.Contains(t, string(got), "ping")
	require.ErrorIs(t, conn.Exchange(t.Context(), "TLS in TLS", read), usbmux.ErrProtocol)
}

var errOwn = errors.New("refused by the caller")

// What a handshake can end in. The connection is closed each time.
func TestStartTLSFails(t *testing.T) {
	t.Parallel()
	good := serverConfig(t)
	for _, tt := range []struct {
		name   string
		serve  func(net.Conn)
		config *tls.Config
		want   error // nil: crypto/tls's own
		text   string
	}{
		{"hangs up", func(net.Conn) {}, anybody, usbmux.ErrGone, ""},
		{"hangs up in a record", func(c net.Conn) {
			go io.Copy(io.Discard, c)
			c.Write([]byte{0x16, 3, 3})
		}, anybody, usbmux.ErrGone, ""},
		{"an alert", func(c net.Conn) {
			go io.Copy(io.Discard, c)
			c.Write([]byte{0x15, 3, 1, 0, 2, 2, 40})
		}, anybody, nil, "handshake failure"},
		{"no TLS", func(c net.Conn) {
			go io.Copy(io.Discard, c)
			c.Write([]byte("HTTP/1.1 400 Bad Request"))
		}, anybody, nil, "first record does not look like a TLS handshake"},
		{"the caller refuses", func(c net.Conn) {
			tls.Server(c, good).Handshake()
			io.Copy(io.Discard, c)
		}, &tls.Config{InsecureSkipVerify: true, VerifyConnection: func(tls.ConnectionState) error { return errOwn }}, errOwn, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			conn := reachedPort(t, tt.serve)
			err := conn.StartTLS(t.Context(), tt.config)
			require.Error(t, err)
			if tt.want == nil {
				require.NotErrorIs(t, err, usbmux.ErrGone)
			} else {
				require.ErrorIs(t, err, tt.want)
			}
			assert.ErrorContains(t, err, tt.text)
			after := conn.Exchange(t.Context(), "after", func() error { return conn.Send([]byte("53")) })
			require.ErrorIs(t, after, usbmux.ErrGone)
		})
	}
}

// The timeout of the Client is not that of a handshake, which the caller sets.
func TestStartTLSWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		conn := reachedPort(t, func(c net.Conn) { io.Copy(io.Discard, c) })
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		require.ErrorIs(t, conn.StartTLS(ctx, anybody), usbmux.ErrTimeout)
		assert.Equal(t, time.Minute, time.Since(start))
	})
	synctest.Test(t, func(t *testing.T) {
		conn := reachedPort(t, func(c net.Conn) { io.Copy(io.Discard, c) })
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		require.ErrorIs(t, conn.StartTLS(ctx, anybody), context.Canceled)
	})
}
