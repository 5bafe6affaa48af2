package mocks_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux/plist"
)

// serve serves a bench on a listener for the time of the test.
func serve(t *testing.T, b *mocks.Bench, network, address string) net.Addr {
	t.Helper()
	ln, err := net.Listen(network, address)
	require.NoError(t, err)
	served := make(chan error, 1)
	go func() { served <- b.Serve(context.Background(), ln) }()
	t.Cleanup(func() {
		b.Close()
		assert.NoError(t, <-served)
	})
	return ln.Addr()
}

func TestServeOnSockets(t *testing.T) {
	t.Parallel()
	for network, address := range map[string]string{
		"unix": filepath.Join(t.TempDir(), "usbmuxd"),
		"tcp":  "127.0.0.1:0",
	} {
		b := bench(t, iPhone6(t))
		addr := serve(t, b, network, address)
		for range 3 {
			conn, err := net.Dial(network, addr.String())
			require.NoError(t, err)
			t.Cleanup(func() { conn.Close() })
			c := talker{t, conn}
			c.ask(1, connectTo(1, 62078))
			require.Equal(t, result(0), c.told(1))
			assert.Equal(t, "9.1", c.get(getValue("", "ProductVersion"))["Value"])
		}
		assert.Equal(t, 3, b.Connections())
	}
}

// Several listeners and the memory serve the same phones.
func TestClientsShareTheBench(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t, mocks.Fault{Side: mocks.Lockdownd, Kind: mocks.Vanish}))
	addr := serve(t, b, "tcp", "127.0.0.1:0")
	inMemory := toPhone(t, b, 1)
	inMemory.request(plist.Dict{"Request": "QueryType"})
	assert.Empty(t, inMemory.rest(), "pulled")

	conn, err := net.Dial("tcp", addr.String())
	require.NoError(t, err)
	defer conn.Close()
	c := talker{t, conn}
	c.ask(1, plist.Dict{"MessageType": "ListDevices"})
	assert.Equal(t, plist.Dict{"DeviceList": []any{}}, c.told(1))
}

// A list of as many phones as a bench may ever have is one message that the guard in
// front of every plist lets through.
func TestThousandPhonesInOneList(t *testing.T) {
	t.Parallel()
	var phones []mocks.Phone
	for n := range uint64(1000) {
		phones = append(phones, phone(t, mocks.Profile{ProductType: "iPhone7,2", ECID: n + 1}))
	}
	c := dial(t, bench(t, phones...))
	c.ask(1, plist.Dict{"MessageType": "ListDevices"})
	list, _ := c.told(1).List("DeviceList")
	assert.Len(t, list, 1000)
}

func TestServeEndsWithItsContext(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t))
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- b.Serve(ctx, ln) }()
	conn, err := net.Dial("tcp", ln.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	c := talker{t, conn}
	c.ask(1, plist.Dict{"MessageType": "ReadBUID"})
	assert.Contains(t, c.told(1), "BUID")

	cancel()
	assert.NoError(t, <-served)
	_, err = ln.Accept()
	assert.ErrorIs(t, err, net.ErrClosed, "the listener is closed")
	c.ask(2, plist.Dict{"MessageType": "ReadBUID"})
	assert.Contains(t, c.told(2), "BUID", "who is connected stays so")
}

// shortListener finds no descriptor at first.
type shortListener struct {
	net.Listener
	failures int
}

func (l *shortListener) Accept() (net.Conn, error) {
	if l.failures > 0 {
		l.failures--
		return nil, &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
	}
	return l.Listener.Accept()
}

// A bench outlives a time without descriptors.
func TestServeWithoutDescriptors(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	b := bench(t, iPhone6(t))
	var waits []time.Duration
	b.Sleep = func(_ context.Context, d time.Duration) error {
		waits = append(waits, d)
		return nil
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- b.Serve(ctx, &shortListener{ln, 2}) }()
	conn, err := net.Dial("tcp", ln.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	c := talker{t, conn}
	c.ask(1, plist.Dict{"MessageType": "ReadBUID"})
	assert.Contains(t, c.told(1), "BUID")
	cancel()
	require.NoError(t, <-served)
	assert.Len(t, waits, 2)
}

// brokenListener fails at once.
type brokenListener struct{ net.Listener }

var errBroken = errors.New("out of descriptors")

func (brokenListener) Accept() (net.Conn, error) { return nil, errBroken }

func TestServeReportsABrokenListener(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	assert.ErrorIs(t, bench(t).Serve(t.Context(), brokenListener{ln}), errBroken)
}

func TestClosedBench(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t))
	idle, connected := dial(t, b), toPhone(t, b, 1)
	require.NoError(t, b.Close())
	assert.Empty(t, idle.rest())
	assert.Empty(t, connected.rest())

	_, err := b.Dial(t.Context())
	assert.ErrorIs(t, err, net.ErrClosed)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	assert.ErrorIs(t, b.Serve(t.Context(), ln), net.ErrClosed)
	_, err = ln.Accept()
	assert.ErrorIs(t, err, net.ErrClosed)
	assert.NoError(t, b.Close(), "twice does no harm")
}

func TestDialWithAnEndedContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := bench(t).Dial(ctx)
	assert.ErrorIs(t, err, context.Canceled)
}

// A client may leave at any moment, also in the middle of an answer.
func TestClientsThatHangUp(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t))
	for n := range 20 {
		c := toPhone(t, b, 1)
		c.request(getValue("", ""))
		c.read(n)
		c.conn.Close()
	}
	require.NoError(t, b.Close())
	assert.Equal(t, 20, b.Connections())
}

