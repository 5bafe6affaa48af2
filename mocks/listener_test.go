package mocks_test

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux/plist"
)

// listen makes a client that listens.
func listen(t *testing.T, b *mocks.Bench) talker {
	t.Helper()
	c := dial(t, b)
	c.ask(9, plist.Dict{"MessageType": "Listen", "ProgName": "test", "kLibUSBMuxVersion": 3})
	require.Equal(t, result(0), c.told(9))
	return c
}

// event reads an event as "Attached 1".
func (c talker) event() string {
	c.t.Helper()
	e := c.told(0)
	id, _ := e.Uint64("DeviceID")
	return fmt.Sprintf("%v %d", e["MessageType"], id)
}

func TestListenReplays(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t), inRestore(t))
	c, lister := listen(t, b), dial(t, b)
	lister.ask(1, plist.Dict{"MessageType": "ListDevices"})
	list, _ := lister.told(1).List("DeviceList")
	require.Len(t, list, 2)
	for i := range list {
		assert.Equal(t, list[i], c.told(0), "the event is the entry of the list")
	}
}

func TestListenersHearOfWhatComesAndGoes(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t))
	first := listen(t, b)
	assert.Equal(t, "Attached 1", first.event())

	assert.EqualValues(t, 2, b.Attach(inRestore(t)))
	second := listen(t, b)
	b.Detach(1)
	assert.EqualValues(t, 3, b.Replug(2))
	b.Detach(2) // nobody has this number any more
	assert.Zero(t, b.Replug(2))
	b.Detach(3)
	for _, want := range []string{"Attached 2", "Detached 1", "Detached 2", "Attached 3", "Detached 3"} {
		assert.Equal(t, want, first.event())
	}
	for _, want := range []string{"Attached 1", "Attached 2", "Detached 1", "Detached 2", "Attached 3", "Detached 3"} {
		assert.Equal(t, want, second.event(), "the whole story, though it came later")
	}
	second.ask(1, plist.Dict{"MessageType": "ListDevices"})
	assert.Equal(t, result(1), second.told(1), "and no more events")
}

// A phone that is pulled takes its connections with it.
func TestDetachEndsConnections(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t), inRestore(t))
	pulled, stays := toPhone(t, b, 1), toPhone(t, b, 2)
	b.Detach(1)
	assert.Empty(t, pulled.rest())
	assert.Contains(t, stays.get(plist.Dict{"Request": "QueryType"}), "Type")

	b.Replug(2)
	assert.Empty(t, stays.rest())
	assert.Contains(t, toPhone(t, b, 3).get(plist.Dict{"Request": "QueryType"}), "Type", "back, by another number")
}

func TestListenersHearOfAPhoneThatVanishes(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t, mocks.Fault{Side: mocks.Lockdownd, Kind: mocks.Vanish}))
	c := listen(t, b)
	assert.Equal(t, "Attached 1", c.event())
	phone := toPhone(t, b, 1)
	phone.request(plist.Dict{"Request": "QueryType"})
	assert.Equal(t, "Detached 1", c.event())
	assert.Empty(t, phone.rest())
}

// A phone can leave once only: pulled while it is about to vanish, it is told of once.
func TestVanishingPhoneThatIsPulled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := bench(t, iPhone6(t, mocks.Fault{Side: mocks.Lockdownd, Kind: mocks.Slow, Delay: 1}, mocks.Fault{Side: mocks.Lockdownd, Kind: mocks.Vanish}))
		c, phone := listen(t, b), toPhone(t, b, 1)
		b.Sleep = func(context.Context, time.Duration) error { b.Detach(1); return nil }
		phone.request(plist.Dict{"Request": "QueryType"})
		assert.Empty(t, phone.rest())
		synctest.Wait()
		b.Attach(iPhone6(t))
		for _, want := range []string{"Attached 1", "Detached 1", "Attached 2"} {
			assert.Equal(t, want, c.event())
		}
	})
}

