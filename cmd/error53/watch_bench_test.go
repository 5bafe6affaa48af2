package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"error53/diag/watch"
	"error53/mocks"
	"error53/usbmux"
)

// From the moment a phone is attached on the socket to its verdict, phone after phone:
// -benchtime 200x for 200 of them. Beside it a check of the same phone in the same
// process, and whoever asks ideviceinfo -s over and over until it answers. The phones
// answer in the same process, which is in all figures alike.
func BenchmarkAttachedToVerdict(b *testing.B) {
	bench := mocks.NewBench()
	s := piped()
	s.onBench(b, bench)
	s.out = io.Discard
	verdicts := watchVerdicts(b, s.streams)
	peer, _ := exec.LookPath("ideviceinfo")
	var watched, checked, polled, ratios []time.Duration
	for i := 0; b.Loop(); i++ {
		p := attached(b, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.1", ECID: uint64(0x5301 + i), Name: fmt.Sprint("phone ", i)})
		begin := time.Now()
		id := bench.Attach(p)
		watched = append(watched, (<-verdicts).Sub(begin))
		begin = time.Now()
		require.Equal(b, exitUnknown, execute(b.Context(), s.streams, []string{"check", "--json", "--no-input"}))
		checked = append(checked, time.Since(begin))
		ratios = append(ratios, watched[i]*1000/checked[i])
		bench.Detach(id)
		if peer != "" {
			polled = append(polled, poll(b, peer, s.getenv(usbmux.AddressVariable), func() uint32 { return bench.Attach(p) }))
			<-verdicts
			bench.Detach(id + 1)
		}
	}
	report := func(of []time.Duration, name string) {
		if len(of) > 0 {
			slices.Sort(of)
			b.ReportMetric(float64(of[len(of)/2].Microseconds())/1000, name+"-p50-ms")
			b.ReportMetric(float64(of[len(of)*99/100].Microseconds())/1000, name+"-p99-ms")
		}
	}
	report(watched, "watch")
	report(checked, "check")
	report(polled, "ideviceinfo")
	slices.Sort(ratios)
	b.ReportMetric(float64(ratios[len(ratios)/2])/1000, "watch/check")
	b.ReportMetric(0, "ns/op") // the sum of all three means nothing
}

// watchVerdicts follows a bench, and tells when each verdict was there.
func watchVerdicts(b *testing.B, s streams) <-chan time.Time {
	ctx, cancel := context.WithCancel(b.Context())
	verdicts, done := make(chan time.Time, 1), make(chan struct{})
	o := &watchOptions{streams: s, busOptions: busOptions{timeout: 5 * time.Second}}
	bus, err := o.openBus(s)
	require.NoError(b, err)
	look := o.lookout(bus)
	go func() {
		defer close(done)
		for e := range watch.New(&bus.inspector, look.words(operator{})).Watch(ctx) {
			if look.see(e); e.Kind == watch.Decided {
				verdicts <- time.Now()
			}
		}
	}()
	b.Cleanup(func() { cancel(); <-done })
	return verdicts
}

// poll asks for a phone that comes meanwhile until it answers, and tells how long that
// took from its coming.
func poll(b *testing.B, program, address string, attach func() uint32) time.Duration {
	var begin time.Time
	for asked := 0; ; asked++ {
		if asked == 1 {
			begin = time.Now()
			attach()
		}
		command := exec.CommandContext(b.Context(), program, "-s")
		command.Env = append(os.Environ(), usbmux.AddressVariable+"="+address)
		if command.Run() == nil {
			return time.Since(begin)
		}
	}
}
