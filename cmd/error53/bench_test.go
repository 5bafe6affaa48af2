package main

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux"
)

// benchOf puts phones on a bench that differ in all that tells phones apart.
func benchOf(b *testing.B, n int) *mocks.Bench {
	b.Helper()
	var phones []mocks.Phone
	for i := range n {
		phones = append(phones, attached(b, mocks.Profile{
			ProductType: "iPhone7,2", ProductVersion: "9.1", ECID: uint64(0x5301 + i), Name: fmt.Sprint("phone ", i),
		}))
	}
	return mocks.NewBench(phones...)
}

// A run of the command in this process, against phones behind a socket. The bench
// answers in the same process, so its work is in the figures as well.
func BenchmarkCheck(b *testing.B) {
	for _, n := range []int{1, 64, 1000} {
		b.Run(fmt.Sprint(n, " phones"), func(b *testing.B) {
			s := piped()
			s.onBench(b, benchOf(b, n))
			s.out = io.Discard
			b.ReportAllocs()
			for b.Loop() {
				code := execute(b.Context(), s.streams, []string{"check", "--json", "--no-input"})
				require.Equal(b, exitUnknown, code, s.stderr.String())
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N*n), "ms/phone")
		})
	}
}

// The program from exec to exit, as a user has it. version is what every run costs;
// the others talk to one phone.
func BenchmarkProcess(b *testing.B) {
	program := build(b)
	s := piped()
	s.onBench(b, benchOf(b, 1))
	for _, args := range [][]string{{"version"}, {"list"}, {"check", "--no-input"}} {
		b.Run(args[0], func(b *testing.B) {
			for b.Loop() {
				command := exec.CommandContext(b.Context(), program, args...)
				command.Env = append(command.Environ(), usbmux.AddressVariable+"="+s.getenv(usbmux.AddressVariable))
				err := command.Run()
				require.Contains(b, []int{exitOK, exitUnknown}, exitCodeOf(err), err)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/run")
		})
	}
}

// build makes the program anew: the binary of the tests, which can also act as it,
// is several times as large and starts accordingly.
func build(b *testing.B) (program string) {
	b.Helper()
	tool, err := exec.LookPath("go")
	if err != nil {
		b.Skip("the go tool is not in PATH: ", err)
	}
	program = filepath.Join(b.TempDir(), "error53.exe") // Windows wants the ending, and the others do not mind it
	out, err := exec.CommandContext(b.Context(), tool, "build", "-trimpath", "-o", program, ".").CombinedOutput()
	require.NoError(b, err, string(out))
	return program
}

// What is printed of phones that were read, as text and as JSON.
func BenchmarkRender(b *testing.B) {
	phones := readyToPrint(b, 64)
	o := &checkOptions{streams: streams{out: io.Discard, width: defaultWidth}}
	b.Run("text", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			require.NoError(b, o.print(b.Context(), phones, nil))
		}
	})
	b.Run("json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			require.NoError(b, o.printJSON(phones, nil))
		}
	})
}

// readyToPrint are phones as a run has them before it prints.
func readyToPrint(b *testing.B, n int) []phone {
	b.Helper()
	s := piped()
	s.onBench(b, benchOf(b, n))
	o := &checkOptions{streams: s.streams}
	phones, _, err := o.read(context.Background())
	require.NoError(b, err)
	require.Len(b, phones, n)
	return phones
}