func TestRestart(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t), iPhone6(t), inRestore(t))
	b.Detach(1)
	listener, idle, connected := listen(t, b), dial(t, b), toPhone(t, b, 3)
	assert.Equal(t, "Attached 2", listener.event())
	assert.Equal(t, "Attached 3", listener.event())

	b.Restart()
	assert.Empty(t, listener.rest(), "no Detached: the daemon is dead")
	assert.Empty(t, idle.rest())
	assert.Empty(t, connected.rest())

	listener = listen(t, b)
	assert.Equal(t, "Attached 1", listener.event(), "the same phones, counted anew")
	e := listener.told(0)
	assert.EqualValues(t, 2, e["DeviceID"])
	p, _ := e.Dict("Properties")
	assert.Equal(t, "ffffffffffffffffffffffffffffffffffffffff", p["SerialNumber"], "in the order of before")
	assert.EqualValues(t, 0x10004, p["LocationID"], "the bus has not changed")
	assert.EqualValues(t, 3, b.Attach(iPhone6(t)))
	assert.Equal(t, "Attached 3", listener.event())
}

// A client that does not read holds up neither the bench nor the others.
func TestListenerThatDoesNotRead(t *testing.T) {
	t.Parallel()
	b := bench(t)
	deaf, other := listen(t, b), listen(t, b)
	for n := range 1000 {
		id := b.Attach(iPhone6(t))
		require.EqualValues(t, n+1, id)
		require.Equal(t, fmt.Sprint("Attached ", id), other.event())
	}
	for n := range 1000 {
		require.Equal(t, fmt.Sprint("Attached ", n+1), deaf.event(), "nothing was lost")
	}
}

// A listener has no more to say. What it is due comes before the daemon hangs up.
func TestListenerThatTalks(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t))
	c := listen(t, b)
	c.ask(10, plist.Dict{"MessageType": "ListDevices"})
	assert.Equal(t, "Attached 1", c.event())
	assert.Equal(t, result(1), c.told(10))
	assert.Empty(t, c.rest())
	assert.Equal(t, mocks.Request{Connection: 1, Side: mocks.Usbmuxd}, b.Requests()[1])
}

func TestListenerThatHangsUp(t *testing.T) {
	t.Parallel()
	for _, reads := range []int{0, 1} {
		b := bench(t, iPhone6(t))
		c := listen(t, b)
		for range reads {
			c.event()
		}
		c.conn.Close()
		b.Attach(iPhone6(t))
		require.NoError(t, b.Close())
	}
}

func TestListListeners(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := bench(t)
		asking := dial(t, b)
		listeners := func() []any {
			asking.ask(1, plist.Dict{"MessageType": "ListListeners"})
			list, ok := asking.told(1).List("ListenerList")
			require.True(t, ok)
			return list
		}
		assert.Empty(t, listeners())
		listen(t, b)
		named := dial(t, b)
		named.ask(1, plist.Dict{"MessageType": "Listen", "BundleID": "org.example.e53", "ProgName": 53})
		named.told(1)
		want := []any{
			plist.Dict{"Blacklisted": false, "ConnType": uint64(0), "ID String": "1-test", "ProgName": "test", "kLibUSBMuxVersion": uint64(3)},
			plist.Dict{"Blacklisted": false, "ConnType": uint64(0), "ID String": "2-unknown", "ProgName": "unknown", "kLibUSBMuxVersion": uint64(0), "BundleID": "org.example.e53"},
		}
		assert.Equal(t, want, listeners())
		named.conn.Close()
		synctest.Wait()
		assert.Equal(t, want[:1], listeners(), "who hangs up is forgotten")
	})
}

