package mocks

import (
	"cmp"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"
)

// wire is the connection beneath TLS. It reads no further than to the end of a record,
// so that plain text can follow TLS. And it keeps what TLS writes until TLS wants to
// read, or flush is called: TLS also writes when it reads what it does not like, while
// the client may be writing, and in memory two that write at once wait for ever.
type wire struct {
	net.Conn
	head  []byte // of the record's header, what is still to be handed on
	left  int    // of the record's content, the bytes still to be read
	held  []byte
	limit int // bytes that the phone still sends; -1 = all
}

// recordHeader is a type, a version, a length. RFC 5246, section 6.2.1.
const recordHeader = 5

func (w *wire) Read(p []byte) (int, error) {
	if err := w.flush(); err != nil {
		return 0, err
	}
	if len(w.head) == 0 && w.left == 0 {
		var h [recordHeader]byte
		if _, err := io.ReadFull(w.Conn, h[:]); err != nil {
			return 0, err
		}
		w.head, w.left = h[:], int(binary.BigEndian.Uint16(h[3:]))
	}
	if len(w.head) > 0 {
		n := copy(p, w.head)
		w.head = w.head[n:]
		return n, nil
	}
	n, err := w.Conn.Read(p[:min(len(p), w.left)])
	w.left -= n
	return n, err
}

// skip reads one record.
func (w *wire) skip() {
	io.CopyN(io.Discard, w, recordHeader)
	io.CopyN(io.Discard, w, int64(w.left))
}

func (w *wire) Write(p []byte) (int, error) {
	w.held = append(w.held, p...)
	return len(p), nil
}

// flush sends what is held, as far as the limit goes.
func (w *wire) flush() error {
	if len(w.held) == 0 {
		return nil
	}
	held, cut := w.held, false
	w.held = nil
	if w.limit >= 0 && len(held) >= w.limit {
		held, cut = held[:w.limit], true
	}
	n, err := w.Conn.Write(held)
	if err != nil {
		return err
	}
	if w.limit > 0 {
		w.limit -= n
	}
	if cut {
		return errCut
	}
	return nil
}

// secured is a connection in TLS.
type secured struct {
	*tls.Conn
	wire *wire
}

func (s *secured) Write(p []byte) (int, error) {
	n, err := s.Conn.Write(p)
	return n, cmp.Or(err, s.wire.flush())
}

// end says that TLS is over, once the client has said so.
func (s *secured) end() error {
	if n, err := io.Copy(io.Discard, s.Conn); err != nil || n > 0 {
		return fmt.Errorf("mocks: TLS goes on: %d bytes, %w", n, err)
	}
	if err := s.Conn.CloseWrite(); err != nil {
		return err
	}
	if err := s.wire.SetWriteDeadline(time.Time{}); err != nil { // CloseWrite leaves one behind
		return err
	}
	return s.wire.flush()
}
