package lockdown_test

import (
	"crypto/tls"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/lockdown"
	"error53/mocks"
	"error53/usbmux"
)

// paired is a phone that trusts this computer.
func paired(productType, version string) mocks.Profile {
	return mocks.Profile{ProductType: productType, ProductVersion: version, Trust: mocks.Trust{State: mocks.Paired}}
}

// open opens the one phone of a bench.
func open(t *testing.T, mux *usbmux.Client) (lockdown.Phone, error) {
	t.Helper()
	devices, err := mux.ListDevices(t.Context())
	require.NoError(t, err)
	require.Len(t, devices, 1)
	phone, err := lockdown.Open(t.Context(), mux, devices[0])
	if err == nil {
		t.Cleanup(func() { phone.Close() })
	}
	return phone, err
}

// What a phone is offered, and what it takes, by its iOS.
func TestOpenSpeaksTheTLSOfThePhone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		version string
		tls     mocks.TLS
		offered []uint16 // of each handshake
		agreed  uint16
	}{
		{"7.1.2", "", []uint16{tls.VersionTLS10}, tls.VersionTLS10},
		{"8.3", "", []uint16{tls.VersionTLS10}, tls.VersionTLS10},
		{"9.1", "", []uint16{tls.VersionTLS10}, tls.VersionTLS10},
		{"10.3.3", "", []uint16{tls.VersionTLS13}, tls.VersionTLS12},
		{"11.4.1", mocks.OldTLS, []uint16{tls.VersionTLS13, tls.VersionTLS10}, tls.VersionTLS10},
		{"12.5.7", "", []uint16{tls.VersionTLS13}, tls.VersionTLS12},
	} {
		t.Run(tt.version, func(t *testing.T) {
			t.Parallel()
			profile := paired("iPhone6,1", tt.version)
			profile.TLS = tt.tls
			b, mux := bench(t, profile)
			phone, err := open(t, mux)
			require.NoError(t, err)
			require.NoError(t, phone.NoSession)
			serial, err := phone.GetValue(t.Context(), "", "SerialNumber")
			require.NoError(t, err)
			assert.NotEmpty(t, serial)
			var offered []uint16
			for _, h := range b.Handshakes() {
				offered = append(offered, h.Offered)
			}
			assert.Equal(t, tt.offered, offered)
			assert.Equal(t, tt.agreed, b.Handshakes()[len(offered)-1].Version)
		})
	}
}