// Each event is an answer of usbmuxd, which its faults befall.
func TestFaultsBefallEvents(t *testing.T) {
	t.Parallel()
	spoilt := func(t *testing.T, kind mocks.Kind, delay time.Duration) talker {
		b := bench(t, iPhone6(t))
		b.Faults = []mocks.Fault{{Side: mocks.Usbmuxd, Kind: kind, After: 1, Delay: delay}}
		return listen(t, b)
	}
	t.Run("cut", func(t *testing.T) {
		t.Parallel()
		b := bench(t, iPhone6(t))
		whole := len(muxBytes(1, 8, 9, xml(t, result(0))))
		b.Faults = []mocks.Fault{{Side: mocks.Usbmuxd, Kind: mocks.Cut, After: whole + 5}}
		assert.Len(t, listen(t, b).rest(), 5)
	})
	t.Run("wrong length", func(t *testing.T) {
		t.Parallel()
		assert.Equal(t, []byte{0xff, 0xff, 0xff, 0xff}, spoilt(t, mocks.WrongLength, 0).read(4))
	})
	t.Run("garbage", func(t *testing.T) {
		t.Parallel()
		assert.Equal(t, "this is no property list", string(spoilt(t, mocks.Garbage, 0).frame().payload))
	})
	t.Run("wrong tag", func(t *testing.T) {
		t.Parallel()
		assert.EqualValues(t, 53, spoilt(t, mocks.WrongTag, 0).frame().tag)
	})
	t.Run("wrong type", func(t *testing.T) {
		t.Parallel()
		v, err := plist.Decode(spoilt(t, mocks.WrongType, 0).frame().payload)
		require.NoError(t, err)
		assert.IsType(t, []any{}, v)
	})
	t.Run("vanish", func(t *testing.T) {
		t.Parallel()
		assert.Empty(t, spoilt(t, mocks.Vanish, 0).rest(), "the daemon hangs up")
	})
	t.Run("slow", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := spoilt(t, mocks.Slow, time.Minute)
			start := time.Now()
			assert.Equal(t, "Attached 1", c.event())
			assert.Equal(t, time.Minute, time.Since(start))
		})
	})
	t.Run("silent", func(t *testing.T) {
		t.Parallel()
		c := spoilt(t, mocks.Silent, 0)
		c.ask(2, plist.Dict{"MessageType": "ListDevices"})
		assert.Empty(t, c.rest(), "neither the event nor the last word")
	})
	t.Run("silent from the start", func(t *testing.T) {
		t.Parallel()
		b := bench(t, iPhone6(t))
		b.Faults = []mocks.Fault{{Side: mocks.Usbmuxd, Kind: mocks.Silent}}
		c := dial(t, b)
		c.ask(1, plist.Dict{"MessageType": "Listen"})
		c.ask(2, plist.Dict{"MessageType": "ReadBUID"}) // read when the first is dealt with
		b.Attach(iPhone6(t))
		require.NoError(t, b.Close())
		assert.Empty(t, c.rest())
	})
}

func TestListenOnSockets(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t))
	addr := serve(t, b, "unix", filepath.Join(t.TempDir(), "mux"))
	conn, err := net.Dial("unix", addr.String())
	require.NoError(t, err)
	defer conn.Close()
	c := talker{t, conn}
	c.ask(9, plist.Dict{"MessageType": "Listen"})
	c.told(9)
	assert.Equal(t, "Attached 1", c.event())
	b.Replug(1)
	assert.Equal(t, "Detached 1", c.event())
	assert.Equal(t, "Attached 2", c.event())
	b.Restart()
	assert.Empty(t, c.rest())
	again, err := net.Dial("unix", addr.String())
	require.NoError(t, err, "it is back at once, at the same address")
	again.Close()
}

// Between the daemon's yes and the first request a phone can be pulled.
func TestPhonePulledDuringConnect(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t, mocks.Fault{Side: mocks.Usbmuxd, Kind: mocks.Slow, Delay: 1}))
	b.Sleep = func(context.Context, time.Duration) error { b.Detach(1); return nil }
	c := dial(t, b)
	c.ask(1, connectTo(1, 62078))
	assert.Equal(t, result(0), c.told(1))
	assert.Empty(t, c.rest())
}
