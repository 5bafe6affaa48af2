package usbmux_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func BenchmarkListDevices(b *testing.B) {
	for _, n := range []int{1, 64, 1000} {
		b.Run(fmt.Sprintf("%d phones", n), func(b *testing.B) {
			entries := make([]any, n)
			for i := range entries {
				entries[i] = attached(i+1, fmt.Sprintf("%040x", i))
			}
			_, client := newPeer(b, answers(xml(b, deviceList(entries...))))
			b.ReportAllocs()
			for b.Loop() {
				devices, err := client.ListDevices(b.Context())
				require.NoError(b, err)
				require.Len(b, devices, n)
			}
		})
	}
}
