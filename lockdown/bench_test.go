package lockdown_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"error53/lockdown"
	"error53/mocks"
	"error53/usbmux"
)

// One phone: connection, QueryType, and all its values.
func BenchmarkConnectAndRead(b *testing.B) {
	phone, err := mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.1"}.Phone()
	require.NoError(b, err)
	bench := mocks.NewBench(phone)
	defer bench.Close()
	mux := &usbmux.Client{Dial: bench.Dial}
	b.ReportAllocs()
	for b.Loop() {
		client, err := lockdown.Dial(b.Context(), mux, 1)
		require.NoError(b, err)
		_, err = client.QueryType(b.Context())
		require.NoError(b, err)
		_, err = client.Values(b.Context(), "")
		require.NoError(b, err)
		require.NoError(b, client.Close())
	}
}
