package usbmux_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/danielpaulus/go-ios/ios"
	"github.com/sirupsen/logrus"
	"github.com/sirupsen/logrus/hooks/test"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux"
	"error53/usbmux/plist"
)

// connected gives a Conn to a service that serve plays.
func connected(t testing.TB, serve func(c net.Conn)) (*peer, *usbmux.Conn) {
	p, client := newPeer(t, func(p *peer, c net.Conn) {
		r, ok := p.read(c)
		if !ok {
			return
		}
		c.Write(muxFrame(r.tag, xml(t, plist.Dict{"MessageType": "Result", "Number": 0})))
		serve(c)
	})
	conn, err := client.Connect(t.Context(), 1, 1)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return p, conn
}

// echo sends every frame back.
func echo(c net.Conn) { io.Copy(c, c) }

// roundTrip sends a frame and reads one of the same size.
func roundTrip(conn *usbmux.Conn, frame []byte) ([]byte, error) {
	if err := conn.Send(frame); err != nil {
		return nil, err
	}
	got := make([]byte, len(frame))
	_, err := io.ReadFull(conn.Reader(), got)
	return got, err
}

func TestExchangesFollowOneAnother(t *testing.T) {
	t.Parallel()
	_, conn := connected(t, echo)
	frame := serviceFrame(xml(t, plist.Dict{"Request": "GetValue"}))
	var inside, most int
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			err := conn.Exchange(t.Context(), "echo", func() error {
				inside++ // no lock: the exchange is one, and -race would tell
				most = max(most, inside)
				defer func() { inside-- }()
				got, err := roundTrip(conn, frame)
				assert.Equal(t, frame, got)
				return err
			})
			assert.NoError(t, err)
		})
	}
	wg.Wait()
	assert.Equal(t, 1, most)
}

// Who waits for a turn waits no longer than its own context.
func TestWaitingForATurnEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, conn := connected(t, func(c net.Conn) { silent(nil, c) })
		frame := serviceFrame(xml(t, plist.Dict{}))
		hung := make(chan error, 1)
		go func() {
			hung <- conn.Exchange(t.Context(), "hung", func() error {
				_, err := roundTrip(conn, frame)
				return err
			})
		}()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		err := conn.Exchange(ctx, "waiting", func() error { return errors.New("had its turn") })
		require.ErrorIs(t, err, usbmux.ErrTimeout)
		assert.Equal(t, time.Second, time.Since(start))
		assert.ErrorIs(t, <-hung, usbmux.ErrTimeout)
	})
}

func TestNothingPassesOutsideAnExchange(t *testing.T) {
	t.Parallel()
	_, conn := connected(t, echo)
	_, err := conn.Read(make([]byte, 1))
	require.Error(t, err)
	require.Error(t, conn.Send([]byte("x")))
	_, err = conn.Conn().Write([]byte("x"))
	require.Error(t, err, "nor by the back door")
	_, err = conn.Conn().Read(make([]byte, 1))
	require.Error(t, err)
}

// After a failed exchange nobody knows where the next frame begins.
func TestAFailedExchangeClosesTheConnection(t *testing.T) {
	t.Parallel()
	p, conn := connected(t, echo)
	failure := errors.New("not what was asked for")
	err := conn.Exchange(t.Context(), "fail", func() error { return failure })
	require.ErrorIs(t, err, failure)
	p.running.Wait() // the peer has seen the end
	err = conn.Exchange(t.Context(), "again", func() error {
		_, err := roundTrip(conn, serviceFrame(xml(t, plist.Dict{})))
		return err
	})
	require.ErrorIs(t, err, usbmux.ErrGone)
}

func TestCloseEndsAnExchange(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, conn := connected(t, func(c net.Conn) { silent(nil, c) })
		done := make(chan error, 1)
		go func() {
			done <- conn.Exchange(t.Context(), "read", func() error {
				_, err := conn.Read(make([]byte, 1))
				return err
			})
		}()
		synctest.Wait()
		require.NoError(t, conn.Close())
		assert.ErrorIs(t, <-done, usbmux.ErrGone)
	})
}