// What a client asked can be counted: listing is one connection and one request.
func TestRequestsAreCounted(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t), inRestore(t))
	c := dial(t, b)
	c.ask(1, plist.Dict{"MessageType": "ListDevices"})
	c.told(1)
	assert.Equal(t, 1, b.Connections())
	assert.Len(t, b.Requests(), 1)

	toPhone(t, b, 1).get(getValue("com.apple.fmip", "IsAssociated"))
	toPhone(t, b, 2).get(plist.Dict{"Request": "QueryValue", "QueryKey": "HardwareInfo"})
	c.ask(2, plist.Dict{"MessageType": "ReadPairRecord", "PairRecordID": iPhone6(t).UDID})
	c.told(2)
	assert.Equal(t, []mocks.Request{
		{Connection: 1, Side: mocks.Usbmuxd, Name: "ListDevices"},
		{Connection: 2, Side: mocks.Usbmuxd, DeviceID: 1, Name: "Connect"},
		{Connection: 2, Side: mocks.Lockdownd, DeviceID: 1, Name: "GetValue", Domain: "com.apple.fmip", Key: "IsAssociated"},
		{Connection: 3, Side: mocks.Usbmuxd, DeviceID: 2, Name: "Connect"},
		{Connection: 3, Side: mocks.Restored, DeviceID: 2, Name: "QueryValue", Key: "HardwareInfo"},
		{Connection: 1, Side: mocks.Usbmuxd, DeviceID: 1, Name: "ReadPairRecord", Key: iPhone6(t).UDID},
	}, b.Requests())
}

// Whoever wants to hears of each request, and of each handshake, while the bench goes on:
// also one of a listener that talks.
func TestRequestsAreTold(t *testing.T) {
	t.Parallel()
	p := paired(t, "12.5.8")
	b := bench(t, p)
	var mu sync.Mutex
	var heard []mocks.Request
	var shook []mocks.Handshake
	var ports []string
	b.Heard = func(r mocks.Request) {
		mu.Lock()
		defer mu.Unlock()
		heard, ports = append(heard, r), append(ports, b.PortOf(r.DeviceID))
	}
	b.Shook = func(h mocks.Handshake) {
		mu.Lock()
		defer mu.Unlock()
		shook = append(shook, h)
	}
	session(t, b, p, &tls.Config{}).get(getValue("", "SerialNumber"))
	c := listen(t, b)
	c.event()
	c.ask(2, plist.Dict{"MessageType": "ListDevices"})
	c.told(2)
	mu.Lock()
	defer mu.Unlock()
	assert.Equal(t, b.Requests(), heard)
	assert.Equal(t, b.Handshakes(), shook)
	assert.Equal(t, "1-1", ports[0])
	assert.Equal(t, "", ports[len(ports)-1], "it was about no phone")
}

func TestLogClipsLongNames(t *testing.T) {
	t.Parallel()
	b := bench(t)
	c := dial(t, b)
	c.ask(1, plist.Dict{"MessageType": string(make([]byte, 10_000))})
	c.told(1)
	assert.Len(t, b.Requests()[0].Name, 256)
}

// readAll connects to every phone at once and asks each one thing; it returns when
// all have answered.
func readAll(t *testing.T, b *mocks.Bench, phones int) {
	var clients sync.WaitGroup
	for id := range phones {
		c := dial(t, b)
		clients.Go(func() {
			c.ask(1, connectTo(uint64(id+1), 62078))
			assert.Equal(t, result(0), c.told(1))
			assert.Equal(t, fmt.Sprint("phone ", id), c.get(getValue("", "DeviceName"))["Value"])
		})
	}
	clients.Wait()
}

func slowPhones(t *testing.T, n int) []mocks.Phone {
	var phones []mocks.Phone
	for id := range n {
		phones = append(phones, phone(t, mocks.Profile{
			ProductType: "iPhone7,2", ProductVersion: "9.1", ECID: uint64(id + 1), Name: fmt.Sprint("phone ", id),
			Faults: []mocks.Fault{{Side: mocks.Lockdownd, Kind: mocks.Slow, Delay: 20 * time.Millisecond}}}))
	}
	return phones
}

func TestPhonesAnswerAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := bench(t, slowPhones(t, 64)...)
		start := time.Now()
		readAll(t, b, 64)
		assert.Equal(t, 20*time.Millisecond, time.Since(start), "by the bubble's clock")
		assert.Equal(t, 64, b.MaxConcurrent())
		assert.Equal(t, 1, b.MaxPerPhone())
	})
}

// The other way to prove overlap, on sockets as well: no answer goes out before all
// phones are asked. A client that reads one after the other would never end.
func TestBarrierOfASleeper(t *testing.T) {
	t.Parallel()
	b := bench(t, slowPhones(t, 64)...)
	var asked sync.WaitGroup
	asked.Add(64)
	b.Sleep = func(context.Context, time.Duration) error {
		asked.Done()
		asked.Wait()
		return nil
	}
	readAll(t, b, 64)
	assert.Equal(t, 64, b.MaxConcurrent())
}

func TestOverlapIsNotCountedWhereThereIsNone(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t), inRestore(t))
	for id := range uint64(2) {
		toPhone(t, b, id+1).get(plist.Dict{"Request": "QueryType"})
	}
	assert.Equal(t, 1, b.MaxConcurrent())
	assert.Equal(t, 1, b.MaxPerPhone())
}

// Two exchanges at once on one phone are what a client must never do.
func TestMaxPerPhone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := bench(t, slowPhones(t, 1)...)
		var clients sync.WaitGroup
		for range 2 {
			c := toPhone(t, b, 1)
			clients.Go(func() { c.get(getValue("", "ProductType")) })
		}
		clients.Wait()
		assert.Equal(t, 1, b.MaxConcurrent())
		assert.Equal(t, 2, b.MaxPerPhone())
	})
}
