package mocks

import "error53/usbmux/plist"

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
	switch failure {
	case "":
	case errPasswordProtected:
		body["Error"] = failure
		return reply{body: body, then: l.waited}
	default:
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

// disclose goes back to plain text: both ends say in TLS that they are done with it.
// A client that does not is hung up on.
func (t *dialogue) disclose() error {
	t.session = false
	s, ok := t.conn.(*secured)
	if !ok {
		return nil
	}
	if err := s.end(); err != nil {
		return err
	}
	t.conn, t.line.out = t.client, t.client
	return nil
}
