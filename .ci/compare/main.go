// Command compare sets error53 beside libimobiledevice's tools on the same virtual
// phones, one that asks for trust and one that is paired, in one run: commands take turns, so that a busy machine slows all alike.
// Ratios are what to look at.
//
//	go run ./.ci/compare [-runs 50] ./bin/error53
//
// It needs idevice_id and ideviceinfo (Debian: libimobiledevice-utils).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"error53/mocks"
)

// pair is one of our commands and the peer's that does the nearest to it.
type pair struct {
	ours, peer []string
}

func main() {
	runs := flag.Int("runs", 50, "how often each command runs")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: compare [-runs N] PROGRAM")
		os.Exit(2)
	}
	if err := compare(flag.Arg(0), *runs); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func compare(program string, runs int) error {
	phone := mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.1"}
	err := onBench(phone, runs, []pair{
		{[]string{program, "check", "--no-input"}, []string{"ideviceinfo", "-s"}},
		{[]string{program, "list"}, []string{"idevice_id", "-l"}},
		{[]string{program, "version"}, []string{"idevice_id", "--version"}},
	})
	// A session over TLS: of today's, since what the tools are linked with may speak the
	// TLS of old phones no more. Ours reads five domains, and the tools' one.
	for _, productType := range []string{"iPhone10,3", "iPhone10,1"} { // without and with the trace of a sensor
		if err == nil {
			phone = mocks.Profile{ProductType: productType, ProductVersion: "16.7.12", Trust: mocks.Trust{State: mocks.Paired}}
			err = onBench(phone, runs, []pair{{[]string{program, "check", "--no-input"}, []string{"ideviceinfo"}}})
		}
	}
	return err
}

// onBench runs pairs of commands on one phone.
func onBench(profile mocks.Profile, runs int, pairs []pair) error {
	phone, err := profile.Phone()
	if err != nil {
		return err
	}
	stop, err := serve(phone)
	if err != nil {
		return err
	}
	defer stop()
	fmt.Printf("%s, iOS %s, trust %q\n", profile.ProductType, profile.ProductVersion, profile.Trust.State)
	for _, p := range pairs {
		if err := p.run(runs); err != nil {
			return err
		}
	}
	return nil
}

// serve puts one phone behind a socket and points every client at it.
func serve(phone mocks.Phone) (stop func(), err error) {
	folder, err := os.MkdirTemp("", "compare")
	if err != nil {
		return nil, err
	}
	socket := filepath.Join(folder, "usbmuxd")
	ln, err := net.Listen("unix", socket)
	if err != nil {
		return nil, err
	}
	bench := mocks.NewBench(phone)
	go bench.Serve(context.Background(), ln)
	os.Setenv("USBMUXD_SOCKET_ADDRESS", "UNIX:"+socket)
	return func() { bench.Close(); os.RemoveAll(folder) }, nil
}

// run takes turns and prints the medians and the median of the paired ratios.
func (p pair) run(runs int) error {
	var ours, peer, ratios []float64
	for range runs {
		a, err := wall(p.ours)
		if err != nil {
			return err
		}
		b, err := wall(p.peer)
		if err != nil {
			return err
		}
		ours, peer, ratios = append(ours, a), append(peer, b), append(ratios, a/b)
	}
	fmt.Printf("%-28s %6.2f ms   %-24s %6.2f ms   ratio %.2f\n",
		name(p.ours), median(ours), name(p.peer), median(peer), median(ratios))
	return nil
}

// wall runs a command and gives its wall time in milliseconds. A verdict's exit
// code is no failure.
func wall(command []string) (float64, error) {
	start := time.Now()
	err := exec.Command(command[0], command[1:]...).Run()
	took := float64(time.Since(start).Microseconds()) / 1000
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() >= 10 {
		err = nil
	}
	if err != nil {
		return 0, fmt.Errorf("%s: %w", name(command), err)
	}
	return took, nil
}

func name(command []string) string {
	text := filepath.Base(command[0])
	for _, argument := range command[1:] {
		text += " " + argument
	}
	return text
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
