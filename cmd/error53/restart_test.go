package main

import (
	"context"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag/inspect"
	"error53/mocks"
	"error53/usbmux"
)

// restarter is a way to a bench that restarts its daemon just before the request
// that stands at a place in the row of all.
type restarter struct {
	bench  *mocks.Bench
	before int32
	sent   atomic.Int32
}

func (r *restarter) dial(ctx context.Context) (net.Conn, error) {
	conn, err := r.bench.Dial(ctx)
	return restarterConn{conn, r}, err
}

type restarterConn struct {
	net.Conn
	*restarter
}

func (c restarterConn) Write(p []byte) (int, error) {
	if c.sent.Add(1) == c.before {
		c.bench.Restart()
	}
	return c.Conn.Write(p)
}

// TestDaemonRestart: a daemon that restarts in the middle of a run, before whatever
// request, costs the phones that were being read and nothing else: no verdict is
// given on another phone's answers, nothing hangs, and the next run is whole.
func TestDaemonRestart(t *testing.T) {
	// A request to usbmuxd is two writes, one to a phone is one: the list, and for each
	// of three phones connect, type and values.
	const writes = 2 + 3*(2+1+1)
	failures := 0
	for before := int32(1); before <= writes; before++ {
		synctest.Test(t, func(t *testing.T) {
			var phones []mocks.Phone
			for ecid, productType := range map[uint64]string{0x11: "iPhone7,2", 0x22: "iPhone8,1", 0x33: "iPhone10,3"} {
				phones = append(phones, attached(t, mocks.Profile{ProductType: productType, ECID: ecid}))
			}
			bench := mocks.NewBench(phones...)
			defer bench.Close()
			way := &restarter{bench: bench, before: before}
			inspector := inspect.Inspector{Mux: &usbmux.Client{Dial: way.dial}}
			start := time.Now()
			listed, err := inspector.List(t.Context())
			if err != nil {
				failures++
				assert.Equal(t, exitDaemon, explain(&daemonError{address: "here", err: err}).exit)
				return
			}
			for i, p := range inspector.Read(t.Context(), listed) {
				if p.Err != nil {
					failures++
					assert.ErrorIs(t, p.Err, usbmux.ErrGone)
					continue
				}
				assert.Equal(t, phones[i].Values["ProductType"], p.Facts.ProductType.Value)
			}
			assert.LessOrEqual(t, time.Since(start), inspect.DefaultTimeout)
			way.before = 0
			again, err := inspector.List(t.Context())
			require.NoError(t, err)
			for _, p := range inspector.Read(t.Context(), again) {
				assert.NoError(t, p.Err)
			}
		})
	}
	assert.NotZero(t, failures, "the restarts are felt")
}
