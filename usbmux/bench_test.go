package usbmux_test

import (
	"fmt"
	"iter"
	"net"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"error53/usbmux/plist"
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

// A listener from the connection to the last of the phones that are there.
func BenchmarkListenReplay(b *testing.B) {
	for _, n := range []int{1, 64, 1000} {
		b.Run(fmt.Sprintf("%d phones", n), func(b *testing.B) {
			var events [][]byte
			for i := range n {
				events = append(events, attachedEvent(b, i+1, fmt.Sprintf("%040x", i)))
			}
			_, client := newPeer(b, listening(b, events...))
			b.ReportAllocs()
			for b.Loop() {
				left := n + 1
				for range client.Listen(b.Context()) {
					if left--; left == 0 {
						break
					}
				}
			}
		})
	}
}

// From the daemon's word to the caller's loop, over a socket.
func BenchmarkListenEvent(b *testing.B) {
	path := filepath.Join(b.TempDir(), "mux")
	pull := make(chan struct{})
	p, _ := newPeer(b, func(p *peer, c net.Conn) {
		p.read(c)
		c.Write(muxFrame(1, xml(b, plist.Dict{"MessageType": "Result", "Number": 0})))
		in, out := attachedEvent(b, 1, serial40), eventOf(b, "Detached", 1)
		for range pull {
			c.Write(in)
			c.Write(out)
		}
	})
	p.listen(b, "unix", path)
	next, stop := iter.Pull(unix(path).Listen(b.Context()))
	defer stop()
	defer close(pull)
	next()
	b.ReportAllocs()
	for b.Loop() {
		pull <- struct{}{}
		next()
		next()
	}
}
