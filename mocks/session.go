package mocks

import (
	"cmp"
	"crypto/tls"
	"fmt"
	"io"
	"slices"
	"time"

	"error53/usbmux/plist"
)

// startSession answers a host that wants a session. [LIBIMOBILEDEVICE] src/lockdown.c,
// lockdownd_start_session.
func (l *lockdownd) startSession(body, request plist.Dict) reply {
	hostID, ok := request.String("HostID")
	buid, _ := request.String("SystemBUID")
	var host *papers
	var failure string
	switch {
	case l.papers != nil:
		failure = errSessionActive
	case !ok:
		failure = errMissingHostID
	default:
		host, failure = l.device.memory.host(hostID, buid)
	}
	if failure != "" {
		body["Error"] = failure
		return reply{body: body}
	}
	l.papers = host
	secure := l.phone.personality() != NoTLS
	body["SessionID"], body["EnableSessionSSL"] = sessionID, secure
	return reply{body: body, then: func(t *dialogue) error {
		t.session = true
		if secure {
			return t.secure(host)
		}
		return nil
	}}
}

// sessionID names the one session that a connection can have.
const sessionID = "53535353-5E55-4053-8053-535353535353"

// stopSession ends the session; what follows is in plain text.
func (l *lockdownd) stopSession(body, request plist.Dict) reply {
	id, ok := request.String("SessionID")
	switch {
	case l.papers == nil:
		body["Error"] = errSessionInactive
	case !ok:
		body["Error"] = errMissingSessionID
	case id != sessionID:
		body["Error"] = errInvalidSessionID
	default:
		l.papers = nil
		return reply{body: body, then: (*dialogue).disclose}
	}
	return reply{body: body}
}

// secure lets the phone speak TLS from here on. A handshake that fails ends the
// connection.
func (t *dialogue) secure(host *papers) error {
	t.client.SetDeadline(time.Now().Add(idle))
	w := &wire{Conn: t.client.Conn}
	done := Handshake{Connection: t.client.number, Side: t.side, DeviceID: t.device.id}
	conn := tls.Server(w, t.serverConfig(host, &done))
	done.Err = conn.HandshakeContext(t.client.bench.ctx)
	if done.Err == nil {
		state := conn.ConnectionState()
		done.Version, done.CipherSuite = state.Version, state.CipherSuite
	}
	t.client.bench.journal.shake(done)
	if done.Err != nil {
		t.client.bench.work.Go(func() { io.Copy(io.Discard, t.client.Conn) }) // see wire
		return cmp.Or(w.flush(), done.Err)
	}
	w.open = true
	t.conn, t.line.out = conn, conn
	t.client.SetDeadline(time.Time{})
	return w.flush()
}

// serverConfig configures the phone's end of one handshake, and notes what the client
// offers.
func (t *dialogue) serverConfig(host *papers, done *Handshake) *tls.Config {
	phone := &t.device.phone
	own := tls.Certificate{Certificate: [][]byte{host.device}, PrivateKey: phone.key()}
	config := phone.personality().server(own, host)
	config.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		done.Offered = slices.Max(hello.SupportedVersions)
		if phone.personality() == OldTLS {
			return nil, turnAway(done.Offered)
		}
		return nil, nil
	}
	return config
}

// disclose goes back to plain text: both ends say in TLS that they are done with it.
// A client that does not is hung up on.
func (t *dialogue) disclose() error {
	t.session = false
	secured, ok := t.conn.(*tls.Conn)
	if !ok {
		return nil
	}
	if n, err := io.Copy(io.Discard, secured); err != nil || n > 0 {
		return fmt.Errorf("mocks: TLS did not end after StopSession: %d bytes more, %w", n, err)
	}
	if err := secured.CloseWrite(); err != nil {
		return err
	}
	t.conn, t.line.out = t.client, t.client
	return t.client.SetWriteDeadline(time.Time{}) // CloseWrite leaves one behind
}
