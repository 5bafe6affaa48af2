package inspect_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"error53/diag/inspect"
	"error53/mocks"
	"error53/usbmux"
)

// phonesToRead are in normal mode, as most are, and differ in all that tells phones
// apart.
func phonesToRead(b *testing.B, n int) (phones []mocks.Phone) {
	b.Helper()
	for i := range n {
		phones = append(phones, attached(b, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.1", ECID: uint64(0x5301 + i)}))
	}
	return phones
}

// A whole inspection, from the list to the facts, over connections in memory. The
// bench answers in the same process, so its work is in the figures as well.
func BenchmarkInspect(b *testing.B) {
	for _, n := range []int{1, 64} {
		b.Run(fmt.Sprint(n, " phones"), func(b *testing.B) {
			bench := mocks.NewBench(phonesToRead(b, n)...)
			defer bench.Close()
			i := &inspect.Inspector{Mux: &usbmux.Client{Dial: bench.Dial}}
			b.ReportAllocs()
			for b.Loop() {
				listed, err := i.List(b.Context())
				require.NoError(b, err)
				for _, p := range i.Read(b.Context(), listed) {
					require.NoError(b, p.Err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "µs/phone")
		})
	}
}

// The list alone: one request.
func BenchmarkList(b *testing.B) {
	bench := mocks.NewBench(phonesToRead(b, 64)...)
	defer bench.Close()
	i := &inspect.Inspector{Mux: &usbmux.Client{Dial: bench.Dial}}
	b.ReportAllocs()
	for b.Loop() {
		listed, err := i.List(b.Context())
		require.NoError(b, err)
		require.Len(b, listed, 64)
	}
}

// A dump of each form to facts.
func BenchmarkReadDump(b *testing.B) {
	for _, form := range []struct{ name, text string }{
		{"ideviceinfo", "ProductType: iPhone7,2\nProductVersion: 9.1\nBuildVersion: 13B143\nUniqueChipID: 5902\nDeviceName: Anna\n"},
		{"json", `{"ProductType":"iPhone7,2","ProductVersion":"9.1","BuildVersion":"13B143","UniqueChipID":5902}`},
		{"iboot", "CPID:7000 CPRV:11 CPFM:03 SCEP:01 BDID:06 ECID:0000535353530001 IBFL:1D SRNM:[E53M00000001]"},
	} {
		b.Run(form.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				readings, err := inspect.ReadDump([]byte(form.text))
				require.NoError(b, err)
				require.NoError(b, readings[0].Err)
			}
		})
	}
}
