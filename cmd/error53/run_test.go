package main

import (
	"bytes"
	"context"
	"flag"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/mocks"
	"error53/usbmux"
)

var update = flag.Bool("update", false, "write what the scripts and golden files should hold")

// surroundings are a command's streams that a test looks at afterwards.
type surroundings struct {
	streams
	stdout, stderr *bytes.Buffer
}

// piped is a run without a terminal and without a single variable.
func piped() surroundings {
	out, errs := new(bytes.Buffer), new(bytes.Buffer)
	s := streams{
		in: strings.NewReader(""), out: out, err: errs, width: defaultWidth,
		getenv:  func(string) string { return "" },
		endless: func(ctx context.Context) (context.Context, func()) { return ctx, func() {} },
	}
	return surroundings{s, out, errs}
}

// onBench serves a bench on a socket for as long as the test lasts, and points the
// surroundings to it.
func (s *surroundings) onBench(t testing.TB, b *mocks.Bench) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mux")
	listener, err := net.Listen("unix", path)
	require.NoError(t, err)
	served := make(chan error, 1)
	go func() { served <- b.Serve(context.Background(), listener) }()
	t.Cleanup(func() {
		b.Close()
		<-served
	})
	s.getenv = func(name string) string {
		if name == usbmux.AddressVariable {
			return "UNIX:" + path
		}
		return ""
	}
}

// run executes one command line in this process.
func run(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	s := piped()
	code = execute(t.Context(), s.streams, args)
	return s.stdout.String(), s.stderr.String(), code
}

// runOnBench is run with phones attached.
func runOnBench(t *testing.T, b *mocks.Bench, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	s := piped()
	s.onBench(t, b)
	code = execute(t.Context(), s.streams, args)
	return s.stdout.String(), s.stderr.String(), code
}

// inOurDays moves the clock of a bubble, which begins in the year 2000, to a time at which
// there are phones that can have been backed up.
func inOurDays() { time.Sleep(time.Until(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC))) }

// attached makes a virtual phone that must be possible.
func attached(t testing.TB, p mocks.Profile) mocks.Phone {
	t.Helper()
	made, err := p.Phone()
	require.NoError(t, err)
	return made
}

// rowOf is a phone of a run by its identifiers; "" and 0 are not known.
func rowOf(udid string, ecid uint64, serial string) phone {
	var f diag.Facts
	if udid != "" {
		f.UDID = diag.Known(udid, diag.FromUSB)
	}
	if ecid != 0 {
		f.ECID = diag.Known(ecid, diag.FromLockdown)
	}
	if serial != "" {
		f.SerialNumber = diag.Known(serial, diag.FromLockdown)
	}
	return phone{facts: f}
}
