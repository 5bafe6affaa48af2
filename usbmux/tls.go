package usbmux

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
)

// StartTLS makes all that follows on the connection pass through TLS, with this end as
// the client. It lasts as long as ctx allows, whatever the timeout of the Client.
//
// Errors: ErrTimeout, context.Canceled, ErrGone, or what crypto/tls says, which may be an
// error of config's own. After an error the connection is closed: what the peer sends
// then is the rest of a handshake, and no frame.
func (c *Conn) StartTLS(ctx context.Context, config *tls.Config) error {
	return c.inTurn(ctx, "TLS handshake", func() error {
		secure := tls.Client(c.nc, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			return handshakeError(err)
		}
		c.nc = secure
		c.tap.secured()
		return nil
	})
}

// handshakeError tells a connection that has ended from TLS that has failed. An alert of
// either side is a net.OpError as well, but neither of reading nor of writing.
func handshakeError(err error) error {
	op, isOp := errors.AsType[*net.OpError](err)
	if isOp && (op.Op == "read" || op.Op == "write") ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.ErrClosedPipe) {
		return ioError(err)
	}
	return err
}
