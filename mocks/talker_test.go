package mocks_test

import (
	"encoding/binary"
	"io"
	"math/bits"
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux/plist"
)

// talker is a client that speaks the wire by hand: the tests want to see bytes, and
// to say what no decent client says.
type talker struct {
	t    *testing.T
	conn net.Conn
}

// frame is a message of usbmuxd as it came.
type frame struct {
	length, version, message, tag uint32
	payload                       []byte
}

// dial connects to a bench and hangs up when the test ends.
func dial(t *testing.T, b *mocks.Bench) talker {
	t.Helper()
	conn, err := b.Dial(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return talker{t, conn}
}

// bench puts phones on a bench that ends with the test.
func bench(t *testing.T, phones ...mocks.Phone) *mocks.Bench {
	t.Helper()
	b := mocks.NewBench(phones...)
	t.Cleanup(func() { b.Close() })
	return b
}

// phone makes a phone that must be possible.
func phone(t *testing.T, p mocks.Profile) mocks.Phone {
	t.Helper()
	made, err := p.Phone()
	require.NoError(t, err)
	return made
}

// iPhone6 is the phone of most tests.
func iPhone6(t *testing.T, faults ...mocks.Fault) mocks.Phone {
	t.Helper()
	return phone(t, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.1", Name: "Anna’s iPhone", Faults: faults})
}

// inRestore is a phone in restore mode.
func inRestore(t *testing.T, faults ...mocks.Fault) mocks.Phone {
	t.Helper()
	return phone(t, mocks.Profile{ProductType: "iPhone8,2", HardwareModel: "N66mAP", Mode: "restore", Faults: faults})
}

func (c talker) write(b []byte) {
	c.t.Helper()
	_, err := c.conn.Write(b)
	require.NoError(c.t, err)
}

// read takes so many bytes, which must come.
func (c talker) read(n int) []byte {
	c.t.Helper()
	b := make([]byte, n)
	_, err := io.ReadFull(c.conn, b)
	require.NoError(c.t, err)
	return b
}

// rest takes all that comes before the other end hangs up.
func (c talker) rest() []byte {
	c.t.Helper()
	b, err := io.ReadAll(c.conn)
	require.NoError(c.t, err)
	return b
}

// header makes the header of a message to usbmuxd.
func header(length, version, message, tag uint32) []byte {
	b := make([]byte, 0, 16)
	for _, n := range []uint32{length, version, message, tag} {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	return b
}

// muxBytes makes a message to usbmuxd.
func muxBytes(version, message, tag uint32, payload []byte) []byte {
	return append(header(uint32(16+len(payload)), version, message, tag), payload...)
}

// xml writes a request as XML.
func xml(t testing.TB, v plist.Dict) []byte {
	t.Helper()
	b, err := plist.EncodeXML(v)
	require.NoError(t, err)
	return b
}

// ask sends a plist to usbmuxd.
func (c talker) ask(tag uint32, request plist.Dict) {
	c.t.Helper()
	c.write(muxBytes(1, 8, tag, xml(c.t, request)))
}

// frame reads a message of usbmuxd.
func (c talker) frame() frame {
	c.t.Helper()
	h := c.read(16)
	f := frame{
		length:  binary.LittleEndian.Uint32(h),
		version: binary.LittleEndian.Uint32(h[4:]),
		message: binary.LittleEndian.Uint32(h[8:]),
		tag:     binary.LittleEndian.Uint32(h[12:]),
	}
	require.GreaterOrEqual(c.t, f.length, uint32(16))
	f.payload = c.read(int(f.length) - 16)
	return f
}

// told reads an answer of usbmuxd, which must be a plist with this tag.
func (c talker) told(tag uint32) plist.Dict {
	c.t.Helper()
	f := c.frame()
	require.Equal(c.t, []uint32{1, 8, tag}, []uint32{f.version, f.message, f.tag}, "version, message, tag")
	return decode(c.t, f.payload)
}

func decode(t *testing.T, payload []byte) plist.Dict {
	t.Helper()
	require.Contains(t, string(payload), "<?xml", "the daemon answers in XML")
	d, err := plist.DecodeDict(payload)
	require.NoError(t, err)
	return d
}

// result is the answer of usbmuxd that carries a number.
func result(n uint64) plist.Dict { return plist.Dict{"MessageType": "Result", "Number": n} }

// connectTo makes the request to connect to a port of a phone.
func connectTo(id, port uint64) plist.Dict {
	return plist.Dict{"MessageType": "Connect", "DeviceID": id, "PortNumber": uint64(bits.ReverseBytes16(uint16(port)))}
}

// toPhone connects to a phone's lockdownd or restored.
func toPhone(t *testing.T, b *mocks.Bench, id uint64) talker {
	t.Helper()
	c := dial(t, b)
	c.ask(1, connectTo(id, 62078))
	require.Equal(t, result(0), c.told(1))
	return c
}

// phoneBytes makes a message to lockdownd or restored.
func phoneBytes(payload []byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(payload))), payload...)
}

// request sends a plist to lockdownd or restored.
func (c talker) request(v plist.Dict) {
	c.t.Helper()
	c.write(phoneBytes(xml(c.t, v)))
}

// reply reads an answer of lockdownd or restored.
func (c talker) reply() plist.Dict {
	c.t.Helper()
	length := binary.BigEndian.Uint32(c.read(4))
	require.Less(c.t, length, uint32(plist.MaxSize))
	return decode(c.t, c.read(int(length)))
}

// get asks lockdownd or restored and reads the answer.
func (c talker) get(v plist.Dict) plist.Dict {
	c.t.Helper()
	c.request(v)
	return c.reply()
}

// getValue asks lockdownd for a value; "" for domain or key leaves it out.
func getValue(domain, key string) plist.Dict {
	d := plist.Dict{"Label": "test", "Request": "GetValue"}
	if domain != "" {
		d["Domain"] = domain
	}
	if key != "" {
		d["Key"] = key
	}
	return d
}
