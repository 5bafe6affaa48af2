package usbmux

import (
	"context"
	"crypto/tls"
)

// StartTLS makes all that follows on the connection pass through TLS, with this end as
// the client. It lasts as long as ctx allows, whatever the timeout of the Client.
//
// Errors: ErrTimeout, context.Canceled, or what crypto/tls says, that of config's
// verification included. After an error the connection is closed: what the peer sends
// then is the rest of a handshake, and no frame.
func (c *Conn) StartTLS(ctx context.Context, config *tls.Config) error {
	return c.inTurn(ctx, "TLS handshake", func() error {
		secure := tls.Client(c.nc, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			return err
		}
		c.nc = secure
		return nil
	})
}