// A panic of the round trip leaves no turn taken and no timer behind.
func TestAPanicReleasesTheTurn(t *testing.T) {
	t.Parallel()
	_, conn := connected(t, echo)
	assert.Panics(t, func() {
		conn.Exchange(t.Context(), "panic", func() error { panic("of a caller") })
	})
	assert.NoError(t, conn.Exchange(t.Context(), "next", func() error { return nil }))
}

func TestGuardBeforeGoIOS(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string][]byte{
		"bomb of nested arrays": serviceFrame(bytes.Repeat([]byte("<array>"), 10000)),
		"empty":                 serviceFrame(nil),
		"text":                  serviceFrame([]byte("garbage")),
		"too long":              {0x7f, 0xff, 0xff, 0xff},
		"TLS":                   {0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x28},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, conn := connected(t, func(c net.Conn) { c.Write(raw) })
			var n int
			err := conn.Exchange(t.Context(), "read", func() (err error) {
				n, err = conn.Read(make([]byte, 1<<20))
				return err
			})
			require.ErrorIs(t, err, usbmux.ErrProtocol)
			assert.Zero(t, n, "not a byte gets through")
		})
	}
}

// go-ios must not make sessions of its own, and asking it to must not panic.
func TestNoTLSByGoIOS(t *testing.T) {
	t.Parallel()
	_, conn := connected(t, echo)
	for _, enable := range []func(ios.PairRecord) error{
		conn.EnableSessionSsl, conn.EnableSessionSslServerMode,
		conn.EnableSessionSslHandshakeOnly, conn.EnableSessionSslServerModeHandshakeOnly,
	} {
		assert.ErrorIs(t, enable(ios.PairRecord{}), errors.ErrUnsupported)
	}
	assert.NotPanics(t, conn.DisableSessionSSL)
	assert.NotNil(t, conn.Conn().RemoteAddr())
	require.NoError(t, conn.Conn().Close())
}

// go-ios logs a lost connection as an error, through slog's default logger to stderr.
func TestGoIOSIsSilent(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: ios.LevelTrace})))
	defer slog.SetDefault(before)
	_, client := newPeer(t, func(*peer, net.Conn) {})
	_, err := client.ListDevices(t.Context())
	require.Error(t, err)
	assert.Empty(t, log.String())
}

func TestLog(t *testing.T) {
	t.Parallel()
	logger, hook := test.NewNullLogger()
	logger.SetLevel(logrus.DebugLevel)
	_, client := newPeer(t, answers(xml(t, deviceList(attached(1, serial40)))))
	client.Log = logger
	_, err := client.ListDevices(t.Context())
	require.NoError(t, err)
	require.Len(t, hook.AllEntries(), 1)
	line, err := hook.LastEntry().String()
	require.NoError(t, err)
	assert.Equal(t, logrus.DebugLevel, hook.LastEntry().Level)
	assert.Equal(t, "ListDevices", hook.LastEntry().Data["op"])
	assert.NotContains(t, line, serial40)
}

func TestErrorsKeepNoIdentifiers(t *testing.T) {
	t.Parallel()
	broken := xml(t, deviceList(attached(1, serial40)))
	for _, data := range [][]byte{
		broken[:len(broken)-20],
		bytes.Replace(broken, []byte("<integer>"), []byte("<integer>"+serial40), 1),
	} {
		_, client := newPeer(t, answers(data))
		_, err := client.ListDevices(t.Context())
		require.ErrorIs(t, err, usbmux.ErrProtocol)
		assert.NotContains(t, err.Error(), serial40)
	}
}

// A connection whose own deadline passes, such as one that Dial prepared, is a timeout.
func TestDeadlineOfTheConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, client := newPeer(t, silent)
		dial := client.Dial
		client.Dial = func(ctx context.Context) (net.Conn, error) {
			c, err := dial(ctx)
			c.SetDeadline(time.Now().Add(time.Second))
			return c, err
		}
		_, err := client.ListDevices(t.Context())
		require.ErrorIs(t, err, usbmux.ErrTimeout)
		assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
	})
}
